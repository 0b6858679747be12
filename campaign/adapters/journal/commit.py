"""Group commit: many senders wait, and one commit makes durable what all of them wrote.

Intents and outcomes are written on the event loop, which takes little time, and a thread commits them, which waits for the disk;
whatever else is asked of the journal that thread does. If it wrote all of it, it and the loop would take the interpreter from
each other at every statement, and that costs several times what the statements do.
"""

from __future__ import annotations

import asyncio
import math
import queue
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from campaign.adapters.journal.calls import Intent, Outcome
from campaign.adapters.journal.store import Journal
from campaign.core.errors import WorkspaceError
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.problem import Note
from campaign.core.record import Contact, DueLead, Judgement

T = TypeVar("T")
_Call = tuple[Intent | Outcome, "asyncio.Future[Any]"]
_Operation = tuple[Callable[[Journal], Any], "asyncio.Future[Any]"]
_Result = tuple["asyncio.Future[Any]", Any, BaseException | None]
_Aside = Callable[[Journal], None]
_APART, _MOST_APART = 0.0005, 0.005
"""Seconds from the beginning of a commit to the next one, for each who shared it, and at most. A commit has its price, which all
that wait for it share: the more there are, the more are worth waiting for. Under two thousand a second, hardly anybody waits."""


@dataclass(slots=True)
class _Batch:
    """What is asked of the journal at a time, and what came of it. No part rests on another, because each sender waits for one
    thing before asking for the next."""

    calls: list[_Call] = field(default_factory=list)
    others: list[_Operation] = field(default_factory=list)
    asides: list[_Aside] = field(default_factory=list)
    results: list[_Result] = field(default_factory=list)
    transaction: ExitStack | None = None

    def __bool__(self) -> bool:
        return bool(self.calls or self.others or self.asides)

    def begin(self, journal: Journal) -> None:
        """Write the calls, in a transaction that stays open. Where one fails, which is rare, none is written: then each is left
        to `commit`, which undoes it alone. Raises `WorkspaceError` if the file itself fails."""
        if not self.calls:
            return
        try:
            with ExitStack() as opened:
                opened.enter_context(journal.atomic())
                self.results = _write(journal, self.calls)
                self.transaction = opened.pop_all()
        except WorkspaceError:
            raise
        except Exception:
            self.others += [(partial(_write_one, call), call[1]) for call in self.calls]

    def commit(self, journal: Journal) -> None:
        """Do the rest, and make all of it durable."""
        try:
            with self.transaction or journal.atomic():
                self.results += [_done_alone(journal, operation) for operation in self.others]
        except BaseException as error:
            self.fail(error)
        if self.asides:
            # A commit of their own: whatever goes wrong with them, it undoes no outcome.
            with suppress(Exception), journal.atomic():
                for aside in self.asides:
                    aside(journal)

    def fail(self, error: BaseException) -> None:
        """Nothing is written: tell everyone."""
        self.results = [(future, None, error) for _, future in (*self.calls, *self.others)]

    def deliver(self) -> None:
        """Tell everyone what came of it."""
        for future, value, error in self.results:
            if future.done():  # its sender was cancelled meanwhile; the write stands
                continue
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(value)


def _write(journal: Journal, calls: list[_Call]) -> list[_Result]:
    """Outcomes before intents: a call that was not made forbids no other."""
    outcomes = [(call, future) for call, future in calls if isinstance(call, Outcome)]
    intents = [(call, future) for call, future in calls if isinstance(call, Intent)]
    journal.finish_all([outcome for outcome, _ in outcomes])
    found = journal.begin_all([intent for intent, _ in intents])
    return [
        *((future, None, None) for _, future in outcomes),
        *((future, what, None) for what, (_, future) in zip(found, intents, strict=True)),
    ]


def _write_one(call: _Call, journal: Journal) -> object:
    return _write(journal, [call])[0][1]


def _done_alone(journal: Journal, operation: _Operation) -> _Result:
    """Do it so that it is undone alone if it fails, but for the file itself, which fails for everyone."""
    work, future = operation
    try:
        with journal.undoable():
            return future, work(journal), None
    except WorkspaceError:
        raise
    except Exception as error:
        return future, None, error


