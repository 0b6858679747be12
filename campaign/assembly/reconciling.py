"""reconcile: a campaign's rows in doubt are settled by the vendor's call reports, fetched or saved by a person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from campaign.adapters.clock import SystemClock
from campaign.adapters.keys import load_account_key
from campaign.adapters.reports import fetch, read_json
from campaign.adapters.sources import open_source
from campaign.assembly.desk import Desk, mapping_of, open_desk
from campaign.core.cells.cell import CellFault, Formatted
from campaign.core.endpoint import ReportsAddress, check_endpoint, reports_url
from campaign.core.errors import ReportError, UsageError
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord
from campaign.core.report import CallReader, ReportedCall
from campaign.ports import Progress
from campaign.usecases.correcting.result_file import row_ids
from campaign.usecases.counting import counted
from campaign.usecases.reconcile import Reconciliation, reconcile

_MARGIN = timedelta(days=1)  # asked for on either side, because the report's days may be those of another time zone


@dataclass(frozen=True, slots=True)
class Report:
    """Where the report comes from.

    `file` is one that was saved (JSON, CSV or a workbook), made at `made_at` if that is known, and `complete` if a person
    says so. Without a file it is fetched from `url` (None: the campaign's own host), with the account's `key` (None: from
    the environment) in a header or in the query.
    """

    file: Path | None = None
    made_at: datetime | None = None
    complete: bool = False
    url: str | None = None
    key_in: Literal["header", "query"] = "header"
    key: str | None = None

    @property
    def named(self) -> bool:
        """Whether a person says where it is."""
        return self.file is not None or self.url is not None


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of it, and where the campaign's rows stand now."""

    result: Reconciliation
    counts: MappingOf[State, int]


def settle(home: Path, campaign: str | None, report: Report, progress: Progress) -> Settled:
    """Settle the unknown rows of a campaign; None is the only one that has some. What the phone did is kept of all rows.

    Where no row is in doubt a report is read only if one is named: nothing is fetched that nobody needs. The result is of
    campaign "" if no campaign has such rows.
    Raises `UsageError`; `ReportError`, `SourceError`, `KeysError` if the report can't be had: then nothing is changed.
    """
    now = SystemClock().now()
    if report.made_at is not None and report.made_at > now:
        raise UsageError("A report can't have been made in the future.", "Correct --made-at, or leave it out.")
    with open_desk(home) as desk:
        name = campaign if campaign is not None else _in_doubt(desk, report)
        if not name:
            return Settled(Reconciliation(""), {})
        record = desk.find(name)
        doubts = desk.journal.doubts(record.id)
        if not doubts and not report.named:
            return Settled(Reconciliation(record.id), desk.journal.counts(record.id))
        reader = CallReader(mapping_of(record).mapping.fields, now)
        if report.file is not None:
            calls = counted(map(reader.read, _records(report.file)), progress, report.file.name)
            result = reconcile(record.id, calls, desk.journal, made_at=report.made_at, vouched=report.complete)
        else:
            since = min((doubt.sent_at for doubt in doubts), default=record.created_at) - _MARGIN
            fetched = _fetched(record, report, since, now, reader, progress)
            # Nothing was filtered: the calls that are known show how complete the address is.
            result = reconcile(record.id, fetched, desk.journal, made_at=now, vouched=True)
        return Settled(result, desk.journal.counts(record.id))


def _in_doubt(desk: Desk, report: Report) -> str:
    """The only campaign that has rows in doubt; "" if none has and no report says anything of another."""
    campaigns = [c for c in desk.journal.campaigns() if c.counts.get(State.UNKNOWN) and c.forgotten_at is None]
    if not campaigns and report.named:
        raise UsageError(
            "No campaign has rows in doubt.",
            "Name the one whose calls stand in the report, to keep what the phone did: campaign reconcile CAMPAIGN "
            "(campaign status lists them all).",
        )
    if not campaigns:
        return ""
    if len(campaigns) > 1:
        names = "\n".join(f"  {c.id}  {c.list_name}: {c.counts[State.UNKNOWN]:,} unknown" for c in campaigns[:20])
        raise UsageError(f"Several campaigns have rows in doubt:\n{names}", "Name one: campaign reconcile CAMPAIGN.")
    return campaigns[0].id


def _records(file: Path) -> Iterator[MappingOf[str, Any]]:
    if file.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        yield from read_json(file)
        return
    first = open_source(file)
    for sheet in (None, *first.other_sheets, *first.hidden_sheets):
        source = first if sheet is None else open_source(file, sheet=sheet)
        if row_ids(source.header) is not None:
            raise ReportError(
                f"{file.name} is a result file of campaign, and no report of Brightcall's.",
                "Export the calls from Brightcall's reports, and name that file.",
            )
        for row in source.rows():
            cells = (cell.value if isinstance(cell, Formatted) else cell for cell in row.cells)
            yield {
                name: cell.shown if isinstance(cell, CellFault) else cell
                for name, cell in zip(source.header, cells, strict=False)
            }


def _fetched(
    record: CampaignRecord, report: Report, since: datetime, now: datetime, reader: CallReader, progress: Progress
) -> list[ReportedCall]:
    url = check_endpoint(
        report.url or reports_url(record.endpoint),
        "Give the whole address of the call reports with --reports or CAMPAIGN_REPORTS.",
    )
    key = report.key or load_account_key((Path.cwd(), Path(record.mapping_folder)))
    progress.note(f"Fetching the calls since {since:%Y-%m-%d} from {url} ...")
    first, last = (since - _MARGIN).date(), (now + _MARGIN).date()
    return asyncio.run(fetch(ReportsAddress(url, report.key_in), key, first, last, reader, progress=progress))
