"""What python-calamine does not tell of a workbook, found by a look at its records beside it.

It gives an error such as #N/A as a blank cell, so that a failed look-up would pass for a number that nobody entered or
for a `Do Not Call` that nobody ticked. It gives a number without the zeros that its format puts in front. It does not tell
which rows and columns are hidden and which cells merged. And it lays out every cell between the first and the last
one, so that a single cell in the far corner takes all memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from campaign.adapters.sources.sheets.facts import ERRORS, LAST_ROW
from campaign.adapters.sources.sheets.merged import MergedCells, check_merged
from campaign.adapters.sources.table import Layout
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.limits import Limits

Beat = Callable[[], None]
"""Called now and then during long work, as a sign of life."""

PADDED = re.compile("0{2,}")
"""A number format that shows zeros in front, such as `00000`."""
_MOST_COLUMNS = 1 << 14
CELL_BYTES = 80
"""Memory that python-calamine takes for a place in a sheet, filled or not: it lays the cells out twice."""


@dataclass(slots=True)
class Marks:
    """One sheet: the errors and zero-padded numbers in it by row and column, where its cells begin and end, and what it
    does not show, all counted from 0. A sheet without cells has `bottom` -1."""

    cells: dict[int, dict[int, CellFault | str]] = field(default_factory=dict)
    top: int = 1 << 32
    left: int = 1 << 32
    bottom: int = -1
    right: int = -1
    filtered: bool = False
    formulas: bool = False
    merged: list[MergedCells] = field(default_factory=list)
    _hidden_rows: bytearray = field(default_factory=bytearray)
    _hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def meet(self, row: int, first: int, last: int) -> None:
        """There are cells in `row`, from column `first` to `last`."""
        if row < self.top:
            self.top = row
        if row > self.bottom:
            self.bottom = row
        if first < self.left:
            self.left = first
        if last > self.right:
            self.right = last

    def mark(self, row: int, column: int, what: CellFault | str) -> None:
        """The cell is an error, or a number in the padded format `what`."""
        self.cells.setdefault(row, {})[column] = what

    def error(self, row: int, column: int, code: int) -> None:
        """The cell is the error with that code."""
        self.mark(row, column, CellFault(ERRORS.get(code, f"error {code}")))

    def hide(self, row: int) -> None:
        """The row is hidden."""
        self._hidden_rows.extend(bytes(max(0, row + 1 - len(self._hidden_rows))))
        self._hidden_rows[row] = True

    def hides(self, row: int) -> bool:
        """Whether the row is hidden."""
        return row < len(self._hidden_rows) and bool(self._hidden_rows[row])

    def hide_columns(self, first: int, last: int) -> None:
        """These columns are hidden."""
        if len(self._hidden_columns) >= _MOST_COLUMNS:
            raise ValueError(f"more than {_MOST_COLUMNS:,} runs of columns")
        self._hidden_columns.append((first + 1, last + 1))

    def merge(self, first_row: int, last_row: int, first_column: int, last_column: int) -> None:
        """These cells are merged. Raises `SourceError` if more are than in any list."""
        if not (first_row <= last_row < LAST_ROW and first_column <= last_column < _MOST_COLUMNS):
            raise ValueError("merged cells beyond the end of the sheet")
        self.merged.append(MergedCells.within(first_row + 1, last_row + 1, first_column + 1, last_column + 1))
        check_merged(len(self.merged))

    @property
    def layout(self) -> Layout:
        """What the sheet does not show."""
        return Layout(any(self._hidden_rows), self.filtered, tuple(self._hidden_columns))

    @property
    def places(self) -> int:
        """How many cells are between the first and the last one."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom >= 0 else 0

    def check(self, limits: Limits, name: str, sheet: str, besides: int = 0) -> None:
        """Raises `SourceError` if laying out the sheet would take too much memory, with `besides` places laid out already."""
        if (self.places + besides) * CELL_BYTES > limits.memory:
            raise limits.exceeded(
                "memory",
                f"{name}: the cells of the sheet {sheet} reach to row {self.bottom + 1:,} and column {self.right + 1:,}, "
                f"so that there are {self.places + besides:,} places",
            )

    def apply(self, row: int, cells: list[Cell]) -> None:
        """Put the marks of a row into its cells."""
        for column, what in self.cells.get(row, {}).items():
            if column >= len(cells):
                cells.extend([None] * (column + 1 - len(cells)))
            value = cells[column]
            if isinstance(what, CellFault):
                cells[column] = what
            elif isinstance(value, int) and not isinstance(value, bool):
                cells[column] = Formatted(value, what)
