"""A campaign in figures: what its report shows, as values. Rows are counted, and none is named but those to act on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import ceil

from campaign.core.cells.cell import Cell, shown
from campaign.core.lifecycle import State
from campaign.core.problem import without_values
from campaign.core.state_words import MEANING
from campaign.core.timeline import Timeline

_QUOTED = re.compile(' "[^"]*"')

ACTED_ON = (State.UNKNOWN, State.FAILED, State.REJECTED, State.INVALID)
"""The states of rows that wait for a person, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the rows of a campaign came: each number is part of the one before it. `valid` rows could be sent as they
    stood, `sent` ones were handed to the vendor at least once. `lost_before_sent` and `lost_after` count by state the valid
    rows that were not sent, and the sent ones that are not accepted."""

    rows: int
    valid: int
    sent: int
    accepted: int
    lost_before_sent: MappingOf[State, int]
    lost_after: MappingOf[State, int]


def funnel(counts: Iterable[tuple[State, bool, int]]) -> Funnel:
    """The funnel of rows by their state and whether they were ever sent."""
    unsent: Counter[State] = Counter()
    sent: Counter[State] = Counter()
    for state, was_sent, rows in counts:
        (sent if was_sent else unsent)[state] += rows
    valid: dict[State, int] = {state: unsent[state] for state in State if unsent[state] and state is not State.INVALID}
    return Funnel(
        rows=sent.total() + unsent.total(),
        valid=sent.total() + sum(valid.values()),
        sent=sent.total(),
        accepted=sent[State.ACCEPTED],
        lost_before_sent=valid,
        lost_after={state: sent[state] for state in State if sent[state] and state is not State.ACCEPTED},
    )


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long the vendor took to answer: so many attempts by milliseconds, the shortest first. An attempt without an answer
    is not among them."""

    counts: tuple[tuple[int, int], ...] = ()

    @property
    def total(self) -> int:
        """All attempts that were answered."""
        return sum(attempts for _, attempts in self.counts)

    def within(self, share: float) -> timedelta:
        """The time within which that share (0 to 1) of the attempts were answered: nearest rank, so one that occurred."""
        rank = max(1, ceil(share * self.total))
        reached = accumulate(attempts for _, attempts in self.counts)
        return timedelta(milliseconds=next(ms for (ms, _), n in zip(self.counts, reached, strict=True) if n >= rank))

    def by_range(self, edges: Sequence[int]) -> tuple[int, ...]:
        """Attempts in each range from one of `edges` (milliseconds, ascending) to below the next; the last has no end."""
        found = [0] * len(edges)
        for ms, attempts in self.counts:
            found[max(sum(edge <= ms for edge in edges) - 1, 0)] += attempts
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that have something in common, such as their country, by state."""

    name: str
    counts: MappingOf[State, int]

    @property
    def total(self) -> int:
        """All rows of the group."""
        return sum(self.counts.values())

    @property
    def accepted(self) -> int:
        """Those that the vendor took."""
        return self.counts.get(State.ACCEPTED, 0)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest groups first; `others` is how many smaller ones are not told."""

    groups: tuple[Group, ...] = ()
    others: int = 0

    @property
    def total(self) -> int:
        """All rows of the groups that are told."""
        return sum(group.total for group in self.groups)


def breakdown(counts: Iterable[tuple[str, State, int]], others: int = 0) -> Breakdown:
    """The groups of rows by name and state, the states in the order in which people are told of them."""
    found: dict[str, dict[State, int]] = {}
    for name, state, rows in counts:
        found.setdefault(name, {})[state] = rows
    groups = (Group(name, {state: by[state] for state in MEANING if state in by}) for name, by in found.items())
    return Breakdown(tuple(sorted(groups, key=lambda group: (-group.total, group.name))), others)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that waits for a person. `phone` is shortened, `reason` says what is wrong and what to do about it, without the
    row's own values."""

    number: int
    phone: str
    state: State
    reason: str


def told_without_values(state: State, reason: str, cause: str, cells: Iterable[Cell]) -> str:
    """The reason of a row as anybody may read it. `cause` has no values by itself, but of a wrong cell it names no cure: that
    stands in `reason`, where each cell is quoted."""
    if state is not State.INVALID:
        return cause
    return _QUOTED.sub("", without_values(reason, map(shown, cells)))


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it. `allowed` says of each stretch of the timeline how many attempts could have been made in it: `inf` where
    there was no limit, None where that is not known. `fastest` are the most calls a second that were allowed at any time.
    `dispositions` are rows by what the phone did, the most frequent first, as far as it is known. `waiting` are the first
    rows of each state in `ACTED_ON`."""

    funnel: Funnel
    timeline: Timeline
    allowed: tuple[float | None, ...]
    fastest: float | None
    answer_times: AnswerTimes
    dispositions: Sequence[tuple[str, int]]
    countries: Breakdown
    agents: Breakdown
    waiting: Sequence[WaitingRow]
