"""What every event means, proven against real servers; `python tests/delivery/event_table.py` prints the same."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from event_run import METHODS, prove
from event_servers import SUCCESS
from event_table import EVENTS, PROVEN_ELSEWHERE, ROWS, Event
from people import entered, pending
from pool import Pool
from wire import Wire, http, in_turn

from campaign.adapters.journal import Journal
from campaign.core.lifecycle import State
from campaign.core.pacing.rate import SLACK, Rate

PAGE = Path(__file__).parents[2] / "docs" / "delivery.md"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.outcome}: {event.what}")
async def test_an_event_means_what_the_table_says(tmp_path: Path, event: Event, method: str) -> None:
    """The rows' states, what the person is told, at most one call a person, and nobody forgotten after `resume`."""
    if not event.possible:
        pytest.skip(f"can be provoked on {event.only_on} only")
    seen = await prove(event, method, tmp_path)
    assert seen.wrong == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.outcome}: {event.what}")
def test_it_means_the_same_on_the_faster_event_loop(tmp_path: Path, event: Event, method: str) -> None:
    """uvloop changes the speed and nothing else."""
    uvloop = pytest.importorskip("uvloop", reason="needs uvloop, which Windows has not")
    if not event.possible:
        pytest.skip(f"can be provoked on {event.only_on} only")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(prove(event, method, tmp_path)).wrong == []


def test_every_row_of_the_table_is_proven() -> None:
    """Each has events, all of them with the row's outcome, or is proven elsewhere."""
    assert {event.row for event in EVENTS} | set(PROVEN_ELSEWHERE) == set(ROWS)
    assert [event.what for event in EVENTS if event.outcome is not event.row.outcome] == []


def test_the_page_has_the_same_table() -> None:
    """What is documented is what is proven, word for word."""
    section = PAGE.read_text(encoding="utf-8").partition("## What an event means\n")[2].partition("\n## ")[0]
    table = [
        tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in section.splitlines() if line[:1] == "|"
    ]
    assert table[2:] == [(row.event, row.outcome, row.sees) for row in ROWS]


async def test_no_request_comes_before_the_date_that_a_429_names(journal: Journal) -> None:
    """The whole campaign waits for it, the rows that were not refused as well."""
    resumes = int(time.time()) + 2  # an HTTP date knows whole seconds only
    date = format_datetime(datetime.fromtimestamp(resumes, UTC), usegmt=True)
    arrivals: list[float] = []

    async def slow_down_once(request: bytes, writer: asyncio.StreamWriter) -> None:
        arrivals.append(time.time())
        answer = http(429, headers=f"Retry-After: {date}\r\n") if len(arrivals) == 1 else SUCCESS
        await answer(request, writer)

    entered(journal, [pending(row) for row in range(2, 8)])
    async with Wire(slow_down_once) as wire:
        await Pool(journal, wire.url, attempts=1, concurrency=1, rate=Rate.parse("100/s")).run()
    assert journal.counts("c1") == {State.ACCEPTED: 6}
    assert len(arrivals) == 7
    assert min(arrivals[1:]) >= resumes


async def test_after_a_429_the_pace_is_halved_and_comes_back_gradually(journal: Journal) -> None:
    """Half the rate at first, then no more than a step a second; the refused row's attempt is not used up."""
    asked = 40
    entered(journal, [pending(row) for row in range(2, 52)])
    async with Wire(in_turn(http(429, headers="Retry-After: 1\r\n"), SUCCESS)) as wire:
        pool = Pool(journal, wire.url, attempts=1, concurrency=1, rate=Rate(asked, 1))
        await pool.run()
    refused, first, *_ = wire.times
    assert journal.counts("c1") == {State.ACCEPTED: 50}
    assert first - refused >= 1.0
    half, step = asked / 2, asked / 20
    paces = list(dict.fromkeys(pool.watcher.paces))
    assert paces == [asked, *(half + step * n for n in range(len(paces) - 1))]
    assert half + step < paces[-1] < asked
    after = [moment - first for moment in wire.times[1:]]
    late = 1  # one call may have been let go earlier than it is seen
    for second in range(int(after[-1])):
        seen = sum(second <= moment < second + 1 for moment in after)
        assert seen <= (1 + SLACK) * (half + step * (second + 1)) + 1 + late


async def test_a_429_to_one_call_holds_back_those_beside_it(journal: Journal) -> None:
    """With several calls at once, only those that had gone out already arrive within the wait."""
    entered(journal, [pending(row) for row in range(2, 17)])
    async with Wire(in_turn(http(429, headers="Retry-After: 1\r\n"), SUCCESS)) as wire:
        await Pool(journal, wire.url, attempts=1, concurrency=5, rate=Rate.parse("50/s")).run()
    refused = wire.times[0]
    assert journal.counts("c1") == {State.ACCEPTED: 15}
    assert len(wire.times) == 16
    assert sum(moment - refused < 1.0 for moment in wire.times[1:]) <= 4
