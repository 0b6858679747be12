"""The sheet `To correct` of a report: the list's wrong rows, to be corrected in place and read again as a list."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from campaign.adapters.results import look
from campaign.adapters.results.column_width import fit
from campaign.adapters.results.painter import Painter, comment
from campaign.adapters.results.workbook_cells import Written
from campaign.core.cells.cell import Cell
from campaign.core.errors import OutputError
from campaign.core.finding import REPORT_COLUMNS, REPORT_SHEETS, Finding
from campaign.core.mapping.columns import Columns, places

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_MARKS = 2_000
"""Cells that get a comment, and lines that get a link: openpyxl holds those in memory, and a sheet with many of them opens
slowly. What a comment says stands in the row's `report_problem` too."""
MOST_COLUMNS = 16_384
_TITLE = REPORT_SHEETS[-1]
_SAMPLE = 200
_OURS = len(REPORT_COLUMNS)
_ROW_WIDTH, _PROBLEM_WIDTH = 13, 56
_LINE = 15.0  # points
_STAYS = "Leave this row in: it keeps the person from being called through another row."


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row of the list with what is wrong in it; `text` is what is said of a row that is not wrong."""

    number: int
    cells: tuple[Cell, ...]
    found: Sequence[Finding]
    text: str = ""

    @property
    def told(self) -> str:
        """All that is to be done about the row."""
        return "\n".join(finding.text for finding in self.found) or f"{self.text} {_STAYS}"


class WrongRows:
    """Writes the rows, on as many sheets as they need. `count` are the wrong ones, `objecting` those that stay."""

    def __init__(self, book: Workbook, header: tuple[str, ...], rows_per_sheet: int) -> None:
        # A list that was a report itself keeps its row numbers; what was wrong with it then is not repeated.
        self._again = header[:_OURS] == REPORT_COLUMNS
        own = header[_OURS:] if self._again else header
        self._book, self._rows_per_sheet = book, rows_per_sheet
        self._header = (*REPORT_COLUMNS, *own)
        if len(self._header) > MOST_COLUMNS:
            raise OutputError(
                f"A workbook has {MOST_COLUMNS:,} columns; the list has {len(own):,}, two of ours come on top.",
                "Write the report as .csv.",
            )
        self._columns = Columns(own)
        self._waiting: list[WrongRow] = []
        self._sheet: _Sheet | None = None
        self._marks = 0
        self.count = self.objecting = self.sheets = 0

    def add(self, row: WrongRow) -> str:
        """Write a wrong row. Returns where it stands, for links."""
        sheet, line = divmod(self.count, self._rows_per_sheet)
        self.count += 1
        self._add(row)
        return f"'{_title(sheet + 1)}'!A{line + 2}"

    def add_objecting(self, row: WrongRow) -> None:
        """Write a row that is not wrong, and must stay with the others."""
        self.objecting += 1
        self._add(row)

    def end(self) -> None:
        """Finish the last sheet; a list without wrong rows has an empty one."""
        self._flush()
        if self._sheet is not None:
            self._sheet.end()

    def _add(self, row: WrongRow) -> None:
        if self._sheet is not None and self._sheet.rows < self._rows_per_sheet:
            self._write(row)
            return
        if self._sheet is not None:
            self._sheet.end()
            self._sheet = None
        self._waiting.append(row)
        if len(self._waiting) >= min(_SAMPLE, self._rows_per_sheet):
            self._flush()

    def _flush(self) -> None:
        """Begin a sheet, its columns as wide as the rows that wait."""
        if self._sheet is not None:
            return
        self.sheets += 1
        sample = [self._own(row) for row in self._waiting]
        self._sheet = _Sheet(self._book.create_sheet(_title(self.sheets)), self._header, sample)
        for row in self._waiting:
            self._write(row)
        self._waiting = []

    def _write(self, row: WrongRow) -> None:
        assert self._sheet is not None
        wrong: dict[int, list[str]] = {}
        for finding in row.found:
            at = places(finding.column, self._columns) if finding.column else ()
            for place in at or (-_OURS,):
                wrong.setdefault(place + _OURS, []).append(f"{finding.message}. {finding.cure}")
        comments = {}
        for place, said in wrong.items():
            self._marks += 1
            comments[place] = "\n\n".join(dict.fromkeys(said)) if self._marks <= MOST_MARKS else ""
        number: Cell = row.cells[0] if self._again else row.number
        self._sheet.write((number, row.told, *self._own(row)), comments, objecting=not row.found)

    def _own(self, row: WrongRow) -> tuple[Cell, ...]:
        return row.cells[_OURS:] if self._again else row.cells


class _Sheet:
    """One sheet, as it is written."""

    def __init__(self, sheet: Worksheet, header: tuple[str, ...], sample: Sequence[tuple[Cell, ...]]) -> None:
        self._sheet, self._width = sheet, len(header)
        self.rows = 0
        for n, name in enumerate(header):
            column = sheet.column_dimensions[get_column_letter(n + 1)]
            if n >= _OURS:
                fit(column, name, [row[n - _OURS] for row in sample])
            else:
                column.width = (_ROW_WIDTH, _PROBLEM_WIDTH)[n]
        sheet.freeze_panes, sheet.print_title_rows = "B2", "1:1"
        look.set_up_page(sheet)
        with look.height(sheet, 1, 22):
            sheet.append(
                [look.heading(sheet, name, look.OURS if n < _OURS else look.THEIRS) for n, name in enumerate(header)]
            )
        self._own = Painter(sheet, look.TOP)
        bold = look.font(color=look.WRONG.ink, bold=True)
        self._wrong = Painter(sheet, look.TOP, look.solid(look.WRONG.fill), bold, look.RULE_BELOW)
        grey = look.solid(look.STAYS.fill), look.font(color=look.STAYS.ink)
        self._stays = Painter(sheet, look.TOP, *grey)
        # The two columns of ours: the row's number, and what is wrong with it.
        self._ours = [Painter(sheet, shape, None, look.LABEL, look.RULE_BELOW) for shape in (look.CENTRED, look.LEFT)]
        self._stays_ours = [Painter(sheet, shape, *grey) for shape in (look.CENTRED, look.LEFT)]

    def write(self, cells: tuple[Cell, ...], comments: dict[int, str], *, objecting: bool) -> None:
        """Write a row; `comments` are what is said of its wrong cells, by their place."""
        self.rows += 1
        told = str(cells[1])
        lines = sum(max(1, math.ceil(len(line) / (_PROBLEM_WIDTH - 2))) for line in told.split("\n"))
        with look.height(self._sheet, self.rows + 1, _LINE * min(lines, 20) + 3):
            painted = self._painted(cells, comments, objecting)
            self._sheet.append(painted)  # type: ignore[arg-type]  # the stub wants the concrete type of a generator

    def end(self) -> None:
        """What depends on the number of rows."""
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(self._width)}{self.rows + 1}"

    def _painted(self, cells: tuple[Cell, ...], comments: dict[int, str], objecting: bool) -> Generator[Written]:
        for place, cell in enumerate(cells):
            if place in comments:
                marked = self._wrong.marked(cell)
                if comments[place]:
                    marked.comment = comment(comments[place])
                yield marked
            elif place < _OURS:
                yield from (self._stays_ours if objecting else self._ours)[place].row((cell,))
            else:
                yield from (self._stays if objecting else self._own).row((cell,))


def _title(number: int) -> str:
    return _TITLE if number == 1 else f"{_TITLE} {number}"
