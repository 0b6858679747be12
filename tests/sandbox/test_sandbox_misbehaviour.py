"""Every fault, provoked over a real connection: what the client sees, and what the ledger says."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from campaign.adapters.sandbox import Arrival, Sandbox, SandboxSettings, parse_faults

GOOD = {"widget_key": "sandbox-widget", "api_key": "sandbox-api", "lc_number": "+12025550101"}
PERSON = GOOD["lc_number"]


@asynccontextmanager
async def misbehaving(spec: str, latency: float = 0) -> AsyncIterator[tuple[Sandbox, aiohttp.ClientSession]]:
    """A sandbox with faults, and a client that gives up after five seconds."""
    settings = SandboxSettings(faults=parse_faults(spec), latency=latency)
    timeout = aiohttp.ClientTimeout(total=5)
    async with Sandbox(settings) as sandbox, aiohttp.ClientSession(timeout=timeout) as client:
        yield sandbox, client


async def arrived(sandbox: Sandbox, number: int = 1) -> Arrival:
    """Arrival `number`, as soon as it is in the ledger."""
    async with asyncio.timeout(5):
        while len(sandbox.ledger.arrivals) < number:  # noqa: ASYNC110  the ledger is no event: its users only read it
            await asyncio.sleep(0.001)
    return sandbox.ledger.arrivals[number - 1]


@pytest.mark.parametrize(
    ("status", "started"),
    [(400, False), (401, False), (403, False), (404, False), (408, False), (422, False), (429, False), (500, True),
     (502, True), (503, False), (504, True), (418, False), (599, True)],
)  # fmt: skip
async def test_status(status: int, started: bool) -> None:
    """A status goes out as asked, with JSON; only a 5xx other than 503 may have started a call."""
    async with misbehaving(f"{status}:all") as (sandbox, client):
        async with client.post(sandbox.url, json=GOOD) as answer:
            assert answer.status == status
            assert "Retry-After" not in answer.headers
            assert (await answer.json())["success"] is False
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == (str(status), status, started)
        assert sandbox.ledger.calls_per_person() == ({PERSON: 1} if started else {})


async def test_retry_after_seconds() -> None:
    """429 says how many seconds to wait."""
    async with (
        misbehaving("429:all:retry-after=2") as (sandbox, client),
        client.post(sandbox.url, json=GOOD) as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")


async def test_retry_after_date() -> None:
    """429 says until when to wait, as an HTTP date a few seconds ahead."""
    async with (
        misbehaving("429:all:retry-after=date") as (sandbox, client),
        client.post(sandbox.url, json=GOOD) as answer,
    ):
        said = answer.headers["Retry-After"]
    assert said.endswith(" GMT")
    assert timedelta(seconds=-5) < parsedate_to_datetime(said) - datetime.now(UTC) <= timedelta(seconds=3)


@pytest.mark.parametrize(("fault", "started", "person"), [("drop-before", False, ""), ("drop-after", True, PERSON)])
async def test_drop(fault: str, started: bool, person: str) -> None:
    """The connection ends without an answer; whether the body was read decides whether somebody was called."""
    async with misbehaving(f"{fault}:all") as (sandbox, client):
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.post(sandbox.url, json=GOOD)
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started, arrival.person) == (fault, None, started, person)


async def test_drop_before_with_a_long_body() -> None:
    """A body of which most has not left yet is never read."""
    body = io.BytesIO(json.dumps({**GOOD, "lc_message": "x" * 20_000_000}).encode())
    async with misbehaving("drop-before:all") as (sandbox, client):
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.post(sandbox.url, data=body, headers={"Content-Type": "application/json"})
        assert body.tell() < len(body.getvalue())
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.started, arrival.payload) == (False, {})


async def test_dropped_get_is_seen_twice() -> None:
    """aiohttp sends a GET again by itself when a reused connection drops: the ledger shows the second call."""
    async with misbehaving("drop-after:after=1") as (sandbox, client):
        async with client.get(sandbox.url, params={**GOOD, "lc_number": "+12025550102"}) as answer:
            assert answer.status == 200
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.get(sandbox.url, params=GOOD)
        assert [arrival.person for arrival in sandbox.ledger.arrivals] == ["+12025550102", PERSON, PERSON]
        assert sandbox.ledger.called_twice() == (PERSON,)


async def test_hang() -> None:
    """No answer ever comes; the call is in the ledger while the client still waits."""
    async with misbehaving("hang:all") as (sandbox, client):
        waiting = asyncio.create_task(client.post(sandbox.url, json=GOOD))
        arrival = await arrived(sandbox)
        assert (arrival.fault, arrival.status, arrival.started) == ("hang", None, True)
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_leaving_does_not_wait_for_the_hung() -> None:
    """The sandbox stops at once; whoever still waits sees the connection end."""
    async with aiohttp.ClientSession() as client:
        async with Sandbox(SandboxSettings(faults=parse_faults("hang:all"))) as sandbox:
            waiting = [asyncio.create_task(client.post(sandbox.url, json=GOOD)) for _ in range(20)]
            await arrived(sandbox, 20)
            began = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began < 1
        ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(end, aiohttp.ClientConnectionError) for end in ends)


async def test_slow() -> None:
    """A slow answer is right, and late."""
    async with misbehaving("slow:all:seconds=0.2") as (sandbox, client):
        began = asyncio.get_running_loop().time()
        async with client.post(sandbox.url, json=GOOD) as answer:
            assert await answer.json() == {"success": True, "call_id": "sbx-000001"}
        assert asyncio.get_running_loop().time() - began >= 0.19
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == ("slow", 200, True)


async def test_client_leaves_a_slow_answer() -> None:
    """Who gives up on a slow answer was called all the same."""
    async with misbehaving("slow:all:seconds=60") as (sandbox, client):
        with pytest.raises(TimeoutError):
            await client.post(sandbox.url, json=GOOD, timeout=aiohttp.ClientTimeout(sock_read=0.1))
        assert sandbox.ledger.calls_per_person() == {PERSON: 1}


async def test_malformed() -> None:
    """What comes is no HTTP: aiohttp calls that status 400, though no status was received."""
    async with misbehaving("malformed:all") as (sandbox, client):
        with pytest.raises(aiohttp.ClientResponseError) as caught:
            await client.post(sandbox.url, json=GOOD)
        assert caught.value.status == 400
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == ("malformed", None, True)


async def test_cut() -> None:
    """The status is 200 and what comes of the body is good JSON, but less than was promised."""
    async with misbehaving("cut:all") as (sandbox, client):
        async with client.post(sandbox.url, json=GOOD) as answer:
            assert answer.status == 200
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.read()
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == ("cut", 200, True)


async def test_not_json() -> None:
    """200 and a web page say nothing, but the call was started."""
    async with misbehaving("not-json:all") as (sandbox, client):
        async with client.post(sandbox.url, json=GOOD) as answer:
            assert (answer.status, answer.content_type, await answer.text()) == (200, "text/html", "OK")
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == ("not-json", 200, True)


async def test_refuse() -> None:
    """200 with a JSON object that says failure: nobody is called."""
    async with misbehaving("refuse:all") as (sandbox, client):
        async with client.post(sandbox.url, json=GOOD) as answer:
            said = await answer.json()
            assert (answer.status, said["success"], bool(said["error"])) == (200, False, True)
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == ("refuse", 200, False)


@pytest.mark.parametrize(("status", "started"), [(301, False), (302, True), (303, True), (307, False), (308, False)])
async def test_redirect(status: int, started: bool) -> None:
    """A redirect points back at the endpoint."""
    async with misbehaving(f"redirect-{status}:all") as (sandbox, client):
        async with client.post(sandbox.url, json=GOOD, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (status, sandbox.url)
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.status, arrival.started) == (f"redirect-{status}", status, started)


@pytest.mark.parametrize(("status", "followed_by"), [(303, ("GET", 401)), (307, ("POST", 200)), (308, ("POST", 200))])
async def test_who_follows_is_seen(status: int, followed_by: tuple[str, int]) -> None:
    """A client that follows a redirect leaves a second arrival."""
    async with misbehaving(f"redirect-{status}:first=1") as (sandbox, client):
        async with client.post(sandbox.url, json=GOOD) as answer:
            assert answer.status == followed_by[1]
        second = sandbox.ledger.arrivals[1]
        assert (second.method, second.status) == followed_by


async def test_bad_request_is_refused_before_its_fault() -> None:
    """A request with a wrong key is refused as such: no fault can start a call for it."""
    async with misbehaving("hang:all") as (sandbox, client):
        async with client.post(sandbox.url, json={**GOOD, "api_key": "wrong"}) as answer:
            assert answer.status == 401
        (arrival,) = sandbox.ledger.arrivals
        assert (arrival.fault, arrival.started) == ("", False)


async def test_counted_faults_over_the_wire() -> None:
    """`first` and `after` count arrivals from 1."""
    async with misbehaving("500:first=2,403:after=3") as (sandbox, client):
        statuses = []
        for _ in range(5):
            async with client.post(sandbox.url, json=GOOD) as answer:
                statuses.append(answer.status)
        assert statuses == [500, 500, 200, 403, 403]
        assert sandbox.ledger.calls_per_person() == {PERSON: 3}


async def test_latency() -> None:
    """Every answer waits at least the latency."""
    async with misbehaving("", latency=0.1) as (sandbox, client):
        began = asyncio.get_running_loop().time()
        async with client.post(sandbox.url, json=GOOD) as answer:
            assert answer.status == 200
        assert asyncio.get_running_loop().time() - began >= 0.09


async def test_client_that_leaves_in_the_middle_of_its_body() -> None:
    """A body that never becomes whole is an arrival that starts nothing."""
    async with Sandbox() as sandbox:
        host, port = sandbox.base_url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /rest/v1/ext/add_call_api/ HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\n"
            b'Content-Length: 500\r\n\r\n{"lc_number": "+12025550101"'
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        arrival = await arrived(sandbox)
        assert (arrival.status, arrival.started, arrival.payload) == (None, False, {})
