"""Rows and facts from which the tests of the result files are built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from campaign.adapters.results import result_writer
from campaign.core.cells.cell import Cell
from campaign.core.lifecycle import State
from campaign.core.result import CampaignFacts, ResultRow

SENT_AT = datetime(2026, 11, 23, 10, 15, 4, tzinfo=UTC)
MAPPING = 'version: 1\nfields:\n  lc_number: Phone\n  lc_param_name: {template: "{First Name}"}\n'


def a_row(*cells: Cell, number: int = 2, state: State = State.ACCEPTED, reason: str = "") -> ResultRow:
    """A row that was sent once."""
    return ResultRow(
        number=number,
        cells=cells,
        state=state,
        reason=reason,
        phone="+12025550123",
        attempts=1,
        http_status=200,
        response='{"status": "ok"}',
        submitted_at=SENT_AT,
        next_allowed=None,
        row_id=f"row-{number}",
        cause=reason,
    )


def facts_of(rows: Sequence[ResultRow], header: tuple[str, ...] = ("Name", "Phone")) -> CampaignFacts:
    """The facts that belong to `rows`."""
    reasons = Counter((row.state, row.reason) for row in rows if row.reason)
    return CampaignFacts(
        campaign="spring-7f3a",
        list_name="leads.xlsx",
        sheet="Leads",
        header=header,
        counts=Counter(row.state for row in rows),
        reasons=[(state, reason, count) for (state, reason), count in reasons.most_common()],
        created_at=SENT_AT,
        first_submitted_at=SENT_AT if rows else None,
        last_submitted_at=SENT_AT.replace(hour=12) if rows else None,
        endpoint="https://calls.example/api",
        mapping_name="spring.yaml",
        mapping_text=MAPPING,
        halted="",
    )


def written(path: Path, rows: Sequence[ResultRow], header: tuple[str, ...] = ("Name", "Phone"), **facts: Any) -> Any:
    """The workbook of `rows`, written and loaded again; `facts` are those that are not the usual ones."""
    result_writer(path, force=True).write(replace(facts_of(rows, header), **facts), iter(rows))
    return load_workbook(path)
