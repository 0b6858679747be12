"""What python-calamine does not tell of a workbook, found by a look at its records beside it.

It gives an error such as #N/A as a blank cell, so that a failed look-up would pass for a number that nobody entered or
for a `Do Not Call` that nobody ticked. It gives a number without the zeros that its format puts in front. And it lays
out every cell between the first and the last one, so that a single cell in the far corner takes all memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from campaign.adapters.sources.sheets.facts import ERRORS
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.limits import Limits

Beat = Callable[[], None]
"""Called now and then during long work, as a sign of life."""

PADDED = re.compile("0{2,}")
"""A number format that shows zeros in front, such as `00000`."""
CELL_BYTES = 80
"""Memory that python-calamine takes for a place in a sheet, filled or not: it lays the cells out twice."""


@dataclass(slots=True)
class Marks:
    """One sheet: the errors and zero-padded numbers in it by row and column, and where its cells begin and end, all
    counted from 0. A sheet without cells has `bottom` -1."""

    cells: dict[int, dict[int, CellFault | str]] = field(default_factory=dict)
    top: int = 1 << 32
    left: int = 1 << 32
    bottom: int = -1
    right: int = -1

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
