"""When a run will be done: by its rows, its pace, hours that open and close, caps, and its own end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from campaign.core.course import Arrival, Course, Speed
from campaign.core.lifecycle import State
from campaign.core.pacing.forecast import Group, Pace
from campaign.core.pacing.throttle import Throttle, recovered, slowed

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)

rates = st.floats(0.05, 500.0)
some = st.integers(1, 50_000)


def course(rows: int, **more: object) -> Course:
    """A run over so many rows that may be called at any hour."""
    counts = {State.PENDING: rows}
    return Course("c1", counts=counts, groups=(Group(None, None, rows, now=True),), **more)  # type: ignore[arg-type] # each test's own


def full(rate: float) -> Speed:
    """Nothing slows the calls down."""
    return Speed(rate, rate)


@given(some, rates)
def test_without_bounds_it_takes_as_long_as_its_calls(rows: int, rate: float) -> None:
    """One call goes at once, the others at the rate."""
    arrival = course(rows).arrival({State.PENDING: rows}, 0, 0, full(rate), NOW)
    needed = (rows - 1) / rate
    assume(needed < 50 * 86_400)
    assert arrival is not None
    assert arrival.at is not None
    assert arrival.left == 0
    assert abs((arrival.at - NOW).total_seconds() - needed) <= 1 / rate + 1


@given(some, rates, st.integers(1, 100_000))
def test_it_is_over_at_its_own_end(rows: int, rate: float, seconds: int) -> None:
    """Not later, and the rows that are left are those for which the time is too short."""
    end = NOW + seconds * SECOND
    arrival = course(rows, ends=end).arrival({State.PENDING: rows}, 0, 0, full(rate), NOW)
    assert arrival is not None
    assert arrival.at is not None
    assert arrival.at <= end
    assert 0 <= arrival.left < rows
    if arrival.left:
        assert arrival.at == end
        hours = seconds // 3600 + 1  # in each of them a call may be reckoned with that goes in the next
        assert abs(rows - arrival.left - seconds * rate) <= 1 + hours
    else:
        assert (rows - 1) / rate <= seconds + 1 + 1 / rate


@given(some, rates, st.floats(0.0, 3600.0))
def test_a_429_makes_it_later_by_the_wait_and_the_way_back(rows: int, rate: float, wait: float) -> None:
    """The rate comes back by steps, so what is lost is less than if it stayed halved."""
    throttle = slowed(Throttle.at(rate), 0.0, wait)
    counts = {State.PENDING: rows}
    before = course(rows).arrival(counts, 0, 0, full(rate), NOW)
    after = course(rows).arrival(counts, 0, 0, Speed(rate, throttle.allowed), NOW, NOW + wait * SECOND)
    assert before is not None
    assert after is not None
    assume(before.at is not None and after.at is not None)
    assert before.at is not None
    assert after.at is not None
    later = (after.at - before.at).total_seconds()
    assert later >= wait
    steps, moment = 0, wait
    while throttle.allowed < rate:
        throttle, steps, moment = recovered(throttle, moment), steps + 1, moment + 1.0
    assert later <= wait + steps + 1


@given(st.integers(0, 20_000), st.integers(1, 20_000), rates)
def test_a_run_that_stays_ends_after_the_last_hours_open(now: int, later: int, rate: float) -> None:
    """One that does not stay is done with the rows that may be called now."""
    opens = NOW + 20 * HOUR
    counts = {State.PENDING: now, State.DEFERRED: later}
    groups = (Group(None, None, now, now=True), Group(opens, None, later, now=False))
    stays = Course("c1", counts=counts, groups=groups, stays=True).arrival(counts, 0, 0, full(rate), NOW)
    leaves = Course("c1", counts=counts, groups=groups).arrival(counts, 0, 0, full(rate), NOW)
    assert stays is not None
    assert stays.at is None or stays.at >= opens
    assert (leaves is None) == (now == 0)
    assert leaves is None or leaves.at is None or abs((leaves.at - NOW).total_seconds() * rate - (now - 1)) <= 1 + rate


def test_hours_that_close_end_a_run_that_does_not_stay() -> None:
    """What is not called by then is left."""
    counts = {State.PENDING: 7200}
    closing = Course("c1", counts=counts, groups=(Group(None, NOW + HOUR, 7200, now=True),))
    assert closing.arrival(counts, 0, 0, full(1.0), NOW) == Arrival(NOW + HOUR, 7200 - 3601)


def test_a_cap_of_the_day_sends_the_rest_on_the_next_days() -> None:
    """Or leaves it, if the run does not stay."""
    pace = Pace(1.0, per_day=100, made=40, zone=UTC)
    counts = {State.PENDING: 200}
    stays = course(200, pace=pace, stays=True)
    arrival = stays.arrival(counts, 0, 40, full(1.0), NOW)
    assert arrival is not None
    assert arrival.at is not None
    assert arrival.at.date() == (NOW + timedelta(days=2)).date()
    leaves = course(200, pace=pace)
    assert leaves.left(counts, 0, 40) == 60
    assert leaves.arrival(counts, 0, 40, full(1.0), NOW) == Arrival(NOW + 59 * SECOND)


@given(some, some, st.integers(0, 50_000))
def test_a_limit_counts_the_rows_that_went(rows: int, limit: int, gone: int) -> None:
    """And rows of the campaign that this run may not send count for nothing."""
    gone = min(gone, rows, limit)
    others = 17
    run = Course(
        "c1",
        counts={State.PENDING: rows + others},
        groups=(Group(None, None, rows, now=True),),
        pace=Pace(1.0, most=limit),
    )
    assert run.left({State.PENDING: rows + others - gone, State.ACCEPTED: gone}, gone, gone) == min(rows, limit) - gone


def test_an_endpoint_that_is_slower_than_the_pace_is_reckoned_with() -> None:
    """What counts is what goes, where that is clearly less than what may."""
    slow = course(1000).arrival({State.PENDING: 1000}, 0, 0, Speed(10.0, 10.0, 2.0), NOW)
    near = course(1000).arrival({State.PENDING: 1000}, 0, 0, Speed(10.0, 10.0, 9.8), NOW)
    assert slow == Arrival(NOW + timedelta(seconds=999 / 2))
    assert near == Arrival(NOW + timedelta(seconds=99.9))


def test_an_endpoint_that_goes_on_slowing_calls_down_is_reckoned_with() -> None:
    """What counts is what comes through, though the rate would come back by steps if nothing more happened."""
    slow = course(1000).arrival({State.PENDING: 1000}, 0, 0, Speed(10.0, 5.0, 4.0, 2.0), NOW)
    assert slow == Arrival(NOW + timedelta(seconds=999 / 2))
    again = course(1000).arrival({State.PENDING: 1000}, 0, 0, Speed(10.0, 5.0, 4.0, 12.0), NOW)
    assert again == Arrival(NOW + timedelta(seconds=99.9))


def test_nothing_is_foreseen_where_nothing_is_left_or_no_pace_is_known() -> None:
    """No rows, no limit of the pace, or no call allowed."""
    assert course(0).arrival({}, 0, 0, full(5.0), NOW) is None
    assert course(5).arrival({State.PENDING: 5}, 0, 0, full(float("inf")), NOW) is None
    assert course(5).arrival({State.PENDING: 5}, 0, 0, Speed(0.0, 0.0), NOW) is None
