"""What will go when: calling hours, the rate and the caps of a day, worked through ahead of time as well as can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
HORIZON = timedelta(days=60)
"""How far ahead a forecast looks."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that may be called from `opens` (None: nobody knows when) to `closes` (None: at any hour). `now`: those that
    may be called already."""

    opens: datetime | None
    closes: datetime | None
    rows: int
    now: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast calls may go: so many a second, in a day of `zone` (this machine's if None), and in all. `made` of the first
    day's are made already."""

    per_second: float
    per_day: int | None = None
    most: int | None = None
    zone: tzinfo | None = None
    made: int = 0

    @property
    def left_today(self) -> int | None:
        """How many calls the first day has left."""
        return None if self.per_day is None else max(self.per_day - self.made, 0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls by the hour in which they go, and when the last has gone: None if that is beyond the horizon, or none goes."""

    hours: tuple[tuple[datetime, int], ...]
    done_at: datetime | None


@dataclass(slots=True)
class _Waiting:
    opens: datetime
    closes: datetime | None
    rows: int


def forecast(groups: Iterable[Group], now: datetime, pace: Pace) -> Forecast:
    """Work through the hours to come. Those go first whose hours close first; who is missed comes a day later."""
    waiting = [
        _Waiting(_opens(group, now), group.closes, group.rows)
        for group in groups
        if group.rows and (group.now or group.opens is not None)
    ]
    left = sum(group.rows for group in waiting)
    if pace.most is not None:
        left = min(left, pace.most)
    hours: Counter[datetime] = Counter()
    moment, done_at, credit = now, None, 1.0
    today, on_day = _day_ends(now, pace.zone), pace.made
    while left > 0 and moment - now < HORIZON:
        if moment >= today:
            today, on_day = _day_ends(moment, pace.zone), 0
        for group in waiting:
            while group.closes is not None and group.closes <= moment:
                group.opens, group.closes = group.opens + _DAY, group.closes + _DAY
        open_now = sorted(
            (g for g in waiting if g.opens <= moment), key=lambda g: (g.closes is None, g.closes or moment)
        )
        ends = min(_next_step(moment, waiting, pace.zone), today)
        if not open_now or (pace.per_day is not None and on_day >= pace.per_day):
            moment, credit = ends, 1.0
            continue
        seconds = (ends - moment).total_seconds()
        room = credit + seconds * pace.per_second
        most = min(int(room), left, *([pace.per_day - on_day] if pace.per_day is not None else ()))
        sent = _take(open_now, most)
        waiting = [group for group in waiting if group.rows]
        if sent:
            hours[_hour(moment, pace.zone)] += sent
            done_at = moment + timedelta(seconds=max(0.0, (sent - credit) / pace.per_second))
        left -= sent
        on_day += sent
        credit = room - sent if sent == int(room) else 1.0
        moment = ends
    return Forecast(tuple(sorted(hours.items())), None if left else done_at)


def _opens(group: Group, now: datetime) -> datetime:
    """When the hours begin that the group goes by: of those that may go already, only the end of them may be known."""
    if group.now or group.opens is None:
        return now if group.closes is None or group.closes > now else group.closes - _HOUR
    return group.opens


def _take(groups: Iterable[_Waiting], most: int) -> int:
    sent = 0
    for group in groups:
        taken = min(group.rows, most - sent)
        group.rows -= taken
        sent += taken
    return sent


def _next_step(moment: datetime, waiting: Iterable[_Waiting], zone: tzinfo | None) -> datetime:
    """The next moment at which something changes. Where nobody may be called meanwhile, hours are skipped."""
    changes = [at for group in waiting for at in (group.opens, group.closes) if at is not None and at > moment]
    if any(group.opens <= moment for group in waiting):
        changes.append(_hour(moment, zone) + _HOUR)
    return min(changes, default=moment + _HOUR)


def _hour(moment: datetime, zone: tzinfo | None) -> datetime:
    """The hour of the moment, as clocks show it there, in the zone of `moment`."""
    local = moment.astimezone(zone)
    return moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _day_ends(moment: datetime, zone: tzinfo | None) -> datetime:
    naive = datetime.combine(moment.astimezone(zone).date() + _DAY, time())
    return (naive.replace(tzinfo=zone) if zone is not None else naive).astimezone(moment.tzinfo)
