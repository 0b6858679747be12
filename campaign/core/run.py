"""A run as a person meets it: what they ask for, what will happen, how it ended."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaign.core.lifecycle import WAITING, State
from campaign.core.mapping.delivery_part import GoalSpec
from campaign.core.outlook import Outlook
from campaign.core.pacing.rate import Rate


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked for on top of the mapping; None keeps the mapping's own. Without `output` the result goes to a
    free name in this folder, unless `write_result` is False. `only` are the lead ids that may be sent. With `wait` the run
    stays until calling hours open; nothing is sent before `start_at` or from `stop_at` on. `stop_when` takes the place of
    the mapping's."""

    output: Path | None = None
    force: bool = False
    limit: int | None = None
    rate: Rate | None = None
    concurrency: int | None = None
    write_result: bool = True
    only: Collection[int] | None = None
    wait: bool = False
    start_at: datetime | None = None
    stop_at: datetime | None = None
    stop_when: GoalSpec | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What will happen if a person says yes. `to_send` are the calls that go now, or with `wait` those that go at all;
    `seconds` is how long they take at the allowed rate, `skipped` how many rows of the list are no leads, by why."""

    campaign: str
    list_name: str
    endpoint: str
    counts: MappingOf[State, int]
    to_send: int
    rate: Rate
    seconds: float
    first_payload: MappingOf[str, str]
    first_row: int
    skipped: MappingOf[str, int]
    warnings: tuple[str, ...]
    outlook: Outlook
    wait: bool = False
    start_at: datetime | None = None

    @property
    def may_send(self) -> bool:
        """Whether a call may go, though none is foreseen: what is known of calling hours is known to the quarter of an hour."""
        later = self.outlook.later if self.start_at is not None else 0
        return bool(self.to_send or self.counts.get(State.PENDING) or later)

    @property
    def total(self) -> int:
        """All rows of the list."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended.

    `halted` is why it stopped by itself because something was wrong, `paused` why it did because what was asked for was
    reached, both "" if it did not; `output` is None where nobody wanted one; `next_allowed` is
    when the first deferred row may be called.
    """

    campaign: str
    counts: MappingOf[State, int]
    output: Path | None
    halted: str
    interrupted: bool
    seconds: float
    next_allowed: datetime | None = None
    paused: str = ""

    @property
    def total(self) -> int:
        """All rows of the campaign."""
        return sum(self.counts.values())

    @property
    def unfinished(self) -> bool:
        """Whether `resume` has something to go on with."""
        return any(self.counts.get(state) for state in WAITING)

    @property
    def exit_code(self) -> int:
        """0 every row accepted, 1 finished but some rows are not, 3 halted, 4 interrupted."""
        if self.halted:
            return 3
        if self.interrupted and self.unfinished:
            return 4
        return 0 if self.counts.get(State.ACCEPTED, 0) == self.total else 1
