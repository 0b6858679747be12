"""Many senders, one thread, one commit for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from people import NOW, entered, pending

from campaign.adapters.journal import GroupCommit, Journal
from campaign.core.errors import IllegalTransition, WorkspaceError
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace

DAY = timedelta(days=1)
DONE = Verdict(State.ACCEPTED, "")
ANSWER = Exchange(connected=True, status=200, complete=True)


async def test_waiting_senders_share_commits(journal: Journal) -> None:
    """Fifty rows that wait together need far fewer commits than rows, and every one is written when its wait ends."""
    entered(journal, [pending(row) for row in range(2, 52)])
    leads = journal.due("c1", 0, 100)
    commits = 0
    atomic = journal.atomic

    @contextmanager
    def counted() -> Iterator[None]:
        nonlocal commits
        commits += 1
        with atomic():
            yield

    journal.atomic = counted  # type: ignore[method-assign] # counts the real thing
    async with GroupCommit(journal) as group:
        await asyncio.gather(*(group.begin("c1", lead.id, NOW, NOW - DAY) for lead in leads))
        assert journal.counts("c1") == {State.SENDING: 50}
        await asyncio.gather(*(group.finish(lead.id, DONE, ANSWER, NOW) for lead in leads))
    assert journal.counts("c1") == {State.ACCEPTED: 50}
    assert commits < 50


async def test_one_refusal_spares_its_neighbours(journal: Journal) -> None:
    """A row that may not go is told so; the others of its commit are written."""
    entered(journal, [pending(2), pending(3)])
    first, second = journal.due("c1", 0, 9)
    async with GroupCommit(journal) as group:
        await group.begin("c1", first.id, NOW, NOW - DAY)
        answers = await asyncio.gather(
            group.begin("c1", first.id, NOW, NOW - DAY),
            group.begin("c1", second.id, NOW, NOW - DAY),
            return_exceptions=True,
        )
    assert isinstance(answers[0], IllegalTransition)
    assert answers[1] is None
    assert journal.counts("c1") == {State.SENDING: 2}


async def test_a_pace_is_kept_and_nobody_waits_for_it(journal: Journal) -> None:
    """It is in the file at the latest when the journal is left."""
    entered(journal, [pending(2)])
    async with GroupCommit(journal) as group:
        group.keep_pace("c1", Pace(NOW, 5.0))
        await group.begin("c1", 1, NOW, NOW - DAY)
        group.keep_pace("c1", Pace(NOW + DAY, None))
    assert list(journal.paces("c1")) == [Pace(NOW, 5.0), Pace(NOW + DAY, None)]
    assert journal.counts("c1") == {State.SENDING: 1}


async def test_a_pace_that_can_not_be_kept_hurts_no_call(journal: Journal) -> None:
    """Whatever fails, the file or the pace itself: calls before, beside and after it are written."""
    entered(journal, [pending(row) for row in range(2, 5)])
    journal._db.connection.execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON pace BEGIN SELECT RAISE(ROLLBACK, 'disk I/O error'); END"
    )
    async with GroupCommit(journal) as group:
        for lead in (1, 2, 3):
            group.keep_pace("c1", Pace(NOW, 5.0))
            group.keep_pace("no such campaign", Pace(NOW, 5.0))
            await asyncio.gather(group.begin("c1", lead, NOW, NOW - DAY))
        await asyncio.gather(*(group.finish(lead, DONE, ANSWER, NOW) for lead in (1, 2, 3)))
    assert journal.counts("c1") == {State.ACCEPTED: 3}
    assert list(journal.paces("c1")) == []


async def test_a_failing_disk_reaches_everyone_who_waits(journal: Journal) -> None:
    """Nobody waits for ever, and nothing is half written."""
    entered(journal, [pending(2), pending(3)])
    journal._db.connection.execute("PRAGMA query_only = ON")
    async with GroupCommit(journal) as group:
        answers = await asyncio.gather(*(group.begin("c1", n, NOW, NOW - DAY) for n in (1, 2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [WorkspaceError, WorkspaceError]
    assert journal.counts("c1") == {State.PENDING: 2}


async def test_a_cancelled_sender_leaves_its_write(journal: Journal) -> None:
    """What was handed over is written even if nobody waits for it any more."""
    entered(journal, [pending(2)])
    async with GroupCommit(journal) as group:
        task = asyncio.create_task(group.begin("c1", 1, NOW, NOW - DAY))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert journal.counts("c1") == {State.SENDING: 1}


async def test_a_file_that_fails_within_a_write_fails_for_everyone_too(journal: Journal) -> None:
    """Not only the commit can meet a broken disk: it is no fault of the one row that met it."""
    entered(journal, [pending(2), pending(3)])
    # Statements of more than some steps are broken off, as by a disk that fails; BEGIN and ROLLBACK are shorter.
    journal._db.connection.set_progress_handler(lambda: 1, 20)
    async with GroupCommit(journal) as group:
        answers = await asyncio.gather(*(group.begin("c1", n, NOW, NOW - DAY) for n in (1, 2)), return_exceptions=True)
    journal._db.connection.set_progress_handler(None, 0)
    assert [type(answer) for answer in answers] == [WorkspaceError, WorkspaceError]
    assert journal.counts("c1") == {State.PENDING: 2}
