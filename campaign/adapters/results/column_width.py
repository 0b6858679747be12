"""How wide the columns of a person's list are, taken from a sample of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from openpyxl.worksheet.dimensions import ColumnDimension

from campaign.adapters.results.workbook_cells import is_mistakable
from campaign.core.cells.cell import Cell, shown

NARROWEST, WIDEST = 8, 60


def fit(column: ColumnDimension, name: str, cells: Sequence[Cell]) -> None:
    """Set the width of a column of that name, and the format of text where its cells need it."""
    # The header shares its cell with the filter's arrow.
    wanted = max([_width(name) + 4, *(_width(shown(cell)) + 2 for cell in cells)])
    column.width = min(max(wanted, NARROWEST), WIDEST)
    if any(map(is_mistakable, cells)):
        # A blank cell that a person fills in keeps its `+` and leading zeros as well.
        column.number_format = "@"


def _width(text: str) -> int:
    line = text[: WIDEST * 2].partition("\n")[0]
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)
