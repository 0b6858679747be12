"""A clock that is set back or forward: between runs, between run and resume, and while calls go out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from people import NOW, entered, number, pending, request
from pool import Pool, Shifted

from campaign.adapters.journal import Journal
from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults
from campaign.assembly.rules import RulesAtSending
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.lifecycle import State
from campaign.core.policy.suppression import SuppressionList

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("back", [HOUR, 3 * DAY, 400 * DAY])
async def test_who_was_called_while_the_clock_was_set_back_is_not_called_again(
    journal: Journal, back: timedelta
) -> None:
    """Once the clock is right again, another campaign finds the call inside `recontact_after`."""
    entered(journal, [pending(2, 700), pending(3, 701)])
    entered(journal, [pending(2, 700), pending(3, 701)], "c2")
    async with Sandbox() as server:
        await Pool(journal, server.url, limit=1, now=NOW + 5 * HOUR).run()
        await Pool(journal, server.url, now=NOW - back).run()  # between run and resume
        await Pool(journal, server.url, campaign="c2", now=NOW + DAY + 4 * HOUR).run()
        assert server.ledger.calls_per_person() == {number(700): 1, number(701): 1}
    assert journal.counts("c1") == {State.ACCEPTED: 2}
    assert journal.counts("c2") == {State.DUPLICATE: 2}
    assert {row.submitted_at for row in journal.results("c1")} == {NOW + 5 * HOUR}


@pytest.mark.parametrize("back", [HOUR, 3 * DAY])
async def test_calls_that_seem_to_lie_ahead_count_as_made(journal: Journal, back: timedelta) -> None:
    """The clock was set back after them: the guard holds, in the same campaign and in others."""
    entered(journal, [pending(2, 700)])
    entered(journal, [pending(2, 700)], "c2")
    async with Sandbox() as server:
        await Pool(journal, server.url, now=NOW).run()
        await Pool(journal, server.url, campaign="c2", now=NOW - back).run()
        await Pool(journal, server.url, now=NOW - back).run()
        assert server.ledger.called_twice() == ()
    assert journal.counts("c2") == {State.DUPLICATE: 1}


def test_recontact_off_stays_off_however_the_clock_stands(journal: Journal) -> None:
    """A mapping that looks at no other campaign does not begin to when the clock is set back by days."""
    entered(journal, [pending(2, 700)])
    entered(journal, [pending(2, 700)], "c2")
    with journal.atomic():
        journal.begin("c1", journal.due("c1", 0, 1)[0].id, NOW, None)
    with journal.atomic():
        assert journal.begin("c2", journal.due("c2", 0, 1)[0].id, NOW - 3 * DAY, None) is None


class Jumping(Shifted):
    """A clock that is set an hour or a year back and forth at every look."""

    def __init__(self) -> None:
        super().__init__()
        self._jumps: Iterator[timedelta] = cycle((HOUR, -HOUR, 365 * DAY, -365 * DAY))

    def now(self) -> datetime:
        """What it says this time."""
        return datetime.now(UTC) + next(self._jumps)


@pytest.mark.parametrize("header", ["1", "date"])
async def test_a_wait_that_was_asked_for_is_neither_lengthened_nor_cut_short(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    """A 429 asks for a second or for a date some seconds ahead: nothing goes before that, and nobody waits for an hour."""
    monkeypatch.setattr("pool.Shifted", lambda _at: Jumping())
    entered(journal, [pending(row) for row in range(2, 8)])
    loop = asyncio.get_running_loop()
    settings = SandboxSettings(faults=parse_faults(f"429:first=1:retry-after={header}"))
    async with Sandbox(settings) as server, asyncio.timeout(20):
        began = loop.time()
        await Pool(journal, server.url, concurrency=1).run()
        took = loop.time() - began
        assert server.ledger.called_twice() == ()
    assert journal.counts("c1") == {State.ACCEPTED: 6}
    assert took >= 1


async def test_a_do_not_call_list_is_looked_at_though_the_clock_was_set_back(tmp_path: Path) -> None:
    """Who asked not to be called meanwhile is not called in the hour that the clock repeats."""
    mapping = "version: 1\nfields: {lc_number: Phone}\npolicy: {calling_window: off, suppress: [dnc.csv]}\n"
    (tmp_path / "dnc.csv").write_text(f"number\n{number(1)}\n", encoding="utf-8")
    loaded = parse_mapping(mapping, "m", tmp_path)
    rules = RulesAtSending(loaded, SuppressionFiles(loaded), SuppressionList(), pause=0)
    await rules.refresh(NOW)
    (tmp_path / "dnc.csv").write_text(f"number\n{number(1)}\n{number(2)}\n", encoding="utf-8")
    await rules.refresh(NOW - HOUR)
    assert rules.recheck(request(2).numbers, NOW - HOUR) is not None
