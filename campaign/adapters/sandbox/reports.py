"""The vendor's report addresses: the calls that were really started, as its webhooks describe them.

How a report is laid out is not documented. The parameters are; the rest is the likeliest guess (see BRIGHTCALL.md): a page
of calls under `data`, newest first.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from datetime import date
from typing import Any

from aiohttp import web

from campaign.adapters.sandbox.endpoint import call_id
from campaign.adapters.sandbox.ledger import Arrival, Ledger
from campaign.adapters.sandbox.settings import SandboxSettings

PATHS = ("/api/v2/calls/payload-data-list", "/api/v1/calls/list")
_KEY = "api-key"
_DISPOSITIONS = (*["answered"] * 6, *["no_answer"] * 3, "missed")  # in turn: as the webhooks name them
_PAGE, _PAGE_MOST = 20, 500  # the vendor's default and most


def routes(settings: SandboxSettings, ledger: Ledger) -> list[web.RouteDef]:
    """Both addresses; the account's key may stand in a header or in the query."""

    async def answer(request: web.Request) -> web.Response:
        given = request.headers.get(_KEY) or request.query.get(_KEY)
        if given != settings.account_key:
            return _refused(401, "the account's API key is missing or wrong")
        try:
            calls = _asked_for(request.query, ledger)
        except ValueError as error:
            return _refused(422, str(error))
        return web.json_response({"success": True, "data": calls})

    return [web.get(path, answer, allow_head=False) for path in PATHS]


def _asked_for(query: MappingOf[str, str], ledger: Ledger) -> list[dict[str, Any]]:
    """One page. Raises `ValueError` that names the parameter which is wrong."""
    size = min(_number(query, "max_calls", _PAGE), _PAGE_MOST)
    page = _number(query, "page", 1)
    since, until = _day(query, "date_from"), _day(query, "date_to")
    wanted = [
        arrival
        for arrival in reversed(ledger.arrivals)
        if arrival.started and since <= date.fromisoformat(arrival.time[:10]) <= until and _matches(arrival, query)
    ]
    return [_call(arrival) for arrival in wanted[(page - 1) * size : page * size]]


def _matches(arrival: Arrival, query: MappingOf[str, str]) -> bool:
    lead, sought = query.get("filter_lead_number", ""), query.get("search_string", "")
    texts = (arrival.person, *map(str, _custom(arrival).values()))
    return (not lead or lead.lstrip("+ ") in arrival.person) and (not sought or any(sought in text for text in texts))


def _call(arrival: Arrival) -> dict[str, Any]:
    return {
        "type": "end_call",
        "call_id": call_id(arrival.number),
        "called_lead_phone": arrival.person,
        "call_status": _DISPOSITIONS[arrival.number % len(_DISPOSITIONS)],
        "time_started_iso_string": arrival.time,
        "lead": {"lead_phone": arrival.person, "custom_params": _custom(arrival)},
        "agent": None,
    }


def _custom(arrival: Arrival) -> dict[str, Any]:
    return {name: value for name, value in arrival.payload.items() if name.startswith("lc_param_")}


def _number(query: MappingOf[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        raise ValueError(f"{name} must be a number from 1 on")
    return int(text)


def _day(query: MappingOf[str, str], name: str) -> date:
    try:
        return date.fromisoformat(query.get(name, ""))
    except ValueError:
        raise ValueError(f"{name} must be a day, such as 2026-11-25") from None


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"success": False, "message": message}, status=status)
