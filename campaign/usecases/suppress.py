"""Do-not-call lists are read. A list that can't be read stops everything: it is never treated as an empty one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.cells.phone import PhoneReader, PhoneType
from campaign.core.cells.phone_begins import is_prefix, prefixes_of
from campaign.core.cells.phone_in_text import coded_inside, national_inside
from campaign.core.cells.phone_plan import as_written, has_plan
from campaign.core.cells.phone_written import plain
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.mapping.columns import Columns
from campaign.core.policy.number_list import NumberList, NumberListMaker
from campaign.core.problem import Code
from campaign.ports import LeadSource, Progress
from campaign.usecases.counting import counted

MOST_UNREADABLE = 0.02
"""The share of a do-not-call list's lines that may be unreadable before the run is refused."""

_OLD_MEXICAN = re.compile(
    r"(?:\+|00)?521(\d{10})"
)  # the 1 of mobile phones is dialled no more, and stands in many lists
_LEAST_DIGITS = 6
"""A cell with fewer digits is no phone number that could not be read."""
_NOT_IN_TEXT = frozenset({Code.PHONE_DATE, Code.PHONE_PRECISION, Code.PHONE_DECIMAL, Code.CELL_ERROR})
_NUMBERS = re.compile(r"phone|mobil|\bcell\b|\btel\b|telefon|telephone|télé|handy|msisdn|e\.?164", re.IGNORECASE)
_REASON = re.compile(r"\b(?:reason|comments?|notes?|remarks?|why|grund|motif|motivo)\b", re.IGNORECASE)
_DATE = re.compile(r"\b(?:date|added|since|datum|fecha|requested)\b|\bon$", re.IGNORECASE)


class ListSource(LeadSource, Protocol):
    """A do-not-call list in a file: every line of it counts, also those above what looks like a header."""

    def above(self) -> Iterator[SourceRow]:
        """The rows above the header."""


@dataclass(slots=True)
class ReadList:
    """A list that was read. `unread` names entries that could not be (few, or it was an error)."""

    name: str
    numbers: NumberList
    unread: list[str] = field(default_factory=list)


def read_suppression(
    source: ListSource,
    column: str | None,
    country: str,
    name: str = "",
    *,
    may_be_no_list: bool = False,
    progress: Progress | None = None,
) -> ReadList | None:
    """Read a do-not-call list.

    `column` holds the numbers; every column is looked through if None; `country` (ISO) is that of numbers written without
    +; `name` is the list's if it is not the file's; `progress` is told how far it is. Raises `SourceError` if the list has no
    such column, more unreadable entries than `MOST_UNREADABLE`, or no number at all; of one that `may_be_no_list` None is
    returned then.
    """
    name = name or source.name
    reading = _Reading(source, column, country, name)
    for row in source.above():
        reading.look_above(row)
    reading.header(source.header, source.header_row)
    for row in counted(source.rows(), progress, name):
        reading.row(row)
    numbers = reading.maker.made()
    if not len(numbers):
        if may_be_no_list:
            return None
        raise SourceError(
            f"The do-not-call list {name} holds no number that can be read. Nothing was sent.",
            "Check the file and, if it has several columns, name the one with the numbers: suppress: [{file: ..., column: ...}].",
        )
    unread, entries = reading.unread, reading.entries
    if len(unread) > MOST_UNREADABLE * max(entries, 1):
        shown = "; ".join(unread[:5])
        homeless = "; numbers without + need their country: suppress: [{file: ..., country: US}]"
        raise SourceError(
            f"{len(unread)} of {entries} entries of the do-not-call list {name} can't be read as numbers ({shown}). "
            "Nothing was sent.",
            f"Correct them in that file, or delete what is no number{homeless if not country else ''}.",
        )
    return ReadList(name, numbers, unread)


