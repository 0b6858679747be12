"""The header of a list: which row it is, and what its columns are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Header:
    """The row number of the header and the names of the columns. `found` tells that nobody named the row."""

    row: int
    names: tuple[str, ...]
    found: bool


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
    width = _width(sample, cells_can_shift)
    return Header(sample[0].number, column_names(sample[0].cells, width), row is None)


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
