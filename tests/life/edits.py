"""What a person does to a result workbook before it is rerun, and what it says afterwards to whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import openpyxl
from folk import FOLK, MARK, Person, numbers_in, ways
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

RESULTS, TO_CORRECT = "Results", "To correct"


class Doing(StrEnum):
    """What is done to a row. A copy goes to the end of the sheet: as it is, for somebody else, or for somebody who objects."""

    NUMBER = "number"
    SECOND_NUMBER = "second number"
    MARK = "mark"
    UNMARK = "unmark"
    HIDE = "hide"
    DELETE = "delete"
    COPY = "copy"
    COPY_FOR = "copy for"
    COPY_MARKED = "copy marked"


@dataclass(frozen=True)
class Edit:
    """One thing done to one row of a sheet (counted round and round); `person` is who comes into it, where somebody does."""

    what: Doing
    row: int
    person: Person
    sheet: str


EDITS = st.builds(
    Edit,
    st.sampled_from(Doing),
    st.integers(0, 9),
    st.sampled_from(FOLK),
    st.sampled_from([RESULTS, RESULTS, TO_CORRECT]),
)


@dataclass
class Said:
    """What an edited workbook says: which rows are shown, by their ids and by their numbers; which rows and numbers carry a
    mark, shown or not. `more` is how many shown rows have no row id of their own."""

    shown_ids: set[str] = field(default_factory=set)
    shown_numbers: set[str] = field(default_factory=set)
    marked_ids: set[str] = field(default_factory=set)
    marked_numbers: set[str] = field(default_factory=set)
    more: int = 0

    def mark(self, row_id: str, numbers: frozenset[str]) -> None:
        """A row says that its person objects."""
        self.marked_ids |= {row_id} - {""}
        self.marked_numbers |= numbers

    def show(self, row_id: str, numbers: frozenset[str], *, copied: bool) -> None:
        """A row is there to be sent."""
        self.shown_ids |= {row_id} - {""}
        self.shown_numbers |= numbers
        self.more += copied


def edit(source: Path, target: Path, edits: list[Edit], *, keep_ids: bool) -> Said:
    """Do it, save the workbook, read what it says."""
    book = openpyxl.load_workbook(source)
    for one in edits:
        _do(book[one.sheet], one)
    if not keep_ids:
        for name in (RESULTS, TO_CORRECT):
            book[name].delete_cols(_column(book[name], "call_row_id"))
    book.save(target)
    return _read(book[RESULTS], book[TO_CORRECT])


def _column(sheet: Worksheet, name: str) -> int:
    return [cell.value for cell in sheet[1]].index(name) + 1


def _do(sheet: Worksheet, edit: Edit) -> None:
    if sheet.max_row < 2:
        return
    row = 2 + edit.row % (sheet.max_row - 1)

    def put(column: str, value: str | None, at: int = row) -> None:
        sheet.cell(at, _column(sheet, column)).value = value

    first, second = (*edit.person.numbers, None)[:2]
    match edit.what:
        case Doing.NUMBER:
            put("Phone", ways(first or "")[edit.row % 4])
        case Doing.SECOND_NUMBER:
            put("Mobile", second)
        case Doing.MARK:
            put("DNC", MARK)
        case Doing.UNMARK:
            put("DNC", None)
        case Doing.HIDE:
            sheet.row_dimensions[row].hidden = True
        case Doing.DELETE:
            sheet.delete_rows(row)
        case _:
            sheet.append([cell.value for cell in sheet[row]])
            if edit.what is not Doing.COPY:
                put("Phone", first, sheet.max_row)
                put("Mobile", second, sheet.max_row)
            if edit.what is Doing.COPY_MARKED:
                put("DNC", MARK, sheet.max_row)


def _read(results: Worksheet, to_correct: Worksheet) -> Said:
    said, hidden_there, seen = Said(), set[str](), set[str]()
    for row_id, hidden, numbers, marked in _rows(to_correct):
        if hidden:
            hidden_there.add(row_id)
        said.shown_numbers |= numbers
        if marked:
            said.mark(row_id, numbers)
    for row_id, hidden, numbers, marked in _rows(results):
        if marked:
            said.mark(row_id, numbers)
        copied = not row_id or row_id in seen
        seen.add(row_id)
        if not hidden and (copied or row_id not in hidden_there):
            said.show(row_id, numbers, copied=copied)
    return said


def _rows(sheet: Worksheet) -> list[tuple[str, bool, frozenset[str], bool]]:
    """Each row's id, whether it is hidden, its numbers, whether it is marked."""
    header = [cell.value for cell in sheet[1]]
    found = []
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        row: dict[Any, Any] = dict(zip(header, cells, strict=True))
        hidden = sheet.row_dimensions[number].hidden
        numbers = numbers_in(row["Phone"], row["Mobile"])
        found.append((row.get("call_row_id") or "", bool(hidden), numbers, row["DNC"] == MARK))
    return found
