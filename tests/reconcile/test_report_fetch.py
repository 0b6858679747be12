"""Call reports over HTTP: all pages or an error, and never the key in what a person is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from people import number
from wire import Answer, Wire, http, resets, says

from campaign.adapters.reports import fetch
from campaign.adapters.sandbox import Arrival, Sandbox
from campaign.core.endpoint import ReportsAddress, reports_url
from campaign.core.errors import ReportError
from campaign.core.pacing.backoff import Backoff
from campaign.core.report import CallReader, ReportedCall

TODAY = datetime.now(UTC).date()
KEY = "account-s3cret"


READER = CallReader([], datetime.now(UTC) + timedelta(days=1))
SOON = Backoff(attempts=3, base=0.001, cap=0.001)


def arrived(server: Sandbox, calls: int) -> None:
    """So many calls were started at the sandbox."""
    for n in range(1, calls + 1):
        server.ledger.add(
            Arrival(
                number=server.ledger.next_number(),
                time=datetime.now(UTC).isoformat().replace("+00:00", "Z"),
                method="POST",
                person=number(n),
                numbers=(number(n),),
                row_id=f"20260701-k7qd-{n}",
                fault="",
                status=200,
                started=n % 10 != 0,
                payload={"lc_param_row_id": f"20260701-k7qd-{n}"},
            )
        )


@pytest.mark.parametrize("path", ["/api/v2/calls/payload-data-list", "/api/v1/calls/list"])
@pytest.mark.parametrize("key_in", ["header", "query"])
async def test_all_pages_are_read(path: str, key_in: Literal["header", "query"]) -> None:
    """From either address, with the key in either place: every call that was started, once."""
    async with Sandbox() as server:
        arrived(server, 1250)
        address = ReportsAddress(f"{server.base_url}{path}", key_in)
        fetched = await fetch(address, "sandbox-account", TODAY, TODAY, READER)
    rows = [row for call in fetched for _, row in call.rows]
    assert sorted(rows) == [n for n in range(1, 1251) if n % 10]
    assert all(call.first and call.call_id for call in fetched)


async def test_only_the_days_that_were_asked_for() -> None:
    """The report begins and ends as asked."""
    async with Sandbox() as server:
        arrived(server, 5)
        address = ReportsAddress(reports_url(server.url))
        assert (await fetch(address, "sandbox-account", date(2020, 1, 1), date(2020, 1, 2), READER)) == []


def pages(*bodies: object) -> Answer:
    """Answers one after another."""
    answers: Iterator[object] = iter(bodies)

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        given: Any = next(answers)
        await (given if callable(given) else http(200, json.dumps(given)))(request, writer)

    return answer


async def fetched_from(
    answer: Answer, key_in: Literal["header", "query"] = "query"
) -> tuple[list[ReportedCall], list[bytes]]:
    """What is fetched from a server that answers so, and what it was asked."""
    async with Wire(answer) as wire:
        address = ReportsAddress(f"http://127.0.0.1:{wire.port}/calls", key_in)
        return await fetch(address, KEY, TODAY, TODAY, READER, SOON), wire.requests


async def test_pages_that_are_shorter_than_asked_are_not_taken_for_the_end() -> None:
    """The address may give fewer at a time: only an empty page is the end."""
    fetched, asked = await fetched_from(pages([{"call_id": "1"}], [{"call_id": "2"}], []))
    assert [call.call_id for call in fetched] == ["1", "2"]
    assert [b"page=%d" % page in request for page, request in enumerate(asked, 1)] == [True] * 3


async def test_an_address_that_ignores_the_page_comes_to_an_end() -> None:
    """The same calls again, though their links are signed anew: no more can be had."""
    first, again = ([{"call_id": "1", "recording_link": f"https://x/{sign}"}] for sign in "ab")
    fetched, asked = await fetched_from(pages(first, again))
    assert len(fetched) == 1
    assert len(asked) == 2


async def test_what_fails_in_passing_is_asked_for_again() -> None:
    """Reading starts no call."""
    fetched, asked = await fetched_from(pages(http(503), resets, [{"call_id": "1"}], []))
    assert len(fetched) == 1
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http(401, '{"message": "no"}'), "refused the key"),
        (http(403), "not the widget's"),
        (http(404), "--reports"),
        (http(302, headers="Location: /elsewhere\r\n"), "no call reports at"),
        (http(500), "gives no report now"),
        (http(200, "<html>"), "no list of calls"),
        (http(200, '{"success": false, "error": "bad key account-s3cret"}'), "gives no report"),
        (http(200, '{"ok": true}'), "no list of calls"),
        (says(b"rubbish\r\n\r\n"), "can't be fetched"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]"), "can't be fetched"),
        (resets, "can't be fetched"),
    ],
)
@pytest.mark.parametrize("key_in", ["header", "query"])
async def test_a_report_that_can_t_be_had_is_an_error_never_an_empty_one(
    answer: Answer, said: str, key_in: Literal["header", "query"]
) -> None:
    """With the cure, and without the key: neither in words nor in the address."""
    with pytest.raises(ReportError) as refused:
        await fetched_from(answer, key_in)
    assert said in str(refused.value)
    assert "--from" in refused.value.cure
    assert "account-s3cret" not in str(refused.value)
