"""The way to Brightcall: one `send` is at most one request on the wire, and tells what was observed of it.

What makes that true with aiohttp 3.14: redirects are never followed; trace hooks tell whether a connection was in hand,
which no exception does, and stop the silent repetition of a dropped GET; no connection serves twice, so that an answer is
the answer to this request.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from campaign.adapters.connection_faults import SentAlready, fault_of
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
        connector = aiohttp.TCPConnector(limit=self._concurrency, force_close=True)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            trace_configs=[_connection_watch()],
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
        async with self._session.request(
            self._method, self._endpoint, allow_redirects=False, trace_request_ctx=evidence, **how
        ) as response:
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


def _connection_watch() -> aiohttp.TraceConfig:
    # Every request needs a connection of its own, so one that is sent again asks for a second. A middleware would see it
    # too, at ten times the cost.
    async def asked_for(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        if context.trace_request_ctx.asked_for:
            raise SentAlready
        context.trace_request_ctx.asked_for = True

    async def in_hand(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.trace_request_ctx.connected = True

    watch = aiohttp.TraceConfig()
    watch.on_connection_create_start.append(asked_for)
    watch.on_connection_create_end.append(in_hand)
    watch.on_connection_reuseconn.append(asked_for)
    watch.on_connection_reuseconn.append(in_hand)
    return watch
