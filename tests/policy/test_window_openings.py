"""The next opening against a slow model that looks at every minute with the zone's own local time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.core.policy.opening_times import CallingHours, Clause, holidays_known, next_span, public_holidays
from campaign.core.policy.weekly_hours import WeeklyHours, parse_weekly_hours

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (
    "UTC",
    "America/New_York",
    "America/St_Johns",  # half an hour off the hour
    "Europe/Berlin",
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "Asia/Kathmandu",
    "Africa/Casablanca",  # clocks change for Ramadan
    "Pacific/Apia",
)
CHANGES = (
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York, spring
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York, autumn
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Europe
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),  # Casablanca
    datetime(2026, 12, 25, 0, tzinfo=UTC),  # holidays in a row
    datetime(2026, 12, 31, 22, tzinfo=UTC),
)


def is_open(hours: CallingHours, zone: str, moment: datetime) -> bool:
    """Whether the hours are open, told from the local wall clock alone."""
    local = moment.astimezone(ZoneInfo(zone))
    today, yesterday = local.date(), local.date() - DAY
    minute = local.hour * 60 + local.minute

    def holiday(day: date) -> bool:
        return bool(hours.holidays_of[0]) and day in public_holidays(*hours.holidays_of, day.year)

    if holiday(today):
        return False
    if any(a <= minute < b for a, b in hours.week.days[today.weekday()]):
        return True
    return not holiday(yesterday) and any(a <= minute + 1440 < b for a, b in hours.week.days[yesterday.weekday()])


RANGE = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda r: (r[0], r[1] if r[1] > r[0] else r[1] + 1440)
)
NIGHT = st.tuples(st.integers(0, 240), st.integers(1, 120)).map(lambda r: (r[0], r[0] + r[1]))  # where clocks change
RANGES = st.lists(RANGE | NIGHT, max_size=3).map(lambda ranges: tuple(sorted(ranges)))
WEEKS = st.lists(RANGES, min_size=7, max_size=7).map(lambda days: WeeklyHours(tuple(days)))
HOURS = st.builds(CallingHours, WEEKS, st.sampled_from([("", ""), ("DE", ""), ("US", "AL"), ("FR", "")]))
CLAUSES = st.lists(st.tuples(HOURS, st.sampled_from(ZONES)), min_size=1, max_size=3)
MOMENTS = st.tuples(
    st.sampled_from(CHANGES), st.integers(-2000, 1000), st.sampled_from([0, 0, 17.5])
).map(lambda m: m[0] + timedelta(minutes=m[1], seconds=m[2]))  # fmt: skip


@settings(max_examples=300)
@given(CLAUSES, MOMENTS)
def test_the_next_opening_is_the_one_that_a_minute_hand_finds(clauses: list[Clause], now: datetime) -> None:
    """Across changes of clocks, midnights, weeks, holidays and several zones: the same, to the minute."""
    span = next_span(clauses, now)
    moment, end = now, min(now + 4 * DAY, span[0] if span else now + 4 * DAY)
    while moment < end:  # nothing is open before
        assert not all(is_open(hours, zone, moment) for hours, zone in clauses), moment
        moment = moment.replace(second=0, microsecond=0) + MINUTE
    if span:
        opens, closes = span
        assert now <= opens < closes
        assert opens == now or opens.second == opens.microsecond == 0
        moment = opens
        while moment < closes:  # and everything is open then
            assert all(is_open(hours, zone, moment) for hours, zone in clauses), moment
            moment = moment.replace(second=0, microsecond=0) + MINUTE


def nights_of_change(zone: str, year: int) -> tuple[datetime, ...]:
    """The minutes of a year (UTC) at which the zone's clocks change, found by looking at every day, then every minute."""
    kept, found = ZoneInfo(zone), []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        if day.astimezone(kept).utcoffset() != (day + DAY).astimezone(kept).utcoffset():
            minutes = [day + n * MINUTE for n in range(1, 1441)]
            before = day.astimezone(kept).utcoffset()
            found.append(next(minute for minute in minutes if minute.astimezone(kept).utcoffset() != before))
        day += DAY
    return tuple(found)


