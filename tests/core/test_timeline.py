"""Attempts over time: few stretches, of a human length, without gaps."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.lifecycle import State
from campaign.core.timeline import (
    MOST_STRETCHES,
    NOTHING_ATTEMPTED,
    WIDTHS,
    Timeline,
    start_of,
    stretch_of,
    stretch_width,
    timeline,
)

AT = datetime(2026, 11, 23, 10, 15, 4, tzinfo=UTC)  # a Monday
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
SENT = st.tuples(MOMENTS, st.sampled_from((State.ACCEPTED, State.PENDING, State.UNKNOWN)))


def of(attempts: list[tuple[datetime, State]]) -> Timeline:
    """The timeline of attempts, counted as the journal counts them."""
    width = stretch_width(min(at for at, _ in attempts), max(at for at, _ in attempts))
    counts = Counter((stretch_of(at, width), state) for at, state in attempts)
    return timeline(width, ((number, state, n) for (number, state), n in counts.items()))


@given(st.lists(SENT, min_size=1, max_size=30))
def test_every_attempt_is_counted_in_its_stretch(attempts: list[tuple[datetime, State]]) -> None:
    """Whatever the clock said: none is lost, there are few stretches, each begins where the one before ends."""
    line = of(attempts)
    starts = [stretch.start for stretch in line.stretches]
    assert len(starts) <= MOST_STRETCHES
    assert starts == [starts[0] + n * line.width for n in range(len(starts))]
    for stretch in line.stretches:
        within = Counter(state for at, state in attempts if stretch.start <= at < stretch.start + line.width)
        assert stretch.attempts == within
    assert line.total == len(attempts)
    assert line.stretches[0].total > 0
    assert line.stretches[-1].total > 0
    assert len(set(line.labels())) == len(starts)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_width_is_the_shortest_that_will_do(first: datetime, span: timedelta) -> None:
    """A shorter one would make too many stretches."""
    width = stretch_width(first, first + span)
    for shorter in (narrower for narrower in WIDTHS if narrower < width):
        assert stretch_of(first + span, shorter) - stretch_of(first, shorter) >= MOST_STRETCHES


@pytest.mark.parametrize(
    ("span", "words", "label"),
    [
        (timedelta(0), "second", "10:15:04"),
        (timedelta(minutes=4), "5 seconds", "10:15:00"),
        (timedelta(minutes=45), "minute", "10:15"),
        (timedelta(hours=9), "15 minutes", "10:15"),
        (timedelta(hours=20), "hour", "23 Nov 10:00"),
        (timedelta(days=9), "6 hours", "23 Nov 06:00"),
        (timedelta(days=37), "day", "23 Nov"),
        (timedelta(days=370), "week", "23 Nov 2026"),
        (timedelta(days=3700), "9 weeks", "28 Sep 2026"),
    ],
)
def test_stretches_are_named_as_people_name_them(span: timedelta, words: str, label: str) -> None:
    """The width as it stands after "per", and the shortest labels that tell all stretches apart."""
    line = of([(AT, State.ACCEPTED), (AT + span, State.FAILED)])
    assert line.width_in_words == words
    assert line.labels()[0] == label


def test_states_are_told_in_the_usual_order() -> None:
    """What went well first, as everywhere."""
    line = of([(AT, State.UNKNOWN), (AT, State.PENDING), (AT + timedelta(seconds=3), State.ACCEPTED)])
    assert line.states == (State.ACCEPTED, State.PENDING, State.UNKNOWN)


def test_without_attempts_there_are_no_stretches() -> None:
    """A campaign of which nothing was sent yet."""
    assert timeline(WIDTHS[3], ()) == NOTHING_ATTEMPTED
    assert NOTHING_ATTEMPTED.total == 0
    assert NOTHING_ATTEMPTED.labels() == ()


def test_days_and_weeks_begin_where_people_begin_them() -> None:
    """Days at midnight UTC, weeks on Monday."""
    for width, begin in [(timedelta(days=1), AT), (timedelta(days=7), AT)]:
        start = start_of(stretch_of(begin + timedelta(hours=5), width), width)
        assert start == datetime(2026, 11, 23, tzinfo=UTC)
