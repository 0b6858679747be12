"""One call to the operator's own phone, with what the first lead of a list would be sent."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.gateway import HttpGateway
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.pool import open_gateway, success_rule
from campaign.assembly.prepare import Plan
from campaign.core.cells.phone import PhoneReader
from campaign.core.errors import UsageError
from campaign.core.keys import Keys
from campaign.core.lead import ROW_ID_FIELD, CallRequest, Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict, judge


async def send_test(home: Path, plan: Plan, endpoint: str, keys: Keys, number: str) -> tuple[int, Verdict, Exchange]:
    """Send the first sendable row's payload to the operator's own phone instead of the lead's, and nothing else.

    Returns the row number, the verdict and what was observed. Raises `UsageError` if the number is none, or no row can be sent.
    """
    phone = own_phone(number)
    row, request = _first_sendable(home, plan)
    delivery = plan.mapping.delivery
    gateway: HttpGateway
    async with open_gateway(endpoint, keys, delivery, 1) as gateway:
        exchange = await gateway.send(as_test(request, phone))
    return row, judge(exchange, success_rule(delivery)), exchange


def _first_sendable(home: Path, plan: Plan) -> tuple[int, CallRequest]:
    now = SystemClock().now()
    with closing(OwnList(Workspace(home).suppressions_path)) as own_list:
        plan.screening.heed(own_list)
        for row in plan.source.rows():
            judgement = plan.screening.judge(plan.reader.read(row), now, {})
            if judgement.request is not None and judgement.state in (State.PENDING, State.DEFERRED):
                return row.number, judgement.request
    raise UsageError(
        "No row of the list can be sent, so there is nothing to test with.", "campaign validate tells why."
    )


def own_phone(number: str) -> Phone:
    """The operator's phone. Raises `UsageError` unless it is a whole international number."""
    reading = PhoneReader("--test-number", "").read(number)
    if not reading.phones:
        why = f" ({reading.problems[0].message})" if reading.problems else ""
        raise UsageError(
            f"'{number}' is no phone number{why}.", "Write it with + and country code, such as +12025550123."
        )
    return reading.phones[0]


def as_test(request: CallRequest, phone: Phone) -> dict[str, str]:
    """A lead's payload with the lead's numbers replaced: nobody but the operator is called."""
    payload = dict(request.without_second().payload)
    return {
        **payload,
        "lc_number": phone.e164,
        "country": phone.region or payload.get("country", ""),
        ROW_ID_FIELD: "test",
    }
