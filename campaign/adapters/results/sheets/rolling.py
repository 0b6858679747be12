"""Rows that go on on a further sheet where one is full. A sheet is begun when a sample of its rows is known: the widths of
columns stand before the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from campaign.core.result import sheet_title

_SAMPLE = 200
_Row = TypeVar("_Row")
_Written = TypeVar("_Written", contravariant=True)


class Sheet(Protocol[_Written]):
    """One sheet, as it is written."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    def write(self, row: _Written) -> None:
        """Write a row."""

    def end(self) -> None:
        """Write what depends on the number of rows."""


class RollingSheets(Generic[_Row]):
    """Writes rows, on as many sheets as they need; `sheets` is how many."""

    def __init__(
        self, title: str, rows_per_sheet: int, begin: Callable[[str, int, Sequence[_Row]], Sheet[_Row]]
    ) -> None:
        """`begin` makes the sheet of that title, the n-th of them, from a sample of its rows."""
        self._title, self._rows_per_sheet, self._begin = title, rows_per_sheet, begin
        self._waiting: list[_Row] = []
        self._sheet: Sheet[_Row] | None = None
        self._added = 0
        self.sheets = 0

    def add(self, row: _Row) -> str:
        """Write a row. Returns where it stands, for links: `'Results 2'!A7`."""
        sheet, at = divmod(self._added, self._rows_per_sheet)
        self._added += 1
        if self._sheet is not None and at:
            self._sheet.write(row)
        else:
            self._end_sheet()
            self._waiting.append(row)
            if len(self._waiting) >= min(_SAMPLE, self._rows_per_sheet):
                self._begin_sheet()
        return f"'{self._name(sheet)}'!A{at + 2}"

    def end(self) -> None:
        """Finish the last sheet; without rows there is an empty one."""
        if self._sheet is None:
            self._begin_sheet()
        self._end_sheet()

    def _name(self, sheet: int) -> str:
        return sheet_title(self._title, sheet + 1)

    def _begin_sheet(self) -> None:
        self._sheet = self._begin(self._name(self.sheets), self.sheets, self._waiting)
        self.sheets += 1
        for row in self._waiting:
            self._sheet.write(row)
        self._waiting = []

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.end()
            self._sheet = None
