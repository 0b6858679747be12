"""The result as a workbook: all rows on `Results`, the campaign on `Summary`, what wants a person on `To correct`, `Mapping`.

The rows of the two large sheets are written side by side as they come, in bounded memory; what must stand before them
(widths) is taken from a sample, and what depends on their number (filter, colours, links) stands after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.adapters.results.first_rows import FirstRows
from campaign.adapters.results.layout import REASON, STATUS, laid_out
from campaign.adapters.results.place import written_beside
from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.column_width import WIDEST, fit, lines_of
from campaign.adapters.results.sheets.rolling import RollingSheets
from campaign.adapters.results.sheets.row_sheet import ROWS_PER_SHEET, RowSheet
from campaign.adapters.results.sheets.saving import saved
from campaign.adapters.results.sheets.to_correct import MOST_COLUMNS
from campaign.adapters.results.sheets.workbook_cells import Look
from campaign.adapters.results.summary import MOST_REASONS, add_mapping, add_summary
from campaign.adapters.results.to_correct import ResultCorrections
from campaign.core.cells.cell import Cell
from campaign.core.errors import OutputError
from campaign.core.result import CALL_COLUMNS, CORRECTED, RESULT_SHEETS, CampaignFacts, ResultRow, result_header

_TITLE, _SUMMARY, _MAPPING = RESULT_SHEETS
_LINE, _MOST_LINES = 15.0, 20  # points
_LAST_PRINTED = CALL_COLUMNS.index("call_phone")


@dataclass(frozen=True, slots=True)
class WorkbookWriter:
    """Writes one result as a workbook. Rows beyond `rows_per_sheet` go on on a further sheet with the header again."""

    path: Path
    force: bool
    rows_per_sheet: int = ROWS_PER_SHEET

    def write(self, facts: CampaignFacts, rows: Iterable[ResultRow]) -> None:
        """Write all sheets. Raises `OutputError`."""
        width = len(facts.header)
        if width + len(CALL_COLUMNS) > MOST_COLUMNS:
            raise OutputError(
                f"{self.path}: a workbook has {MOST_COLUMNS:,} columns; the list has {width:,}, ours come on top.",
                "Write the result as .csv.",
            )
        with (
            written_beside(self.path, force=self.force, campaign=facts.campaign) as fresh,
            saved(fresh, facts.campaign) as book,
        ):
            first_rows = FirstRows((state, reason) for state, reason, _ in facts.reasons[:MOST_REASONS])
            header = result_header(facts.header)
            results = RollingSheets[tuple[Cell, ...]](
                _TITLE, self.rows_per_sheet, lambda title, n, sample: _Sheet(book.row_sheet(title, n), header, sample)
            )
            to_correct = ResultCorrections(book, facts.header, self.path.name, self.rows_per_sheet)
            for row in rows:
                cells = laid_out(row, width)
                place = results.add(cells)
                first_rows.add(row, place, to_correct.add(row, cells[:width], place) if row.state in CORRECTED else "")
            results.end()
            to_correct.end()
            add_summary(book.sheet(_SUMMARY, results.sheets), facts, self.path.name, first_rows)
            add_mapping(book.sheet(_MAPPING), facts)


class _Sheet:
    """One sheet of results, as it is written."""

    def __init__(self, rows: RowSheet, header: tuple[str, ...], sample: Sequence[tuple[Cell, ...]]) -> None:
        self._rows, sheet = rows, rows.sheet
        width = len(header) - len(CALL_COLUMNS)
        self._reason, self._status, printed = width + REASON, width + STATUS, width + _LAST_PRINTED + 1
        letters = look.letters(len(header))
        for n, (name, letter) in enumerate(zip(header, letters, strict=True)):
            fit(sheet.column_dimensions[letter], name, [cells[n] for cells in sample])
        sheet.column_dimensions[letters[self._reason]].width = WIDEST
        self._printed = letters[printed - 1]
        sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
        look.set_up_page(sheet, sum(sheet.column_dimensions[letter].width for letter in letters[:printed]))
        fills = [look.THEIRS] * width + [look.OURS] * len(CALL_COLUMNS)
        rows.header([look.heading(sheet, name, fill) for name, fill in zip(header, fills, strict=True)], 22)
        own, ours, reason = Look(sheet, look.TOP), Look(sheet, look.INSET), Look(sheet, look.INSET_WRAPPED)
        self._looks = [own if n < width else reason if n == self._reason else ours for n in range(len(header))]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self._rows.rows

    def write(self, row: tuple[Cell, ...]) -> None:
        """Write a row, as high as its reason is long."""
        reason, height = row[self._reason], None
        if isinstance(reason, str) and (lines := lines_of(reason, WIDEST - 2)) > 1:
            height = _LINE * min(lines, _MOST_LINES)
        self._rows.write(row, self._looks, height)

    def end(self) -> None:
        """Filter, colours, and what is printed: not the columns that only a machine needs."""
        sheet, last = self._rows.sheet, self._rows.rows + 1
        sheet.auto_filter.ref = self._rows.area
        sheet.print_area = f"A1:{self._printed}{last}"
        look.colour_statuses(sheet, self._rows.letters[self._status], last, look.COLOURS)
