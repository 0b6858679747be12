"""The result as a workbook: the rows on `Results`, then `Summary` and `Mapping`, written in bounded memory.

openpyxl's write-only sheets stream rows to a temporary file; what must stand before the rows (widths, frozen panes) is
taken from a sample of them, and what depends on their number (filter, colours) stands after them.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from campaign.adapters.results import look
from campaign.adapters.results.layout import REASON, STATUS, laid_out
from campaign.adapters.results.place import written_beside
from campaign.adapters.results.summary import add_mapping, add_summary
from campaign.adapters.results.workbook_cells import Brush, is_mistakable, plain_text
from campaign.core.cells.cell import Cell, shown
from campaign.core.errors import OutputError
from campaign.core.result import CALL_COLUMNS, CampaignFacts, ResultRow, result_header

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS_PER_SHEET = 1_048_575
"""Rows that a sheet has below its header ("Excel specifications and limits")."""
MOST_COLUMNS = 16_384
_SAMPLE = 200
_NARROWEST, _WIDEST = 8, 60


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
        with written_beside(self.path, force=self.force, campaign=facts.campaign) as fresh, _saved(fresh) as book:
            book.properties.creator = "campaign"
            book.properties.title = facts.campaign
            header = result_header(facts.header)
            remaining = (laid_out(row, width) for row in rows)
            for number in itertools.count(1):
                sample = list(itertools.islice(remaining, min(_SAMPLE, self.rows_per_sheet)))
                if number > 1 and not sample:
                    break
                more = itertools.islice(remaining, self.rows_per_sheet - len(sample))
                sheet = book.create_sheet("Results" if number == 1 else f"Results {number}")
                _write_rows(sheet, header, sample, more)
            add_summary(book, facts, self.path.name)
            add_mapping(book, facts)


@contextlib.contextmanager
def _saved(path: Path) -> Iterator[Workbook]:
    """A write-only workbook that is saved to `path` at the end; its temporary files never outlive the block."""
    book = Workbook(write_only=True)
    try:
        yield book
        # Not `Workbook.save`, which leaves its archive open when the disk is full.
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).write_data()
    except BaseException:
        for sheet in book.worksheets:
            _discard(sheet)
        raise


def _discard(sheet: Any) -> None:
    # openpyxl would remove the temporary file of an unfinished sheet, which holds people's data, only when the program
    # ends. It has no public way to do it earlier; closing flushes, so it may meet the same full disk again.
    writer = sheet._writer
    if writer is None:
        return
    for close in (sheet._rows.close if sheet._rows else writer.close, writer.close, writer.cleanup):
        with contextlib.suppress(OSError, ValueError):
            close()


def _write_rows(
    sheet: Worksheet, header: tuple[str, ...], sample: list[tuple[Cell, ...]], more: Iterable[tuple[Cell, ...]]
) -> None:
    width = len(header) - len(CALL_COLUMNS)
    _set_up_columns(sheet, header, sample)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    look.set_up_page(sheet)
    sheet.row_dimensions[1].height = 22
    sheet.append([_heading(sheet, name, ours=n >= width) for n, name in enumerate(header)])
    brush, count = Brush(sheet), 0
    for count, cells in enumerate(itertools.chain(sample, more), 1):  # noqa: B007 - counted for what stands below
        sheet.append(brush.row(cells))  # type: ignore[arg-type]  # the stub wants the concrete type of a generator
    last = count + 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{last}"
    status = get_column_letter(width + STATUS + 1)
    for state, colour in look.COLOURS.items():
        rule = CellIsRule(  # type: ignore[no-untyped-call]  # openpyxl's stubs leave it untyped
            operator="equal",
            formula=[f'"{state}"'],
            fill=look.solid(colour.fill),
            font=Font(color=colour.ink, bold=True),
        )
        sheet.conditional_formatting.add(f"{status}2:{status}{max(last, 2)}", rule)


def _set_up_columns(sheet: Worksheet, header: tuple[str, ...], sample: list[tuple[Cell, ...]]) -> None:
    reason = len(header) - len(CALL_COLUMNS) + REASON
    for n, name in enumerate(header):
        column = sheet.column_dimensions[get_column_letter(n + 1)]
        cells = [row[n] for row in sample]
        # The header shares its cell with the filter's arrow.
        wanted = max([_width(name) + 4, *(_width(shown(cell)) + 2 for cell in cells)])
        column.width = _WIDEST if n == reason else min(max(wanted, _NARROWEST), _WIDEST)
        if any(map(is_mistakable, cells)):
            # A blank cell that a person fills in keeps its `+` and leading zeros as well.
            column.number_format = "@"


def _width(text: str) -> int:
    line = text[: _WIDEST * 2].partition("\n")[0]
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


def _heading(sheet: Worksheet, name: str, *, ours: bool) -> object:
    cell = plain_text(sheet, name)
    cell.font, cell.fill, cell.alignment = look.HEADING, look.OURS if ours else look.THEIRS, look.MIDDLE
    return cell
