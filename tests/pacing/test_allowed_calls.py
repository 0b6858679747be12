"""How many calls could go in each stretch of a timeline, by the rate that was allowed meanwhile."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.lifecycle import State
from campaign.core.pacing.pace import Pace, allowed_calls
from campaign.core.timeline import NOTHING_ATTEMPTED, Stretch, Timeline

BEGIN = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def line(seconds: int, stretches: int) -> Timeline:
    """A timeline of so many stretches."""
    width = seconds * SECOND
    return Timeline(width, tuple(Stretch(BEGIN + n * width, {State.ACCEPTED: 1}) for n in range(stretches)))


def test_a_run_with_a_wait_in_it() -> None:
    """The wait allows nothing, then half the rate; what is before the first pace is not known."""
    paces = [
        Pace(BEGIN + 15 * SECOND, 4.0),
        Pace(BEGIN + 30 * SECOND, 2.0, BEGIN + 45 * SECOND),
        Pace(BEGIN + 55 * SECOND, None),
    ]
    assert allowed_calls(paces, line(10, 7), BEGIN + timedelta(hours=1)) == (None, 21, 40, 0, 10, 10, 0)


def test_without_a_limit_there_is_none() -> None:
    """Not even in a stretch of which the run had only a part."""
    paces = [Pace(BEGIN + 5 * SECOND, math.inf), Pace(BEGIN + 6 * SECOND, None)]
    assert allowed_calls(paces, line(10, 2), BEGIN + timedelta(hours=1)) == (math.inf, 0)


def test_a_run_that_goes_on_counts_up_to_now() -> None:
    """The stretch that is not over yet allows no more than its own seconds."""
    assert allowed_calls([Pace(BEGIN, 3.0)], line(10, 3), BEGIN + 25 * SECOND) == (31, 30, 15)


@pytest.mark.parametrize("paces", [[], [Pace(BEGIN, 1.0)]], ids=["none", "one"])
def test_nothing_attempted_and_nothing_known(paces: list[Pace]) -> None:
    """No timeline, no paces: nothing to tell."""
    assert allowed_calls(paces, NOTHING_ATTEMPTED, BEGIN) == ()
    assert allowed_calls([], line(10, 2), BEGIN) == (None, None)


@given(
    # The journal keeps one pace a moment.
    st.lists(
        st.tuples(st.integers(0, 400), st.none() | st.floats(0.1, 100), st.integers(0, 90)),
        max_size=12,
        unique_by=lambda change: change[0],
    ),
    st.sampled_from([5, 15, 60]),
)
def test_the_sum_is_rate_times_time(changes: list[tuple[int, float | None, int]], width: int) -> None:
    """Second by second: however changes and waits fall into stretches, no allowed call is lost or counted twice."""
    changes = sorted(changes, key=lambda change: change[0])
    paces = [
        Pace(BEGIN + at * SECOND, rate, BEGIN + (at + wait) * SECOND if wait else None) for at, rate, wait in changes
    ]
    told = allowed_calls(paces, line(width, 300 // width), BEGIN + 300 * SECOND)
    slow, goes_on = [0.0] * (300 // width), False
    for second in range(300):
        _, rate, goes = max(
            ((n, rate, at + wait) for n, (at, rate, wait) in enumerate(changes) if at <= second), default=(0, None, 0)
        )
        if rate is not None and second >= goes:
            slow[second // width] += rate if goes_on else rate + 1
        goes_on = rate is not None and (goes_on or second >= goes)
    assert [calls or 0.0 for calls in told] == pytest.approx(slow)
