"""A row of a result file in the columns of the campaign's own list."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.core.cells.cell import Cell, shown
from campaign.core.cells.formula_guard import unguarded
from campaign.core.lead import SourceRow
from campaign.core.mapping.columns import Columns
from campaign.core.record import KnownLead


class OwnCells:
    """Brings rows back into the columns of the list. A column that the person removed keeps its earlier cell, and so does a cell
    that looks as it did: a CSV knows no types, and the workbook that is written next should. Cells beyond the header, for
    which a result has no column, stay until the row is edited: it is still too long.
    """

    def __init__(self, header: Sequence[str], own: Sequence[str], *, is_text: bool) -> None:
        """`header` are the columns of the file, `own` those of the list; `is_text` tells that the file knows no types."""
        columns = Columns(header)
        self._places = [columns.find(name) for name in own]
        self._is_text = is_text

    def of(self, row: SourceRow, known: KnownLead | None) -> tuple[Cell, ...]:
        """The cells of a row that stands for a lead, or for a new one (None); those of the lead themselves if none was changed."""
        if known is None:
            return tuple([self._own(row.cells[place]) if place is not None else None for place in self._places])
        before = known.cells
        edited = len(before) < len(self._places)
        cells: list[Cell] = []
        for index, place in enumerate(self._places):
            old = before[index] if index < len(before) else None
            new = self._own(row.cells[place]) if place is not None else old
            if new is not old and shown(new) != shown(old):
                edited = True
                cells.append(new)
            else:
                cells.append(old)
        return tuple(cells) if edited else before

    def _own(self, cell: Cell) -> Cell:
        """The person's cell, without the apostrophe that our own CSV puts before what would run as a formula."""
        return unguarded(cell) if self._is_text and isinstance(cell, str) else cell
