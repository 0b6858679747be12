"""What the sandbox keeps: counts, record, and the addresses that show them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.sandbox import Arrival, Ledger, Sandbox, SandboxSettings, parse_faults
from campaign.core.errors import OutputError

KEYS = {"widget_key": "sandbox-widget", "api_key": "sandbox-api"}
FIRST, SECOND, THIRD = "+12025550101", "+12025550102", "+12025550103"


def arrival(number: int, numbers: tuple[str, ...], started: bool) -> Arrival:
    """An arrival of which only who was called matters."""
    return Arrival(number, "2026-11-23T10:00:00.000Z", "POST", numbers[0], numbers, "", "", 200, started, {})


async def post(client: aiohttp.ClientSession, sandbox: Sandbox, *numbers: str, **more: str) -> int:
    """Ask for a call and return the status."""
    sent = {**KEYS, **dict(zip(("lc_number", "lc_number_2"), numbers, strict=False)), **more}
    async with client.post(sandbox.url, json=sent) as answer:
        return answer.status


async def get_json(client: aiohttp.ClientSession, url: str) -> Any:
    """What an address of the sandbox answers."""
    async with client.get(url) as answer:
        assert answer.status == 200
        return await answer.json()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A real client."""
    async with aiohttp.ClientSession() as session:
        yield session


