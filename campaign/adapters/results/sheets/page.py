"""A sheet that tells of a whole campaign or list: titles, facts and tables, written downwards."""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.hyperlink import Hyperlink

from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.workbook_cells import plain_text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = {"A": 18, "B": 10, "C": 10, "D": 74, "E": 74}
"""The columns of a page with tables: what it is, two numbers, two texts."""
COUNT, SHARE = "#,##0", "0.0%"
LINE = 16.0
"""Height of a line of text, in points."""
BESIDE = 7
"""The column, counted from 1, from which figures stand beside the page: on the screen, not on paper."""


class Page:
    """A sheet that is written downwards; `row` is the number of the next row."""

    def __init__(self, sheet: Worksheet, widths: MappingOf[str, int]) -> None:
        """`sheet` is still empty."""
        self.sheet = sheet
        self.row = 1
        self._widths = widths
        self._beside: list[Sequence[SheetCell]] = []
        for letter, width in widths.items():
            self.sheet.column_dimensions[letter].width = width
        self.sheet.sheet_view.showGridLines = False
        look.set_up_page(self.sheet)

    def add(self, *cells: SheetCell, height: float = LINE, merge: str = "") -> None:
        """Write the next row, `height` points high; `merge` joins columns, such as `B:D`."""
        self.sheet.row_dimensions[self.row].height = height
        if merge:
            first, _, last = merge.partition(":")
            self.sheet.merged_cells.add(f"{first}{self.row}:{last}{self.row}")
        if self._beside:
            more = self._beside.pop(0)
            self.sheet.append([*cells, *[None] * (BESIDE - 1 - len(cells)), *more])
        else:
            self.sheet.append(cells)
        self.row += 1

    def leave(self, points: float) -> None:
        """Leave room of at least that height, and one line more."""
        for _ in range(max(1, math.ceil(points / LINE))):
            self.add()

    def beside(self, rows: Sequence[Sequence[SheetCell]]) -> int:
        """Let rows stand beside those that are written next, in column `BESIDE` and on. Returns the row of the first."""
        self._beside = list(rows)
        return self.row

    def end(self) -> None:
        """Write what still has to stand beside the page."""
        while self._beside:
            self.add()

    def lead(self, cell: SheetCell, place: str, column: str = "") -> None:
        """Make the cell lead to a place in the workbook; "" is none. A text that takes several lines in `column` does not:
        LibreOffice does not wrap links."""
        text = str(cell.value)
        if not place or (column and self.height_of(text, column) > LINE):
            return
        cell.hyperlink = Hyperlink(ref="", location=place, display=text)
        # A coloured status keeps its colour.
        cell.font = look.underlined(cell.font) if cell.font.bold else look.LINK

    def heading(self, title: str, *columns: str) -> None:
        """Write a title and, below it, the header of a table whose second and third columns are numbers."""
        self.add(self.text(title, look.SECTION), height=26)
        cells = [self.text(name, look.HEADING) for name in columns]
        for n, cell in enumerate(cells):
            cell.fill = look.THEIRS
            cell.alignment = look.INDENTED if n not in (1, 2) else look.MIDDLE_RIGHT
        self.add(*cells, height=22)

    def text(self, text: str, font: Font = look.PLAIN) -> SheetCell:
        cell = plain_text(self.sheet, text)
        cell.font = font
        return cell

    def number(self, value: float | datetime, number_format: str) -> SheetCell:
        cell = WriteOnlyCell(self.sheet, value)
        cell.number_format, cell.font = number_format, look.PLAIN
        return cell

    def ruled(self, cell: SheetCell) -> SheetCell:
        """The cell with a line below it and its text kept off the edge."""
        cell.border, cell.alignment = look.RULE_BELOW, look.INDENTED
        return cell

    def counted(self, kind: str, rows: int, total: int) -> tuple[SheetCell, SheetCell, SheetCell]:
        """A state or other kind in its colour, a number of rows, and its share of all rows."""
        colour, status = look.colour_of(kind), self.ruled(self.text(kind))
        status.fill, status.font = look.solid(colour.fill), look.font(bold=True, color=colour.ink)
        count, share = self.number(rows, COUNT), self.number(rows / total if total else 0.0, SHARE)
        for cell in (count, share):
            cell.border, cell.alignment = look.RULE_BELOW, look.MIDDLE_RIGHT
        return status, count, share

    def height_of(self, text: str, columns: str) -> float:
        """The points that wrapped `text` needs. Said here because not every program finds it out by itself."""
        width = sum(self._widths[letter] for letter in columns)
        return LINE * min(sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n")), 20)
