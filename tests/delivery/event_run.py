"""Proves an event: a campaign of two people meets it, is gone on with as a person would, and every call is counted."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from event_servers import Place
from event_table import EVENTS, PROVEN_ELSEWHERE, Event, Outcome
from people import entered, number, pending
from pool import Pool

from campaign.adapters.clock import SystemClock
from campaign.adapters.journal import Journal
from campaign.adapters.sandbox import Sandbox
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange
from campaign.core.pacing.rate import Rate
from campaign.core.record import LeadRecord

LEADS = (2, 3)
METHODS = ("POST", "GET")
ATTEMPTS = 2
RATE = Rate.parse("500/s")
_LARGE = 900_000  # more than the small buffer that `Wire` has then takes; above 1 MB aiohttp warns


class Hurried(SystemClock):
    """A clock that goes `times` faster than the machine's."""

    def __init__(self, times: int) -> None:
        self._times = times
        self._began = super().now()

    def now(self) -> datetime:
        """The moment that it shows."""
        return self._began + (datetime.now(UTC) - self._began) * self._times

    async def sleep(self, seconds: float) -> None:
        """Return when it shows so many seconds more."""
        await asyncio.sleep(seconds / self._times)


@dataclass
class Seen:
    """What was seen of an event, and what of it is not as it must be."""

    event: Event
    method: str
    exchanges: list[Exchange] = field(default_factory=list)
    states: tuple[State, ...] = ()
    told: str = ""
    halted: str = ""
    arrived: int = 0
    connections: int = 0
    calls: tuple[int, ...] = ()
    wrong: list[str] = field(default_factory=list)

    def must(self, holds: bool, otherwise: str) -> None:
        """Keep what does not hold."""
        if not holds:
            self.wrong.append(otherwise)

    @property
    def observed(self) -> str:
        """The gateway's observation of the call that met the event, in a few signs."""
        if len(self.exchanges) <= self.event.before:
            return "stopped"
        exchange = self.exchanges[self.event.before]
        what = str(exchange.status or exchange.fault)
        cut = "" if exchange.complete or exchange.status is None else ", cut"
        return f"{'connected' if exchange.connected else 'not connected'}: {what}{cut}"


async def prove(event: Event, method: str, folder: Path) -> Seen:
    """Run the campaign against the event, then as `resume` does against a sandbox in good order."""
    seen = Seen(event, method)
    journal = Journal(folder / "journal.db")
    try:
        entered(journal, [_lead(row, event) for row in LEADS])
        async with event.server() as place:
            await _meet(event, method, journal, place, seen)
        _judge_states(event, journal, seen)
        async with Sandbox() as sandbox:
            journal.release("c1", State.FAILED)
            journal.recover(datetime.now(UTC))
            await Pool(journal, sandbox.url, method=method).run()
            _judge_calls(event, journal, place, sandbox, seen)
    finally:
        journal.close()
    return seen


def _lead(row: int, event: Event) -> LeadRecord:
    lead = pending(row)
    if not event.large or lead.judgement.request is None:
        return lead
    long = {**lead.judgement.request.payload, "lc_param_message": "x" * _LARGE}
    return replace(lead, judgement=lead.judgement._replace(request=lead.judgement.request._replace(payload=long)))


async def _meet(event: Event, method: str, journal: Journal, place: Place, seen: Seen) -> None:
    pool = Pool(
        journal,
        place.url,
        method=method,
        attempts=ATTEMPTS,
        concurrency=2 if event.stopped else 1,
        rate=RATE,
        connect_timeout=event.connect_timeout,
        read_timeout=event.read_timeout,
        retry_503=event.retry_503,
        clock=Hurried(event.hurry),
        seen=seen.exchanges,
    )
    running = asyncio.create_task(pool.run())
    if event.stopped:
        await place.arrived(len(LEADS))
        assert pool.submission is not None
        await pool.submission.end.drain()
        pool.submission.abort()
    submission = await running
    journal.recover(datetime.now(UTC))
    seen.must(submission.end.failure is None, f"the run failed: {submission.end.failure}")
    seen.halted = submission.end.halted
    seen.told = " ".join([submission.end.halted, *pool.watcher.notes])
    requests = [request for request in place.requests if not request.startswith(b"CONNECT")]
    seen.arrived, seen.connections = len(requests), place.connections
    if event.wait:
        waited = (place.times[event.first] - place.times[0]) * event.hurry
        seen.must(waited >= event.wait, f"the next request came after {waited:.2f} s")
        seen.must(pool.watcher.paces[-1] < RATE.per_second, "the pace was not lowered")


