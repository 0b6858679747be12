"""A part of an archive on its way into the XML parser, which would build a row of any size: the bytes are counted."""

from __future__ import annotations

from typing import Protocol

from campaign.core.errors import SourceError
from campaign.core.limits import Limits
from campaign.core.mapping.size import size_in_words

MOST_DEPTH = 64
"""Elements within each other; sheets have about ten."""


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`."""


class Metered:
    """A readable part that raises `SourceError` when too much is read before the reader says that a row is whole."""

    def __init__(self, part: Readable, limits: Limits, name: str, rows: int = 0) -> None:
        """`rows` are those that were read before."""
        self._part = part
        self._limits = limits
        self._name = name
        self._read = 0
        self._rows = rows
        self._depth = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        data = self._part.read(size)
        self._read += len(data)
        if self._read > self._limits.row:
            met = f"{self._name}: what follows the first {self._rows:,} rows goes on for {size_in_words(self._read)}"
            raise self._limits.exceeded("row", f"{met} without the end of a row")
        return data

    def whole(self) -> None:
        """A row, or another piece of the part, was read to its end."""
        self._read = 0
        self._rows += 1

    def enter(self) -> None:
        """An element begins. Raises `SourceError` if it stands too deep within others."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise SourceError(
                f"{self._name} is damaged: elements stand more than {MOST_DEPTH} deep within each other after the first "
                f"{self._rows:,} rows.",
                "Open it in the program that made it and save it again as Excel Workbook (.xlsx).",
            )

    def leave(self) -> None:
        """An element ends."""
        self._depth -= 1
