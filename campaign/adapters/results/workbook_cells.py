"""A person's cell as a worksheet cell: its type kept, text always text, and never a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import is_date_format

from campaign.adapters.results.layout import scrubbed
from campaign.core.cells.cell import Cell, CellFault, Formatted, shown

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

CELL_LIMIT = 32_767
"""Characters that a cell may have, as Excel counts them: in UTF-16 units ("Excel specifications and limits")."""
CUT = "… (cut)"

_TEXT = "@"
_FORMATS: dict[type, str] = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}
_EPOCH = date(1900, 1, 1)  # a workbook has no days before it
_FORMAT_LIMIT = 255
# `_x0041_` in a workbook's text stands for the character it numbers, unless its first sign is written so itself
# (ECMA-376 Part 1, 22.9.2.19, ST_Xstring).
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Openings of text that Excel would take for a number, a date, a formula or an error once the cell is edited.
_MISTAKABLE = tuple("0123456789+-=@.(#$'")

Written: TypeAlias = "str | int | float | bool | SheetCell | None"


class Brush:
    """Turns cells into what `append` of one write-only sheet takes.

    openpyxl would make a formula of text that begins with `=` and an error of `#N/A`, round numbers to 16 digits and
    write a NaN that Excel calls damage; those cells are made here, all others are left to it, which is quicker.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._cells: dict[str, SheetCell] = {}

    def row(self, cells: Iterable[Cell]) -> Iterator[Written]:
        """The cells of one row. Write each before asking for the next, which may be the same object."""
        for cell in cells:
            if type(cell) is str:
                yield self._text(cell)
            elif cell is None or type(cell) is bool or (type(cell) is int and -(10**15) < cell < 10**15):
                yield cell
            else:
                yield self._other(cell)

    def _text(self, text: str) -> Written:
        fit = fitting(text)
        if not fit:
            return None
        return self._styled(fit, _TEXT) if fit.startswith(_MISTAKABLE) else fit

    def _other(self, cell: Cell) -> Written:
        if isinstance(cell, Formatted):
            if isinstance(cell.value, bool):
                return cell.value
            return self._value(cell.value, _usable(cell.format)) or self._text(shown(cell))
        if isinstance(cell, CellFault) or cell is None or isinstance(cell, str):
            return self._text(shown(cell))
        return self._value(cell, "") or self._text(shown(cell))

    def _value(self, value: float | date | time, number_format: str) -> SheetCell | None:
        """The cell of a number or date; None where a workbook can't hold it exactly and it has to go as text."""
        if isinstance(value, (int, float)):
            if not _is_exact(value):
                return None
            cell = self._cell(number_format)
            # As text first: given a float, openpyxl writes 16 digits of up to 17.
            cell.value = repr(float(value) if isinstance(value, float) else int(value))
            cell.data_type = "n"
            return cell
        if not _is_datable(value):
            return None
        # openpyxl would give the cell another format, and with it all that share the cell, if it were none for dates.
        cell = self._cell(number_format if is_date_format(number_format) else _FORMATS[type(value)])
        cell.value = value
        return cell

    def _styled(self, text: str, number_format: str) -> SheetCell:
        cell = self._cell(number_format)
        cell.value = text
        cell.data_type = "s"
        return cell

    def _cell(self, number_format: str) -> SheetCell:
        if not number_format:
            # openpyxl goes on using an unstyled cell for the values that follow: not one of those kept here.
            return WriteOnlyCell(self._sheet)
        cell = self._cells.get(number_format)
        if cell is None:
            cell = self._cells[number_format] = WriteOnlyCell(self._sheet)
            cell.number_format = number_format
        return cell


def plain_text(sheet: Worksheet, text: str) -> SheetCell:
    """A new cell with `text` as text, whatever it looks like."""
    cell = WriteOnlyCell(sheet)
    if fit := fitting(text):
        cell.value = fit
        cell.data_type = "s"
    return cell


def fitting(text: str) -> str:
    """`text` as a workbook's XML holds it: scrubbed, cut to `CELL_LIMIT` and marked, every newline a line feed."""
    if text.isprintable() and len(text) * 2 <= CELL_LIMIT and "_x" not in text:
        return text  # nearly all cells: spare them the rest
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = scrubbed(text)
    if len(text) * 2 > CELL_LIMIT and _units(text) > CELL_LIMIT:
        kept = text.encode("utf-16-le")[: (CELL_LIMIT - _units(CUT)) * 2]
        text = kept.decode("utf-16-le", errors="ignore") + CUT
    return _CODED.sub("_x005F_", text) if "_x" in text else text


def is_mistakable(cell: Cell) -> bool:
    """Whether the cell is text that Excel would take for something else when a person types it."""
    return isinstance(cell, str) and cell.startswith(_MISTAKABLE)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _is_exact(value: float) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    try:
        return int(float(value)) == value
    except OverflowError:
        return False


def _is_datable(value: date | time) -> bool:
    if isinstance(value, (datetime, time)) and value.tzinfo is not None:
        return False
    if isinstance(value, datetime):
        return value.date() >= _EPOCH
    return isinstance(value, time) or value >= _EPOCH


def _usable(number_format: str) -> str:
    plain = number_format.casefold() == "general"
    usable = not plain and len(number_format) <= _FORMAT_LIMIT and scrubbed(number_format) == number_format
    return number_format if usable else ""
