"""validate: the plan is judged as `run` would judge it, and the findings and payloads go to files if asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.results.report.writer import new_text_file, report_writer
from campaign.adapters.row_reading import ReadingProcesses
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.bounds import by_call, outlook_of, spread_by_caps
from campaign.assembly.lookup import look_into
from campaign.assembly.prepare import Plan
from campaign.core.mapping.suggestions import Suggestions
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
