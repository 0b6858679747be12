"""How much room texts need: the width of a column by a sample of its cells, the lines of a wrapped text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from unicodedata import east_asian_width

from openpyxl.worksheet.dimensions import ColumnDimension

from campaign.adapters.results.sheets.workbook_cells import is_mistakable
from campaign.core.cells.cell import Cell, shown

NARROWEST, WIDEST = 8, 60


def fit(column: ColumnDimension, name: str, cells: Sequence[Cell]) -> None:
    """Set the width of a column of that name, and the format of text where its cells need it."""
    # The header shares its cell with the filter's arrow.
    wanted = max([_width(name) + 4, *(_width(shown(cell)[: WIDEST * 2].partition("\n")[0]) + 2 for cell in cells)])
    column.width = min(max(wanted, NARROWEST), WIDEST)
    if any(map(is_mistakable, cells)):
        # A blank cell that a person fills in keeps its `+` and leading zeros as well.
        column.number_format = "@"


def lines_of(text: str, width: int) -> int:
    """The lines that `text` takes in a column in which `width` letters have room."""
    if len(text) * 2 <= width and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(_width(line) / width)) for line in text.split("\n"))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
