"""What is told of a run: an event for every attempt that the journal has, and one for all that befalls the run."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from clockwork import InTheLoop, WallClock
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, entered, number, pending
from pool import KEYS, NoRules, Pool, Watcher
from virtual_time import run_virtually
from wire import Wire, http, stays_silent

from campaign.adapters.event_log import line_of
from campaign.adapters.journal import Journal
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults
from campaign.core.course import Course
from campaign.core.event import Attempted, Event, Halted, HeldBack, Paused, SlowedDown, Stopping
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Fault, SuccessRule, Verdict
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.breaker import Breaker
from campaign.core.pacing.rate import Rate
from campaign.core.places.place import Place
from campaign.core.policy.quota import Goal, Limits, Quota
from campaign.core.record import Judgement, LeadRecord
from campaign.core.standing import Phase
from campaign.usecases.sending.delivery import Delivery
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.submission import Submission

ROWS = range(2, 102)
FAULTS = "500:4%,503:8%,429:first=3:retry-after=0,drop-before:8%,drop-after:4%,refuse:4%,cut:4%,slow:2%:seconds=0.01"


def sandbox(faults: str = "") -> Sandbox:
    """A sandbox with these faults."""
    return Sandbox(SandboxSettings(faults=parse_faults(faults) if faults else (), seed=5))


def attempts(folder: Path) -> list[tuple[int, int, str, int | None]]:
    """Row, attempt, what it became and the HTTP status of every attempt that the journal has."""
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        return db.execute(
            "SELECT lead.number, n, attempt.state, attempt.http_status "
            "FROM attempt JOIN lead ON lead.id = attempt.lead ORDER BY 1, 2"
        ).fetchall()


def told(events: list[Event]) -> list[tuple[int, int, str, int | None]]:
    """The same of every event of an attempt."""
    made = [event for event in events if isinstance(event, Attempted)]
    return sorted((event.row, event.attempt, event.status.value, event.http_status) for event in made)


async def test_there_is_one_event_for_every_attempt(journal: Journal, tmp_path: Path) -> None:
    """Retries, refusals, doubt: the journal and the log tell the same, also after a second run."""
    entered(journal, [pending(row) for row in ROWS])
    first, second = Watcher(), Watcher()
    async with sandbox(FAULTS) as server:
        await Pool(journal, server.url, retry_503=True, attempts=5, limit=40, watcher=first).run()
        await Pool(journal, server.url, retry_503=True, attempts=5, watcher=second).run()
    found = attempts(tmp_path)
    assert told(first.events + second.events) == found
    assert len(found) > len(ROWS)
    assert {state for _, _, state, _ in found} >= {"accepted", "pending", "unknown", "rejected"}
    assert first.standing is not None
    assert first.standing().phase is Phase.OVER


async def test_calls_that_are_cut_off_have_an_event_too(journal: Journal, tmp_path: Path) -> None:
    """The second Ctrl-C leaves them in doubt: the log says which."""
    entered(journal, [pending(row) for row in ROWS])
    async with Wire(stays_silent) as wire:
        pool = Pool(journal, wire.url, concurrency=5, read_timeout=60)
        running = asyncio.create_task(pool.run())
        await wire.arrived(5)
        assert pool.submission is not None
        await pool.submission.end.drain()
        pool.submission.abort()
        await running
    assert told(pool.watcher.events) == attempts(tmp_path)
    assert [event.status for event in pool.watcher.events if isinstance(event, Attempted)] == [State.UNKNOWN] * 5
    assert [event for event in pool.watcher.events if isinstance(event, Stopping)] == [
        Stopping(),
        Stopping(at_once=True),
    ]


def test_an_outcome_that_is_being_written_as_a_person_leaves_has_its_event(tmp_path: Path) -> None:
    """The second Ctrl-C comes between the answer and the disk: what the journal gets, the log gets."""
    watcher = Watcher()

    async def leave_while_it_is_written(journal: Journal) -> None:
        writing, on_disk = asyncio.Event(), asyncio.Event()

        class Slow(InTheLoop):
            async def written(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> None:
                writing.set()
                await on_disk.wait()
                await super().written(lead, verdict, exchange, now)

        submission = _submission(journal, Slow(journal), Echo(200, 0), watcher)
        running = asyncio.create_task(submission.run())
        await writing.wait()
        await submission.end.drain()
        submission.abort()
        await running
        on_disk.set()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    with closing(Journal(tmp_path / "journal.db")) as journal:
        entered(journal, [pending(2)])
        run_virtually(leave_while_it_is_written(journal))
    assert told(watcher.events) == attempts(tmp_path) == [(2, 1, "rejected", 200)]


async def test_what_befalls_the_run_is_told_once(journal: Journal) -> None:
    """A slow-down, a goal, wrong keys: one event each, whatever number of calls met it."""
    entered(journal, [pending(row) for row in range(2, 22)])
    async with sandbox("429:first=5:retry-after=0") as server:
        slow = Watcher()
        quota = Quota(Limits((Goal(8, "eight are enough"),)))
        await Pool(journal, server.url, rate=Rate.parse("500/s"), quota=quota, watcher=slow).run()
    assert next(event.allowed for event in slow.events if isinstance(event, SlowedDown)) == 250
    assert [event for event in slow.events if isinstance(event, Paused)] == [Paused("eight are enough")]
    async with Wire(http(401)) as wire:
        wrong = Watcher()
        await Pool(journal, wire.url, watcher=wrong).run()
    [halted] = [event for event in wrong.events if isinstance(event, Halted)]
    assert "401" in halted.reason
    assert wrong.standing is not None
    assert wrong.standing().ended == halted.reason


async def test_a_row_that_is_held_back_is_told_with_its_rule(journal: Journal) -> None:
    """Row, shortened number, why and until when."""
    until = NOW + timedelta(hours=2)

    class Closed(NoRules):
        def recheck(self, phones: object, place: Place, now: datetime) -> Judgement:
            return Judgement(State.DEFERRED, None, "Closed until 17:00.", "Closed.", (), until)

    entered(journal, [pending(2, 7)])
    watcher = Watcher()
    async with sandbox() as server:
        await Pool(journal, server.url, rules=Closed(), watcher=watcher).run()
    assert watcher.events == [HeldBack(2, "c1-2", "…0007", State.DEFERRED, "Closed.", until)]


async def test_the_standing_follows_the_rows(journal: Journal) -> None:
    """Asked at every event, from the run's own thread as from another: counts add up, and at the end all is done."""
    entered(journal, [pending(row) for row in ROWS])
    seen = []
    watcher = Watcher()

    def look(_event: Event) -> None:
        assert watcher.standing is not None
        seen.append(watcher.standing())

    watcher.on_event = look
    async with sandbox("refuse:10%") as server:
        pool = Pool(journal, server.url, watcher=watcher, rate=Rate.parse("1000/s"))
        await pool.run()
    assert all(each.total == len(ROWS) for each in seen)
    assert watcher.standing is not None
    last = watcher.standing()
    assert last.counts == journal.counts("c1")
    assert [trouble.status for trouble in last.troubles] == [State.REJECTED] * 5
    rejected = [row.number for row in journal.results("c1") if row.state is State.REJECTED]
    assert {trouble.row for trouble in last.troubles} <= set(rejected)


