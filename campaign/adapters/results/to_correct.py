"""The sheet `To correct` of a result: the rows that a person has to correct before they can be sent."""

from __future__ import annotations

from campaign.adapters.results.sheets.saving import NewWorkbook
from campaign.adapters.results.sheets.to_correct import Columns, CorrectionSheets, Line
from campaign.core.as_written import as_written
from campaign.core.cells.cell import Cell
from campaign.core.mapping import columns as names
from campaign.core.result import ResultRow, correction_header
from campaign.core.state_words import quoted

_ROW, _STATUS, _REASON = range(3)
_INSTRUCTION = (
    "Correct the coloured cells here or on the sheet Results, save, then:\n\ncampaign rerun {file}\n\n"
    "Results says which rows are sent: a row that is removed there, or hidden on either sheet, is not. "
    "Removing a row here only takes its corrections back."
)


class ResultCorrections:
    """Writes the rows, on as many sheets as they need."""

    def __init__(self, book: NewWorkbook, header: tuple[str, ...], file_name: str, rows_per_sheet: int) -> None:
        """`file_name` is what the result is called, for the command that a person may copy."""
        before, after = correction_header(header)
        columns = Columns(before, header, after, hidden=1, status=_STATUS)
        self._sheets = CorrectionSheets(book, columns, rows_per_sheet, _INSTRUCTION.format(file=quoted(file_name)))
        self._names = names.Columns(header)
        self._before = len(before)

    def add(self, row: ResultRow, own: tuple[Cell, ...], leads_to: str) -> str:
        """Write a row, whose `own` cells are the person's; its number leads there. Returns where it stands, for links."""
        wrong: dict[int, list[str]] = {}
        for problem in row.problems:
            for place in names.places(problem.column, self._names) if problem.column else ():
                wrong.setdefault(self._before + place, []).append(f"{problem.message}. {problem.cure}")
        said = {place: "\n\n".join(dict.fromkeys(lines)) for place, lines in wrong.items()}
        cells = (row.number, row.state.value, row.reason or None, *own, row.row_id, as_written(own))
        # Where no single cell is to blame, the reason itself is what to look at.
        return self._sheets.add(Line(cells, said or {_REASON: row.reason}, leads_to=leads_to))

    def end(self) -> None:
        """Finish the last sheet; where nothing is to be corrected there is an empty one."""
        self._sheets.end()
