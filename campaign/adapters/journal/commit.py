"""Group commit: many senders wait, one thread writes for all of them, one fsync makes it durable for all of them."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from campaign.adapters.journal.store import Journal
from campaign.core.errors import WorkspaceError
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.problem import Note
from campaign.core.record import Contact, DueLead, Judgement

T = TypeVar("T")
_Operation = tuple[Callable[[Journal], Any], "asyncio.Future[Any]"]
_Aside = Callable[[Journal], None]
_MOST_IN_ONE_COMMIT = 1_000


class GroupCommit:
    """The journal for the pool. Every method returns once its write is durable; while open, it alone uses the journal.

    A failing disk raises `WorkspaceError` for everyone who waits on that commit: nothing of it was written.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._queue: queue.SimpleQueue[_Operation | _Aside | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    async def __aenter__(self) -> GroupCommit:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
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
        return await self._do(lambda journal: journal.begin(campaign, lead, now, since, caps))

    async def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> None:
        """See `Journal.finish`."""
        await self._do(lambda journal: journal.finish(lead, verdict, exchange, now))

    async def hold(self, lead: int, judgement: Judgement) -> None:
        """See `Journal.hold`."""
        await self._do(lambda journal: journal.hold(lead, judgement))

    async def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """See `Journal.leave_out_second`."""
        await self._do(lambda journal: journal.leave_out_second(lead, note))

    def keep_pace(self, campaign: str, pace: Pace) -> None:
        """See `Journal.keep_pace`. Nobody waits for it, and nobody is troubled if it fails: no call depends on it."""
        self._queue.put(lambda journal: journal.keep_pace(campaign, pace))

    async def _do(self, operation: Callable[[Journal], T]) -> T:
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((operation, future))
        return await future

    def _work(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, last = self._waiting(first)
            if operations := [item for item in batch if isinstance(item, tuple)]:
                self._commit(operations)
            if asides := [item for item in batch if not isinstance(item, tuple)]:
                self._commit_asides(asides)
            if last:
                return

    def _waiting(self, first: _Operation | _Aside) -> tuple[list[_Operation | _Aside], bool]:
        """All that waits by now, and whether the end was asked for."""
        batch = [first]
        while len(batch) < _MOST_IN_ONE_COMMIT:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    def _commit(self, batch: list[_Operation]) -> None:
        results: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        try:
            with self._journal.atomic():
                for operation, future in batch:
                    try:
                        with self._journal.undoable():
                            results.append((future, operation(self._journal), None))
                    except WorkspaceError:  # the file itself fails: for everyone
                        raise
                    except Exception as error:
                        results.append((future, None, error))
        except BaseException as error:
            results = [(future, None, error) for _, future in batch]
        self._loop.call_soon_threadsafe(_deliver, results)

    def _commit_asides(self, asides: list[_Aside]) -> None:
        # In a commit of their own: whatever goes wrong with them, it undoes no outcome.
        with suppress(Exception), self._journal.atomic():
            for aside in asides:
                aside(self._journal)


def _deliver(results: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, value, error in results:
        if future.done():  # its sender was cancelled meanwhile; the write stands
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)
