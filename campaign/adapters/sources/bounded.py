"""The bounds of a list, held against every row of every format before anything is made of it."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from campaign.adapters.sources.header import letter
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits


def bounded(rows: Iterable[SourceRow], limits: Limits, name: str, *, total: bool) -> Generator[SourceRow]:
    """The same rows. Raises `SourceError` at the first one that is beyond a bound.

    `total` tells that all rows together are bounded as well: where cells share their texts or are repeated, a small file
    can have endless ones.
    """
    most_rows = limits.rows
    columns, longest, most, all_most = limits.columns, limits.cell, limits.row, limits.unpacked
    characters = 0
    for row in rows:
        cells = row.cells
        if most_rows is not None and row.number > most_rows:
            raise limits.exceeded("rows", f"{name} has a row {row.number:,}")
        if len(cells) > columns:
            raise limits.exceeded("columns", f"{name}: row {row.number:,} has {len(cells):,} cells")
        length = 0
        for cell in cells:  # a loop takes two thirds of the time of a sum, and every row of a list comes by
            if type(cell) is str:
                length += len(cell)
        if length > longest:
            _check_cells(row, limits, name)
        if length > most:
            raise limits.exceeded("row", f"{name}: row {row.number:,} has {length:,} characters")
        characters += length + len(cells)
        if total and characters > all_most:
            raise limits.exceeded(
                "unpacked", f"{name}: the texts of rows 1 to {row.number:,} are more than they may be"
            )
        yield row


def _check_cells(row: SourceRow, limits: Limits, name: str) -> None:
    for place, cell in enumerate(row.cells):
        if type(cell) is str and len(cell) > limits.cell:
            raise limits.exceeded("cell", f"{name}: cell {letter(place)}{row.number} has {len(cell):,} characters")
