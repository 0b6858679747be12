"""What lies ahead of a campaign: what goes now, what later and when, what is held back and by which rule, and the cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from campaign.core.lifecycle import State
from campaign.core.pacing.forecast import Group, Pace, forecast
from campaign.core.policy.quota import Call
from campaign.core.record import Judgement

_DAY = timedelta(days=1)
_ANY_CALL = Call()
_QUARTER = 900  # seconds: openings are told to the quarter of an hour


@dataclass(slots=True)
class Ahead:
    """Collects what the judgements of a list mean for the hours to come, in little memory. `by_call`: also by what their
    calls are counted by."""

    by_call: bool = False
    _openings: Counter[tuple[datetime | None, datetime | None, bool, Call]] = field(default_factory=Counter)
    _held: Counter[tuple[State, str]] = field(default_factory=Counter)

    def add(self, judgement: Judgement) -> None:
        """Count a row."""
        state = judgement.state
        if state is State.PENDING or state is State.DEFERRED:
            opens, closes = _quarter(judgement.next_allowed, _QUARTER - 1), _quarter(judgement.closes_at, 0)
            request = judgement.request if self.by_call else None
            call = Call.of(request.payload, request.numbers) if request is not None else _ANY_CALL
            self._openings[opens, closes, state is State.PENDING, call] += 1
        if judgement.cause:
            self._held[state, judgement.cause] += 1

    def groups(self) -> list[tuple[Group, Call]]:
        """The rows that may be called, by when, and by what their calls are counted by."""
        return [(Group(opens, closes, rows, now), call) for (opens, closes, now, call), rows in self._openings.items()]

    def held(self) -> list[tuple[State, str, int]]:
        """The rows that are held back, by state and rule, the most frequent first."""
        return [(state, cause, rows) for (state, cause), rows in self._held.most_common()]


@lru_cache(maxsize=4096)
def _quarter(moment: datetime | None, up: int) -> datetime | None:
    if moment is None:
        return None
    return datetime.fromtimestamp((int(moment.timestamp()) + up) // _QUARTER * _QUARTER, UTC)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Rows that go `now` and that go `later`, when their calling hours open, and those of which nobody knows when
    (`never`).

    `hours` are calls by the hour in which they go, for a run that stays or is resumed in time; `done_at` is when the last
    has gone, None if that is too far ahead to say. `held` counts the rows that are held back by state and rule. `cost` is
    that of all calls, None if nobody said what one costs.
    """

    now: int
    later: int
    never: int
    hours: tuple[tuple[datetime, int], ...]
    done_at: datetime | None
    held: tuple[tuple[State, str, int], ...]
    cost: Decimal | None = None

    @property
    def calls(self) -> int:
        """The calls that are made in all."""
        return sum(calls for _, calls in self.hours)


def of_today(group: Group, now: datetime) -> Group:
    """The group as it stands at a moment: one that was judged on an earlier day goes by the hours of this one."""
    if not group.now or group.closes is None or group.closes > now:
        return group
    return replace(group, closes=group.closes + ((now - group.closes) // _DAY + 1) * _DAY)


def look_ahead(
    groups: Sequence[Group],
    reasons: Sequence[tuple[State, str, int]],
    start: datetime,
    pace: Pace,
    cost_per_call: Decimal | None,
) -> Outlook:
    """The outlook for rows that may be called as `groups` say, from `start` on."""
    ahead = forecast(groups, start, pace)
    due = sum(group.rows for group in groups if _is_open(group, start))
    now = min(bound for bound in (due, pace.left_today, pace.most) if bound is not None)
    return Outlook(
        now=now,
        later=sum(group.rows for group in groups if group.now or group.opens is not None) - now,
        never=sum(group.rows for group in groups if not group.now and group.opens is None),
        hours=ahead.hours,
        done_at=ahead.done_at,
        held=tuple(reason for reason in reasons if reason[0] is not State.PENDING),
        cost=cost_per_call * sum(calls for _, calls in ahead.hours) if cost_per_call is not None else None,
    )


def _is_open(group: Group, start: datetime) -> bool:
    """Whether its hours are open; those that are over come again a day later. Of rows that might go already, nobody knows
    when their hours begin: once they are over, they count as closed."""
    if group.closes is None or group.closes > start:
        return group.now or (group.opens is not None and group.opens <= start)
    over = (start - group.closes) // _DAY + 1
    return not group.now and group.opens is not None and group.opens + over * _DAY <= start
