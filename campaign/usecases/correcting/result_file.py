"""A corrected result file as its rows. A workbook has two sheets on which a person may have corrected a row, read as one here.

`Results` says which rows are meant, `To correct` brings corrections to them, cell by cell: a cell that was changed on either
sheet counts, and one that was changed on both, to different values, is refused. A row that is hidden on either is hidden. One
that stands on `To correct` alone is not sent; only what it says against being called counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Protocol

from campaign.core.as_written import mark, marks_in
from campaign.core.cells.cell import Cell, shown, text
from campaign.core.errors import UsageError
from campaign.core.lead import SourceRow
from campaign.core.mapping.columns import Columns
from campaign.core.record import KnownLead
from campaign.core.result import AS_WRITTEN, CALL_COLUMNS
from campaign.core.row_id import campaign_in
from campaign.ports import RowSource

_ROW_ID = CALL_COLUMNS[-1]
_TOLD = 10


class KnownRows(Protocol):
    """What is asked of the journal."""

    def find_lead(self, row_id: str) -> KnownLead | None:
        """The row with that row id."""


def row_ids(header: Sequence[str]) -> int | None:
    """The column of row ids."""
    return _last(header, _ROW_ID)


def campaign_of(source: RowSource, journal: KnownRows) -> str | None:
    """The campaign that a result file belongs to, by its row ids. Raises `UsageError` if it mixes several."""
    column = row_ids(source.header)
    if column is None:
        return None
    found: set[str] = set()
    for row in source.rows():
        row_id = text(row.cells[column])
        # A row id begins with its campaign's: a million rows, one look into the journal.
        if row_id and campaign_in(row_id) not in found and (known := journal.find_lead(row_id)) is not None:
            found.add(known.campaign)
    if len(found) > 1:
        raise UsageError(
            f"{source.name} mixes rows of several campaigns: {', '.join(sorted(found))}.",
            "Rerun each campaign from its own workbook; `campaign export CAMPAIGN -o OUT.xlsx` writes it again.",
        )
    return next(iter(found), None)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A row of `To correct` as a person left it: its number there, the cells that were changed, by their place in the list,
    and the marks of all of them as they were written (None if nobody knows)."""

    number: int
    hidden: bool
    cells: MappingOf[int, Cell]
    marks: tuple[str, ...] | None