@dataclass
class Echo:
    """Answers with what it was sent, in its own spelling: what a log must not repeat."""

    status: int
    spelt: int

    async def send(self, payload: Mapping[str, str]) -> Exchange:
        """An answer that names every value."""
        said = " | ".join(_spelt(value, self.spelt) for name, value in payload.items() if name != "lc_param_row_id")
        await asyncio.sleep(0.01)
        if not self.status:
            return Exchange(connected=True, fault=Fault.DROPPED, detail=said)
        return Exchange(connected=True, status=self.status, body=json.dumps({"error": said}).encode(), complete=True)


def _spelt(value: str, how: int) -> str:
    if how == 1:
        return value.upper()
    if how == 2 and value.startswith("+"):
        return f"{value[:3]} {value[3:5]} {value[5:9]}-{value[9:]}"
    if how == 3 and value.startswith("+"):
        return f"({value[3:5]}) {value[5:9]} {value[9:]}"
    return value


values = st.text("QXZJ xzj", min_size=3, max_size=20).filter(lambda text: len(text.strip()) >= 3)  # in no word of ours


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 2999), values, values), min_size=1, max_size=4, unique_by=lambda row: row[0]),
    st.sampled_from([0, 200, 400, 422, 500, 418]),
    st.integers(0, 3),
)
def test_no_line_of_a_log_has_a_key_a_number_or_a_value_of_the_row(
    people: list[tuple[int, str, str]], status: int, spelt: int
) -> None:
    """Even where the endpoint repeats what it was sent, in capitals or with the number as people write it."""
    watcher = Watcher()
    with TemporaryDirectory() as folder, closing(Journal(Path(folder) / "journal.db")) as journal:
        leads = [_lead(row, *person) for row, person in enumerate(people, 2)]
        entered(journal, leads)
        run_virtually(_send(journal, Echo(status, spelt), watcher))
    made = [event for event in watcher.events if isinstance(event, Attempted)]
    assert len(made) == len(people)
    for event, (phone, name, email) in zip(made, people, strict=True):
        line, sentence = line_of(event, "c1", NOW), str(event)
        assert json.loads(line)["phone"] == f"…{number(phone)[-4:]}"
        reason = json.loads(line)["reason"]
        digits = "".join(sign for sign in reason if sign.isdecimal())
        assert number(phone)[3:] not in digits
        for text in (reason, sentence):
            assert name.lower() not in text.lower()
            assert email.lower() not in text.lower()
        assert not any(key in line + sentence for key in (KEYS.widget_key, KEYS.api_key))


