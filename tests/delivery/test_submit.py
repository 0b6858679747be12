"""The pool against a real server: at most one call a person, no row lost, and every row in a state."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from people import entered, number, pending
from pool import NoRules, Pool, Watcher
from wire import Wire, http, stays_silent

from campaign.adapters.journal import Journal, JournalReader
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults
from campaign.core.errors import WorkspaceError
from campaign.core.lead import Phone
from campaign.core.lifecycle import State
from campaign.core.pacing.rate import Rate
from campaign.core.places.place import Place
from campaign.core.record import Judgement

ROWS = range(2, 202)
EVERYTHING = (
    "500:4%,503:4%,429:4%:retry-after=0,drop-before:4%,drop-after:4%,malformed:4%,cut:4%,not-json:4%,refuse:4%,422:4%,"
    "408:4%,504:4%,slow:2%:seconds=0.01,hang:2%"
)


def sandbox(faults: str = "") -> Sandbox:
    """A sandbox with these faults."""
    return Sandbox(SandboxSettings(faults=parse_faults(faults) if faults else (), seed=3))


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_everything_goes_wrong_and_nobody_is_called_twice(journal: Journal, method: str) -> None:
    """With half of all answers faulty: every row ends in a state, and the sandbox counts at most one call a person."""
    entered(journal, [pending(row) for row in ROWS])
    async with sandbox(EVERYTHING) as server:
        await Pool(journal, server.url, method=method, read_timeout=0.3, concurrency=20).run()
        called = server.ledger.calls_per_person()
    counts = journal.counts("c1")
    assert sum(counts.values()) == len(ROWS)
    assert set(counts) <= {State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.FAILED}
    assert counts[State.ACCEPTED] > 50
    assert counts[State.UNKNOWN] > 10
    assert max(called.values()) == 1
    for row in journal.results("c1"):
        if row.state is State.ACCEPTED:
            assert called[row.phone] == 1
        if row.state in {State.REJECTED, State.FAILED}:
            assert row.phone not in called
        assert row.reason or row.state is State.ACCEPTED
    assert not {
        row.phone for row in journal.results("c1") if row.state is not State.UNKNOWN and row.phone in called
    } - {row.phone for row in journal.results("c1") if row.state is State.ACCEPTED}


async def test_a_clean_run_accepts_every_row_and_keeps_the_answers(journal: Journal) -> None:
    """Each person once, with the row id that ties reports to rows."""
    entered(journal, [pending(row) for row in ROWS])
    async with sandbox() as server:
        submission = await Pool(journal, server.url).run()
        arrivals = server.ledger.arrivals
    assert (submission.end.halted, submission.end.interrupted, submission.end.failure) == ("", False, None)
    assert journal.counts("c1") == {State.ACCEPTED: len(ROWS)}
    assert sorted(arrival.row_id for arrival in arrivals) == sorted(f"c1-{row}" for row in ROWS)
    assert all("call_id" in row.response for row in journal.results("c1"))


async def test_the_intent_is_durable_before_the_request_arrives(journal: Journal) -> None:
    """Looked at from another connection at the moment of arrival, the row is `sending` already."""
    entered(journal, [pending(2)])
    seen: list[dict[State, int]] = []

    async def look(request: bytes, writer: asyncio.StreamWriter) -> None:
        reader = JournalReader(journal.path)
        seen.append(reader.counts("c1"))
        reader.close()
        await http(200, '{"success": true}')(request, writer)

    async with Wire(look) as wire:
        await Pool(journal, wire.url).run()
    assert seen == [{State.SENDING: 1}]
    assert journal.counts("c1") == {State.ACCEPTED: 1}


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405, 307])
async def test_what_concerns_every_row_halts_the_campaign(journal: Journal, status: int) -> None:
    """No row is spent on it: all are pending, for `resume` after the cure."""
    entered(journal, [pending(row) for row in ROWS])
    async with Wire(http(status, headers="Location: /other\r\n")) as wire:
        submission = await Pool(journal, wire.url).run()
        assert len(wire.requests) <= 5
    assert "campaign resume" in submission.end.halted
    assert journal.counts("c1") == {State.PENDING: len(ROWS)}


async def test_a_refused_connection_is_retried_then_failed(journal: Journal) -> None:
    """It is proven that nobody was called; the attempts are counted."""
    entered(journal, [pending(2)])
    await Pool(journal, "http://127.0.0.1:1/", attempts=3).run()
    [row] = journal.results("c1")
    assert (row.state, row.attempts) == (State.FAILED, 3)
    assert "after 3 attempts" in row.reason


async def test_consecutive_failures_pause_the_campaign(journal: Journal) -> None:
    """A dead endpoint costs some attempts, not the list."""
    entered(journal, [pending(row) for row in ROWS])
    submission = await Pool(journal, "http://127.0.0.1:1/", consecutive=10, attempts=100).run()
    assert "10" in submission.end.halted
    assert journal.counts("c1") == {State.PENDING: len(ROWS)}


async def test_a_429_costs_no_attempt_and_slows_the_campaign(journal: Journal) -> None:
    """The row goes out again after the wait that the answer asked for, and the person is told."""
    entered(journal, [pending(row) for row in range(2, 12)])
    async with sandbox("429:first=5:retry-after=0") as server:
        pool = Pool(journal, server.url, attempts=1, rate=Rate.parse("500/s"))
        await pool.run()
        assert max(server.ledger.calls_per_person().values()) == 1
    assert journal.counts("c1") == {State.ACCEPTED: 10}
    assert any("slow down" in note for note in pool.watcher.notes)


async def test_503_is_retried_where_the_mapping_says_so(journal: Journal) -> None:
    """The endpoint's owner vouches that it starts no call."""
    entered(journal, [pending(2)])
    async with sandbox("503:first=2") as server:
        await Pool(journal, server.url, retry_503=True, attempts=3).run()
    assert journal.counts("c1") == {State.ACCEPTED: 1}