class ResultFile:
    """The rows of `Results`, with the corrections of `To correct`."""

    def __init__(
        self,
        results: RowSource,
        to_correct: RowSource | None,
        own: Sequence[str],
        journal: KnownRows,
        objects: Callable[[Sequence[Cell]], bool],
    ) -> None:
        """`own` are the columns of the list; `objects` tells whether a row of them speaks against being called. Reads `To
        correct` once; what is kept of it are row ids, and the rows that were changed. Raises `SourceError`."""
        self.name, self.sheet, self.header = results.name, results.sheet, results.header
        self._results, self._to_correct, self._objects, self._journal = results, to_correct, objects, journal
        self._own = tuple(own)
        self._places = _places(results.header, own)
        self._edits: dict[str, _Edit] = {}
        self._numbers: dict[str, int] = {}
        self._strangers: set[int] = set()
        self._alone: set[int] = set()
        if to_correct is not None:
            self._there = _places(to_correct.header, own)
            self._marks = _last(to_correct.header, AS_WRITTEN)
            self._look(to_correct)

    @property
    def alone(self) -> list[int]:
        """The rows of `To correct`, by their numbers there, that were corrected or added and that `Results` does not have.
        Known after a pass over `rows`."""
        edited = {edit.number for edit in self._edits.values() if edit.cells}
        return sorted(self._strangers | (self._alone & edited))

    def rows(self) -> Iterator[SourceRow]:
        """The rows of `Results`, corrected. Raises `SourceError`, and `UsageError` at their end if the sheets contradict each
        other."""
        if self._to_correct is None:
            yield from self._results.rows()
            return
        column, missing = row_ids(self.header), dict(self._numbers)
        contradictions: list[str] = []
        for row in self._results.rows():
            row_id = text(row.cells[column]) if column is not None else ""
            # A row that was copied on the sheet has its original's id: the first is meant.
            edit = self._edits.get(row_id) if missing.pop(row_id, None) is not None else None
            yield row if edit is None else self._merged(row, row_id, edit, contradictions)
        if contradictions:
            raise _contradicted(self.name, contradictions)
        self._alone = set(missing.values())

    def aside(self) -> Iterator[SourceRow]:
        """Rows of `To correct` that are not sent, and of which only an objection counts: hidden ones, and those that `Results`
        does not have. Laid out as `rows`, known after a pass over them. Raises `SourceError`."""
        if self._to_correct is None:
            return
        for row in self._to_correct.rows():
            if row.hidden or row.number in self._strangers or row.number in self._alone:
                cells: list[Cell] = [None] * len(self.header)
                for here, there in zip(self._places, self._there, strict=True):
                    if here is not None and there is not None:
                        cells[here] = row.cells[there]
                if (column := row_ids(self.header)) is not None:
                    cells[column] = self._id(row)
                yield SourceRow(row.number, tuple(cells), hidden=True)

    def _look(self, to_correct: RowSource) -> None:
        """Find out what was changed on `To correct`."""
        for row in to_correct.rows():
            row_id = self._id(row)
            if not row_id or row_id in self._numbers:
                self._strangers.add(row.number)
                continue
            self._numbers[row_id] = row.number
            said = text(row.cells[self._marks]) if self._marks is not None else ""
            written = marks_in(said, len(self._own))
            changed = {
                n: row.cells[there]
                for n, there in enumerate(self._there)
                if there is not None and (written is None or mark(row.cells[there]) != written[n])
            }
            if changed or row.hidden:
                # Where the marks are lost the journal tells what the cells are: now, before anything is corrected.
                self._edits[row_id] = _Edit(row.number, row.hidden, changed, written or self._marks_of(row_id))

    def _marks_of(self, row_id: str) -> tuple[str, ...] | None:
        known = self._journal.find_lead(row_id)
        if known is None:
            return None
        cells = (*known.cells, *(None for _ in self._own))[: len(self._own)]
        return tuple(map(mark, cells))

    def _id(self, row: SourceRow) -> str:
        assert self._to_correct is not None
        column = row_ids(self._to_correct.header)
        return text(row.cells[column]) if column is not None else ""

    def _merged(self, row: SourceRow, row_id: str, edit: _Edit, contradictions: list[str]) -> SourceRow:
        cells = list(row.cells)
        for n, theirs in edit.cells.items():
            here = self._places[n]
            if here is None or shown(cells[here]) == shown(theirs):
                continue
            ours = cells[here]
            if edit.marks is not None and mark(ours) == edit.marks[n]:
                cells[here] = theirs
            else:
                contradictions.append(
                    f'  column {self._own[n]}: "{shown(ours)}" in row {row.number} of {self.sheet}, '
                    f'"{shown(theirs)}" in row {edit.number} of {self._sheet_there}'
                )
        merged = row._replace(cells=tuple(cells), hidden=row.hidden or edit.hidden)
        # Who objects on either sheet is not called, also if the mark was removed on the other.
        if self._objects(self._in_list(row)) and not self._objects(self._in_list(merged)):
            return row._replace(hidden=merged.hidden)
        return merged

    def _in_list(self, row: SourceRow) -> tuple[Cell, ...]:
        return tuple(row.cells[here] if here is not None else None for here in self._places)

    @property
    def _sheet_there(self) -> str:
        return self._to_correct.sheet if self._to_correct is not None else ""


def _places(header: Sequence[str], own: Sequence[str]) -> list[int | None]:
    columns = Columns(header)
    return [columns.find(name) for name in own]


def _last(header: Sequence[str], name: str) -> int | None:
    """A column of ours: the last one of that name, because a list's own column of that name comes first."""
    found = [index for index, column in enumerate(header) if column.casefold().startswith(name)]
    return found[-1] if found else None


def _contradicted(name: str, contradictions: Sequence[str]) -> UsageError:
    many = len(contradictions)
    more = f"\n  and {many - _TOLD:,} more" if many > _TOLD else ""
    cells = "1 cell was" if many == 1 else f"{many:,} cells were"
    return UsageError(
        f"In {name} {cells} corrected on both sheets, to different values:\n"
        + "\n".join(contradictions[:_TOLD])
        + f"{more}\nNothing was changed or sent.",
        "Write the same into both cells, or delete the row on To correct so that Results alone counts; save, and rerun.",
    )
