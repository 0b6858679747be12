"""Whether the endpoint can be reached: a connection is made and taken down, and no request is ever sent.

A request to the call address starts a phone call, so nothing here could send one. The connector hands out no connection,
and without one aiohttp has nothing to write a request to; what it is asked to connect for is the bare host, without the
address of calls, and no key is known here. The way is the gateway's: the same proxies, the same trusted authorities. Through a
proxy the connection is asked of the proxy (CONNECT), as for a call.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from aiohttp.tracing import Trace

from campaign.adapters.gateway.faults import fault_of
from campaign.core.endpoint import is_loopback
from campaign.core.outcome import Fault


@dataclass(frozen=True, slots=True)
class Reached:
    """A connection that was made. `tls` is its protocol ("" if it is not encrypted), `valid_until` the end of the server's
    certificate, `proxy` the host and port that stand between ("" if none does)."""

    tls: str = ""
    valid_until: datetime | None = None
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Unreached:
    """No connection was made, and what is known of why."""

    fault: Fault
    detail: str


async def reach(endpoint: str, within: float) -> Reached | Unreached:
    """Connect to the endpoint's host, shake hands, and leave. `within` is in seconds. Sends no request."""
    parts = urlsplit(endpoint)
    session = aiohttp.ClientSession(
        connector=_OnlyConnects(limit=1, force_close=True),
        timeout=aiohttp.ClientTimeout(total=within),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=not is_loopback(parts.hostname or ""),
    )
    async with session:
        try:
            await session.head(urlunsplit((parts.scheme, parts.netloc, "/", "", "")), allow_redirects=False)
        except _Connected as made:
            return made.reached
        except Exception as error:
            return Unreached(*fault_of(error))
    raise AssertionError("a connector without connections cannot carry a request")


class _Connected(Exception):
    def __init__(self, reached: Reached) -> None:
        super().__init__()
        self.reached = reached


class _OnlyConnects(aiohttp.TCPConnector):
    """Makes a connection as any connector does, and takes it down in place of handing it out."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own signature
    ) -> NoReturn:
        """Connect, and raise `_Connected`, or what any connector raises."""
        connection = await super().connect(req, traces, timeout)
        try:
            transport = connection.transport
            secured = transport.get_extra_info("ssl_object") if transport is not None else None
            proxy = f"{req.proxy.host}:{req.proxy.port}" if req.proxy is not None else ""  # never its name and password
        finally:
            connection.close()
        if not isinstance(secured, ssl.SSLObject):
            raise _Connected(Reached(proxy=proxy))
        ends = (secured.getpeercert() or {}).get("notAfter")
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
        raise _Connected(Reached(secured.version() or "TLS", until, proxy))
