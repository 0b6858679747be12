"""What a sheet's XML says of its looks: whether it hides rows, filters, and which columns are hidden and cells merged.

Found in the bytes, because filters and merged cells stand behind the rows: that takes a small part of the time in which
the rows are read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from openpyxl.utils import column_index_from_string

from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.adapters.sources.table import Layout
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

FILTER = re.compile(rb"<(?:\w+:)?filterColumn[\s/>]")
"""A column of a filter that is on."""
_YES = rb"""\s*=\s*["'](?:1|true|on)["']"""
_HIDES_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*\s)?(?:hidden" + _YES + rb"""|ht\s*=\s*["']0*(?:\.0*)?["'])""")
_ZERO = re.compile(rb"""ht\s*=\s*["'][0."']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = re.compile(rb"\shidden" + _YES)
_BOUND = re.compile(rb"""\s(min|max)\s*=\s*["']([0-9]{1,5})["']""")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Za-z]{1,3}[0-9]{1,7}:[A-Za-z]{1,3}[0-9]{1,7})["']"""
)
_REFERENCE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_CHUNK, _LONGEST_TAG = 1 << 20, 1 << 16
_MOST_MERGED = 200_000


@dataclass(frozen=True, slots=True)
class MergedCells:
    """A merged range; rows and columns counted from 1, the last ones included."""

    ref: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def covered(self, row: int) -> Iterator[tuple[int, str]]:
        """The places in a row of the range, counted from 0, that show the value of its first cell and don't have it."""
        first = self.first_column if row == self.first_row else self.first_column - 1
        return ((place, self.ref) for place in range(first, self.last_column))


def read_layout(part: IO[bytes]) -> tuple[Layout, list[MergedCells]]:
    """What the sheet's XML says of its looks. Raises `SourceError` if more is merged than in any list."""
    hides_rows = filtered = False
    columns: list[tuple[int, int]] = []
    merged: list[MergedCells] = []
    for text in _whole_tags(part):
        # Most pieces have none of it, and plain words are found much faster than tags.
        if not hides_rows and (b"hidden" in text or _ZERO.search(text)):
            hides_rows = _HIDES_ROW.search(text) is not None
        if not filtered and b"filterColumn" in text:
            filtered = FILTER.search(text) is not None
        if b"col " in text:
            for column in _COLUMN.findall(text):
                bounds = dict(_BOUND.findall(column))
                if _HIDDEN.search(column) and len(bounds) == 2:
                    columns.append((int(bounds[b"min"]), int(bounds[b"max"])))
        if b"mergeCell " in text:
            merged += [_range(ref.decode("ascii")) for ref in _MERGED.findall(text)]
            if len(merged) > _MOST_MERGED:
                raise SourceError(
                    f"The sheet has more than {_MOST_MERGED:,} merged ranges.",
                    "Unmerge its cells in the spreadsheet (Home > Merge & Center > Unmerge Cells), and save it.",
                )
    return Layout(hides_rows, filtered, tuple(columns)), sorted(merged, key=lambda cells: cells.first_row)


def with_merged(rows: Iterable[SourceRow], merged: list[MergedCells]) -> Generator[SourceRow]:
    """The rows, each with its cells that a merged range covers. `merged` are sorted by their first row."""
    coming = iter(merged)
    ahead = next(coming, None)
    current: list[MergedCells] = []
    covered: tuple[tuple[int, str], ...] = ()
    good_until = 0  # `covered` holds for the rows up to here
    for row in rows:
        number = row.number
        if number > good_until or (ahead is not None and ahead.first_row <= number):
            current = [cells for cells in current if cells.last_row >= number]
            while ahead is not None and ahead.first_row <= number:
                current += [ahead] if ahead.last_row >= number else []
                ahead = next(coming, None)
            covered = tuple(sorted(place for cells in current for place in cells.covered(number)))
            # Below its first row, a range covers the same cells in every row.
            begins = any(cells.first_row == number for cells in current)
            good_until = number if begins else min((cells.last_row for cells in current), default=LAST_ROW)
        yield replace(row, merged=covered) if covered else row


def _range(ref: str) -> MergedCells:
    first, last = (_REFERENCE.fullmatch(corner) for corner in ref.split(":"))
    assert first is not None
    assert last is not None
    rows, columns = (int(first[2]), int(last[2])), map(column_index_from_string, (first[1], last[1]))
    return MergedCells(ref, *rows, *columns)


def _whole_tags(part: IO[bytes]) -> Iterator[bytes]:
    """The bytes in pieces that cut no tag apart, in an encoding that has ASCII's tags."""
    rest = b""
    for chunk in _eight_bit(part):
        text = rest + chunk
        cut = text.rfind(b"<")
        rest = text[cut:] if 0 <= len(text) - cut <= _LONGEST_TAG and cut >= 0 else b""
        yield text[: len(text) - len(rest)]
    yield rest


def _eight_bit(part: IO[bytes]) -> Iterator[bytes]:
    chunk = part.read(_CHUNK)
    decoder = None
    if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
    while chunk:
        yield decoder.decode(chunk).encode("utf-8", "replace") if decoder else chunk
        chunk = part.read(_CHUNK)