def _lead(row: int, phone: int, name: str, email: str) -> LeadRecord:
    called = Phone(number(phone), "GB")
    payload = {"lc_number": called.e164, "lc_param_name": name, "lc_param_email": email}
    return LeadRecord(row, (called.e164,), Judgement(State.PENDING, CallRequest(payload, (called,))))


async def _send(journal: Journal, endpoint: Echo, watcher: Watcher) -> None:
    await _submission(journal, InTheLoop(journal), endpoint, watcher).run()


def _submission(journal: Journal, in_loop: InTheLoop, endpoint: Echo, watcher: Watcher) -> Submission:
    clock = WallClock(NOW)
    delivery = Delivery("c1", NOW, NOW, None, 1, Backoff(1, 1.0, 1.0), SuccessRule(), retry_503=False)
    course = Course("c1", counts=journal.counts("c1"))
    parts = NoRules(), Pacer(None), Breaker(None, None), clock, lambda: 1.0
    return Submission(delivery, in_loop, endpoint, *parts, Onlookers(watcher), course, Quota(Limits()))


def test_every_kind_of_event_can_be_written_and_read() -> None:
    """Kinds are unlike, each is JSON on one line, and says something to a person."""
    later = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    lines = [json.loads(line_of(event, "c1", later)) for event in _one_of_each(later)]
    assert len({line["event"] for line in lines}) == len(lines)
    assert all(line["time"] == "2026-11-26T08:00:00.000Z" and line["campaign"] == "c1" for line in lines)
    assert all(str(event) for event in _one_of_each(later))


def _one_of_each(later: datetime) -> list[Event]:
    from campaign.core import event as kinds

    return [
        kinds.Started("leads.csv", "https://brightcall.invalid/", {State.PENDING: 3}, "5/s", 10, 2, True, later, None),
        Attempted(2, "c1-2", 1, "…0002", State.PENDING, 429, "slow", 12.5, 0.0),
        HeldBack(2, "c1-2", "…0002", State.DEFERRED, "Closed.", later),
        SlowedDown(3.0, later, 2.5),
        kinds.FullSpeed(5.0),
        kinds.Waiting(later, "3 rows wait"),
        kinds.Resumed(),
        kinds.Released(3),
        Stopping(),
        Paused("enough"),
        Halted("401"),
        kinds.Finished({State.ACCEPTED: 3}, 1.5, None, "", "", False),
    ]


def test_the_list_of_kinds_is_whole() -> None:
    """So that the test above misses none."""
    from typing import get_args

    from campaign.core.event import Event as Any_

    assert set(get_args(Any_)) == {type(event) for event in _one_of_each(NOW)}
