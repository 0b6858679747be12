"""The forecast: every row once, within its hours, at the pace that is allowed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from campaign.core.outlook import look_ahead, of_today
from campaign.core.pacing.forecast import Forecast, Group, Pace, forecast
from campaign.core.policy.quota import Call, Limits, Quota
from campaign.core.policy.shares import spread

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Kolkata")
HOUR = timedelta(hours=1)


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    """Rows that may go now or later, for some hours of every day, or at any."""
    found = []
    for _ in range(draw(st.integers(0, 5))):
        now = draw(st.booleans())
        opens = NOW if now else NOW + draw(st.integers(1, 100)) * HOUR / 4
        closes = draw(st.none() | st.integers(1, 48).map(lambda quarters: quarters * HOUR / 4))
        found.append(Group(None if now else opens, opens + closes if closes else None, draw(st.integers(0, 400)), now))
    return found


PACES = st.builds(
    Pace,
    st.sampled_from([0.001, 0.05, 1.0, 5.0, 1000.0]),
    st.none() | st.integers(1, 300),
    st.none() | st.integers(0, 500),
    st.just(ZONE),
)


@given(groups(), PACES)
def test_every_row_goes_once_and_no_bound_is_exceeded(found: list[Group], pace: Pace) -> None:
    """If it is done, all rows have gone, or as many as may; no hour is faster than the rate, no day fuller than its cap."""
    ahead: Forecast = forecast(found, NOW, pace)
    calls = sum(calls for _, calls in ahead.hours)
    wanted = min(sum(group.rows for group in found), pace.most if pace.most is not None else 10**9)
    assert calls <= wanted
    if ahead.done_at is not None:
        assert calls == wanted
    days: Counter[date] = Counter()
    for at, sent in ahead.hours:
        assert at >= NOW - HOUR
        assert 0 < sent <= pace.per_second * 3600 + 2
        days[at.astimezone(ZONE).date()] += sent
    assert pace.per_day is None or max(days.values(), default=0) <= pace.per_day


@given(groups())
def test_nobody_is_called_outside_of_their_hours(found: list[Group]) -> None:
    """At a fast pace, every call is in the hour in which its group opens."""
    ahead = forecast(found, NOW, Pace(10_000.0, zone=UTC))
    starts = {(group.opens or NOW).replace(minute=0) for group in found if group.rows}
    assert {at for at, _ in ahead.hours} == starts


def test_who_is_missed_today_goes_tomorrow() -> None:
    """A window of one hour holds 60 calls at one a minute; the rest waits a day."""
    ahead = forecast([Group(None, NOW + HOUR, 100, now=True)], NOW, Pace(1 / 60, zone=UTC))
    by_day = Counter[int]()
    for at, calls in ahead.hours:
        by_day[at.day] += calls
    assert by_day[25] in (60, 61)
    assert by_day[25] + by_day[26] == 100
    assert ahead.done_at is not None
    assert NOW + timedelta(days=1) < ahead.done_at < NOW + timedelta(days=1, hours=1)


def test_short_windows_go_first() -> None:
    """Those who can be called for an hour are called in it, though others wait too."""
    short, long = Group(None, NOW + HOUR, 50, now=True), Group(None, None, 50, now=True)
    ahead = forecast([long, short], NOW, Pace(1 / 60, zone=UTC))
    assert ahead.done_at is not None
    assert ahead.done_at < NOW + 2 * HOUR


def test_a_year_of_calls_is_not_worked_through() -> None:
    """Beyond the horizon nobody knows."""
    assert forecast([Group(None, None, 1_000_000, now=True)], NOW, Pace(0.1, zone=UTC)).done_at is None


@given(st.integers(1, 400), st.integers(0, 400))
def test_calls_that_were_made_today_leave_less_of_it(rows: int, made: int) -> None:
    """Now goes what is left of today, and the rest from tomorrow on."""
    seen = look_ahead([Group(None, None, rows, now=True)], (), NOW, Pace(1000.0, 100, zone=ZONE, made=made), None)
    assert seen.now == min(rows, max(100 - made, 0))
    assert seen.now + seen.later == rows == seen.calls
    today = sum(calls for at, calls in seen.hours if at.astimezone(ZONE).date() == NOW.astimezone(ZONE).date())
    assert today == seen.now


def test_hours_that_are_over_at_the_start_are_not_now() -> None:
    """Rows that might go at the moment, of a run that begins after their hours, go on the next day within them."""
    closed = Group(None, NOW - HOUR, 5, now=True)
    seen = look_ahead([closed], (), NOW, Pace(1000.0, zone=UTC), None)
    assert (seen.now, seen.later) == (0, 5)
    [(at, calls)] = seen.hours
    assert calls == 5
    assert NOW < at < NOW - HOUR + timedelta(days=1)


def test_hours_of_yesterday_are_open_again_today() -> None:
    """A row that waits since yesterday goes by the same hours now, if it is within them."""
    yesterday = timedelta(days=1)
    missed = Group(NOW - HOUR - yesterday, NOW + HOUR - yesterday, 3, now=False)
    later = Group(NOW + HOUR - yesterday, NOW + 2 * HOUR - yesterday, 4, now=False)
    seen = look_ahead([missed, later], (), NOW, Pace(1000.0, zone=UTC), None)
    assert (seen.now, seen.later, seen.calls) == (3, 4, 7)
    stale = Group(None, NOW - HOUR, 2, now=True)
    assert of_today(stale, NOW).closes == NOW - HOUR + yesterday


@given(groups(), st.integers(1, 60), st.integers(0, 90))
def test_caps_of_a_country_part_rows_by_days(found: list[Group], most: int, made: int) -> None:
    """No row is lost, no day exceeds the cap, and the first day has the calls that were made."""
    quota = Quota(Limits(per_country={"GB": most}), UTC)
    call = Call(countries=("GB",))
    quota.made_today(call, NOW, made)
    parted = spread([(group, call) for group in found], quota, NOW)
    assert sum(group.rows for group in parted) == sum(group.rows for group in found)
    days: Counter[date] = Counter({NOW.date(): made})
    for group in parted:
        if group.now or group.opens is not None:
            days[NOW.date() if group.now else max(group.opens or NOW, NOW).date()] += group.rows
    assert days.pop(NOW.date()) <= max(most, made)
    assert max(days.values(), default=0) <= most
