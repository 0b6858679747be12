"""The endpoint is reached without a request: what the server sees of it, and what is told where it can't be."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from event_servers import (
    PROXIED,
    SUCCESS,
    Server,
    at,
    behind_a_missing_proxy,
    behind_a_proxy,
    certified,
    encrypted,
    plain,
    refusing,
    tunnelling,
    with_a_full_backlog,
)
from wire import PATH, http

from campaign.adapters.gateway import Reached, Unreached, reach
from campaign.core.outcome import Fault

PATIENCE = 10.0


class Listener:
    """A server that only listens: it keeps every byte of what came before the other side left."""

    def __init__(self) -> None:
        self.url = ""
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def heard(self) -> bytes:
        """All that one connection brought, once it is over."""
        return await self._heard.get()

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None) -> AsyncIterator[None]:
        """Listen on a free port."""
        server = await asyncio.start_server(self._listen, "127.0.0.1", 0, ssl=tls)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}{PATH}"
        async with server:
            yield

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._heard.put_nowait(await reader.read())
        writer.close()


async def test_no_byte_is_sent_in_the_clear() -> None:
    """A connection is made and left."""
    listener = Listener()
    async with listener.listening(None):
        assert await reach(listener.url, PATIENCE) == Reached()
        assert await listener.heard() == b""


async def test_nothing_is_sent_once_the_connection_is_secured() -> None:
    """Hands are shaken, the certificate is looked at, and no request follows."""
    listener = Listener()
    async with listener.listening(certified("127.0.0.1", trusted=True)):
        seen = await reach(listener.url, PATIENCE)
        assert await listener.heard() == b""
    assert isinstance(seen, Reached)
    assert seen.tls.startswith("TLSv1.")
    assert seen.valid_until is not None
    assert seen.valid_until > datetime.now(UTC)
    assert seen.proxy == ""


async def test_a_proxy_is_asked_to_connect_and_nothing_more() -> None:
    """As the gateway would ask it; behind it the endpoint is shaken hands with, and no request follows."""
    async with behind_a_proxy(tunnelling("brightcall.invalid", SUCCESS))() as place:
        seen = await reach(PROXIED, PATIENCE)
        assert [request.split(b"\r\n")[0] for request in place.requests] == [b"CONNECT brightcall.invalid:443 HTTP/1.1"]
    assert isinstance(seen, Reached)
    assert seen.tls.startswith("TLSv1.")
    assert seen.proxy.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("server", "fault"),
    [
        (refusing, Fault.CONNECT),
        (at(f"https://nobody.invalid{PATH}"), Fault.CONNECT),
        (behind_a_missing_proxy(), Fault.CONNECT),
        (behind_a_proxy(http(407)), Fault.CONNECT),
        (encrypted(SUCCESS, trusted=False), Fault.TLS),
        (encrypted(SUCCESS, "elsewhere.example"), Fault.TLS),
        (plain(SUCCESS), Fault.NO_TLS),
    ],
    ids=["refused", "no such name", "no proxy", "proxy refuses", "unknown authority", "other name", "no TLS"],
)
async def test_what_is_in_the_way_is_told(server: Server, fault: Fault) -> None:
    """With the gateway's own faults, and without a request."""
    async with server() as place:
        seen = await reach(place.url, PATIENCE)
        assert all(request.startswith(b"CONNECT ") for request in place.requests)
    assert isinstance(seen, Unreached)
    assert seen.fault is fault


async def test_patience_ends() -> None:
    """A host that swallows connections does not hold the check for ever."""
    async with with_a_full_backlog() as place:
        seen = await reach(place.url, 0.2)
    assert seen == Unreached(Fault.TIMEOUT, "")


async def test_the_name_and_password_of_a_proxy_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """They stand in HTTPS_PROXY, and what is told may be mailed to someone who helps."""
    async with behind_a_proxy(tunnelling("brightcall.invalid", SUCCESS))():
        monkeypatch.setenv("HTTPS_PROXY", os.environ["HTTPS_PROXY"].replace("//", "//user:s3cret@"))
        seen = await reach(PROXIED, PATIENCE)
    assert isinstance(seen, Reached)
    assert "s3cret" not in repr(seen)