class _Reading:
    """One pass over a list."""

    def __init__(self, source: ListSource, column: str | None, country: str, name: str) -> None:
        self.maker = NumberListMaker()
        self.unread: list[str] = []
        self.entries = 0
        self._country = country
        self._reader = ListReader(country)
        header = source.header
        self._only = _column(header, column, name) if column is not None else None
        # Where columns say that they hold phone numbers, an entry counts as read only if one of those was.
        named = [place for place, title in enumerate(header) if _NUMBERS.search(title)]
        self._must = {self._only} if self._only is not None else set(named) or None
        self._reason, self._date = _place(header, _REASON), _place(header, _DATE)

    def look_above(self, row: SourceRow) -> None:
        """A row above the header: a title, or the first numbers of a list that has none."""
        for cell in row.cells:
            self._title(cell, row.number, alone=len(row.cells) == 1)

    def header(self, names: Sequence[str], row: int) -> None:
        """The header: in a list of bare numbers it is a number like the others."""
        for place, name in enumerate(names):
            if self._only in (None, place):
                self._title(name, row, alone=len(names) == 1)

    def _title(self, cell: Cell, row: int, *, alone: bool) -> None:
        if not self._take(cell, row, "", "", alone=alone) and alone and is_prefix(text(cell)):
            self._count(row, [cell])  # no title looks like that

    def row(self, row: SourceRow) -> None:
        """An entry of the list."""
        only = self._only
        cells = row.cells if only is None else (row.cells[only],)
        filled = [(place, cell) for place, cell in enumerate(cells) if not is_blank(cell)]
        if not filled:
            return
        reason, date = self._remark(row, self._reason), self._remark(row, self._date)
        read = 0
        asked = False
        doubtful: list[Cell] = []
        for place, cell in filled:
            counts = self._must is None or place in self._must
            alone = len(filled) == 1 or (self._must is not None and counts)
            found = self._take(cell, row.number, reason, date, alone=alone)
            asked |= counts
            read += found and counts
            if counts and not found and self._looks_like_a_number(place, cell):
                doubtful.append(cell)
        if asked and not read:
            self._count(row.number, [cell for _, cell in filled])
        elif self._must is None:
            self.entries += 1
        else:
            self.entries += max(read, 1)
            self._count(row.number, *([cell] for cell in doubtful))

    def _count(self, row: int, *unread: Sequence[Cell]) -> None:
        self.entries += len(unread)
        self.unread += [f"row {row}: {', '.join(map(text, cells))}" for cells in unread]

    def _looks_like_a_number(self, place: int, cell: Cell) -> bool:
        """Whether a cell beside a number that was read may be another one: `n/a` and a date in `Phone added` are none."""
        digits = sum(sign.isdecimal() for sign in text(cell))
        return digits >= _LEAST_DIGITS and place not in (self._reason, self._date)

    def _take(self, cell: Cell, row: int, reason: str, date: str, *, alone: bool) -> bool:
        said = text(cell)
        prefixes = prefixes_of(said, self._country, alone=alone) if said.endswith(("*", "\uff0a")) else ()
        for prefix in prefixes:
            self.maker.add_prefix(prefix, row, reason, date)
        if prefixes:
            return True
        found = self._reader.numbers(cell)
        for digits in found:
            self.maker.add(digits, row, reason, date)
        return bool(found)

    @staticmethod
    def _remark(row: SourceRow, place: int | None) -> str:
        return text(row.cells[place]) if place is not None and place < len(row.cells) else ""


class ListReader:
    """Reads the numbers of do-not-call lists: every number that an entry may mean, of every kind."""

    def __init__(self, country: str) -> None:
        """`country` (ISO, "" if unknown) is that of numbers without +."""
        self._country = country if has_plan(country) else ""
        self._reader = PhoneReader("do-not-call", "", country, frozenset(PhoneType))

    def numbers(self, cell: Cell) -> set[int]:
        """The numbers. Bare digits may lack their +: to suppress too much is the safe side."""
        quick = self._quick(cell)
        if quick is not None:
            return quick
        reading = self._reader.read(cell)
        found = {phone.digits for phone in reading.phones}
        said = text(cell)
        if said.isdecimal():
            found |= {phone.digits for phone in self._reader.read(f"+{said}").phones}
        if reading.problems and "+" in said:  # a name or a remark in the same cell is no reason to call
            found |= coded_inside(said, self._reader)
        if self._country and any(problem.code not in _NOT_IN_TEXT for problem in reading.problems):
            found |= national_inside(said, self._reader)
        if not found and (old := _OLD_MEXICAN.fullmatch(said)):
            found.add(int(f"52{old[1]}"))
        return found

    def _quick(self, cell: Cell) -> set[int] | None:
        """The same for nearly every entry of a long list, without asking libphonenumber."""
        number = plain(cell) if isinstance(cell, str) else None
        if number is None:
            return None
        if number.plus:
            digits = as_written(number.digits)
            return None if digits is None else {digits}
        at_home = as_written(number.digits, self._country) if self._country else None
        if at_home is None:
            return None
        abroad = as_written(number.digits)
        return {at_home} if abroad is None else {at_home, abroad}


def _place(header: Sequence[str], title: re.Pattern[str]) -> int | None:
    return next((place for place, name in enumerate(header) if title.search(name)), None)


def _column(header: Sequence[str], column: str, name: str) -> int:
    columns = Columns(header)
    index = columns.find(column)
    if index is None:
        raise SourceError(
            f"The do-not-call list {name}: {columns.missing(column)} It has: {columns.names()}. Nothing was sent.",
            "Correct suppress in the mapping.",
        )
    return index
