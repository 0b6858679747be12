"""A wall clock on the virtual loop, and the journal without a thread: days of waiting pass in a moment, on real SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaign.adapters.journal import Journal
from campaign.core.lead import ROW_ID_FIELD
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.problem import Note
from campaign.core.record import Contact, DueLead, Judgement


@dataclass
class WallClock:
    """Shows `start` and what the loop has counted since; `jumps` are (seconds of the loop, by how much it was set)."""

    start: datetime
    jumps: Sequence[tuple[float, timedelta]] = ()

    def now(self) -> datetime:
        """What it shows."""
        passed = asyncio.get_running_loop().time()
        return self.start + timedelta(seconds=passed) + sum((by for at, by in self.jumps if passed >= at), timedelta())


@dataclass
class Endpoint:
    """Stands in for Brightcall at the port: notes who is called and when, and answers as it is told to."""

    clock: WallClock
    seconds: float = 0.2
    answer: Callable[[int], Exchange] = lambda _n: Exchange(
        connected=True, status=200, body=b'{"success": true}', complete=True
    )
    calls: list[tuple[str, datetime]] = field(default_factory=list)

    async def send(self, payload: Mapping[str, str]) -> Exchange:
        """Take a call."""
        self.calls.append((payload[ROW_ID_FIELD], self.clock.now()))
        exchange = self.answer(len(self.calls))
        await asyncio.sleep(self.seconds)
        return exchange

    @property
    def rows(self) -> list[int]:
        """The row numbers of the calls, in their order."""
        return [int(row_id.rpartition("-")[2]) for row_id, _ in self.calls]


@dataclass
class InTheLoop:
    """The journal for the pool, each write in a commit of its own and none on another thread, which no clock could move."""

    journal: Journal

    async def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """See `Journal.due`."""
        return self.journal.due(campaign, after, limit)

    async def due_by_closing(self, campaign: str, after: DueLead | None, limit: int) -> list[DueLead]:
        """See `Journal.due_by_closing`."""
        return self.journal.due_by_closing(campaign, after, limit)

    async def closed_by(self, campaign: str, now: datetime, limit: int) -> list[DueLead]:
        """See `Journal.closed_by`."""
        return self.journal.closed_by(campaign, now, limit)

    async def set_closing(self, closings: Sequence[tuple[int, datetime | None]]) -> None:
        """See `Journal.set_closing`."""
        with self.journal.atomic():
            self.journal.set_closing(closings)

    async def waiting(self, campaign: str, only: Collection[int] | None) -> tuple[datetime | None, int]:
        """See `Journal.waiting`."""
        return self.journal.waiting(campaign, only)

    async def release_waiting(self, campaign: str, now: datetime, only: Collection[int] | None) -> int:
        """See `Journal.release_waiting`."""
        with self.journal.atomic():
            return self.journal.release_waiting(campaign, now, only)

    async def begin(
        self, campaign: str, lead: int, now: datetime, since: datetime | None, caps: Sequence[PersonCap] = ()
    ) -> Contact | CapReached | None:
        """See `Journal.begin`."""
        await asyncio.sleep(0.001)  # a commit takes its time: others go on meanwhile
        with self.journal.atomic():
            return self.journal.begin(campaign, lead, now, since, caps)

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> asyncio.Future[None]:
        """See `Journal.finish`. Kept whoever stops waiting, as the real one."""
        return asyncio.shield(asyncio.ensure_future(self.written(lead, verdict, exchange, now)))

    async def written(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> None:
        """Until it is on disk."""
        await asyncio.sleep(0.001)
        with self.journal.atomic():
            self.journal.finish(lead, verdict, exchange, now)

    def keep_pace(self, campaign: str, pace: Pace) -> None:
        """See `Journal.keep_pace`."""
        with self.journal.atomic():
            self.journal.keep_pace(campaign, pace)

    async def hold(self, lead: int, judgement: Judgement) -> State:
        """See `Journal.hold`."""
        await asyncio.sleep(0.001)
        with self.journal.atomic():
            return self.journal.hold(lead, judgement)

    async def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """See `Journal.leave_out_second`."""
        await asyncio.sleep(0.001)
        with self.journal.atomic():
            self.journal.leave_out_second(lead, note)
