"""The gateway alone, against servers on loopback. What each event means for a row: tests/delivery/event_table.py."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from wire import Answer, Wire, http, says, stays_silent

from campaign.adapters.gateway import HttpGateway
from campaign.core.keys import Keys
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Fault, SuccessRule, Verdict, judge
from campaign.ports import Abandoned

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


async def sent(answer: Answer, method: Method = "POST") -> tuple[Exchange, Verdict]:
    """Send one payload to a server that answers so. What was observed, and what is concluded."""
    async with Wire(answer) as wire, gateway(wire.url, method) as opened:
        exchange = await opened.send(PAYLOAD)
        return exchange, judge(exchange, SuccessRule())


async def test_no_connection_serves_twice() -> None:
    """So that nothing that a server says unasked is taken for the answer to the next call."""
    async with Wire(http(200, "{}"), keep_open=True) as wire, gateway(wire.url) as opened:
        for _ in range(3):
            await opened.send(PAYLOAD)
        assert (wire.connections, len(wire.requests)) == (3, 3)


@pytest.mark.parametrize("name", ["Retry-After", "retry-after", "RETRY-AFTER"])
async def test_a_header_is_found_in_any_spelling(name: str) -> None:
    """Proxies write header names in small letters."""
    exchange, _ = await sent(http(429, headers=f"{name}: 7\r\n"))
    assert exchange.headers == {"Retry-After": "7"}


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
    exchange, verdict = await sent(http(422, body), method)
    assert b"s3cret" not in exchange.body
    assert "s3cret" not in verdict.reason


@pytest.mark.parametrize(
    "place", ["/moved/{key}/", "https://x.example/?k={key}", "/#k={key}", "https://{key}@x.example/"]
)
async def test_a_redirect_that_repeats_the_keys_is_told_without_them(place: str) -> None:
    """Wherever in the Location the key stands."""
    exchange, verdict = await sent(http(307, headers=f"Location: {place.format(key=KEYS.api_key)}\r\n"), "GET")
    assert "has moved" in verdict.halt
    assert "s3cret" not in f"{exchange}{verdict}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://nobody.invalid/", "http://127.0.0.1:99999/"])
async def test_a_fault_is_told_without_the_keys(url: str) -> None:
    """With GET the address of a request holds both, and exceptions repeat the address."""
    async with gateway(url, "GET") as opened:
        exchange = await opened.send(PAYLOAD)
    assert exchange.fault is not None
    assert "s3cret" not in f"{exchange}{judge(exchange, SuccessRule())}"


async def test_a_text_that_cannot_be_sent_concerns_its_row_alone() -> None:
    """Half of a surrogate pair, as broken files hold it: nothing is sent, and the campaign does not halt for it."""
    async with Wire(http(200, "{}")) as wire, gateway(wire.url) as opened:
        exchange = await opened.send({**PAYLOAD, "lc_param_name": "\ud83d"})
        assert wire.connections == 0
    assert (exchange.connected, exchange.fault) == (False, Fault.INTERNAL)
    assert judge(exchange, SuccessRule()).halt == ""


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    """Memory is bounded; an answer that long is not understood."""
    exchange, verdict = await sent(says(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b" " * 600_000))
    assert len(exchange.body) <= 256 * 1024
    assert verdict.state is State.UNKNOWN


async def test_cancellation_passes_through_with_what_was_observed() -> None:
    """Whoever cancels is told so, and that the request may have been understood."""
    async with Wire(stays_silent) as wire, gateway(wire.url) as opened:
        task = asyncio.create_task(opened.send(PAYLOAD))
        await wire.arrived(1)
        task.cancel()
        with pytest.raises(Abandoned) as left:
            await task
    assert task.cancelled()
    assert left.value.exchange == Exchange(connected=True, fault=Fault.CANCELLED)


async def test_cancellation_before_a_connection_is_proof_that_nothing_began() -> None:
    """The handshake was not even through."""
    async with Wire(stays_silent, reads="nothing") as wire, gateway(wire.url.replace("http:", "https:")) as opened:
        task = asyncio.create_task(opened.send(PAYLOAD))
        await wire.arrived(1)
        task.cancel()
        with pytest.raises(Abandoned) as left:
            await task
    assert left.value.exchange == Exchange(connected=False, fault=Fault.CANCELLED)


async def test_a_status_that_was_received_counts_although_sending_was_cancelled() -> None:
    """A refusal stays a refusal when its body is not waited for."""
    received = asyncio.Event()

    async def refuses(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 422 No\r\nContent-Length: 9\r\n\r\nx")
        await writer.drain()
        received.set()
        await asyncio.Event().wait()

    async with Wire(refuses) as wire, gateway(wire.url) as opened:
        task = asyncio.create_task(opened.send(PAYLOAD))
        await received.wait()
        for _ in range(10):  # let the client read it: both share this loop
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(Abandoned) as left:
            await task
    assert judge(left.value.exchange, SuccessRule()).state is State.REJECTED
