"""The result as a workbook: the rows on `Results`, then `Summary` and `Mapping`, written in bounded memory.

openpyxl's write-only sheets stream rows to a temporary file; what must stand before the rows (widths, frozen panes) is
taken from a sample of them, and what depends on their number (filter, colours) stands after them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from campaign.adapters.results import look
from campaign.adapters.results.column_width import WIDEST, fit
from campaign.adapters.results.layout import REASON, STATUS, laid_out
from campaign.adapters.results.place import written_beside
from campaign.adapters.results.saving import saved
from campaign.adapters.results.summary import add_mapping, add_summary
from campaign.adapters.results.workbook_cells import Brush
from campaign.core.cells.cell import Cell
from campaign.core.errors import OutputError
from campaign.core.result import CALL_COLUMNS, RESULT_SHEETS, CampaignFacts, ResultRow, result_header

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS_PER_SHEET = 1_048_575
"""Rows that a sheet has below its header ("Excel specifications and limits")."""
MOST_COLUMNS = 16_384
_TITLE = RESULT_SHEETS[0]
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class WorkbookWriter:
    """Writes one result as a workbook. Rows beyond `rows_per_sheet` go on on a further sheet with the header again."""

    path: Path
    force: bool
    rows_per_sheet: int = ROWS_PER_SHEET

    def write(self, facts: CampaignFacts, rows: Iterable[ResultRow]) -> None:
        """Write all sheets. Raises `OutputError`."""
        width = len(facts.header)
        if width + len(CALL_COLUMNS) > MOST_COLUMNS:
            raise OutputError(
                f"{self.path}: a workbook has {MOST_COLUMNS:,} columns; the list has {width:,}, ours come on top.",
                "Write the result as .csv.",
            )
        with written_beside(self.path, force=self.force, campaign=facts.campaign) as fresh, saved(fresh) as book:
            book.properties.creator = "campaign"
            book.properties.title = facts.campaign
            header = result_header(facts.header)
            remaining = (laid_out(row, width) for row in rows)
            for number in itertools.count(1):
                sample = list(itertools.islice(remaining, min(_SAMPLE, self.rows_per_sheet)))
                if number > 1 and not sample:
                    break
                more = itertools.islice(remaining, self.rows_per_sheet - len(sample))
                sheet = book.create_sheet(_TITLE if number == 1 else f"{_TITLE} {number}")
                _write_rows(sheet, header, sample, more)
            add_summary(book, facts, self.path.name)
            add_mapping(book, facts)


def _write_rows(
    sheet: Worksheet, header: tuple[str, ...], sample: list[tuple[Cell, ...]], more: Iterable[tuple[Cell, ...]]
) -> None:
    width = len(header) - len(CALL_COLUMNS)
    _set_up_columns(sheet, header, sample)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    look.set_up_page(sheet)
    sheet.row_dimensions[1].height = 22
    sheet.append([look.heading(sheet, name, look.OURS if n >= width else look.THEIRS) for n, name in enumerate(header)])
    brush, count = Brush(sheet), 0
    for count, cells in enumerate(itertools.chain(sample, more), 1):  # noqa: B007 - counted for what stands below
        sheet.append(brush.row(cells))  # type: ignore[arg-type]  # the stub wants the concrete type of a generator
    last = count + 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{last}"
    status = get_column_letter(width + STATUS + 1)
    look.colour_statuses(sheet, status, last, look.COLOURS)


def _set_up_columns(sheet: Worksheet, header: tuple[str, ...], sample: list[tuple[Cell, ...]]) -> None:
    reason = len(header) - len(CALL_COLUMNS) + REASON
    for n, name in enumerate(header):
        fit(sheet.column_dimensions[get_column_letter(n + 1)], name, [row[n] for row in sample])
    sheet.column_dimensions[get_column_letter(reason + 1)].width = WIDEST
