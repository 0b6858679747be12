"""The sheet `To correct` of a report: the list's wrong rows, to be corrected in place and read again as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaign.adapters.results.sheets.saving import NewWorkbook
from campaign.adapters.results.sheets.to_correct import MOST_COLUMNS, Columns, CorrectionSheets, Line
from campaign.core.cells.cell import Cell
from campaign.core.errors import OutputError
from campaign.core.finding import REPORT_COLUMNS, Finding
from campaign.core.mapping import columns as names

_OURS = len(REPORT_COLUMNS)
_STAYS = "Leave this row in: it keeps the person from being called through another row."


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row of the list with what is wrong in it; `text` is what is said of a row that is not wrong."""

    number: int
    cells: tuple[Cell, ...]
    found: Sequence[Finding]
    text: str = ""

    @property
    def told(self) -> str:
        """All that is to be done about the row."""
        return "\n".join(finding.text for finding in self.found) or f"{self.text} {_STAYS}"


class WrongRows:
    """Writes the rows, on as many sheets as they need. `count` are the wrong ones, `objecting` those that stay."""

    def __init__(self, book: NewWorkbook, header: tuple[str, ...], rows_per_sheet: int) -> None:
        # A list that was a report itself keeps its row numbers; what was wrong with it then is not repeated.
        self._again = header[:_OURS] == REPORT_COLUMNS
        own = header[_OURS:] if self._again else header
        if _OURS + len(own) > MOST_COLUMNS:
            raise OutputError(
                f"A workbook has {MOST_COLUMNS:,} columns; the list has {len(own):,}, two of ours come on top.",
                "Write the report as .csv.",
            )
        self._columns = names.Columns(own)
        self._width = len(own)
        self._sheets = CorrectionSheets(book, Columns(REPORT_COLUMNS, own, errors=True), rows_per_sheet)
        self.count = self.objecting = 0

    @property
    def sheets(self) -> int:
        """On how many sheets they stand."""
        return self._sheets.sheets

    def add(self, row: WrongRow) -> str:
        """Write a wrong row. Returns where it stands, for links."""
        self.count += 1
        return self._sheets.add(self._line(row))

    def add_objecting(self, row: WrongRow) -> None:
        """Write a row that is not wrong, and must stay with the others."""
        self.objecting += 1
        self._sheets.add(self._line(row))

    def end(self) -> None:
        """Finish the last sheet; a list without wrong rows has an empty one."""
        self._sheets.end()

    def _line(self, row: WrongRow) -> Line:
        wrong: dict[int, list[str]] = {}
        for finding in row.found:
            at = names.places(finding.column, self._columns) if finding.column else ()
            for place in at or (-_OURS,):
                wrong.setdefault(place + _OURS, []).append(f"{finding.message}. {finding.cure}")
        number: Cell = row.cells[0] if self._again else row.number
        own = row.cells[_OURS:] if self._again else row.cells
        said = {place: "\n\n".join(dict.fromkeys(lines)) for place, lines in wrong.items()}
        return Line((number, row.told, *own), said, stays=not row.found)
