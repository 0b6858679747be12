"""A worksheet of which openpyxl makes the frame, and whose rows are streamed as XML: any number of them, in little memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.worksheet.hyperlink import Hyperlink

from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.workbook_cells import Look, cell_xml, fitting, text_xml
from campaign.core.cells.cell import Cell

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

ROWS_PER_SHEET = 1_048_575
"""Rows that a sheet has below its header ("Excel specifications and limits")."""
_CHUNK = 1 << 20


class RowSheet:
    """The rows below the header, which is row 1; `rows` is how many there are. What stands around them (widths, filter,
    print layout) is set on `sheet`, a write-only one: the widths before `header` is called, all else whenever it is known."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.rows = 0
        self.letters: tuple[str, ...] = ()
        # People's data: a file without a name is gone with the process, however that ends.
        self._file = tempfile.TemporaryFile(buffering=_CHUNK)  # noqa: SIM115 - closed with the workbook

    @property
    def place(self) -> str:
        """The first cell of the row that is written next, as links name it: `'To correct'!A2`."""
        return f"'{self.sheet.title}'!A{self.rows + 2}"

    @property
    def area(self) -> str:
        """All cells, the header's too, such as `A1:K7`."""
        return f"A1:{self.letters[-1]}{self.rows + 1}"

    @property
    def frame(self) -> Path:
        """The file of openpyxl's own into which it writes all but the rows."""
        return Path(_private(self.sheet)._writer.out)

    def header(self, cells: Sequence[SheetCell], height: float) -> None:
        """Write the header, `height` points high."""
        self.letters = tuple(look.letters(len(cells)))
        self.sheet.row_dimensions[1].height = height
        self.sheet.append(tuple(cells))

    def write(self, cells: Sequence[Cell], looks: Sequence[Look], height: float | None = None) -> None:
        """Write a row, each cell with its look."""
        number = f"{self.rows + 2}"
        parts = []
        for letters, cell, seen in zip(self.letters, cells, looks, strict=True):
            if type(cell) is str:  # nearly all cells
                parts.append(text_xml(letters + number, cell, seen))
            elif cell is not None or seen.blank:
                parts.append(cell_xml(letters + number, cell, seen))
        self.write_xml(parts, height)

    def write_xml(self, cells: Sequence[str], height: float | None = None) -> None:
        """Write a row of ready cells. `height` (points) is where the program that opens the file may start from: it is not
        fixed, so the row grows with what a person writes into it."""
        self.rows += 1
        high = f' ht="{height:g}"' if height is not None else ""
        self._file.write(f'<row r="{self.rows + 1}"{high}>{"".join(cells)}</row>'.encode())

    def comment(self, place: str, text: str) -> None:
        """Add a comment to the cell at `place`, large enough for its text."""
        lines = sum(1 + len(line) // 44 for line in text.split("\n"))
        cell = WriteOnlyCell(self.sheet)
        cell.comment = Comment(fitting(text), "campaign", height=24 + 18 * lines, width=300)
        record = CommentRecord.from_cell(cell)
        record.ref = place
        _private(self.sheet)._comments.append(record)

    def link(self, place: str, target: str) -> None:
        """Make the cell at `place` lead to another one, named as in `place`."""
        _private(self.sheet)._hyperlinks.append(Hyperlink(ref=place, location=target))

    def copy_to(self, target: IO[bytes]) -> None:
        """Copy the XML of the rows."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, target, _CHUNK)

    def close(self) -> None:
        """Remove the rows."""
        self._file.close()


def _private(sheet: Any) -> Any:
    # openpyxl collects the comments and links of a write-only sheet from the cells that it writes itself: it has no public way
    # to add them, nor to tell which file it writes.
    return sheet
