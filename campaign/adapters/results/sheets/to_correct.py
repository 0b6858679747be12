"""The sheet `To correct`: the rows that a person has to correct, wrong cells in colour, to be edited in place and read again.

A report of a list and the result of a campaign have one; they differ in what stands beside the person's own columns.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.column_width import fit, lines_of
from campaign.adapters.results.sheets.rolling import RollingSheets
from campaign.adapters.results.sheets.row_sheet import RowSheet
from campaign.adapters.results.sheets.saving import NewWorkbook
from campaign.adapters.results.sheets.workbook_cells import Look, cell_xml, marked_xml
from campaign.core.cells.cell import Cell
from campaign.core.result import CORRECTED, TO_CORRECT

MOST_MARKS = 2_000
"""Cells that get a comment, and lines that get a link: openpyxl holds those in memory, and a sheet with many of them opens
slowly. What a comment says stands in the row's column about what is wrong, too."""
MOST_COLUMNS = 16_384
_MOST_LINES = 20
_LINE = 15.0  # points
_PLACE_WIDTH, _TOLD_WIDTH = 13, 56


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns: ours `before` the person's own, of which the last tells what is wrong, and those `after`, of which the last
    `hidden` are not shown. `status` is the place of the column that tells the row's state, if there is one. With `errors` an
    error stays one, where nothing but this sheet is read again."""

    before: tuple[str, ...]
    own: tuple[str, ...]
    after: tuple[str, ...] = ()
    hidden: int = 0
    status: int | None = None
    errors: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in their order."""
        return (*self.before, *self.own, *self.after)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is to stand there. `wrong` are its wrong cells, by their place in `cells`, and what is said of each;
    `stays` tells that it is not to be changed, `leads_to` where its first cell leads."""

    cells: tuple[Cell, ...]
    wrong: MappingOf[int, str]
    stays: bool = False
    leads_to: str = ""


class CorrectionSheets(RollingSheets[Line]):
    """Writes the lines."""

    def __init__(self, book: NewWorkbook, columns: Columns, rows_per_sheet: int, instruction: str = "") -> None:
        """`instruction` is what a person is told about the sheet, in a comment on its header."""
        marks = _Marks(MOST_MARKS)
        super().__init__(
            TO_CORRECT,
            rows_per_sheet,
            lambda title, _, sample: _Sheet(book.row_sheet(title), columns, sample, instruction, marks),
        )


@dataclass(slots=True)
class _Marks:
    """How many marks may still be made, on all sheets together."""

    left: int

    def take(self) -> bool:
        """Whether one more may be made."""
        self.left -= 1
        return self.left >= 0


class _Sheet:
    """One sheet, as it is written."""

    def __init__(
        self, rows: RowSheet, columns: Columns, sample: Sequence[Line], instruction: str, marks: _Marks
    ) -> None:
        self._rows, self._columns, self._marks = rows, columns, marks
        _set_up(rows, columns, sample)
        if instruction:
            rows.comment("A1", instruction)
        sheet, told = rows.sheet, len(columns.before) - 1
        ours = [look.CENTRED] * told + [look.LEFT]
        grey = look.solid(look.STAYS.fill), look.font(color=look.STAYS.ink)
        wrong = look.solid(look.WRONG.fill), look.font(color=look.WRONG.ink, bold=True), look.RULE_BELOW
        self._wrong = Look(sheet, look.TOP, *wrong)
        self._wrong_ours = [Look(sheet, shape, *wrong) for shape in ours]
        self._linked = Look(sheet, look.CENTRED, None, look.LINK, look.RULE_BELOW)
        self._looks = [
            *(Look(sheet, shape, None, look.LABEL, look.RULE_BELOW) for shape in ours),
            *[Look(sheet, look.TOP)] * len(columns.own),
            *[Look(sheet, look.INSET, None, look.LABEL)] * len(columns.after),
        ]
        rest = [Look(sheet, look.TOP, *grey)] * (len(columns.own) + len(columns.after))
        self._stays = [*(Look(sheet, shape, *grey) for shape in ours), *rest]

    @property
    def rows(self) -> int:
        """How many lines it has."""
        return self._rows.rows

    def write(self, line: Line) -> None:
        """Write a line."""
        told, row, errors = len(self._columns.before) - 1, self._rows.rows + 2, self._columns.errors
        cells = []
        looks, letters = self._stays if line.stays else self._looks, self._rows.letters
        if (more := len(line.cells) - len(looks)) > 0:  # a row that is too long stays so
            looks, letters = [*looks, *[looks[-1]] * more], tuple(look.letters(len(line.cells)))
        for n, (letter, cell, seen) in enumerate(zip(letters, line.cells, looks, strict=False)):
            place = f"{letter}{row}"
            if (said := line.wrong.get(n)) is None:
                cells.append(cell_xml(place, cell, seen, errors=errors))
                continue
            if n > told:
                cells.append(marked_xml(place, cell, self._wrong, errors=errors))
            else:  # nobody types into ours
                cells.append(cell_xml(place, cell, self._wrong_ours[n]))
            if self._marks.take():
                self._rows.comment(place, said)
        if line.leads_to and self._marks.left > 0:
            cells[0] = cell_xml(f"A{row}", line.cells[0], self._linked)
            self._rows.link(f"A{row}", line.leads_to)
        height = _LINE * min(lines_of(str(line.cells[told]), _TOLD_WIDTH - 2), _MOST_LINES) + 3
        self._rows.write_xml(cells, height)

    def end(self) -> None:
        """What depends on the number of rows."""
        sheet, last = self._rows.sheet, self._rows.rows + 1
        sheet.auto_filter.ref = self._rows.area
        printed = len(self._columns.before) + len(self._columns.own)
        sheet.print_area = f"A1:{self._rows.letters[printed - 1]}{last}"
        if (status := self._columns.status) is not None:
            look.colour_statuses(sheet, self._rows.letters[status], last, sorted(CORRECTED))


def _set_up(rows: RowSheet, columns: Columns, sample: Sequence[Line]) -> None:
    """The sheet's header, and what stands before it: widths as the sample needs them."""
    sheet, first = rows.sheet, len(columns.before)
    letters = look.letters(len(columns.names))
    for n, (name, letter) in enumerate(zip(columns.names, letters, strict=True)):
        column = sheet.column_dimensions[letter]
        if n >= first:
            fit(column, name, [line.cells[n] for line in sample])
        else:
            column.width = _TOLD_WIDTH if n == first - 1 else _PLACE_WIDTH
        column.hidden = n >= len(columns.names) - columns.hidden
    printed = first + len(columns.own)
    sheet.freeze_panes, sheet.print_title_rows = "B2", "1:1"
    look.set_up_page(sheet, sum(sheet.column_dimensions[letter].width for letter in letters[:printed]))
    fills = [look.THEIRS if first <= n < printed else look.OURS for n in range(len(letters))]
    rows.header([look.heading(sheet, name, fill) for name, fill in zip(columns.names, fills, strict=True)], 22)
