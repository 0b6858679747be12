"""When calling hours are open, in UTC: the one place where local hours meet the calendar.

All is computed on spans of UTC in which a zone keeps one offset. So nothing is open in the hour that a clock skips in
spring, the hour that it repeats in autumn is open twice, and no local time is ever converted back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from campaign.core.places.time_zones import zone_named
from campaign.core.policy.weekly_hours import WeeklyHours

Span = tuple[datetime, datetime]
"""From the first moment to the second, which is not included."""

HORIZON = 60
"""How many days ahead an opening is looked for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CallingHours:
    """Hours of a week that are kept closed on public holidays: those of `holidays_of`, a country (ISO 3166-1, "" for
    none) and a part of it ("" for the whole). A holiday is closed from midnight to midnight, and hours that begin on
    one and cross midnight do not open at all."""

    week: WeeklyHours
    holidays_of: tuple[str, str] = ("", "")

    def closed(self, day: date) -> bool:
        """Whether the day is a holiday on which nobody is called."""
        return bool(self.holidays_of[0]) and day in public_holidays(*self.holidays_of, day.year)

    def open_at(self, local: datetime) -> bool:
        """Whether the hours are open at a local time."""
        wall = local.replace(tzinfo=None)
        return any(opens <= wall < closes for opens, closes in self.local_spans(wall.date(), wall.date()))

    def local_spans(self, first: date, last: date) -> Iterator[Span]:
        """The open spans that touch the days `first` to `last`, in local time without a zone."""
        day = first - _DAY
        while day <= last:
            if not self.closed(day):
                midnight = datetime.combine(day, time())
                for begin, end in self.week.days[day.weekday()]:
                    closes = midnight + timedelta(minutes=end)
                    if closes > midnight + _DAY and self.closed(day + _DAY):
                        closes = midnight + _DAY
                    yield midnight + timedelta(minutes=begin), closes
            day += _DAY


Clause = tuple[CallingHours, str]
"""Hours, and the zone whose local time they mean, by a name that `zone_named` reads."""


def next_span(clauses: Iterable[Clause], now: datetime) -> Span | None:
    """The first span of UTC from `now` on in which all of `clauses` are open: it begins with `now` if they are open
    now, and may end a little before they close. None if there is none within `HORIZON` days."""
    kept = [(hours, zone_named(zone)) for hours, zone in clauses]
    begin = now.astimezone(UTC)
    for _ in range(HORIZON):
        end = begin + _DAY
        common = [(begin, end)]
        for hours, zone in kept:
            common = _both(common, _open_spans(hours, zone, begin, end))
            if not common:
                break
        else:
            return common[0]
        begin = end
    return None


@lru_cache(maxsize=512)
def public_holidays(region: str, state: str, year: int) -> frozenset[date]:
    """The public holidays of a year; none where they are not known (see `holidays_known`)."""
    from holidays import country_holidays  # imported here: it is slow, and most campaigns need none

    if not holidays_known(region, state):
        return frozenset()
    return frozenset(country_holidays(region, subdiv=state or None, years=year))


@lru_cache(maxsize=512)
def holidays_known(region: str, state: str = "") -> bool:
    """Whether the public holidays of a country, or of a part of it, are known."""
    from holidays import country_holidays  # as above

    try:
        country_holidays(region, subdiv=state or None)
    except NotImplementedError:
        return False
    return True


def _open_spans(hours: CallingHours, zone: tzinfo, begin: datetime, end: datetime) -> list[Span]:
    """When `hours` are open between two moments, which are a day apart at most; in order, without overlap."""
    spans: list[Span] = []
    for first, last, offset in _steady(zone, begin, end):
        here, there = first.replace(tzinfo=None) + offset, last.replace(tzinfo=None) + offset
        for opens, closes in hours.local_spans(here.date(), there.date()):
            span = max(opens, here) - offset, min(closes, there) - offset
            if span[0] < span[1]:
                spans.append((span[0].replace(tzinfo=UTC), span[1].replace(tzinfo=UTC)))
    merged: list[Span] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return merged


def _steady(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The parts of a day in which the zone keeps its offset, with that offset. No zone changes twice within a day."""
    before, after = _offset(zone, begin), _offset(zone, end)
    if before == after:
        yield begin, end, before
        return
    earlier, later = begin, end
    while later - earlier > timedelta(seconds=1):
        middle = earlier + (later - earlier) / 2
        if _offset(zone, middle) == before:
            earlier = middle
        else:
            later = middle
    change = later.replace(microsecond=0)  # zones change on whole seconds
    yield begin, change, before
    yield change, end, after


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _both(some: list[Span], others: list[Span]) -> list[Span]:
    common = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(opens, closes) for opens, closes in common if opens < closes]
