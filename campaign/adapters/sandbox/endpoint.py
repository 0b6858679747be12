"""The vendor's address that starts calls, `add_call_api`: it checks, keeps and answers, well or badly."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping as MappingOf
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from aiohttp import web

from campaign.adapters.sandbox.faults import Fault, FaultPlan, Kind
from campaign.adapters.sandbox.ledger import Arrival, Ledger
from campaign.adapters.sandbox.rules import Refusal, check, numbers_called, redacted
from campaign.adapters.sandbox.settings import SandboxSettings
from campaign.core.lead import ROW_ID_FIELD

PATH = "/rest/v1/ext/add_call_api/"
_RETRY_DATE_AHEAD = timedelta(seconds=3)
_NO_HTTP = b"\x15\x03 this is no HTTP \xff\r\n\r\n"
# The JSON is whole: only the length tells that the answer was cut, so a client that does not look is found out.
_CUT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n"


def routes(settings: SandboxSettings, ledger: Ledger) -> list[web.RouteDef]:
    """The endpoint, with and without its last slash, for POST and GET."""
    add_call = _AddCall(settings, ledger).answer
    paths = (PATH, PATH.rstrip("/"))
    return [
        *(web.post(path, add_call) for path in paths),
        *(web.get(path, add_call, allow_head=False) for path in paths),
    ]


class _AddCall:
    def __init__(self, settings: SandboxSettings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._plan = FaultPlan(settings.faults, settings.seed)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one arrival. It is kept once it is known what becomes of it, before anything goes out."""
        number = self._ledger.next_number()
        fault = self._plan.fault_for(number)
        if fault is not None and fault.kind is Kind.DROP_BEFORE:
            # The query came with the request line; of a body nothing is looked at.
            self._keep(request, number, _single(request) if request.method == "GET" else {}, None, False, fault)
            return _aborted(request)
        try:
            read = await _read(request)
        except (OSError, asyncio.CancelledError):
            self._keep(request, number, {}, None, False)
            raise
        params, refusal = ({}, read) if isinstance(read, Refusal) else (read, self._check(read))
        if refusal is not None:
            # A request that is no good is refused as such, whatever fault its number would have met.
            self._keep(request, number, params, refusal.status, False)
            await self._wait(number)
            return _refused(refusal.status, refusal.message)
        if fault is None:
            self._keep(request, number, params, 200, True)
            await self._wait(number)
            return _taken(number)
        self._keep(request, number, params, fault.status, fault.starts_call, fault)
        if fault.kind is Kind.HANG:
            # Ends by cancellation alone: the client left, or the server stops.
            await asyncio.get_running_loop().create_future()
        await self._wait(number, fault.seconds)
        return _misbehave(request, number, fault)

    def _check(self, params: MappingOf[str, object]) -> Refusal | None:
        return check(params, self._settings.widget_key, self._settings.api_key)

    def _keep(
        self,
        request: web.Request,
        number: int,
        params: MappingOf[str, object],
        status: int | None,
        started: bool,
        fault: Fault | None = None,
    ) -> None:
        payload = redacted(params)
        self._ledger.add(
            Arrival(
                number=number,
                time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                method=request.method,
                person=str(payload.get("lc_number", "")),
                numbers=numbers_called(params),
                row_id=str(payload.get(ROW_ID_FIELD, "")),
                fault=fault.name if fault else "",
                status=status,
                started=started,
                payload=payload,
            )
        )

    async def _wait(self, number: int, more: float = 0) -> None:
        seconds = self._settings.latency + more
        if self._settings.jitter:
            seconds += self._settings.jitter * self._plan.draw("jitter", number)
        if seconds:
            await asyncio.sleep(seconds)


async def _read(request: web.Request) -> MappingOf[str, object] | Refusal:
    """The parameters of a request, or why they can't be read. Raises `OSError` where the client left meanwhile."""
    if request.method == "GET":
        if len(request.query) != len(set(request.query)):
            return Refusal(400, "a parameter stands twice in the query")
        return _single(request)
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return Refusal(413, "the body is too large")
    except web.RequestPayloadError:
        return Refusal(400, "the body can't be decoded")
    if request.content_type != "application/json":
        return Refusal(415, "the Content-Type must be application/json")
    try:
        # RecursionError: a body nested without end. The record must stay JSON, so no NaN and no infinity.
        params = json.loads(body, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return Refusal(400, "the body is not JSON")
    return params if isinstance(params, dict) else Refusal(400, "the body must be a JSON object")


def _single(request: web.Request) -> dict[str, object]:
    return dict(request.query)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not JSON")
    return value


def _taken(number: int) -> web.Response:
    return web.json_response({"success": True, "call_id": call_id(number)})


def _refused(status: int, message: str, headers: MappingOf[str, str] | None = None) -> web.Response:
    try:
        error = HTTPStatus(status).phrase
    except ValueError:
        error = f"Status {status}"
    return web.json_response({"success": False, "error": error, "message": message}, status=status, headers=headers)


def call_id(number: int) -> str:
    """The call that an arrival started: named by its number, so that an answer can be found in the ledger."""
    return f"sbx-{number:06d}"


def _misbehave(request: web.Request, number: int, fault: Fault) -> web.Response:
    match fault.kind:
        case Kind.STATUS:
            return _refused(int(fault.name), "the sandbox was asked to answer so", _retry_after(fault))
        case Kind.REDIRECT:
            # Back to the endpoint: a client that follows is seen to call twice.
            assert fault.status is not None
            return web.Response(status=fault.status, headers={"Location": str(request.url.origin().with_path(PATH))})
        case Kind.REFUSE:
            return _refused(200, "the sandbox was asked to refuse this lead")
        case Kind.NOT_JSON:
            return web.Response(text="OK", content_type="text/html")
        case Kind.MALFORMED:
            return _raw(request, _NO_HTTP)
        case Kind.CUT:
            body = json.dumps({"success": True, "call_id": call_id(number)}).encode()
            return _raw(request, _CUT + body)
        case Kind.DROP_AFTER:
            return _aborted(request)
        case _:
            return _taken(number)


def _retry_after(fault: Fault) -> dict[str, str]:
    if fault.retry_after == "date":
        return {"Retry-After": format_datetime(datetime.now(UTC) + _RETRY_DATE_AHEAD, usegmt=True)}
    return {"Retry-After": fault.retry_after} if fault.retry_after else {}


def _raw(request: web.Request, answer: bytes) -> web.Response:
    """Write `answer` past aiohttp and end the connection. What is returned finds it closed and goes nowhere."""
    if request.transport is not None:
        request.transport.write(answer)
        request.transport.close()
    return web.Response()


def _aborted(request: web.Request) -> web.Response:
    """Break the connection off without a byte of answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
