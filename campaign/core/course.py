"""What a run sets out to do, and when it will be done with it: by calling hours, caps, its own end, and the pace."""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from campaign.core.lifecycle import State
from campaign.core.pacing.forecast import Forecast, Group, Pace, forecast
from campaign.core.pacing.throttle import STEP, STEP_EVERY

_KEPT = 0.9  # a run that makes this share of the allowed calls goes as fast as it may
_UNBOUNDED = Pace(math.inf)


@dataclass(frozen=True, slots=True)
class Speed:
    """Calls a second: `asked` for, `allowed` now, and those of the last seconds (None: not known yet). `inf` is no limit.

    `through` is what comes through an endpoint that slows the calls down again and again; None if it does not.
    """

    asked: float
    allowed: float
    current: float | None = None
    through: float | None = None

    @property
    def slowed(self) -> bool:
        """Whether a 429 has slowed the calls down."""
        return self.allowed < self.asked

    def ahead(self) -> tuple[float, float]:
        """The calls a second to reckon with, and the seconds that are lost until they are reached."""
        if self.through:
            return min(self.through, self.asked), 0.0
        if self.slowed and self.allowed > 0 and not math.isinf(self.asked):
            way = self.asked - self.allowed
            return self.asked, way / 2 * (way / (STEP * self.asked) * STEP_EVERY) / self.asked
        if self.current and self.current < _KEPT * self.allowed:  # the endpoint is what bounds them
            return self.current, 0.0
        return self.allowed, 0.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a run is done: `at`, None if that is too far ahead to say. `left` is about how many rows are not sent by then, as
    it ends at a moment of its own."""

    at: datetime | None
    left: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """One run over a campaign, as it was when it began.

    `counts` were the campaign's rows by state, `groups` those of them that it may call, by when; `pace` is how fast they were
    to go, with all that bounds them. `stays`: it waits for the hours of further rows. Nothing goes before `starts` or from
    `ends` on.
    """

    campaign: str
    list_name: str = ""
    counts: MappingOf[State, int] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    pace: Pace = _UNBOUNDED
    stays: bool = False
    starts: datetime | None = None
    ends: datetime | None = None

    def left(self, counts: MappingOf[State, int], calls: int, calls_today: int) -> int:
        """How many rows it has still to deal with, with the campaign's rows as they stand now. `calls` were made by this run,
        `calls_today` on this day by all."""
        left = sum(group.rows for group in self._groups(counts))
        if self.pace.most is not None:
            left = min(left, max(self.pace.most - calls, 0))
        if self.pace.per_day is not None and not self.stays:
            left = min(left, max(self.pace.per_day - calls_today, 0))
        return left

    def arrival(
        self,
        counts: MappingOf[State, int],
        calls: int,
        calls_today: int,
        speed: Speed,
        now: datetime,
        held_until: datetime | None = None,
    ) -> Arrival | None:
        """When it is done; None if nothing is left to do, or nothing is known of the pace. `held_until` is when calls may go
        again. The rest is as in `left`."""
        rate, lost = speed.ahead()
        left = self.left(counts, calls, calls_today)
        if not left or not rate > 0 or math.isinf(rate):
            return None
        start = max(moment for moment in (now, self.starts, held_until) if moment is not None)
        start += timedelta(seconds=lost)
        per_day = self.pace.per_day if self.stays else None
        pace = replace(self.pace, per_second=rate, most=left, per_day=per_day, made=calls_today)
        ahead = forecast(self._groups(counts), start, pace)
        end = self._end()
        if end is None or (ahead.done_at is not None and ahead.done_at <= end):
            return Arrival(ahead.done_at)
        return Arrival(end, max(left - _calls_by(end, start, ahead, rate), 0))

    def _groups(self, counts: MappingOf[State, int]) -> list[Group]:
        """The rows that are still to be dealt with, by when they may be called."""
        due = counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0) - self._others(State.PENDING)
        if not self.stays:
            return [Group(None, None, max(due, 0), now=True)]
        deferred = counts.get(State.DEFERRED, 0) - self._others(State.DEFERRED)
        gone = max(sum(group.rows for group in self._taken()) - due - deferred, 0)
        left = []
        # Those have gone first whose hours were open and close first.
        for group in sorted(self._taken(), key=_order):
            taken = min(gone, group.rows)
            gone -= taken
            left.append(replace(group, rows=group.rows - taken))
        return left

    def _taken(self) -> list[Group]:
        return [group for group in self.groups if group.now or (self.stays and group.opens is not None)]

    def _others(self, state: State) -> int:
        """The rows in a state that wait, and not for this run."""
        ours = sum(group.rows for group in self._taken() if group.now == (state is State.PENDING))
        return max(self.counts.get(state, 0) - ours, 0)

    def _end(self) -> datetime | None:
        """Its own end, or where it does not stay, that of the last hours that are open, whichever is sooner."""
        closing = [group.closes for group in self.groups if group.now]
        last = None if self.stays or None in closing else max((at for at in closing if at is not None), default=None)
        return min((at for at in (self.ends, last) if at is not None), default=None)


def _order(group: Group) -> tuple[bool, bool, float, float]:
    closes, opens = (at.timestamp() if at is not None else 0.0 for at in (group.closes, group.opens))
    return not group.now, group.closes is None, closes, opens


def _calls_by(end: datetime, start: datetime, ahead: Forecast, rate: float) -> int:
    """About how many calls of a forecast from `start` on have gone by a moment: one at once, the others at the rate."""
    made = 0
    for hour, calls in ahead.hours:
        begins = max(hour, start)
        if begins < end:
            made += min(calls, int((end - begins).total_seconds() * rate) + 1)
    return made
