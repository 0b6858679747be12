"""Group commit: many senders wait, one thread writes for all of them, one fsync makes it durable for all of them.

Senders of one turn of the event loop are handed over together: the thread is woken once for them, and takes less of the
interpreter from the loop.
"""

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
_Result = tuple["asyncio.Future[Any]", Any, BaseException | None]
_Aside = Callable[[Journal], None]
_MOST_IN_ONE_COMMIT = 1_000


class GroupCommit:
    """The journal for the pool. Every method returns once its write is durable; while open, it alone uses the journal.

    A failing disk raises `WorkspaceError` for everyone who waits on that commit: nothing of it was written.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._asked: list[_Operation | _Aside] = []  # in this turn of the loop
        self._queue: queue.SimpleQueue[list[_Operation | _Aside] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    async def __aenter__(self) -> GroupCommit:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hand_over()
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

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> asyncio.Future[None]:
        """See `Journal.finish`. It is written even if nobody waits for it."""
        return self._do(lambda journal: journal.finish(lead, verdict, exchange, now))

    async def hold(self, lead: int, judgement: Judgement) -> None:
        """See `Journal.hold`."""
        await self._do(lambda journal: journal.hold(lead, judgement))

    async def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """See `Journal.leave_out_second`."""
        await self._do(lambda journal: journal.leave_out_second(lead, note))

    def keep_pace(self, campaign: str, pace: Pace) -> None:
        """See `Journal.keep_pace`. Nobody waits for it, and nobody is troubled if it fails: no call depends on it."""
        self._ask(lambda journal: journal.keep_pace(campaign, pace))

    def _do(self, operation: Callable[[Journal], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        self._ask((operation, future))
        return future

    def _ask(self, asked: _Operation | _Aside) -> None:
        if not self._asked:
            self._loop.call_soon(self._hand_over)
        self._asked.append(asked)

    def _hand_over(self) -> None:
        if self._asked:
            self._queue.put(self._asked)
            self._asked = []

    def _work(self) -> None:
        while (batch := self._queue.get()) is not None:
            last = self._join(batch)
            if operations := [item for item in batch if isinstance(item, tuple)]:
                self._commit(operations)
            if asides := [item for item in batch if not isinstance(item, tuple)]:
                self._commit_asides(asides)
            if last:
                return

    def _join(self, batch: list[_Operation | _Aside]) -> bool:
        """Add all that waits by now. Returns whether the end was asked for."""
        while len(batch) < _MOST_IN_ONE_COMMIT:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return True
            batch += more
        return False

    def _commit(self, batch: list[_Operation]) -> None:
        try:
            results = self._write(batch)
        except BaseException as error:
            results = [(future, None, error) for _, future in batch]
        self._loop.call_soon_threadsafe(_deliver, results)

    def _write(self, batch: list[_Operation]) -> list[_Result]:
        """Write all in one commit. Where one operation fails, which is rare, it is undone alone."""
        try:
            with self._journal.atomic():
                return [(future, operation(self._journal), None) for operation, future in batch]
        except WorkspaceError:  # the file itself fails: for everyone
            raise
        except Exception:  # nothing is written by now: once more, so that each can be undone
            return self._write_undoable(batch)

    def _write_undoable(self, batch: list[_Operation]) -> list[_Result]:
        results: list[_Result] = []
        with self._journal.atomic():
            for operation, future in batch:
                try:
                    with self._journal.undoable():
                        results.append((future, operation(self._journal), None))
                except WorkspaceError:
                    raise
                except Exception as error:
                    results.append((future, None, error))
        return results

    def _commit_asides(self, asides: list[_Aside]) -> None:
        # In a commit of their own: whatever goes wrong with them, it undoes no outcome.
        with suppress(Exception), self._journal.atomic():
            for aside in asides:
                aside(self._journal)


def _deliver(results: list[_Result]) -> None:
    for future, value, error in results:
        if future.done():  # its sender was cancelled meanwhile; the write stands
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)
