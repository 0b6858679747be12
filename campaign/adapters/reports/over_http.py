"""Call reports over HTTP, page by page. Reading starts no call, so what fails in passing is asked for again."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping as MappingOf
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from campaign.core.endpoint import ReportsAddress, is_loopback
from campaign.core.errors import ReportError
from campaign.core.keys import Redaction
from campaign.core.outcome import said_by
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.retry_after import parse_retry_after
from campaign.core.report import CallReader, ReportedCall, calls_in
from campaign.ports import Progress

_KEY = "api-key"
_NAME = "the call reports"
_PAGE = 500  # the vendor's most
_MOST_PAGES = 20_000
_MOST_BODY = 64 << 20  # bytes of one page
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_connect=10, sock_read=60)
_AGAIN = (408, 429, 500, 502, 503, 504)
PATIENCE = Backoff(attempts=5, base=1.0, cap=20.0)
_SAVE = "Or save the report in Brightcall and name the file: campaign reconcile --from REPORT.csv"


async def fetch(
    address: ReportsAddress,
    key: str,
    since: date,
    until: date,
    reader: CallReader,
    backoff: Backoff = PATIENCE,
    progress: Progress | None = None,
) -> list[ReportedCall]:
    """All calls of these days. `key` is the account's; `progress` is told how many have come.

    Raises `ReportError`, which never shows the key.
    """
    calls: dict[ReportedCall, None] = {}
    redaction = Redaction(key)
    async with aiohttp.ClientSession(
        timeout=_TIMEOUT,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=not is_loopback(urlsplit(address.url).hostname or ""),
        headers={"Accept": "application/json", "User-Agent": "campaign"} | ({_KEY: key} if address.in_header else {}),
    ) as session:
        for page in range(1, _MOST_PAGES + 1):
            asked = {
                "date_from": since.isoformat(),
                "date_to": until.isoformat(),
                "max_calls": str(_PAGE),
                "page": str(page),
            }
            query = asked if address.in_header else {**asked, _KEY: key}
            records = _records(await _page(session, address, query, backoff, redaction), address)
            before = len(calls)
            calls.update(dict.fromkeys(map(reader.read, records)))
            if len(calls) == before:  # the end; or the address ignores the page, and gives the same again
                return list(calls)
            if progress is not None:
                progress.reading(len(calls), _NAME)
    raise ReportError(f"{address.url} has no end: {_MOST_PAGES:,} pages were read.", _SAVE)


async def _page(
    session: aiohttp.ClientSession,
    address: ReportsAddress,
    query: MappingOf[str, str],
    backoff: Backoff,
    redaction: Redaction,
) -> bytes:
    """The body of one page, asked for again where it failed in passing."""
    attempt = 0
    while True:
        attempt += 1
        try:
            async with session.get(address.url, params=query, allow_redirects=False) as response:
                body = redaction.of(await _body(response))
                if response.status == 200:
                    return body
                trouble = _refusal(response.status, body, address)
                wait = parse_retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
                again = response.status in _AGAIN
                wait = wait if response.status == 429 else 0.0
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, UnicodeError):
            raise ReportError(f"{address.url} is no usable address.", "Check --reports or CAMPAIGN_REPORTS.") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # Never the exception's own text: it may hold the address with the key.
            trouble = ReportError(
                f"The call reports can't be fetched from {address.url} ({type(error).__name__}).",
                f"Check the network and --reports. {_SAVE}",
            )
            again, wait = True, 0.0
        delay = backoff.delay(attempt, random.random) if again else None
        if delay is None:
            raise trouble
        await asyncio.sleep(max(delay, wait))


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while len(body) <= _MOST_BODY:
        part = await response.content.read(_MOST_BODY)
        if not part:
            return body
        body += part
    raise ReportError("The call report's page is too large to be read.", _SAVE)


def _records(body: bytes, address: ReportsAddress) -> list[MappingOf[str, Any]]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and answer.get("success") in (False, "false", 0):
        raise ReportError(
            f"{address.url} answered that it gives no report{_words(body)}.", f"{_other_key(address)} {_SAVE}"
        )
    records = calls_in(answer)
    if records is None:
        raise ReportError(
            f"{address.url} answered with something that is no list of calls.",
            f"Check --reports: it must be the address of the call reports. {_SAVE}",
        )
    return records


def _refusal(status: int, body: bytes, address: ReportsAddress) -> ReportError:
    said = _words(body)
    if status in (401, 402, 403):
        return ReportError(
            f"{address.url} refused the key ({status}){said}.",
            "Call reports take the account's API key (BRIGHTCALL_ACCOUNT_KEY), not the widget's. "
            f"{_other_key(address)} {_SAVE}",
        )
    if status in (404, 405, 410) or 300 <= status < 400:
        return ReportError(
            f"There are no call reports at {address.url} ({status}){said}.",
            "Name the address that Brightcall gives you with --reports or CAMPAIGN_REPORTS; known ones end in "
            f"/api/v2/calls/payload-data-list and /api/v1/calls/list. {_SAVE}",
        )
    return ReportError(f"{address.url} gives no report now ({status}){said}.", f"Try again later. {_SAVE}")


def _other_key(address: ReportsAddress) -> str:
    return f"It was sent in the {address.key_in}; try --key-in {'query' if address.in_header else 'header'}."


def _words(body: bytes) -> str:
    said = said_by(body)
    return f": {said}" if said else ""