def _judge_states(event: Event, journal: Journal, seen: Seen) -> None:
    rows = list(journal.results("c1"))
    seen.states = tuple(row.state for row in rows)
    seen.told = " ".join([seen.told, *(row.reason for row in rows)])
    seen.must(tuple(row.number for row in rows) == LEADS, "a row is missing")
    seen.must(seen.states == _expected(event), f"the states are {', '.join(seen.states)}")
    seen.must(bool(seen.halted) == (event.outcome in {Outcome.HALT, Outcome.UNKNOWN_HALT}), "halted wrongly, or not")
    attempts = sum(row.attempts for row in rows)
    seen.must(seen.connections <= attempts, f"{seen.connections} connections for {attempts} attempts")
    seen.must(seen.arrived <= attempts, f"{seen.arrived} requests for {attempts} attempts")
    for words in event.row.told:
        seen.must(words in seen.told, f"'{words}' is not told, but: {seen.told}")
    for row in rows:
        said = row.reason or row.state is State.ACCEPTED or (row.state is State.PENDING and seen.halted)
        seen.must(bool(said), f"row {row.number} is {row.state} without a reason")


def _expected(event: Event) -> tuple[State, ...]:
    match event.outcome:
        case Outcome.RETRY:
            state = State.ACCEPTED if event.first else State.PENDING if event.stopped else State.FAILED
        case Outcome.HALT:
            state = State.PENDING
        case Outcome.UNKNOWN_HALT:
            return (State.UNKNOWN, State.PENDING)
        case outcome:
            state = State(outcome.value)
    return (State.ACCEPTED,) * event.before + (state,) * (len(LEADS) - event.before)


def _judge_calls(event: Event, journal: Journal, place: Place, sandbox: Sandbox, seen: Seen) -> None:
    may_have_called = place.requests[event.first :] if event.first or not event.proves else []
    later = sandbox.ledger.calls_per_person()
    calls = Counter({row: sum(number(row)[1:].encode() in r for r in may_have_called) for row in LEADS})
    seen.calls = tuple(calls[row] + later.get(number(row), 0) for row in LEADS)
    seen.must(max(seen.calls) <= 1, "somebody may have been called twice")
    for row, before, calls_made in zip(journal.results("c1"), seen.states, seen.calls, strict=True):
        again = before in {State.FAILED, State.PENDING}
        seen.must(row.state is (State.ACCEPTED if again else before), f"row {row.number} ended as {row.state}")
        seen.must(not again or calls_made == 1, f"row {row.number} was not called in the end")
        seen.must(again or number(row.number) not in later, f"row {row.number} was sent again")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove all events, print what was seen, and return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description="Proves what every network event means for a row and its campaign.")
    parser.add_argument("--method", choices=METHODS, help="prove it for this method only")
    only = parser.parse_args(arguments).method
    return asyncio.run(_all([only] if only else list(METHODS)))


async def _all(methods: list[str]) -> int:
    proven = wrong = 0
    row = None
    for event in EVENTS:
        if event.row is not row:
            row = event.row
            click.echo(f"\n{row.event}\n  -> {row.outcome}")
            click.echo(f"  {'event':<38} {'':<4} {'observed':<22} {'states':<18} {'halts':<5} arrived calls")
        if not event.possible:
            click.echo(f"  {event.what:<38} can be provoked on {event.only_on} only")
            continue
        for method in methods:
            with tempfile.TemporaryDirectory() as folder:
                seen = await prove(event, method, Path(folder))
            proven, wrong = proven + 1, wrong + bool(seen.wrong)
            click.echo(_line(seen))
    for row, how in PROVEN_ELSEWHERE.items():
        click.echo(f"\n{row.event}\n  -> {row.outcome}\n  proven {how}")
    click.echo(f"\n{proven} events proven, {wrong} of them wrong. Calls are per person, in the end.")
    return 1 if wrong else 0


def _line(seen: Seen) -> str:
    states = " ".join(dict.fromkeys(seen.states))
    calls = "+".join(map(str, seen.calls))
    text = (
        f"  {seen.event.what:<38} {seen.method:<4} {seen.observed:<22} {states:<18} {'yes' if seen.halted else 'no':<5} "
        f"{seen.arrived:>7} {calls:>5} {'WRONG' if seen.wrong else 'ok'}"
    )
    return "\n".join([text, *(f"      {fault}" for fault in seen.wrong)])