@given(st.lists(st.tuples(st.lists(st.sampled_from((FIRST, SECOND, THIRD)), min_size=1, max_size=2), st.booleans())))
def test_counts(seen: list[tuple[list[str], bool]]) -> None:
    """Calls are counted per number over both fields, and only where one was started."""
    ledger = Ledger()
    for numbers, started in seen:
        ledger.add(arrival(ledger.next_number(), tuple(numbers), started))
    called = Counter(number for numbers, started in seen if started for number in numbers)
    assert ledger.calls_per_person() == called
    assert ledger.called_twice() == tuple(sorted(number for number, calls in called.items() if calls > 1))
    assert ledger.totals()["arrivals"] == len(seen) == len(ledger.arrivals)
    assert ledger.totals()["calls"] == sum(started for _, started in seen)
    assert ledger.totals()["people"] == len({number for numbers, _ in seen for number in numbers})
    assert [kept.number for kept in ledger.latest(2)] == [len(seen) - gap for gap in range(min(2, len(seen)))]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the latest arrivals stay in memory; the counts are of all."""
    monkeypatch.setattr("campaign.adapters.sandbox.ledger.KEPT", 3)
    ledger = Ledger()
    for _ in range(5):
        ledger.add(arrival(ledger.next_number(), (FIRST,), started=True))
    assert [kept.number for kept in ledger.arrivals] == [3, 4, 5]
    assert ledger.calls_per_person() == {FIRST: 5}
    assert (ledger.totals()["arrivals"], ledger.totals()["calls"]) == (5, 5)


async def test_calls_address(client: aiohttp.ClientSession) -> None:
    """`/sandbox/calls` tells how many calls each number got."""
    async with Sandbox(SandboxSettings(faults=parse_faults("429:first=1"))) as sandbox:
        statuses = [
            await post(client, sandbox, FIRST),
            await post(client, sandbox, FIRST, SECOND),
            await post(client, sandbox, SECOND),
            await post(client, sandbox, THIRD, api_key="wrong"),
        ]
        assert statuses == [429, 200, 200, 401]
        assert await get_json(client, f"{sandbox.base_url}/sandbox/calls") == {
            "arrivals": 4,
            "calls": 2,
            "people": 3,
            "called_twice": [SECOND],
            "per_person": {
                FIRST: {"arrivals": 2, "calls": 1},
                SECOND: {"arrivals": 2, "calls": 2},
                THIRD: {"arrivals": 1, "calls": 0},
            },
        }


async def test_arrivals_address(client: aiohttp.ClientSession) -> None:
    """`/sandbox/arrivals` lists the last arrivals, oldest first, and refuses a limit that is no number."""
    async with Sandbox() as sandbox:
        for row in range(5):
            await post(client, sandbox, FIRST, lc_param_row_id=f"r{row}")
        url = f"{sandbox.base_url}/sandbox/arrivals"
        assert [one["row_id"] for one in await get_json(client, url)] == ["r0", "r1", "r2", "r3", "r4"]
        assert [one["row_id"] for one in await get_json(client, f"{url}?limit=2")] == ["r3", "r4"]
        assert await get_json(client, f"{url}?limit=0") == []
        for limit in ("-1", "x", "", "99999", "²"):
            async with client.get(url, params={"limit": limit}) as answer:
                assert answer.status == 400


async def test_reset(client: aiohttp.ClientSession) -> None:
    """After a reset nothing is known, and numbers and faults start again."""
    async with Sandbox(SandboxSettings(faults=parse_faults("500:first=1"))) as sandbox:
        assert await post(client, sandbox, FIRST) == 500
        assert await post(client, sandbox, FIRST) == 200
        async with client.post(f"{sandbox.base_url}/sandbox/reset") as answer:
            assert answer.status == 200
        assert sandbox.ledger.totals() == {"arrivals": 0, "calls": 0, "people": 0, "called_twice": []}
        assert await post(client, sandbox, FIRST) == 500
        assert [one.number for one in sandbox.ledger.arrivals] == [1]


async def test_page(client: aiohttp.ClientSession) -> None:
    """The page shows counts and arrivals, refreshes itself, loads nothing, and runs nothing that was sent to it."""
    async with Sandbox(SandboxSettings(faults=parse_faults("cut:after=2"))) as sandbox:
        async with client.get(sandbox.base_url) as answer:
            assert "Nothing yet" in await answer.text()
        assert await post(client, sandbox, FIRST) == 200
        assert await post(client, sandbox, "<script>alert(1)</script>\ud800") == 422
        assert await post(client, sandbox, SECOND) == 200
        async with client.get(f"{sandbox.base_url}/") as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            page = await answer.text()
    assert '<meta http-equiv="refresh" content="2">' in page
    assert re.findall(r"<dd[^>]*>([^<]*)</dd>", page) == ["3", "2", "2", "0"]
    assert FIRST in page
    assert "<td>cut</td>" in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


async def test_page_warns_of_a_second_call(client: aiohttp.ClientSession) -> None:
    """A number called twice stands out."""
    async with Sandbox() as sandbox:
        await post(client, sandbox, FIRST)
        await post(client, sandbox, FIRST)
        async with client.get(sandbox.base_url) as answer:
            assert '<dd class="bad">1</dd>' in await answer.text()


async def test_record(tmp_path: Path, client: aiohttp.ClientSession) -> None:
    """The record has every arrival as a JSON line, no key, and is appended to."""
    record = tmp_path / "arrivals.jsonl"
    settings = SandboxSettings(widget_key="wk-of-a-test", api_key="ak-of-a-test", record=record)
    keys = {"widget_key": settings.widget_key, "api_key": settings.api_key}
    kept = []
    for _ in range(2):
        async with Sandbox(settings) as sandbox:
            assert await post(client, sandbox, FIRST, SECOND, lc_param_row_id="zoë", **keys) == 200
            assert await post(client, sandbox, FIRST, api_key="ak-of-another", widget_key=settings.widget_key) == 401
            kept += [one.as_json() for one in sandbox.ledger.arrivals]
    text = record.read_text("utf-8")
    assert [json.loads(line) for line in text.splitlines()] == json.loads(json.dumps(kept))
    assert not re.search("[aw]k-of-a", text)
    first = json.loads(text.splitlines()[0])
    assert (first["number"], first["row_id"], first["numbers"]) == (1, "zoë", [FIRST, SECOND])
    assert datetime.fromisoformat(first["time"]).utcoffset() == timedelta(0)


async def test_record_that_cannot_be_written(tmp_path: Path) -> None:
    """A record in a folder that is not there is refused before anything listens."""
    with pytest.raises(OutputError, match="can't write its record"):
        async with Sandbox(SandboxSettings(record=tmp_path / "missing" / "arrivals.jsonl")):
            pytest.fail("it started")


def test_record_survives_a_kill(tmp_path: Path) -> None:
    """What was answered is in the record, though the sandbox was killed without warning."""
    record = tmp_path / "arrivals.jsonl"
    program = (
        "import sys, pathlib; from campaign.adapters.sandbox import SandboxSettings, run_in_thread\n"
        "with run_in_thread(SandboxSettings(record=pathlib.Path(sys.argv[1]))) as sandbox:\n"
        "    print(sandbox.url, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(record)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        for _ in range(3):
            sent = urllib.request.Request(
                url, json.dumps({**KEYS, "lc_number": FIRST}).encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(sent, timeout=10) as answer:
                assert answer.status == 200
        process.kill()
    assert [json.loads(line)["number"] for line in record.read_text("utf-8").splitlines()] == [1, 2, 3]
