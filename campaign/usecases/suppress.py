"""Do-not-call lists are read. A list that can't be read stops everything: it is never treated as an empty one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.cells.phone import PhoneReader
from campaign.core.errors import SourceError
from campaign.core.mapping.columns import Columns
from campaign.core.policy.suppression import SuppressionList
from campaign.ports import LeadSource

MOST_UNREADABLE = 0.02
"""The share of a do-not-call list's lines that may be unreadable before the run is refused."""

_PREFIX = re.compile(r"\+?(\d{1,15})\*")


def read_suppression(source: LeadSource, column: str | None, country: str, into: SuppressionList) -> list[str]:
    """Add a do-not-call list to `into`. Returns the entries that could not be read (few, or it is an error).

    `column` holds the numbers; every column is looked through if None; `country` (ISO) is that of numbers written without +. Raises
    `SourceError` if the list is empty, has no such column, or has more unreadable entries than `MOST_UNREADABLE`.
    """
    reader = PhoneReader("do-not-call", column or "", country)
    places = _columns(source, column)
    digits: set[int] = set()
    prefixes: list[str] = []
    unread: list[str] = []
    entries = 0

    def take(cells: Sequence[Cell]) -> bool:
        found: set[int] = set()
        begins: list[str] = []
        for cell in cells:
            found |= _numbers(cell, reader)
            prefix = _PREFIX.fullmatch(said := text(cell))
            if prefix is not None and (said.startswith("+") or len(cells) == 1):  # beside other cells, 5* is a rating
                begins.append(f"+{prefix[1]}")
        digits.update(found)
        prefixes.extend(begins)
        return bool(found or begins)

    # A list of bare numbers has no header: its first line is a number like the others.
    take([name for place in places if not is_blank(name := source.header[place])])
    for row in source.rows():
        cells = [cell for place in places if not is_blank(cell := row.cells[place])]
        if not cells:
            continue
        entries += 1
        if not take(cells):
            unread.append(f"row {row.number}: {', '.join(text(cell) for cell in cells)}")
    if not digits and not prefixes:
        raise SourceError(
            f"The do-not-call list {source.name} holds no number that can be read. Nothing was sent.",
            "Check the file and, if it has several columns, name the one with the numbers: suppress: [{file: ..., column: ...}].",
        )
    if len(unread) > MOST_UNREADABLE * max(entries, 1):
        shown = "; ".join(unread[:5])
        raise SourceError(
            f"{len(unread)} of {entries} entries of the do-not-call list {source.name} can't be read as numbers ({shown}). "
            "Nothing was sent.",
            "Correct them; numbers without + need their country: suppress: [{file: ..., country: US}].",
        )
    into.add(source.name, digits, prefixes)
    return unread


def _numbers(cell: Cell, reader: PhoneReader) -> set[int]:
    """Every number that the entry may mean. Bare digits may lack their +: to suppress too much is the safe side."""
    found = {phone.digits for phone in reader.read(cell).phones}
    said = text(cell)
    if said.isdecimal():
        found |= {phone.digits for phone in reader.read(f"+{said}").phones}
    return found


def _columns(source: LeadSource, column: str | None) -> range:
    """Where numbers may stand: the column that is named, else everywhere. To suppress too much is the safe side."""
    if column is None:
        return range(len(source.header))
    columns = Columns(source.header)
    index = columns.find(column)
    if index is None:
        raise SourceError(
            f"The do-not-call list {source.name}: {columns.missing(column)} Nothing was sent.",
            "Correct suppress in the mapping.",
        )
    return range(index, index + 1)
