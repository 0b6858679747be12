"""A person's cells with a look: whole rows aligned, and single cells marked as wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill

from campaign.adapters.results.workbook_cells import Brush, Written, fitting
from campaign.core.cells.cell import Cell, CellFault

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

_TEXT, _NO_VALUE = "@", "#VALUE!"


class Painter(Brush):
    """A brush of which every cell has one look. Errors stay errors, because the sheet will be read again."""

    def __init__(
        self,
        sheet: Worksheet,
        alignment: Alignment,
        fill: PatternFill | None = None,
        font: Font | None = None,
        border: Border | None = None,
    ) -> None:
        super().__init__(sheet)
        self._alignment, self._fill, self._font, self._border = alignment, fill, font, border

    def row(self, cells: Iterable[Cell]) -> Iterator[Written]:
        """The cells of one row. Write each before asking for the next, which may be the same object."""
        for cell in cells:
            if isinstance(cell, CellFault):
                yield self._error(cell)
                continue
            [written] = super().row((cell,))
            if written is None and self._fill is None and self._border is None:
                yield None  # whoever fills it in gets the format of the column
            elif written is None or isinstance(written, (str, int, float)):
                yield self._plain(written, "")
            else:
                yield written

    def marked(self, cell: Cell) -> SheetCell:
        """The cell as one that a person will type into: as text where that changes nothing, so that + and zeros stay."""
        if cell is None or type(cell) in (str, int, float):
            if isinstance(cell, str) or cell is None:
                return self._plain(fitting(cell or "") or None, _TEXT, text=True)
            if (number := self._value(cell, _TEXT)) is not None:  # type: ignore[arg-type]  # not narrowed by type()
                return number
        [written] = self.row((cell,))
        return written  # type: ignore[return-value]  # every cell of a painter is one

    def _plain(self, value: str | float | None, number_format: str, *, text: bool = False) -> SheetCell:
        cell = self._cell(number_format)
        cell.value = value
        if text and value is not None:
            cell.data_type = "s"
        return cell

    def _error(self, fault: CellFault) -> SheetCell:
        cell = self._cell("")
        cell.value = fault.shown if fault.shown in ERROR_CODES else _NO_VALUE
        cell.data_type = "e"
        return cell

    def _cell(self, number_format: str) -> SheetCell:
        cell = self._cells.get(number_format)
        if cell is None:
            cell = self._cells[number_format] = WriteOnlyCell(self._sheet)
            if number_format:
                cell.number_format = number_format
            cell.alignment = self._alignment
            if self._fill is not None:
                cell.fill = self._fill
            if self._font is not None:
                cell.font = self._font
            if self._border is not None:
                cell.border = self._border
        cell.comment = None
        return cell


def comment(text: str) -> Comment:
    """A comment that is large enough for its text."""
    lines = sum(1 + len(line) // 44 for line in text.split("\n"))
    return Comment(fitting(text), "campaign", height=24 + 18 * lines, width=300)
