"""What sending is given: how a campaign is handed over, and what it asks of the journal and of the rules."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from campaign.core.lead import Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, SuccessRule, Verdict
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.pace import Pace
from campaign.core.places.place import Place
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.problem import Note
from campaign.core.record import Contact, DueLead, Judgement


class DeliveryJournal(Protocol):
    """What sending asks of the journal. Every method returns once its write is durable."""

    async def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """The next pending rows after a row number."""

    async def due_by_closing(self, campaign: str, after: DueLead | None, limit: int) -> list[DueLead]:
        """The next pending rows after one, those first whose calling hours close soonest."""

    async def closed_by(self, campaign: str, now: datetime, limit: int) -> list[DueLead]:
        """Pending rows whose calling hours, as they were judged, have closed."""

    async def set_closing(self, closings: Sequence[tuple[int, datetime | None]]) -> None:
        """Remember when the calling hours of rows close."""

    async def waiting(self, campaign: str, only: Collection[int] | None) -> tuple[datetime | None, int]:
        """When the first deferred row may be called, and how many there are."""

    async def release_waiting(self, campaign: str, now: datetime, only: Collection[int] | None) -> int:
        """Make the deferred rows pending whose moment has come."""

    async def begin(
        self, campaign: str, lead: int, now: datetime, since: datetime | None, caps: Sequence[PersonCap]
    ) -> Contact | CapReached | None:
        """Write the intent, unless the person may have been called already, or as often as the caps allow: then that is
        returned."""

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> asyncio.Future[None]:
        """Write the outcome, whether or not it is waited for: not a coroutine, which does nothing before, nor a task, which ends
        with whoever waits for it."""

    async def hold(self, lead: int, judgement: Judgement) -> State:
        """Hold a pending row back. Returns its state: a row that may have been called stays `unknown`."""

    async def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """Keep that a pending row goes out as it stands here, without its second number, and why."""

    def keep_pace(self, campaign: str, pace: Pace) -> None:
        """Keep how fast calls can go from a moment on. Returns at once, and never fails."""


class Recheck(Protocol):
    """The rules that are asked once more at the moment of sending."""

    async def refresh(self, now: datetime) -> None:
        """Bring what the rules rest on up to date. Raises `SourceError` if that can't be read any more."""

    def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
        """Why the row must not be sent now; None if it may."""

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """Why the row is sent without its second number, as a note; None if it keeps what it has."""

    def caps_of(self, phones: Sequence[Phone], place: Place) -> Sequence[PersonCap]:
        """How often the person may be called."""

    def closes_at(self, phones: Sequence[Phone], place: Place, now: datetime) -> datetime | None:
        """When the calling hours close that are open, or open next."""

    def until(self, phones: Sequence[Phone], place: Place, rule: str, earliest: datetime | None) -> Judgement:
        """A row that a rule holds back until a moment, and then until its calling hours are open."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A moment from which on nothing is sent, and what is said of it."""

    at: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one campaign is handed over.

    `entered_at` is when its rows were judged: whom another campaign has called since, however long ago, is left alone.
    `not_before` is the latest moment that the journal has of it: a clock that was set back since dates no call earlier,
    because the guard would forget that call too soon once the clock is right again.
    `limit` is how many rows are sent before the rest is left for `resume`, `only` are the lead ids that may be sent.
    Nothing is sent before `start_at`, nor from `ending` on. With `wait` the run stays until the deferred rows are sent.
    """

    campaign: str
    entered_at: datetime
    not_before: datetime
    recontact_after: timedelta | None
    concurrency: int
    backoff: Backoff
    rule: SuccessRule
    retry_503: bool
    limit: int | None = None
    only: Collection[int] | None = None
    start_at: datetime | None = None
    ending: Ending | None = None
    wait: bool = False

    def since(self, now: datetime) -> datetime | None:
        """From when on a call by another campaign counts; None if the mapping looks at no other campaign."""
        return min(now - self.recontact_after, self.entered_at) if self.recontact_after is not None else None
