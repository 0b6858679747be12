"""Where a run stands at a moment: the one value that every display of it is drawn from."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaign.core.course import Arrival, Speed
from campaign.core.lifecycle import State


class Phase(StrEnum):
    """What a run is about. The values are part of the JSON format."""

    SENDING = "sending"
    WAITING = "waiting"
    STOPPING = "stopping"
    LEAVING = "leaving"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that a person should look at: its number, its shortened phone, what it became, and why, without its values."""

    row: int
    phone: str
    status: State
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing goes until a moment, and why."""

    until: datetime
    why: str


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
