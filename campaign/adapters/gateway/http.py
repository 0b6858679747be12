"""The way to Brightcall: one `send` is at most one request on the wire, and tells what was observed of it.

What makes that true with aiohttp 3.14: redirects are never followed; the connector tells whether a connection was in hand,
which no exception does, and gives no request a second one, so that aiohttp can't repeat a dropped GET by itself; no
connection serves twice, so that an answer is the answer to this request.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping as MappingOf
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp.tracing import Trace

from campaign.adapters.gateway.faults import SentAlready, fault_of
from campaign.core.endpoint import is_loopback
from campaign.core.keys import Keys, Redaction
from campaign.core.outcome import Exchange, Fault
from campaign.ports import Abandoned

_MOST_BODY = 256 * 1024  # bytes of an answer that are read; a longer one is not understood


@dataclass(slots=True)
class _Evidence:
    """What is known so far of one request."""

    asked_for: bool = False
    connected: bool = False
    status: int | None = None
    headers: MappingOf[str, str] | None = None
    body: bytes = b""
    complete: bool = False


_of_this_request: ContextVar[_Evidence] = ContextVar("evidence")


class _Witness(aiohttp.TCPConnector):
    """Notes in the evidence of a request that it has a connection; before that, nothing of it can be on the wire.

    aiohttp's trace hooks and its middlewares would tell the same at ten times the cost.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own name for it
    ) -> aiohttp.connector.Connection:
        """A connection, once. Raises `SentAlready` when the request asks for a second, that is, would be sent again."""
        evidence = _of_this_request.get()
        if evidence.asked_for:
            raise SentAlready
        evidence.asked_for = True
        connection = await super().connect(req, traces, timeout)
        evidence.connected = True
        return connection


class HttpGateway:
    """Sends payloads to the endpoint, over no more than `concurrency` connections at a time. Use as an async context manager."""

    def __init__(
        self,
        endpoint: str,
        keys: Keys,
        *,
        method: Literal["POST", "GET"],
        connect_timeout: float,
        read_timeout: float,
        concurrency: int,
    ) -> None:
        """Timeouts in seconds."""
        self._endpoint = endpoint
        self._keys = {"widget_key": keys.widget_key, "api_key": keys.api_key}
        self._method = method
        self._timeout = aiohttp.ClientTimeout(
            total=connect_timeout + read_timeout,
            connect=connect_timeout,
            sock_connect=connect_timeout,
            sock_read=read_timeout,
        )
        self._concurrency = concurrency
        self._redaction = Redaction(keys.widget_key, keys.api_key)

    async def __aenter__(self) -> HttpGateway:
        # Every request gets a connection of its own. On a kept one aiohttp takes for the answer what the server said
        # unasked since the last: a stale 429 would have a call repeated that was started. And a kept one that the
        # server has just closed would make the request ambiguous.
        connector = _Witness(limit=self._concurrency, force_close=True)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=not is_loopback(urlsplit(self._endpoint).hostname or ""),
            headers={"Accept": "application/json", "User-Agent": "campaign"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def send(self, payload: MappingOf[str, str]) -> Exchange:
        """Send one payload with the keys. Raises nothing but `Abandoned`, when it is cancelled."""
        evidence = _Evidence()
        _of_this_request.set(evidence)
        try:
            await self._exchange({**self._keys, **payload}, evidence)
        except asyncio.CancelledError:
            raise Abandoned(self._observed(evidence, Fault.CANCELLED, "")) from None
        except Exception as error:
            fault, detail = fault_of(error)
            return self._observed(evidence, fault, detail)
        return self._observed(evidence, None, "")

    async def _exchange(self, fields: dict[str, str], evidence: _Evidence) -> None:
        how: dict[str, Any] = (
            {"params": fields}
            if self._method == "GET"
            else {
                "data": json.dumps(fields, ensure_ascii=False).encode(),
                "headers": {"Content-Type": "application/json"},
            }
        )
        async with self._session.request(self._method, self._endpoint, allow_redirects=False, **how) as response:
            evidence.status, evidence.headers = response.status, response.headers
            while len(evidence.body) < _MOST_BODY:
                part = await response.content.read(_MOST_BODY - len(evidence.body))
                if not part:
                    evidence.complete = True
                    return
                evidence.body += part

    def _observed(self, evidence: _Evidence, fault: Fault | None, detail: str) -> Exchange:
        # Asked for by name, because a header may be spelt in any case.
        received = evidence.headers or {}
        headers = {
            name: self._redaction.of(received[name].encode("utf-8", "surrogateescape")).decode("utf-8", "replace")
            for name in ("Retry-After", "Date", "Location")
            if name in received
        }
        body = self._redaction.of(evidence.body)  # an answer may repeat what was sent, and it is kept for the person
        return Exchange(evidence.connected, evidence.status, headers, body, evidence.complete, fault, detail)