def behaviours(year: int) -> list[tuple[str, tuple[datetime, ...]]]:
    """One zone for each way in which the zones of the world change their clocks in a year, with its nights."""
    found: dict[tuple[object, ...], tuple[str, tuple[datetime, ...]]] = {}
    for zone in sorted(available_timezones()):
        nights = nights_of_change(zone, year)
        offset = datetime(year, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
        if nights:
            found.setdefault((offset, nights), (zone, nights))
    return list(found.values())


NIGHTS: dict[str, dict[str, object]] = {
    "day": {"mon-sun": "8-20"},
    "night": {"mon-sun": "22-3:30"},
    "small hours": {"mon-fri": "1:30-2:30", "sat-sun": "0:15-1:15, 2-2:30, 3-4"},
    "week's end": {"sun": "20-24", "mon": "0-1:45"},
}


@pytest.mark.parametrize("year", [2026, 2011])
def test_the_nights_of_the_year_on_which_clocks_change_in_any_zone(year: int) -> None:
    """Every zone of the world, both hemispheres, by half hours and whole days (Samoa skipped one in 2011): for a day
    before and after, every five minutes and at each edge it is open exactly when the wall clock says so."""
    for zone, nights in behaviours(year):
        for night in nights:
            for value in NIGHTS.values():
                clause = (hours_of(value), zone)
                now, end = night - DAY, night + DAY
                while now < end:
                    span = next_span([clause], now)
                    opens, closes = span if span else (end, end)
                    for closed in every(now, min(opens, end)):
                        assert not is_open(*clause, closed), (zone, closed)
                    for opened in every(opens, min(closes, end)):
                        assert is_open(*clause, opened), (zone, opened)
                    now = closes


def every(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Five minutes after another, and the first and last one of them."""
    moment = begin
    while moment < end:
        yield moment
        moment += 5 * MINUTE
    if begin < end:
        yield max(begin, end - MINUTE)


ALL_ZONES = st.sampled_from(sorted(available_timezones()))
YEARS = st.datetimes(datetime(2008, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))


@settings(max_examples=150, deadline=None)
@given(WEEKS, st.lists(ALL_ZONES, min_size=1, max_size=3), YEARS)
def test_any_zones_in_any_year(week: WeeklyHours, zones: list[str], now: datetime) -> None:
    """Also where a country has changed its rules since: what is open is open by the wall clock of that day."""
    clauses = [(CallingHours(week), zone) for zone in zones]
    span = next_span(clauses, now)
    opens, closes = span if span else (now + 2 * DAY, now + 2 * DAY)
    for closed in every(now, min(opens, now + 2 * DAY)):
        assert not all(is_open(hours, zone, closed) for hours, zone in clauses)
    for opened in every(opens, closes):
        assert all(is_open(hours, zone, opened) for hours, zone in clauses)


@settings(deadline=None)
@given(HOURS, ALL_ZONES, YEARS)
def test_being_open_is_being_in_an_open_span(hours: CallingHours, zone: str, now: datetime) -> None:
    """The rule that is named as closed is one that is."""
    assert hours.open_at(now.astimezone(ZoneInfo(zone))) == is_open(hours, zone, now)


def hours_of(value: dict[str, object]) -> CallingHours:
    """Calling hours without holidays."""
    return CallingHours(parse_weekly_hours(value))


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        # 2:30 does not exist on that night: the hours open with the first minute that does.
        ("2:30-5", datetime(2026, 3, 29, 0, 45, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # The whole range is skipped: next day.
        ("2-3", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 0, tzinfo=UTC)),
        # 2:00-2:30 comes twice on that night: closed between the two.
        ("2-2:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
        # Over the change, the wall clock rules: 9:00 is 7:00 UTC before it and 8:00 UTC after.
        ("9-18", datetime(2026, 10, 23, 18, 0, tzinfo=UTC), datetime(2026, 10, 24, 7, 0, tzinfo=UTC)),
        ("9-18", datetime(2026, 10, 24, 18, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_nights_on_which_clocks_change(hours: str, now: datetime, opens: datetime) -> None:
    """Berlin, the last Sundays of March and October 2026."""
    span = next_span([(hours_of({"mon-sun": hours}), "Europe/Berlin")], now)
    assert span is not None
    assert span[0] == opens


def test_a_holiday_is_closed_all_day_and_opens_no_night() -> None:
    """Christmas Day 2026 is a Friday: its night does not begin, and Thursday's ends at midnight."""
    night = CallingHours(parse_weekly_hours({"thu-sat": "21-2"}), ("GB", "ENG"))
    late = next_span([(night, "Europe/London")], datetime(2026, 12, 24, 22, 0, tzinfo=UTC))
    after = next_span([(night, "Europe/London")], datetime(2026, 12, 25, 0, 0, tzinfo=UTC))
    assert late is not None
    assert late[1] == datetime(2026, 12, 25, 0, 0, tzinfo=UTC)
    assert after is not None
    assert after[0] == datetime(2026, 12, 31, 21, 0, tzinfo=UTC)  # the 26th is Boxing Day


def test_no_common_moment_is_told_as_none() -> None:
    """Nine to six in Kaliningrad and in Kamchatka never meet."""
    nine_to_six = hours_of({"mon-sun": "9-18"})
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert next_span([(nine_to_six, "Europe/Kaliningrad"), (nine_to_six, "Asia/Kamchatka")], now) is None


def test_holidays_that_are_not_known_close_nothing() -> None:
    """A place that the holiday calendar does not have is told apart from one that has none."""
    assert holidays_known("DE")
    assert holidays_known("US", "AL")
    assert not holidays_known("US", "QQ")
    assert not holidays_known("")
    assert public_holidays("US", "QQ", 2026) == frozenset()
