"""The rows of a worksheet, streamed from its XML (ECMA-376 part 1, 18.3.1).

openpyxl's own streaming reader is not used for it: it believes the dimension tag or reads the whole sheet to replace a
missing one, makes up every blank row before a cell far below, keeps something of each row in memory, drops rows that
stand out of order, and can't tell a formula without a result from a blank cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from openpyxl.utils import column_index_from_string
from openpyxl.xml.constants import SHEET_MAIN_NS

from campaign.adapters.sources.excel.blocks import Blocks, Frame
from campaign.adapters.sources.excel.cell_reader import CellReader
from campaign.adapters.sources.excel.regular_rows import RegularRows
from campaign.adapters.sources.excel.tags import CELL, INLINE, ROW, is_hidden
from campaign.adapters.sources.excel.texts import item_text
from campaign.adapters.sources.sheets.facts import LAST_ROW, NO_RESULT
from campaign.adapters.sources.sheets.metered import Metered
from campaign.core.cells.cell import Cell, CellFault
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

FRAME = Frame("worksheet", "sheetData", "row")
_DATA, _VALUE, _FORMULA, _INLINE = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("sheetData", "v", "f", "is"))
_DIGITS = "0123456789"


def sheet_rows(part: IO[bytes], limits: Limits, name: str, cells: CellReader) -> Iterator[SourceRow]:
    """The rows that stand in the sheet's XML, with Excel's numbers. Raises `SourceError` for rows out of order."""
    return chain.from_iterable(Blocks(part, limits, name, FRAME, RowReading(cells)).items())


class RowReading:
    """How the rows of one sheet are read, in their order."""

    def __init__(self, cells: CellReader) -> None:
        self._cells = cells
        self._regular: RegularRows | None = None
        self._last = 0

    def regular(self, block: str, root: str) -> list[SourceRow] | None:
        """The rows of a block in the form in which spreadsheets write them."""
        self._regular = self._regular or RegularRows(self._cells, root)
        rows = self._regular.of(block, self._last)
        if rows:
            self._last = rows[-1].number
        return rows

    def parsed(self, part: Metered) -> Iterator[SourceRow]:
        """The rows of any."""
        data: Element | None = None
        for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - expat itself bounds the growth of entities
            if event == "start":
                part.enter()
                if element.tag == _DATA:
                    data = element
                continue
            part.leave()
            if element.tag == ROW:
                number = _row_number(element.get("r"), self._last)
                yield SourceRow(number, self._row(element), is_hidden(element))
                self._last = number
                if data is not None:
                    data.clear()  # the rows that were read would stay in memory otherwise
                part.whole()
            elif element.tag == _DATA:
                return
            elif data is None:
                element.clear()

    def _row(self, element: Element) -> tuple[Cell, ...]:
        """The cells of a row, from column A to the last one that the row has."""
        cells: list[Cell] = []
        column = 0
        for child in element:
            if child.tag != CELL:
                continue
            place = child.get("r")
            column = column_index_from_string(place.rstrip(_DIGITS)) if place else column + 1
            if column > len(cells):
                cells.extend([None] * (column - len(cells)))
            cells[column - 1] = self._cell(child)
        return tuple(cells)

    def _cell(self, element: Element) -> Cell:
        kind = element.get("t", "n")
        value = element.findtext(_VALUE)
        if value:
            return self._cells.reader(kind, element.get("s"))(value)
        if kind == "s":
            return None
        if kind == INLINE:
            inline = element.find(_INLINE)
            return None if inline is None else item_text(inline) or None
        # A formula whose result is an empty text has an empty value and says that it is text.
        if element.find(_FORMULA) is not None and (value is None or kind != "str"):
            return CellFault(NO_RESULT)
        return None


def _row_number(given: str | None, last: int) -> int:
    number = int(float(given)) if given else last + 1
    if not last < number <= LAST_ROW:
        raise SourceError(
            f"The sheet is damaged: row {number:,} stands after row {last:,}."
            if number <= last
            else f"The sheet is damaged: a sheet ends at row {LAST_ROW:,}, and it has a row {number:,}.",
            "Open the workbook in Excel and save it again as Excel Workbook (.xlsx).",
        )
    return number