async def test_limit_sends_a_first_wave(journal: Journal) -> None:
    """The rest stays pending, in the order of the file."""
    entered(journal, [pending(row) for row in ROWS])
    async with sandbox() as server:
        await Pool(journal, server.url, limit=7).run()
        assert {arrival.row_id for arrival in server.ledger.arrivals} == {f"c1-{row}" for row in range(2, 9)}
        await Pool(journal, server.url).run()
        assert server.ledger.called_twice() == ()
    assert journal.counts("c1") == {State.ACCEPTED: len(ROWS)}


async def test_one_person_in_two_rows_is_called_once(journal: Journal) -> None:
    """Even if entry let both through: the guard stands at the intent."""
    entered(journal, [pending(2, 700), pending(3, 701, 700), pending(4, 700)])
    async with sandbox() as server:
        await Pool(journal, server.url).run()
        assert server.ledger.called_twice() == ()
    assert journal.counts("c1")[State.DUPLICATE] >= 1
    assert sum(journal.counts("c1").values()) == 3


async def test_the_first_stop_finishes_what_is_under_way(journal: Journal) -> None:
    """No further row is admitted, and none is left in doubt."""
    entered(journal, [pending(row) for row in ROWS])
    asked = asyncio.Event()

    async def slowly(request: bytes, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(0.05)
        await http(200, '{"success": true}')(request, writer)

    async with Wire(slowly) as wire:
        pool = Pool(journal, wire.url, concurrency=5)
        running = asyncio.create_task(pool.run())
        await asked.wait()
        assert pool.submission is not None
        await pool.submission.end.drain()
        submission = await running
    counts = journal.counts("c1")
    assert submission.end.interrupted
    assert counts[State.ACCEPTED] == len(wire.requests) <= 5
    assert counts == {State.ACCEPTED: len(wire.requests), State.PENDING: len(ROWS) - len(wire.requests)}


async def test_the_first_stop_does_not_wait_for_the_pacer(journal: Journal) -> None:
    """At a few calls a day, Ctrl-C must not take hours."""
    entered(journal, [pending(row) for row in ROWS])
    first = asyncio.Event()
    watcher = Watcher(on_event=lambda _event: first.set())
    async with sandbox() as server:
        pool = Pool(journal, server.url, rate=Rate.parse("2/day"), watcher=watcher)
        running = asyncio.create_task(pool.run())
        await first.wait()
        assert pool.submission is not None
        await pool.submission.end.drain()
        async with asyncio.timeout(5):
            await running
    assert journal.counts("c1")[State.PENDING] >= len(ROWS) - 2


async def test_the_second_stop_leaves_at_once(journal: Journal) -> None:
    """Those under way are `unknown`; the others are untouched."""
    entered(journal, [pending(row) for row in ROWS])
    async with Wire(stays_silent) as wire:
        pool = Pool(journal, wire.url, concurrency=5, read_timeout=60)
        running = asyncio.create_task(pool.run())
        await wire.arrived(5)
        assert pool.submission is not None
        await pool.submission.end.drain()
        pool.submission.abort()
        async with asyncio.timeout(5):
            await running
    assert journal.counts("c1") == {State.PENDING: len(ROWS) - 5, State.UNKNOWN: 5}


async def test_rules_are_asked_again_at_the_moment_of_sending(journal: Journal) -> None:
    """Someone who was put on the do-not-call list meanwhile is not called."""

    class Listed(NoRules):
        def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
            listed = phones[0].e164 == number(3)
            return Judgement(State.SUPPRESSED, None, "On the list.", "On the list.") if listed else None

    entered(journal, [pending(2), pending(3)])
    async with sandbox() as server:
        await Pool(journal, server.url, rules=Listed()).run()
        assert set(server.ledger.calls_per_person()) == {number(2)}
    assert journal.counts("c1") == {State.SUPPRESSED: 1, State.ACCEPTED: 1}


async def test_a_journal_that_can_no_longer_be_written_stops_everything(journal: Journal) -> None:
    """Without a durable intent nothing is sent."""
    entered(journal, [pending(row) for row in ROWS])
    journal._db.connection.execute("PRAGMA query_only = ON")
    async with sandbox() as server:
        submission = await Pool(journal, server.url).run()
        assert server.ledger.arrivals == ()
    assert isinstance(submission.end.failure, WorkspaceError)
    journal._db.connection.execute("PRAGMA query_only = OFF")
    assert journal.counts("c1") == {State.PENDING: len(ROWS)}


async def test_a_bug_in_one_row_spares_its_neighbours(journal: Journal) -> None:
    """The others go out; the run says what happened."""

    class Broken(NoRules):
        def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
            if phones[0].e164 == number(3):
                raise ZeroDivisionError("a bug")
            return None

    entered(journal, [pending(row) for row in range(2, 12)])
    async with sandbox() as server:
        submission = await Pool(journal, server.url, rules=Broken()).run()
    assert "row 3" in str(submission.end.failure)
    assert journal.counts("c1") == {State.PENDING: 1, State.ACCEPTED: 9}


async def test_a_terminal_that_is_gone_spoils_nothing(journal: Journal) -> None:
    """Progress may fail as it likes: the calls and their outcomes are what they are."""

    def gone(_event: object) -> None:
        raise BrokenPipeError

    entered(journal, [pending(row) for row in ROWS])
    async with sandbox() as server:
        submission = await Pool(journal, server.url, watcher=Watcher(on_event=gone)).run()
    assert submission.end.failure is None
    assert journal.counts("c1") == {State.ACCEPTED: len(ROWS)}


async def test_who_was_called_by_another_campaign_since_entry_is_left_alone(journal: Journal) -> None:
    """However late this campaign is resumed: the person was called after its rows were judged."""
    entered(journal, [pending(2, 700)])
    entered(journal, [pending(2, 700)], "c2")
    async with sandbox() as server:
        await Pool(journal, server.url, campaign="c2").run()
        await Pool(journal, server.url, now=datetime.now(UTC) + timedelta(days=30)).run()
        assert server.ledger.called_twice() == ()
    assert journal.counts("c1") == {State.DUPLICATE: 1}


async def test_what_an_answer_repeats_of_a_person_comes_into_no_log(journal: Journal) -> None:
    """The row's own reason has it all; what halts the campaign, and what alike rows are counted by, has not."""
    entered(journal, [pending(row) for row in ROWS])

    async def refuses(request: bytes, writer: asyncio.StreamWriter) -> None:
        person = json.loads(request.partition(b"\r\n\r\n")[2])["lc_number"]
        await http(200, json.dumps({"success": False, "message": f"{person} is blocked"}))(request, writer)

    async with Wire(refuses) as wire:
        submission = await Pool(journal, wire.url, consecutive=10).run()
    numbers = [number(row) for row in ROWS]
    assert "… is blocked" in submission.end.halted
    assert not any(n in submission.end.halted for n in numbers)
    [(state, cause, rows)] = journal.facts("c1").reasons
    assert (state, rows) == (State.REJECTED, len(wire.requests))
    assert "… is blocked" in cause
    assert f"{number(2)} is blocked" in next(journal.results("c1")).reason
