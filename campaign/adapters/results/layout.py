"""The cells of one result row, laid out under the header: the same for every format."""

from __future__ import annotations

from campaign.core.cells.cell import Cell, is_blank, shown
from campaign.core.result import CALL_COLUMNS, ResultRow

REASON = CALL_COLUMNS.index("call_reason")
STATUS = CALL_COLUMNS.index("call_status")


def laid_out(row: ResultRow, width: int) -> tuple[Cell, ...]:
    """The person's cells, exactly `width` of them, then ours.

    Cells beyond the header would shift ours out of their columns: they are told in `call_reason` instead.
    """
    cells, ours = row.cells, row.call_cells()
    if len(cells) == width:
        return cells + ours
    if len(cells) < width:
        return cells + (None,) * (width - len(cells)) + ours
    further = [shown(cell) for cell in cells[width:] if not is_blank(cell)]
    if not further:
        return cells[:width] + ours
    note = f"Further cells without a header: {'; '.join(further)}"
    reason = row.reason and (row.reason if row.reason.endswith((".", "!", "?")) else f"{row.reason}.")
    return (*cells[:width], *ours[:REASON], f"{reason} {note}".lstrip(), *ours[REASON + 1 :])
