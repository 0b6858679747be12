"""What a sheet's XML says of its looks: whether it hides rows, filters, and which columns are hidden and cells merged.

Found in the bytes, because filters and merged cells stand behind the rows: that takes a small part of the time in which
the rows are read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO

from openpyxl.utils import column_index_from_string

from campaign.adapters.sources.sheets.merged import MergedCells, check_merged
from campaign.adapters.sources.table import Layout

FILTER = re.compile(rb"<(?:\w+:)?filterColumn[\s/>]")
"""A column of a filter that is on."""
_YES = rb"""\s*=\s*["'](?:1|true|on)["']"""
_HIDES_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*\s)?(?:hidden" + _YES + rb"""|ht\s*=\s*["']0*(?:\.0*)?["'])""")
# What can tell something within the rows, where almost nothing does; one letter is found faster than three words.
_TELLING = re.compile(rb"""h(?:idden|t\s*=\s*["'][0."']|eetData)""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = re.compile(rb"\shidden" + _YES)
_BOUND = re.compile(rb"""\s(min|max)\s*=\s*["']([0-9]{1,5})["']""")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Za-z]{1,3}[0-9]{1,7}:[A-Za-z]{1,3}[0-9]{1,7})["']"""
)
_REFERENCE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_CHUNK, _LONGEST_TAG = 1 << 18, 1 << 16


def read_layout(part: IO[bytes]) -> tuple[Layout, list[MergedCells]]:
    """What the sheet's XML says of its looks. Raises `SourceError` if more is merged than in any list."""
    hides_rows = filtered = False
    columns: list[tuple[int, int]] = []
    merged: list[MergedCells] = []
    data_tags = 0
    for text in _whole_tags(part):
        if data_tags == 1 and not _TELLING.search(text):
            continue
        hides_rows = hides_rows or _HIDES_ROW.search(text) is not None
        met = text.count(b"sheetData")
        data_tags += met
        if data_tags == 1 and not met:
            continue  # nothing but rows: columns stand above the start tag of the data, all else below its end tag
        if not filtered and b"filterColumn" in text:
            filtered = FILTER.search(text) is not None
        if b"col " in text:
            for column in _COLUMN.findall(text):
                bounds = dict(_BOUND.findall(column))
                if _HIDDEN.search(column) and len(bounds) == 2:
                    columns.append((int(bounds[b"min"]), int(bounds[b"max"])))
        if b"mergeCell " in text:
            merged += [_range(ref.decode("ascii")) for ref in _MERGED.findall(text)]
            check_merged(len(merged))
    return Layout(hides_rows, filtered, tuple(columns)), sorted(merged, key=lambda cells: cells.first_row)


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
