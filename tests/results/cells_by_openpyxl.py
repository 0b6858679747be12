"""Cells written by openpyxl itself, one object each: what our own writing of them is held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import is_date_format

from campaign.adapters.results.sheets.workbook_cells import fitting
from campaign.core.cells.cell import Cell, CellFault, Formatted, shown

_DATES = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}


def write(path: Path, cells: Sequence[Cell]) -> None:
    """A workbook with the cells in row 1."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([_written(sheet, cell) for cell in cells])
    book.save(path)


def _written(sheet: Any, cell: Cell) -> Any:
    written = WriteOnlyCell(sheet)
    value, number_format = (cell.value, cell.format) if isinstance(cell, Formatted) else (cell, "")
    if isinstance(value, bool):
        written.value = value
        return written
    if number_format.casefold() == "general" or len(number_format) > 255:
        number_format = ""
    if isinstance(value, (int, float)) and _exact(value):
        written.value = repr(value)
        written.data_type = "n"
    elif isinstance(value, (date, time)) and _datable(value):
        number_format = number_format if is_date_format(number_format) else _DATES[type(value)]
        written.number_format = number_format
        written.value = value
    else:
        text = fitting(cell.shown if isinstance(cell, CellFault) else shown(cell))
        number_format = "@" if text and text[0] in "0123456789+-=@.(#$'" else ""
        written.value = text or None
        written.data_type = "s" if text else "n"
    if number_format:
        written.number_format = number_format
    return written


def _exact(value: float) -> bool:
    try:
        return math.isfinite(value) and float(value) == value
    except OverflowError:
        return False


def _datable(value: date | time) -> bool:
    return getattr(value, "tzinfo", None) is None and (isinstance(value, time) or value.year >= 1900)
