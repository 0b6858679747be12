"""Every event of the delivery design, provoked on the wire: what the gateway observes, what is concluded, what arrived."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from wire import Answer, Wire, http, resets, says, stays_silent

from campaign.adapters.gateway import HttpGateway
from campaign.core.keys import Keys
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, SuccessRule, Verdict, judge

KEYS = Keys("widget-s3cret", "api-s3cret")
PAYLOAD = {"lc_number": "+442079460001", "lc_param_name": "Zoë", "lc_param_row_id": "c1-2"}
Method = Literal["POST", "GET"]


@asynccontextmanager
async def gateway(url: str, method: Method = "POST", read_timeout: float = 5.0) -> AsyncIterator[HttpGateway]:
    """A gateway to `url`."""
    async with HttpGateway(
        url, KEYS, method=method, connect_timeout=5.0, read_timeout=read_timeout, concurrency=4
    ) as opened:
        yield opened


async def sent(
    answer: Answer, method: Method = "POST", *, head_only: bool = False, read_timeout: float = 5.0
) -> tuple[Exchange, Verdict, int]:
    """Send one payload to a server that answers so. What was observed, concluded, and how many requests arrived."""
    async with Wire(answer, head_only=head_only) as wire, gateway(wire.url, method, read_timeout) as opened:
        exchange = await opened.send(PAYLOAD)
        return exchange, judge(exchange, SuccessRule()), len(wire.requests)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (resets, State.UNKNOWN),
        (says(b""), State.UNKNOWN),
        (says(b"NOT HTTP AT ALL\r\n\r\n"), State.UNKNOWN),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n{}"), State.UNKNOWN),
        (says(b"HTTP/1.1 200 OK\r\nContent-Le"), State.UNKNOWN),
        (says(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"success": true}'), State.UNKNOWN),
        (http(200, "<html>"), State.UNKNOWN),
        (http(200, '{"success": true}'), State.ACCEPTED),
        (http(200, '{"success": false, "error": "blocked"}'), State.REJECTED),
        (http(500), State.UNKNOWN),
        (http(503), State.UNKNOWN),
        (http(422, '{"message": "bad number"}'), State.REJECTED),
        (http(429, headers="Retry-After: 3\r\n"), State.PENDING),
        (http(401), State.PENDING),
        (http(307, headers="Location: /elsewhere\r\n"), State.PENDING),
        (http(302, headers="Location: /elsewhere\r\n"), State.UNKNOWN),
    ],
    ids=[
        "reset after the request", "closed without an answer", "no HTTP", "malformed header", "half a header", "cut body",
        "not JSON", "success", "failure", "500", "503", "422", "429", "401", "307", "302",
    ],
)  # fmt: skip
async def test_one_request_whatever_the_answer(method: Method, answer: Answer, state: State) -> None:
    """The outcome is the table's, and the server sees exactly one request: nothing is repeated, no redirect followed."""
    _, verdict, arrived = await sent(answer, method)
    assert (verdict.state, arrived) == (state, 1)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_no_answer_in_time_is_unknown(method: Method) -> None:
    """The read timeout says nothing about whether the call was started."""
    _, verdict, arrived = await sent(stays_silent, method, read_timeout=0.05)
    assert (verdict.state, arrived) == (State.UNKNOWN, 1)


async def test_reset_before_the_body_is_read_is_unknown() -> None:
    """A connection was in hand: nobody knows how much of the request was understood."""
    _, verdict, arrived = await sent(resets, head_only=True)
    assert (verdict.state, arrived) == (State.UNKNOWN, 1)


async def test_refused_is_proof_that_nothing_began() -> None:
    """No connection, no call."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        async with gateway(f"http://127.0.0.1:{held.getsockname()[1]}/") as opened:
            verdict = judge(await opened.send(PAYLOAD), SuccessRule())
    assert (verdict.state, verdict.retry) == (State.PENDING, True)


async def test_an_unknown_host_is_proof_that_nothing_began() -> None:
    """`.invalid` never resolves (RFC 6761)."""
    async with gateway("https://nobody.invalid/") as opened:
        exchange = await opened.send(PAYLOAD)
    verdict = judge(exchange, SuccessRule())
    assert (verdict.state, verdict.retry) == (State.PENDING, True)


async def test_a_failed_handshake_halts() -> None:
    """TLS to a server that speaks none: every further row would fare the same, and nothing was sent."""

    async def greets(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 this is no TLS\r\n")
        writer.close()

    async with await asyncio.start_server(greets, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with gateway(f"https://127.0.0.1:{port}/") as opened:
            exchange = await opened.send(PAYLOAD)
    verdict = judge(exchange, SuccessRule())
    assert verdict.state is State.PENDING
    assert "certificate" in verdict.halt


async def test_a_connection_closed_while_it_was_kept_is_unknown_not_repeated() -> None:
    """The second request on a kept connection meets a reset: it arrived once at most, and is not sent again."""
    count = 0

    async def once_then_reset(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        await (http(200, '{"success": true}') if count == 1 else resets)(request, writer)

    async with Wire(once_then_reset, keep_open=True) as wire, gateway(wire.url) as opened:
        first = judge(await opened.send(PAYLOAD), SuccessRule())
        second = judge(await opened.send(PAYLOAD), SuccessRule())
        assert (wire.connections, len(wire.requests)) == (1, 2)
    assert (first.state, second.state) == (State.ACCEPTED, State.UNKNOWN)


async def test_post_carries_json_with_the_keys() -> None:
    """The body is the vendor's: keys and fields side by side, text as it is."""
    async with Wire(http(200, "{}")) as wire, gateway(wire.url) as opened:
        await opened.send(PAYLOAD)
        head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /rest/v1/ext/add_call_api/ HTTP/1.1")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"widget_key": "widget-s3cret", "api_key": "api-s3cret", **PAYLOAD}


async def test_get_carries_the_same_in_its_query() -> None:
    """A plus sign is escaped: unescaped it would arrive as a blank."""
    async with Wire(http(200, "{}")) as wire, gateway(wire.url, "GET") as opened:
        await opened.send(PAYLOAD)
        line = wire.requests[0].split(b"\r\n")[0]
    assert b"lc_number=%2B442079460001" in line
    assert b"widget_key=widget-s3cret" in line


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_an_answer_that_repeats_the_keys_is_kept_without_them(method: Method) -> None:
    """What is kept for the person holds no secret, nor does what is told of a failure."""
    body = json.dumps({"error": "no widget widget-s3cret for api-s3cret"})
    exchange, verdict, _ = await sent(http(422, body, f"Location: /?api_key={KEYS.api_key}\r\n"), method)
    assert b"s3cret" not in exchange.body
    assert "s3cret" not in verdict.reason
    moved = judge(Exchange(True, 307, {"Location": f"https://x/?api_key={KEYS.api_key}"}), SuccessRule())
    assert "s3cret" not in moved.halt


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    """Memory is bounded; an answer that long is not understood."""
    exchange, verdict, _ = await sent(says(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b" " * 600_000))
    assert len(exchange.body) <= 256 * 1024
    assert verdict.state is State.UNKNOWN


async def test_cancellation_passes_through() -> None:
    """Whoever cancels is told so: the pool then writes `unknown` itself."""
    arrived = asyncio.Event()

    async def silent(request: bytes, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await stays_silent(request, writer)

    async with Wire(silent) as wire, gateway(wire.url) as opened:
        task = asyncio.create_task(opened.send(PAYLOAD))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
