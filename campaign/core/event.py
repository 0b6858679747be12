"""What happens in a run, one value each: what a log writes down and what the person who watches is told.

The fields are what programs find in a log, their names a contract. No event holds a key, a whole number, or another value
of a row. As text, an event is a sentence for people.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

from campaign.core.lifecycle import State
from campaign.core.moment import your_time

TROUBLES = frozenset({State.REJECTED, State.FAILED, State.UNKNOWN})
"""The states of a row that was sent, or was to be, and that a person should look at."""


@dataclass(frozen=True, slots=True)
class Started:
    """A run begins to send. `counts` are the campaign's rows by state, `rate` is as a mapping writes it."""

    kind: ClassVar[str] = "started"
    grave: ClassVar[bool] = False

    list: str
    endpoint: str
    counts: MappingOf[State, int]
    rate: str
    concurrency: int
    limit: int | None
    wait: bool
    start_at: datetime | None
    stop_at: datetime | None

    def __str__(self) -> str:
        """What it begins with."""
        ready = self.counts.get(State.PENDING, 0)
        return f"Started: {ready:,} rows of {self.list} are ready, at most {self.rate}, {self.concurrency} at once"


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt at a row has ended, and its outcome is durable. `attempt` counts the row's attempts from 1, `phone` is
    shortened, `status` is what the row became, `reason` is without the row's own values. `again_in` are the seconds after
    which it is tried again by itself, None if it is not."""

    kind: ClassVar[str] = "attempt"

    row: int
    row_id: str
    attempt: int
    phone: str
    status: State
    http_status: int | None
    reason: str
    latency_ms: float
    again_in: float | None = None

    @property
    def grave(self) -> bool:
        """Whether a person should look at the row."""
        return self.status in TROUBLES

    def __str__(self) -> str:
        """The row, what it became and why."""
        answer = f"{self.http_status}, " if self.http_status is not None else ""
        why = f". {self.reason}" if self.reason else ""
        again = (
            "" if self.again_in is None else f"; again in {self.again_in:.1f} s" if self.again_in else "; again soon"
        )
        return f"Row {self.row}, {self.phone}: {self.status} ({answer}{self.latency_ms:.0f} ms){why}{again}"


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A row is not sent now, by a rule: `status` is what it became, `until` when it may be called, as far as that is known."""

    kind: ClassVar[str] = "held_back"
    grave: ClassVar[bool] = False

    row: int
    row_id: str
    phone: str
    status: State
    reason: str
    until: datetime | None

    def __str__(self) -> str:
        """The row, what it became and why."""
        until = f", until {your_time(self.until)}" if self.until is not None else ""
        return f"Row {self.row}, {self.phone}: {self.status}{until}. {self.reason}"


@dataclass(frozen=True, slots=True)
class SlowedDown:
    """The endpoint asked to slow down: nothing goes for `seconds`, until `until`, and then at most `allowed` calls a second."""

    kind: ClassVar[str] = "slowed_down"
    grave: ClassVar[bool] = True

    seconds: float
    until: datetime
    allowed: float

    def __str__(self) -> str:
        """How long, and what then."""
        wait, rate = f"{self.seconds:.0f} s", f"{self.allowed:.3g} calls a second"
        return f"Brightcall asked to slow down: waiting {wait}, then at most {rate}"


@dataclass(frozen=True, slots=True)
class FullSpeed:
    """The allowed rate is the asked one again, after it was slowed down."""

    kind: ClassVar[str] = "full_speed"
    grave: ClassVar[bool] = False

    allowed: float

    def __str__(self) -> str:
        """The rate."""
        return f"Back at the full rate of {self.allowed:.3g} calls a second"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing goes before `until`. `reason` is why, as `Wait` has it."""

    kind: ClassVar[str] = "waiting"
    grave: ClassVar[bool] = False

    until: datetime
    reason: str

    def __str__(self) -> str:
        """Until when and why."""
        return f"Until {your_time(self.until)} {self.reason}. Ctrl-C leaves."


@dataclass(frozen=True, slots=True)
class Resumed:
    """The moment that was waited for has come."""

    kind: ClassVar[str] = "resumed"
    grave: ClassVar[bool] = False

    def __str__(self) -> str:
        """That it has."""
        return "Going on"


@dataclass(frozen=True, slots=True)
class Released:
    """Deferred rows have become due: their calling hours have opened, or a cap is free."""

    kind: ClassVar[str] = "released"
    grave: ClassVar[bool] = False

    rows: int

    def __str__(self) -> str:
        """How many."""
        return f"{self.rows:,} deferred {'row is' if self.rows == 1 else 'rows are'} due now"


@dataclass(frozen=True, slots=True)
class Stopping:
    """A person asked to stop: what is under way is finished, or with `at_once` left as it is."""

    kind: ClassVar[str] = "interrupted"
    grave: ClassVar[bool] = True

    at_once: bool = False

    def __str__(self) -> str:
        """What happens with the calls under way."""
        if self.at_once:
            return "Leaving at once: calls under way are unknown."
        return "Stopping: calls under way are finished. Ctrl-C again leaves at once."


@dataclass(frozen=True, slots=True)
class Paused:
    """What was asked for is reached: nothing more goes."""

    kind: ClassVar[str] = "paused"
    grave: ClassVar[bool] = False

    reason: str

    def __str__(self) -> str:
        """Why."""
        return f"Paused: {self.reason}"


@dataclass(frozen=True, slots=True)
class Halted:
    """Every further row would fare the same: nothing more goes."""

    kind: ClassVar[str] = "halted"
    grave: ClassVar[bool] = True

    reason: str

    def __str__(self) -> str:
        """Why."""
        return f"Halted: {self.reason}"


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over, and its result is written to `output`. `counts` are the campaign's rows by state; `halted` and
    `paused` say why it ended before its last row, "" if it did not."""

    kind: ClassVar[str] = "finished"
    grave: ClassVar[bool] = False

    counts: MappingOf[State, int]
    seconds: float
    output: str | None
    halted: str
    paused: str
    interrupted: bool

    def __str__(self) -> str:
        """Where the rows stand."""
        told = ", ".join(f"{count:,} {state}" for state, count in self.counts.items() if count) or "no rows"
        return f"Finished after {self.seconds:.0f} s: {told}"


Event: TypeAlias = (
    Started
    | Attempted
    | HeldBack
    | SlowedDown
    | FullSpeed
    | Waiting
    | Resumed
    | Released
    | Stopping
    | Paused
    | Halted
    | Finished
)
"""Anything that happens in a run."""
