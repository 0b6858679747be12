"""The cells of a workbook, by their type and style (ECMA-376 part 1, 18.3.1.4 and 18.18.11)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from openpyxl.styles.numbers import (
    BUILTIN_FORMATS,
    BUILTIN_FORMATS_MAX_SIZE,
    STRIP_RE,
    is_date_format,
    is_timedelta_format,
)
from openpyxl.utils.datetime import from_excel, from_ISO8601

from campaign.adapters.sources.excel.shared_texts import SharedTexts
from campaign.adapters.sources.excel.texts import unescaped
from campaign.core.cells.cell import Cell, CellFault, Formatted

if TYPE_CHECKING:
    from openpyxl import Workbook

Reader: TypeAlias = Callable[[str], Cell]
"""Makes a cell of its value, which is not blank. Raises `ValueError` or `IndexError` if that is none."""

_INTEGER = re.compile(r"-?[0-9]+")
_CLOCK = re.compile(r"(?<![_\\])[hs]", re.IGNORECASE)
_MOST_MOMENTS = 1 << 14  # that are kept: lists repeat their days
_FINITE = 10**300  # below it a whole number is a finite one


class CellReader:
    """Turns the values of one workbook's cells into ours: numbers and dates keep the format that they are shown in."""

    def __init__(self, workbook: Workbook, texts: SharedTexts) -> None:
        self._texts = texts
        self._epoch = workbook.epoch
        # openpyxl tells formats by cell only; these are the tables that it looks them up in.
        self._styles = workbook._cell_styles  # type: ignore[attr-defined]  # private
        self._own_formats = workbook._number_formats  # type: ignore[attr-defined]  # private
        self._readers: dict[tuple[str, str | None], Reader] = {}
        self._as_moment = lru_cache(_MOST_MOMENTS)(self._moment)

    def reader(self, kind: str, style: str | None) -> Reader:
        """What reads the cells of a type (`t`) and style (`s`). Raises `ValueError` or `IndexError` if there is no such."""
        known = self._readers.get((kind, style))
        if known is None:
            known = self._readers[kind, style] = self._new_reader(kind, style)
        return known

    def column(self, kind: str, style: str | None, values: Sequence[str]) -> Sequence[Cell]:
        """Cells of the same type and style: `reader(kind, style)` of each value, the usual ones without a call for each."""
        read = self.reader(kind, style)
        if kind == "s":
            return self._texts.column(list(map(int, values)))
        if read is _number and (digits := "".join(values)).isascii() and digits.isdigit():
            numbers = list(map(int, values))
            if max(numbers) < _FINITE:
                return numbers
        if read is unescaped and "_x" not in "".join(values):
            return values
        return list(map(read, values))

    def _new_reader(self, kind: str, style: str | None) -> Reader:
        if kind == "s":
            return lambda value: self._texts[int(value)]
        if kind == "str":
            return unescaped
        if kind == "b":
            return lambda value: bool(int(value))
        if kind == "e":
            return CellFault
        if kind not in ("n", "d"):
            raise ValueError(f"a cell of type {kind!r}")
        shown = self._format(style)
        if kind == "d":
            return lambda value: _formatted(_iso_moment(value), shown)
        if shown.is_date:
            return lambda value: self._as_moment(value, shown)
        return _number if shown.is_plain else lambda value: _formatted(_number(value), shown)

    def _moment(self, value: str, shown: _Format) -> Cell:
        number = _number(value)
        return number if isinstance(number, CellFault) else _formatted(shown.moment(number, self._epoch), shown)

    def _format(self, style: str | None) -> _Format:
        number = self._styles[int(style or "0")].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return _Format(BUILTIN_FORMATS.get(number, "General"))
        return _Format(self._own_formats[number - BUILTIN_FORMATS_MAX_SIZE])


class _Format:
    """A number format and what it says about the numbers that it shows."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.is_plain = code.casefold() in ("general", "@", "")
        # A duration (`[h]:mm`) stays the number of days that it is: it may have more than 24 hours.
        self.is_date = is_date_format(code) and not is_timedelta_format(code)
        self._has_time = _CLOCK.search(STRIP_RE.sub("", code)) is not None

    def moment(self, serial: float, epoch: datetime) -> float | date | time:
        """The date or time of a serial number; the number itself where Excel could not show it as one."""
        if serial < 0 or (serial < 1 and not self._has_time):
            return serial
        try:
            moment = from_excel(serial, epoch)
        except (OverflowError, ValueError):
            return serial
        if isinstance(moment, datetime) and not self._has_time and moment.time() == time():
            return moment.date()
        assert isinstance(moment, (datetime, time))
        return moment


def _number(value: str) -> int | float | CellFault:
    number = int(value) if _INTEGER.fullmatch(value) else float(value)
    return number if math.isfinite(number) else CellFault(value)


def _formatted(value: float | date | time | CellFault, shown: _Format) -> Cell:
    return value if shown.is_plain or isinstance(value, CellFault) else Formatted(value, shown.code)


def _iso_moment(value: str) -> float | date | time:
    """An ISO 8601 cell, which other programs than Excel write; a duration as the number of its days."""
    moment = from_ISO8601(value)  # type: ignore[no-untyped-call]  # bare in the stubs
    if isinstance(moment, timedelta):
        return moment / timedelta(days=1)
    assert isinstance(moment, (date, time))
    return moment
