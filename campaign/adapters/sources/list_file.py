"""A list in a file of any format: its header found, titles and blank rows left out and told, rows fitted to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from campaign.adapters.sources.file_access import Stamp, sha256, stamp
from campaign.adapters.sources.header import find_header
from campaign.adapters.sources.omissions import ABOVE, BLANK, TITLE, Omissions
from campaign.adapters.sources.table import Table
from campaign.core.cells.cell import Cell, is_blank
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.ports import Skipped


class ListFile:
    """A `LeadSource` over one file. Besides the port it has `other_sheets`, which hold something and are not read, and
    `notes`, what was assumed about the file. Every pass opens the file anew."""

    def __init__(self, path: Path, table: Table, header_row: int | None, before: Stamp) -> None:
        """`before` is the file's stamp from before `table` looked at it.

        Raises `SourceError` if the file can't be read or has no header.
        """
        self.name = path.name
        self.sheet = table.sheet
        self.other_sheets = table.other_sheets
        self.hidden_sheets = table.hidden_sheets
        self.notes = table.notes
        self._path = path
        self._table = table
        self._stamp = before
        self._skipped: tuple[Skipped, ...] = ()
        with closing(table.records()) as records:
            where = f"{self.name}, sheet {self.sheet}" if self.sheet else self.name
            found = find_header(records, header_row, where, cells_can_shift=table.cells_can_shift)
        self.header = found.names
        self.header_row = found.row
        self._above = TITLE if found.found else ABOVE

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the file's bytes. Raises `SourceError`."""
        self._check_unchanged()
        return sha256(self._path)

    def rows(self) -> Iterator[SourceRow]:
        """The leads, in the file's order. Raises `SourceError`, also if the file was saved anew since it was opened."""
        self._check_unchanged()
        omitted = Omissions()
        width, header_row, last = len(self.header), self.header_row, 0
        with closing(self._table.records()) as records:
            for row in records:
                number = row.number
                if number != last + 1:
                    omitted.add(last + 1, number - 1, BLANK)
                last = number
                if all(map(is_blank, row.cells)):
                    omitted.add(number, number, BLANK)
                elif number > header_row:
                    yield SourceRow(number, fitted(row.cells, width))
                elif number < header_row:
                    omitted.add(number, number, self._above)
        self._check_unchanged()
        self._skipped = omitted.entries()

    def above(self) -> Iterator[SourceRow]:
        """The rows above the header: titles, mostly. Raises `SourceError`."""
        with closing(self._table.records()) as records:
            for row in records:
                if row.number >= self.header_row:
                    return
                yield row

    def skipped(self) -> tuple[Skipped, ...]:
        """What the last complete pass of `rows` left out; () before the first."""
        return self._skipped

    def _check_unchanged(self) -> None:
        # The header was read when the list was opened: rows of another version must not be read under its names.
        if stamp(self._path) != self._stamp:
            raise SourceError(
                f"{self.name} was changed by another program while it was being read.",
                "Save it, close it there, and start again.",
            )


def fitted(cells: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    """The cells, filled up to `width`. Those beyond it stay if one of them holds something: the row is ragged."""
    if len(cells) < width:
        return (*cells, *(None,) * (width - len(cells)))
    if len(cells) > width and all(map(is_blank, cells[width:])):
        return tuple(cells[:width])
    return tuple(cells)
