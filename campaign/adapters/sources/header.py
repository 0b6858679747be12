"""The header of a list: which row it is, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.cells.phone_like import could_be_phone, is_like_a_phone
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

_SAMPLE = 20
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Header:
    """The row number of the header, its cells and the names of the columns. `found` tells that nobody named the row."""

    row: int
    cells: tuple[Cell, ...]
    names: tuple[str, ...]
    found: bool

    @property
    def of_a_lead(self) -> str:
        """The cell that is a lead's phone or e-mail address, in a list without a header; "" if there is none."""
        told = (cell for cell in self.cells if is_like_a_phone(cell) or _EMAIL.fullmatch(text(cell)))
        return text(next(told, None))


def find_header(records: Iterable[SourceRow], row: int | None, where: str, *, cells_can_shift: bool) -> Header:
    """The header: row `row`, or else the first row that is neither blank nor a title line above a table.

    A title line has one cell that is not blank while the table below it has several; only the first rows are looked at.
    Raises `SourceError`, naming `where` it was looked for, if there is no header.
    """
    filled = (record for record in records if not all(map(is_blank, record.cells)))
    if row is not None:
        sample = list(islice((record for record in filled if record.number >= row), _SAMPLE))
        if not sample or sample[0].number != row:
            there = f" The first row below it that is not blank is row {sample[0].number}." if sample else ""
            raise SourceError(
                f"{where}: the column names should stand in row {row}, but it is blank or beyond the end.{there}",
                "Correct the header row, or leave it out so that it is found.",
            )
    else:
        sample = list(islice(filled, _SAMPLE))
        if not sample:
            raise SourceError(
                f"{where} is empty: it holds nothing but blank cells.",
                "Check that it was saved, and that the right file is named.",
            )
        sample = sample[_first_of_table([_filled(record.cells) for record in sample]) :]
        if _is_line_above_header(sample):
            sample = sample[1:]
    width = _width(sample, cells_can_shift)
    return Header(sample[0].number, sample[0].cells, column_names(sample[0].cells, width), row is None)


def column_names(cells: Sequence[Cell], width: int) -> tuple[str, ...]:
    """The names of `width` columns: trimmed; a blank one by its letter (`column C`), a repeated one with
    its number (`Phone (2)`)."""
    given = [text(cells[place]).strip() if place < len(cells) else "" for place in range(width)]
    taken = set(given)
    seen: set[str] = set()
    following: dict[str, int] = {}  # where to go on counting: a row may hold the same name thousands of times
    names = []
    for place, plain in enumerate(given):
        name = base = plain or f"column {letter(place)}"
        n = following.get(base, 2)
        while name in seen or (name in taken and name != plain):
            name, n = f"{base} ({n})", n + 1
        following[base] = n
        seen.add(name)
        names.append(name)
    return tuple(names)


def letter(place: int) -> str:
    """The letters of a column, counted from 0, as spreadsheets show them: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _first_of_table(counts: Sequence[int]) -> int:
    """Index of the first row of the table, given each row's number of cells that are not blank."""
    first = next((place for place, count in enumerate(counts) if count > 1), 0)
    # One remark beside a one-column list makes no table: most of what follows has to have several cells as well.
    below = counts[first:]
    return first if sum(count > 1 for count in below) * 2 >= len(below) else 0


def _is_line_above_header(sample: Sequence[SourceRow]) -> bool:
    """Whether the first row only groups the columns that the second names: Contact, Address above Name, Phone, City, Zip.

    Then the first row has gaps, the second fills them, neither has anything but words, and a number stands below.
    """
    if len(sample) < 3:
        return False
    first, second = (record.cells for record in sample[:2])
    named = {place for place, cell in enumerate(second) if not is_blank(cell)}
    grouped = {place for place, cell in enumerate(first) if not is_blank(cell)}
    return (
        grouped < named
        and all(_is_word(cell) for cell in (*first, *second))
        and any(could_be_phone(cell) for record in sample[2:] for cell in record.cells)
    )


def _is_word(cell: Cell) -> bool:
    """Whether the cell is blank or could name a column."""
    if not isinstance(cell, str):
        return cell is None
    return not (could_be_phone(cell) or _EMAIL.fullmatch(text(cell)))


def _width(sample: Sequence[SourceRow], cells_can_shift: bool) -> int:
    """How many columns the list has, without blank ones at the right end.

    A column without a name counts if the rows below have something in it; in text only where the header row has
    separators up to there, because otherwise it is more likely that a stray separator has shifted that row.
    """
    header = sample[0].cells
    below = max(_extent(record.cells) for record in sample)
    return max(_extent(header), min(below, len(header)) if cells_can_shift else below)


def _extent(cells: Sequence[Cell]) -> int:
    return next((place for place in range(len(cells), 0, -1) if not is_blank(cells[place - 1])), 0)


def _filled(cells: Sequence[Cell]) -> int:
    return sum(not is_blank(cell) for cell in cells)
