"""validate: the plan is judged as `run` would judge it, and the findings and payloads go to files if asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.gateway import HttpGateway
from campaign.adapters.results.report import new_text_file, report_writer
from campaign.adapters.row_reading import ReadingProcesses
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.bounds import by_call, outlook_of, spread_by_caps
from campaign.assembly.lookup import look_into
from campaign.assembly.pool import open_gateway, success_rule
from campaign.assembly.prepare import Plan
from campaign.core.cells.phone import PhoneReader
from campaign.core.errors import UsageError
from campaign.core.keys import Keys
from campaign.core.lead import ROW_ID_FIELD, CallRequest, Phone
from campaign.core.lifecycle import State
from campaign.core.mapping.suggestions import Suggestions
from campaign.core.outcome import Exchange, Verdict, judge
from campaign.core.record import Contact, EarlierCall
from campaign.core.run import Options
from campaign.ports import Progress, ReportFacts
from campaign.usecases.validate import Validation, validate


def dry_run(
    home: Path,
    plan: Plan,
    progress: Progress,
    *,
    at: datetime | None = None,
    report: Path | None = None,
    payloads: Path | None = None,
    force: bool = False,
) -> Validation:
    """Judge every row as of `at`, else now, and send nothing. The journal is only looked at, for earlier calls.

    `report` gets every finding (.xlsx, .csv or .json), `payloads` every payload that would be sent, as JSON lines.
    """
    now = at.astimezone(UTC) if at is not None else SystemClock().now()
    recontact = plan.screening.recontact_after
    with ExitStack() as stack:
        journal = stack.enter_context(look_into(home))
        own_list = stack.enter_context(closing(OwnList(Workspace(home).suppressions_path)))
        own_list.check()
        plan.screening.heed(own_list)
        header = plan.source.header
        writer = stack.enter_context(report_writer(report, header, force=force)) if report else None
        file = stack.enter_context(new_text_file(payloads, force=force)) if payloads else None

        def find_contacts(digits: Sequence[int]) -> dict[int, Contact]:
            return (
                journal.contacts(digits, now - recontact, "") if journal is not None and recontact is not None else {}
            )

        def find_calls(digits: Sequence[int], since: datetime) -> dict[int, list[EarlierCall]]:
            return journal.calls(digits, since) if journal is not None else {}

        def on_payload(_row: int, payload: dict[str, str]) -> None:
            assert file is not None
            file.write(json.dumps(payload, ensure_ascii=False) + "\n")

        read_many = stack.enter_context(ReadingProcesses())
        suggestions = Suggestions(plan.loaded, header)
        rules = plan.reader, plan.screening, suggestions
        delivery = plan.mapping.delivery
        seen = validate(
            plan.source,
            *rules,
            find_contacts,
            find_calls,
            now,
            progress,
            writer,
            on_payload if file is not None else None,
            by_call=by_call(delivery),
            read_many=read_many,
        )
        groups = spread_by_caps(seen.ahead.groups(), delivery, now)
        seen.outlook = outlook_of(groups, seen.ahead.held(), delivery, Options(), now)
        if writer is not None:
            told = seen.counts, seen.groups, seen.suggestions, seen.skipped, plan.warnings
            writer.end(ReportFacts(seen.list_name, seen.sheet, *told))
        return seen


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
