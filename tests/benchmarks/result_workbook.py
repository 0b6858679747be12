"""Writing the result workbook of 200,000 rows, against openpyxl's write-only sheet with the same cells, styles, widths, filter,
colours and chart.

    python tests/benchmarks/result_workbook.py [ROWS [RUNS]]

What a profile found: openpyxl spends its time in an object for every cell and an XML element for every value, of which
nothing remains when the rows are written as text (1.1 s instead of 12 s of processor for 50,000 rows). The rest was a third
compression: level 3 takes a third of the time of zlib's usual 6 and makes a file 7% larger. What is left is the text of the
cells, nearly all of it short and printable, which is therefore asked about first.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from measure import RUNS, Measured, in_turns, processor_seconds, share_of
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from campaign.adapters.results.first_rows import FirstRows
from campaign.adapters.results.layout import REASON, STATUS, laid_out
from campaign.adapters.results.sheets import look
from campaign.adapters.results.summary import add_mapping, add_summary
from campaign.adapters.results.workbook import WorkbookWriter
from campaign.core.lifecycle import State
from campaign.core.result import CampaignFacts, ResultRow, result_header
from campaign.core.timeline import stretch_of, stretch_width, timeline

ROWS, TARGET = share_of(200_000), 0.35
HEADER = ("First Name", "Last Name", "Phone", "Email", "Country", "Company", "Opt In")
FIRST = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REASON_TEXT = "Sent, but no answer came in time (10 s). The person may have been called."


def lines(rows: int = ROWS, runs: int = RUNS) -> list[Measured]:
    """The line of the table."""
    facts = facts_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.xlsx"
        ratios, note = in_turns(
            lambda: processor_seconds(lambda: WorkbookWriter(path, force=True).write(facts, made(rows))),
            lambda: processor_seconds(lambda: by_openpyxl(path, facts, made(rows))),
            runs,
        )
    what = f"result workbook of {rows:,} rows, plain cells"
    return [Measured(what, "openpyxl write-only of the same cells", TARGET, ratios, note=f"{note} of processor")]


def made(rows: int) -> Iterator[ResultRow]:
    """Rows with 16 columns, one in a hundred unknown."""
    for n in range(2, rows + 2):
        unknown = n % 100 == 0
        phone = f"+1202555{n % 10_000:04d}"
        own = f"Ana {n}", "Lindqvist", phone, f"ana.{n}@example.com", "US", "Example & Sons", "yes"
        state, reason = (State.UNKNOWN, REASON_TEXT) if unknown else (State.ACCEPTED, "")
        answer = "" if unknown else '{"status":"ok"}'
        yield ResultRow(
            n, own, state, reason, phone, 1, None if unknown else 200, answer, FIRST, None, f"20261123-k7f2-{n}", reason
        )


def facts_of(rows: int) -> CampaignFacts:
    """The facts of those rows, sent at 50 a second."""
    last = FIRST + timedelta(seconds=rows / 50)
    width = stretch_width(FIRST, last)
    stretches = range(stretch_of(FIRST, width), stretch_of(last, width) + 1)
    return CampaignFacts(
        campaign="20261123-k7f2",
        list_name="leads.xlsx",
        sheet="Leads",
        header=HEADER,
        counts={State.ACCEPTED: rows - rows // 100, State.UNKNOWN: rows // 100},
        reasons=[(State.UNKNOWN, REASON_TEXT, rows // 100)],
        created_at=FIRST,
        first_submitted_at=FIRST,
        last_submitted_at=last,
        endpoint="https://calls.example/api",
        mapping_name="mapping.yaml",
        mapping_text="version: 1\nfields: {lc_number: Phone}\n",
        halted="",
        timeline=timeline(width, ((n, State.ACCEPTED, rows // len(stretches)) for n in stretches)),
    )


def by_openpyxl(path: Path, facts: CampaignFacts, rows: Iterator[ResultRow]) -> None:
    """The same with openpyxl alone, used as sparingly as it can be: one cell object for all cells of a look."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Results")
    header = result_header(facts.header)
    for letter in look.letters(len(header)):
        sheet.column_dimensions[letter].width = 20
    sheet.freeze_panes = "A2"
    look.set_up_page(sheet)
    sheet.append([look.heading(sheet, name, look.THEIRS) for name in header])
    looks = [look.TOP] * len(facts.header) + [look.INSET] * (len(header) - len(facts.header))
    looks[len(facts.header) + REASON] = look.INSET_WRAPPED
    cells = []
    for alignment in looks:
        cell = WriteOnlyCell(sheet)
        cell.alignment = alignment
        if alignment is look.TOP or alignment is look.INSET:
            cell.number_format = "@"
        cells.append(cell)
    count = 0
    for row in rows:
        count += 1
        written: list[Any] = []
        value: Any
        for cell, value in zip(cells, laid_out(row, len(facts.header)), strict=True):
            if value is not None:
                cell.value = value
            written.append(None if value is None else cell)
        sheet.append(written)
    sheet.auto_filter.ref = f"A1:{look.letters(len(header))[-1]}{count + 1}"
    look.colour_statuses(sheet, look.letters(len(header))[len(facts.header) + STATUS], count + 1, look.COLOURS)
    add_summary(book.create_sheet("Summary"), facts, path.name, FirstRows(()))
    add_mapping(book.create_sheet("Mapping"), facts)
    book.save(path)


if __name__ == "__main__":
    for line in lines(*map(int, sys.argv[1:])):
        print(f"{line.what}: {line.median:.2f} of {line.bare}, at most {line.target} wanted ({line.note})")  # noqa: T201
