"""Delimited text: CSV, tab-separated, and what spreadsheets make of them in other countries.

A row's number is that of its record, blank ones counted, which is the row that Excel shows when it opens the file: a
record with line breaks in its quotes is one row, and a first line `sep=;` is none. Errors about quotes name the line
instead, since they are repaired in a text editor.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import TextIO

from campaign.adapters.sources.bounded import bounded
from campaign.adapters.sources.file_access import opened
from campaign.adapters.sources.table import Layout, Wishes
from campaign.adapters.sources.text.delimiter import find_delimiter, separator_in_words
from campaign.adapters.sources.text.encoding import LEGACY, encoding_in_words, find_encoding
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

_SAMPLE_LINES, _SAMPLE_LINE = 100, 1 << 16
_MOST_CELL = (1 << 31) - 1  # what the csv module can be told on every system
# Excel's own: it takes the separator from this line and does not show it.
_SEP = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;|\t]*[\r\n]*', re.IGNORECASE)
_QUOTE_CURE = 'Open the file in a text editor, go to that line, and end the cell with a quote (") or remove the first.'


class DelimitedText:
    """One text file as a `Table`."""

    sheet = ""
    other_sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    cells_can_shift = True
    header_row = None
    layout = Layout()

    def __init__(self, path: Path, wishes: Wishes) -> None:
        """Finds encoding and separator. Raises `SourceError`."""
        # The csv module has one limit for the whole process: it is raised, never lowered, for others use it as well.
        csv.field_size_limit(max(csv.field_size_limit(), min(wishes.limits.cell, _MOST_CELL)))
        self._path = path
        self._limits = wishes.limits
        self.encoding = find_encoding(path, wishes.encoding)
        with opened(path) as file, self._text(file) as text:
            lines = list(takewhile(bool, (text.readline(_SAMPLE_LINE) for _ in range(_SAMPLE_LINES))))
            cut = bool(text.read(1))
        lines[:1] = [line.removeprefix("\ufeff") for line in lines[:1]]
        declared = _SEP.fullmatch(lines[0]) if lines else None
        self._has_sep_line = declared is not None
        if wishes.delimiter is not None:
            self.delimiter = _checked(wishes.delimiter)
        else:
            self.delimiter = declared[1] if declared else find_delimiter(lines, cut=cut)
        self.form = f"{encoding_in_words(self.encoding)}, {separator_in_words(self.delimiter, lines)}"
        self.notes = tuple(self._notes(wishes))

    def records(self) -> Generator[SourceRow]:
        """The records, from 1. Raises `SourceError` for a quote that is never closed or closed in the wrong place."""
        with closing(self._records()) as records:
            yield from bounded(records, self._limits, self._path.name, total=False)

    def _records(self) -> Generator[SourceRow]:
        with opened(self._path) as file, self._text(file) as text:
            lines = _Lines(text, self._path.name, self._limits)
            if self._has_sep_line:
                next(lines)
            lines.begin_record()
            reader = csv.reader(lines, delimiter=self.delimiter)
            number = 0
            while True:
                try:
                    record = next(reader, None)
                except csv.Error as error:
                    raise self._unreadable(lines, error) from None
                if record is None:
                    return
                # The csv module asks for a line beyond the last one only when the quotes are still open.
                if lines.ended:
                    raise SourceError(
                        f"{self._path.name}: the record beginning on line {lines.start:,} opens a quote that is never "
                        "closed, so the rest of the file would be one cell.",
                        _QUOTE_CURE,
                    )
                if len(lines.record) > 1:
                    self._check_quotes(lines)
                number += 1
                yield SourceRow(number, tuple(record if all(record) else [cell or None for cell in record]))
                lines.begin_record()

    def _text(self, file: io.BufferedReader) -> TextIO:
        return io.TextIOWrapper(file, self.encoding, newline="")

    def _notes(self, wishes: Wishes) -> Iterator[str]:
        if self.encoding == LEGACY and wishes.encoding is None:
            yield (
                f"{self._path.name} is not UTF-8 and was read as Windows-1252; if letters with accents look wrong, "
                "name its encoding in the mapping (source: encoding)."
            )
        if wishes.sheet is not None:
            yield f"{self._path.name} is a text file and has no sheet '{wishes.sheet}': all of it is read."

    def _check_quotes(self, lines: _Lines) -> None:
        # A stray quote swallows rows until the next quote, which then stands in the middle of a cell.
        try:
            for _ in csv.reader(lines.record, delimiter=self.delimiter, strict=True):
                pass
        except csv.Error:
            raise SourceError(
                f"{self._path.name}: the record beginning on line {lines.start:,} opens a quote that is closed in the "
                f"middle of a cell on line {lines.number:,}, so the rows between would be one cell.",
                _QUOTE_CURE,
            ) from None

    def _unreadable(self, lines: _Lines, error: csv.Error) -> SourceError:
        if "limit" in str(error):
            return self._limits.exceeded(
                "cell",
                f"{self._path.name}: the record beginning on line {lines.start:,} has a cell of more than "
                f"{csv.field_size_limit():,} characters, as a quote that is not closed makes them",
            )
        return SourceError(f"{self._path.name}: line {lines.number:,} can't be read: {error}.", _QUOTE_CURE)


class _Lines:
    """The physical lines of a text, remembering those of the current record and whether the end was met."""

    def __init__(self, text: TextIO, name: str, limits: Limits) -> None:
        self._text = text
        self._name = name
        self._limits = limits
        self._length = 0
        self.number = 0
        self.start = 1
        self.ended = False
        self.record: list[str] = []

    def begin_record(self) -> None:
        """The next line begins a record."""
        self.start = self.number + 1
        self._length = 0
        self.record.clear()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._limits.row + 1)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self._length += len(line)
        if self._length > self._limits.row:
            raise self._limits.exceeded(
                "row",
                f"{self._name}: the record beginning on line {self.start:,} has more than {self._limits.row:,} "
                "characters, as a quote that is not closed makes them, or a file that is no list with a lead per line",
            )
        if self.number == 1:
            line = line.removeprefix("\ufeff")
        self.record.append(line)
        return line


def _checked(delimiter: str) -> str:
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise SourceError(
            f"{delimiter!r} can't be a separator.",
            "Use one character, such as a comma, or leave it out.",
        )
    return delimiter
