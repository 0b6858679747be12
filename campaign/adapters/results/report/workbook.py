"""The validation report as a workbook: what was found, one line a problem, and the wrong rows to be corrected in place.

The rows to correct and the problems are written side by side as they come; what must stand before the first row (widths)
is taken from a sample of them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from campaign.adapters.results.report.summary import ReportLayout, add_report_summary
from campaign.adapters.results.report.to_correct import WrongRow, WrongRows
from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.column_width import lines_of
from campaign.adapters.results.sheets.row_sheet import ROWS_PER_SHEET, RowSheet
from campaign.adapters.results.sheets.saving import NewWorkbook
from campaign.adapters.results.sheets.to_correct import MOST_MARKS
from campaign.adapters.results.sheets.workbook_cells import Look
from campaign.core.cells.cell import Cell, dump_cells, load_cells
from campaign.core.finding import COLUMNS, NOTE, REPORT_SHEETS, Finding
from campaign.core.lifecycle import State
from campaign.ports import ReportFacts

_SUMMARY, _PROBLEMS, _ = REPORT_SHEETS
_WIDTHS = (8, 12, 24, 18, 20, 26, 52, 64)
_WRAPPED = {COLUMNS.index("message"), COLUMNS.index("cure"), COLUMNS.index("value")}
_LINE, _MOST_LINES = 15.0, 12  # points


class ReportWorkbook:
    """A `Report` that fills a write-only workbook. Sheets that are full go on on a further one.

    Rows that object to being called come last on `To correct`: whoever sends the corrected rows by themselves must not
    call such a person through another row.
    """

    def __init__(
        self, book: NewWorkbook, name: str, header: Sequence[str], rows_per_sheet: int = ROWS_PER_SHEET
    ) -> None:
        """`name` is what the report is called, for the commands that a person may copy."""
        self._book, self._name, self._rows_per_sheet = book, name, rows_per_sheet
        self._summary = book.sheet(_SUMMARY)
        self._problems = self._new_problems(1)
        self._sheets = 1
        self._wrong = WrongRows(book, tuple(header), rows_per_sheet)
        # On disk, because they wait until all wrong rows are written.
        self._objecting = tempfile.TemporaryFile(  # noqa: SIM115 - closed with the report
            "w+", encoding="utf-8", errors="surrogatepass", newline="\n"
        )
        self._total_lines = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._objecting.close()

    def row(self, cells: tuple[Cell, ...], found: Sequence[Finding], *, objects: bool) -> None:
        """Write the row's problems, and the row itself where it is wrong."""
        wrong = [finding for finding in found if finding.kind == State.INVALID]
        place = self._wrong.add(WrongRow(found[0].row, cells, wrong)) if wrong else ""
        if objects:
            self._objecting.write(json.dumps([found[0].row, found[0].text]) + "\t" + dump_cells(cells) + "\n")
        for finding in found:
            self._write_line(finding, place)

    def end(self, facts: ReportFacts) -> None:
        """Finish all sheets."""
        self._end_problems()
        if self._wrong.count:
            for row in self._objectors():
                self._wrong.add_objecting(row)
        self._wrong.end()
        layout = ReportLayout(self._name, self._wrong.count, self._wrong.objecting, self._wrong.sheets)
        add_report_summary(self._summary, facts, layout)

    def _objectors(self) -> Iterator[WrongRow]:
        self._objecting.seek(0)
        for line in self._objecting:
            said, _, cells = line.rstrip("\n").partition("\t")
            number, text = json.loads(said)
            yield WrongRow(number, load_cells(cells), (), text)

    def _write_line(self, finding: Finding, place: str) -> None:
        if self._problems.rows >= self._rows_per_sheet:
            self._end_problems()
            self._sheets += 1
            self._problems = self._new_problems(self._sheets)
        self._total_lines += 1
        values = tuple(finding.line().values())
        lines = max(lines_of(value, _WIDTHS[n] - 2) for n in _WRAPPED if isinstance(value := values[n] or "", str))
        looks = self._looks
        if place and self._total_lines <= MOST_MARKS:
            looks = [self._linked, *looks[1:]]
            self._problems.link(f"A{self._problems.rows + 2}", place)
        self._problems.write(values, looks, _LINE * min(lines, _MOST_LINES) + 3)

    def _new_problems(self, number: int) -> RowSheet:
        problems = self._book.row_sheet(_PROBLEMS if number == 1 else f"{_PROBLEMS} {number}", number)
        sheet = problems.sheet
        for letter, width in zip(look.letters(len(_WIDTHS)), _WIDTHS, strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
        look.set_up_page(sheet)
        centred, top, wrapped = (
            Look(sheet, shape, None, look.PLAIN, look.RULE_BELOW) for shape in (look.CENTRED, look.TOP, look.LEFT)
        )
        self._looks = [wrapped if n in _WRAPPED else top if n else centred for n in range(len(COLUMNS))]
        self._linked = Look(sheet, look.CENTRED, None, look.LINK, look.RULE_BELOW)
        problems.header([look.heading(sheet, name, look.OURS) for name in COLUMNS], 22)
        return problems

    def _end_problems(self) -> None:
        sheet = self._problems.sheet
        sheet.auto_filter.ref = self._problems.area
        look.colour_statuses(sheet, "B", self._problems.rows + 1, (*State, NOTE))
