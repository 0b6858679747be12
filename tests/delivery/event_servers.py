"""What stands where the endpoint should: servers that misbehave, and places where there is none."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Protocol

import aiohttp.connector
import trustme
from wire import PATH, Answer, Reads, Wire, http, in_turn, reset, says, stays_silent

SUCCESS = http(200, '{"success": true}')
PROXIED = f"https://brightcall.invalid{PATH}"
"""A name that never resolves (RFC 6761): only a proxy can lead there."""
_PROXY_SETTINGS = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


class Place(Protocol):
    """Where the campaign is sent, and what arrived there."""

    @property
    def url(self) -> str:
        """The endpoint's address."""

    @property
    def connections(self) -> int:
        """How many connections were accepted."""

    @property
    def requests(self) -> list[bytes]:
        """What was read of each request."""

    async def arrived(self, number: int) -> None:
        """Return once so many have come."""

    @property
    def times(self) -> list[float]:
        """When each request came, on the monotonic clock."""


Server = Callable[[], AbstractAsyncContextManager[Place]]


@dataclass
class Nowhere:
    """A place that nothing can reach."""

    url: str
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    async def arrived(self, number: int) -> None:
        """None ever comes."""
        assert not number


def serving(*answers: Answer, reads: Reads = "whole", keep_open: bool = False) -> Server:
    """A server that gives each answer once, and the last one for good."""
    return lambda: Wire(in_turn(*answers), reads=reads, keep_open=keep_open)


@asynccontextmanager
async def refusing() -> AsyncIterator[Place]:
    """A port that is bound and not listened to: connections are refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield Nowhere(f"http://127.0.0.1:{held.getsockname()[1]}/")


@asynccontextmanager
async def with_a_full_backlog() -> AsyncIterator[Place]:
    """A listening socket that nobody accepts from, and whose queue is full: the next connection waits for ever."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        queued = [socket.socket() for _ in range(4)]
        for waiting in queued:
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield Nowhere(f"http://127.0.0.1:{address[1]}/")
        for waiting in queued:
            waiting.close()


def at(url: str) -> Server:
    """An address that leads nowhere."""

    @asynccontextmanager
    async def place() -> AsyncIterator[Place]:
        with _proxy(None):
            yield Nowhere(url)

    return place


def behind_a_proxy(answer: Answer) -> Server:
    """An https endpoint that is reached through a proxy, and the proxy answers so."""

    @asynccontextmanager
    async def place() -> AsyncIterator[Place]:
        async with Wire(answer, keep_open=True) as wire:
            with _proxy(f"http://127.0.0.1:{wire.port}"):
                wire.url = PROXIED
                yield wire

    return place


def behind_a_missing_proxy(proxy: str | None = None) -> Server:
    """An https endpoint behind a proxy that is not there."""

    @asynccontextmanager
    async def place() -> AsyncIterator[Place]:
        async with refusing() as nothing:
            with _proxy(proxy or nothing.url):
                yield Nowhere(PROXIED)

    return place


def tunnelling(name: str, then: Answer) -> Answer:
    """A proxy that agrees, and then takes the endpoint's part itself, under that name."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        if not request.startswith(b"CONNECT"):
            await then(request, writer)
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await writer.start_tls(certified(name, trusted=True))

    return answer


def encrypted(answer: Answer, name: str = "127.0.0.1", *, trusted: bool = True) -> Server:
    """A server with a certificate for `name`, issued by an authority that the client trusts or does not."""
    return lambda: Wire(answer, tls=certified(name, trusted=trusted))


def plain(answer: Answer) -> Server:
    """A server at an https address that speaks no TLS. It answers as soon as the connection is there."""

    @asynccontextmanager
    async def place() -> AsyncIterator[Place]:
        async with Wire(answer, reads="nothing") as wire:
            wire.url = wire.url.replace("http:", "https:")
            yield wire

    return place


async def begins_a_handshake_and_leaves(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """The first bytes of a ServerHello, then a close."""
    writer.write(b"\x16\x03\x03\x00\x40\x02\x00")
    await writer.drain()


def then_reset(data: bytes) -> Answer:
    """Answer with these bytes; reset the connection as soon as they are likely to be read."""

    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.02)  # an RST throws away what the client has not read yet
        reset(writer)

    return answer


def then_silent(data: bytes) -> Answer:
    """Answer with these bytes, and neither go on nor close."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        await says(data)(request, writer)
        await stays_silent(request, writer)

    return answer


def trickling(at_once: bytes, data: bytes, pause: float) -> Answer:
    """The first bytes at once, then a byte at a time."""

    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(at_once)
        for byte in data:
            await asyncio.sleep(pause)
            writer.write(bytes([byte]))
            await writer.drain()

    return answer


def asking_for_a_pause_until(ahead: timedelta) -> Answer:
    """429 with an HTTP date, which knows whole seconds only."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        date = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
        await http(429, headers=f"Retry-After: {date}\r\n")(request, writer)

    return answer


def unasked(then: bytes) -> Answer:
    """Accept the call; a moment later say more on the same connection, as if to a request that never came."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        await SUCCESS(request, writer)
        await asyncio.sleep(0.02)  # by then the client has read its answer, and would keep the connection
        writer.write(then)
        await writer.drain()

    return answer


@contextmanager
def _proxy(url: str | None) -> Iterator[None]:
    before = {name: os.environ.pop(name) for name in _PROXY_SETTINGS if name in os.environ}
    if url is not None:
        os.environ["HTTPS_PROXY"] = url
    try:
        yield
    finally:
        os.environ.pop("HTTPS_PROXY", None)
        os.environ.update(before)


@cache
def _authority(*, trusted: bool) -> trustme.CA:
    authority = trustme.CA()
    if trusted:
        # The context that the gateway's session uses: nothing public adds an authority to a running process.
        context = aiohttp.connector._SSL_CONTEXT_VERIFIED
        assert isinstance(context, ssl.SSLContext)
        authority.configure_trust(context)
    return authority


@cache
def certified(name: str, *, trusted: bool) -> ssl.SSLContext:
    """What a server with a certificate for `name` speaks TLS with; the client trusts its authority or does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority(trusted=trusted).issue_cert(name).configure_cert(context)
    return context