class GroupCommit:
    """The journal for the pool. Every method returns once its write is durable; while open, it alone uses the journal.

    A failing disk raises `WorkspaceError` for everyone who waits on that commit: nothing of it was written.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._asked = _Batch()
        self._not_before = -math.inf  # when the next commit may begin, by the loop's clock
        self._next: asyncio.TimerHandle | None = None  # the beginning of the next one
        self._idle = asyncio.Event()  # the thread has no batch: only then may the loop use the journal
        self._idle.set()
        self._queue: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    async def __aenter__(self) -> GroupCommit:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._asked or not self._idle.is_set():
            if self._idle.is_set():
                self._go()
            await self._idle.wait()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """See `Journal.due`."""
        return await self._do(lambda journal: journal.due(campaign, after, limit))

    async def due_by_closing(self, campaign: str, after: DueLead | None, limit: int) -> list[DueLead]:
        """See `Journal.due_by_closing`."""
        return await self._do(lambda journal: journal.due_by_closing(campaign, after, limit))

    async def closed_by(self, campaign: str, now: datetime, limit: int) -> list[DueLead]:
        """See `Journal.closed_by`."""
        return await self._do(lambda journal: journal.closed_by(campaign, now, limit))

    async def set_closing(self, closings: Sequence[tuple[int, datetime | None]]) -> None:
        """See `Journal.set_closing`."""
        await self._do(lambda journal: journal.set_closing(closings))

    async def waiting(self, campaign: str, only: Collection[int] | None) -> tuple[datetime | None, int]:
        """See `Journal.waiting`."""
        return await self._do(lambda journal: journal.waiting(campaign, only))

    async def release_waiting(self, campaign: str, now: datetime, only: Collection[int] | None) -> int:
        """See `Journal.release_waiting`."""
        return await self._do(lambda journal: journal.release_waiting(campaign, now, only))

    async def begin(
        self, campaign: str, lead: int, now: datetime, since: datetime | None, caps: Sequence[PersonCap] = ()
    ) -> Contact | CapReached | None:
        """See `Journal.begin`."""
        found: Contact | CapReached | None = await self._do(Intent(campaign, lead, now, since, caps))
        return found

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> asyncio.Future[None]:
        """See `Journal.finish`. It is written even if nobody waits for it."""
        return self._do(Outcome(lead, verdict, exchange, now))

    async def hold(self, lead: int, judgement: Judgement) -> State:
        """See `Journal.hold`."""
        return await self._do(lambda journal: journal.hold(lead, judgement))

    async def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """See `Journal.leave_out_second`."""
        await self._do(lambda journal: journal.leave_out_second(lead, note))

    def keep_pace(self, campaign: str, pace: Pace) -> None:
        """See `Journal.keep_pace`. Nobody waits for it, and nobody is troubled if it fails: no call depends on it."""
        self._asked.asides.append(lambda journal: journal.keep_pace(campaign, pace))
        self._go_soon()

    def _do(self, asked: Intent | Outcome | Callable[[Journal], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        if isinstance(asked, Intent | Outcome):
            self._asked.calls.append((asked, future))
        else:
            self._asked.others.append((asked, future))
        self._go_soon()
        return future

    def _go_soon(self) -> None:
        if self._next is None and self._idle.is_set():
            # Not before the end of this turn of the loop, so that all who ask in it share a commit.
            self._next = self._loop.call_at(max(self._not_before, self._loop.time()), self._go)

    def _go(self) -> None:
        """Write what can be written here, and give the batch to the thread."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        batch, self._asked = self._asked, _Batch()
        self._not_before = self._loop.time() + min(_APART * len(batch.calls), _MOST_APART)
        try:
            batch.begin(self._journal)
        except WorkspaceError as error:
            batch.fail(error)
            batch.deliver()
        else:
            self._idle.clear()
            self._queue.put(batch)

    def _work(self) -> None:
        while (batch := self._queue.get()) is not None:
            batch.commit(self._journal)
            self._loop.call_soon_threadsafe(self._done, batch)

    def _done(self, batch: _Batch) -> None:
        self._idle.set()
        batch.deliver()
        if self._asked:
            self._go_soon()
