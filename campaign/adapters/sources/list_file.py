"""A list in a file of any format: its header found, what is no lead left out and told, rows fitted to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import replace
from pathlib import Path

from campaign.adapters.sources.file_access import Stamp, sha256, stamp
from campaign.adapters.sources.header import find_header
from campaign.adapters.sources.lead_rows import LeadRows
from campaign.adapters.sources.omissions import ABOVE, HIDDEN, TITLE, Omissions
from campaign.adapters.sources.table import Table
from campaign.core.cells.cell import Cell, is_blank
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.ports import HiddenChoice, HiddenRows, Skipped

_FIRST_HIDDEN = 10


class ListFile:
    """A `LeadSource` over one file. Besides the port it has `form`, what the file was found to be, and `other_sheets`,
    which hold something and are not read. Every pass opens the file anew."""

    def __init__(
        self,
        path: Path,
        table: Table,
        header_row: int | None,
        before: Stamp,
        hidden_rows: HiddenChoice | None = None,
    ) -> None:
        """`before` is the file's stamp from before `table` looked at it, `hidden_rows` the person's word about hidden rows.

        Raises `SourceError` if the file can't be read or has no header.
        """
        self.name = path.name
        self.form = table.form
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
            row = table.header_row or header_row
            found = find_header(records, row, where, cells_can_shift=table.cells_can_shift)
        self.header = found.names
        self.header_row = found.row
        self.lead_in_header = found.of_a_lead
        self.hidden_columns = tuple(
            name
            for place, name in enumerate(found.names, 1)
            if any(first <= place <= last for first, last in table.layout.hidden_columns)
        )
        self._header_cells = found.cells
        self._above = TITLE if found.found else ABOVE
        self._choice = hidden_rows
        self._hidden = None if table.layout.hides_rows else HiddenRows()

    @property
    def hidden(self) -> HiddenRows:
        """The leads that the file does not show; the first look takes a pass if there may be any. Raises `SourceError`."""
        if self._hidden is None:
            self._check_unchanged()
            numbers = [row.number for row in self._leads(Omissions()) if row.hidden]
            first = tuple(numbers[:_FIRST_HIDDEN])
            self._hidden = HiddenRows(len(numbers), first, self._table.layout.filtered)
        return replace(self._hidden, choice=self._choice)

    def decided(self, choice: HiddenChoice) -> ListFile:
        """The same list, with the person's word about its hidden rows."""
        other = copy(self)
        other._choice = choice
        return other

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the file's bytes. Raises `SourceError`."""
        self._check_unchanged()
        return sha256(self._path)

    def rows(self) -> Iterator[SourceRow]:
        """The leads, in the file's order. Raises `SourceError`, also if the file was saved anew since it was opened."""
        self._check_unchanged()
        omitted = Omissions()
        for row in self._leads(omitted):
            if row.hidden and self._choice == "skip":
                omitted.add(row.number, row.number, HIDDEN)
            else:
                yield row
        self._check_unchanged()
        self._skipped = omitted.entries()

    def left_out(self) -> Iterator[SourceRow]:
        """The leads that `rows` leaves out because they are hidden. Raises `SourceError`."""
        if self._choice == "skip" and self.hidden.count:
            yield from (row for row in self._leads(Omissions()) if row.hidden)

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

    def _leads(self, omitted: Omissions) -> Iterator[SourceRow]:
        width = len(self.header)
        leads = LeadRows(self.header_row, self._header_cells, self._above, omitted)
        with closing(self._table.records()) as records:
            for row in leads.of(records):
                if len(row.cells) == width:
                    yield row
                else:
                    yield SourceRow(row.number, fitted(row.cells, width), row.hidden, row.merged)

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
