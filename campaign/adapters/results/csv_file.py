"""The result as a CSV file: UTF-8 with the mark by which Excel knows it, comma, CRLF."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from campaign.adapters.results.layout import laid_out
from campaign.adapters.results.place import written_beside
from campaign.core.cells.cell import Cell, CellFault, shown
from campaign.core.cells.formula_guard import guarded
from campaign.core.cells.writable import scrubbed
from campaign.core.result import CampaignFacts, ResultRow, result_header


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """Writes one result as CSV. Cells are as the person sees them; nothing is cut, a CSV cell knows no limit."""

    path: Path
    force: bool

    def write(self, facts: CampaignFacts, rows: Iterable[ResultRow]) -> None:
        """Write the header and all rows. Raises `OutputError`."""
        width = len(facts.header)
        with (
            written_beside(self.path, force=self.force, campaign=facts.campaign) as fresh,
            fresh.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(map(_field, result_header(facts.header)))
            writer.writerows(map(_field, laid_out(row, width)) for row in rows)


def _field(cell: Cell) -> str:
    if isinstance(cell, (str, CellFault)):
        return guarded(scrubbed(shown(cell)))
    return shown(cell)
