"""Where a run stands at a moment: the one value that every display of it is drawn from."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaign.core.course import Arrival, Speed
from campaign.core.lifecycle import State
from campaign.core.record import Trouble


class Phase(StrEnum):
    """What a run is about. The values are part of the JSON format."""

    SENDING = "sending"
    WAITING = "waiting"
    STOPPING = "stopping"
    LEAVING = "leaving"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing goes until a moment, and why: no whole sentence, and without the moment."""

    until: datetime
    why: str

    @classmethod
    def slowed_down(cls, until: datetime, allowed: float) -> Wait:
        """The endpoint asked for it; then `allowed` calls a second may go."""
        return cls(until, f"Brightcall asked to slow down, then at most {allowed:.3g} calls a second")

    @classmethod
    def for_hours(cls, until: datetime, rows: int) -> Wait:
        """So many rows are deferred, the first of them until then."""
        wait = "1 row waits" if rows == 1 else f"{rows:,} rows wait"
        return cls(until, f"{wait} for calling hours or a free cap")


TROUBLES_SHOWN = 5
"""How many of the last rows that a person should look at are shown."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign while it is sent.

    `counts` has one number per state that occurs; `done` are the rows that this run has dealt with, of `expected`. `troubles`
    are the last of the rows that a person should look at, the newest first. `ended` says why no more rows go, "" while they
    do.
    """

    campaign: str
    list_name: str
    at: datetime
    counts: MappingOf[State, int]
    done: int
    expected: int
    phase: Phase
    speed: Speed
    arrival: Arrival | None = None
    wait: Wait | None = None
    troubles: tuple[Trouble, ...] = ()
    ended: str = ""

    @property
    def total(self) -> int:
        """All rows of the campaign."""
        return sum(self.counts.values())
