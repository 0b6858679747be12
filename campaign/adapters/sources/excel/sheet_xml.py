"""The rows of a worksheet, streamed from its XML (ECMA-376 part 1, 18.3.1).

openpyxl's own streaming reader is not used for it: it believes the dimension tag or reads the whole sheet to replace a
missing one, makes up every blank row before a cell far below, keeps something of each row in memory, drops rows that
stand out of order, and can't tell a formula without a result from a blank cell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Sequence
from datetime import date, datetime, time, timedelta
from sys import getsizeof
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, iterparse

from openpyxl.styles.numbers import (
    BUILTIN_FORMATS,
    BUILTIN_FORMATS_MAX_SIZE,
    STRIP_RE,
    is_date_format,
    is_timedelta_format,
)
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

from campaign.adapters.sources.sheets.facts import LAST_ROW, NO_RESULT
from campaign.adapters.sources.sheets.metered import Metered
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

if TYPE_CHECKING:
    from openpyxl import Workbook

_POINTER = 8
_DATA, _ROW, _CELL = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("sheetData", "row", "c"))
_VALUE, _FORMULA, _INLINE = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("v", "f", "is"))
_ITEM, _TEXT, _RUNS = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("si", "t", "r"))
_RUN_TEXTS = f"{_RUNS}/{_TEXT}"
_DIGITS = "0123456789"
_TRUE = ("1", "true", "on")
_INTEGER = re.compile(r"-?[0-9]+")
# How text holds what XML does not keep (ECMA-376 part 1, 22.9.2.19): a line end, a tab, the underscore of such a sign.
_ESCAPED = re.compile("_x(000[9AaDd]|005[Ff])_")
_CLOCK = re.compile(r"(?<![_\\])[hs]", re.IGNORECASE)


def shared_strings(part: Metered, limits: Limits, name: str) -> list[str]:
    """The texts that the cells of a workbook refer to by number. Raises `SourceError` if they fill the memory."""
    strings: list[str] = []
    taken = 0
    root: Element | None = None
    for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - as below
        if event == "start":
            part.enter()
            root = element if root is None else root
            continue
        part.leave()
        if element.tag == _ITEM:
            strings.append(_text(element))
            taken += getsizeof(strings[-1]) + _POINTER
            if taken > limits.memory:
                raise limits.exceeded("memory", f"{name}: its first {len(strings):,} texts take {taken:,} bytes")
            assert root is not None
            root.clear()
            part.whole()
    return strings


def sheet_rows(part: Metered, cells: CellReader) -> Generator[SourceRow]:
    """The rows that stand in the sheet's XML, with Excel's numbers. Raises `SourceError` for rows out of order."""
    last = 0
    data: Element | None = None
    for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - expat itself bounds the growth of entities
        if event == "start":
            part.enter()
            if element.tag == _DATA:
                data = element
            continue
        part.leave()
        if element.tag == _ROW:
            number = _row_number(element.get("r"), last)
            yield SourceRow(number, cells.row(element), _is_hidden(element))
            last = number
            if data is not None:
                data.clear()  # the rows that were read would stay in memory otherwise
            part.whole()
        elif element.tag == _DATA:
            return
        elif data is None:
            element.clear()


class CellReader:
    """Turns the cells of one workbook into ours: numbers and dates keep the format that they are shown in."""

    def __init__(self, workbook: Workbook, strings: Sequence[str]) -> None:
        self._strings = strings
        self._epoch = workbook.epoch
        # openpyxl tells formats by cell only; these are the tables that it looks them up in.
        self._styles = workbook._cell_styles  # type: ignore[attr-defined]  # private
        self._own_formats = workbook._number_formats  # type: ignore[attr-defined]  # private
        self._formats: dict[str, _Format] = {}

    def row(self, element: Element) -> tuple[Cell, ...]:
        """The cells of a row, from column A to the last one that the row has."""
        cells: list[Cell] = []
        column = 0
        for child in element:
            if child.tag != _CELL:
                continue
            place = child.get("r")
            column = column_index_from_string(place.rstrip(_DIGITS)) if place else column + 1
            if column > len(cells):
                cells.extend([None] * (column - len(cells)))
            cells[column - 1] = self._cell(child)
        return tuple(cells)

    def _cell(self, element: Element) -> Cell:
        kind = element.get("t", "n")
        value = element.findtext(_VALUE)
        if kind == "s":
            return self._strings[int(value)] or None if value else None
        if not value:
            return self._without_value(element, kind, value)
        if kind == "n":
            return self._number(value, element.get("s"))
        if kind == "str":
            return _unescaped(value)
        if kind == "b":
            return bool(int(value))
        if kind == "e":
            return CellFault(value)
        if kind == "d":
            return _formatted(_moment(value), self._format(element.get("s")))
        raise ValueError(f"a cell of type {kind!r}")

    def _without_value(self, element: Element, kind: str, value: str | None) -> Cell:
        if kind == "inlineStr":
            inline = element.find(_INLINE)
            return None if inline is None else _text(inline) or None
        # A formula whose result is an empty text has an empty value and says that it is text.
        if element.find(_FORMULA) is not None and (value is None or kind != "str"):
            return CellFault(NO_RESULT)
        return None

    def _number(self, value: str, style: str | None) -> Cell:
        number = int(value) if _INTEGER.fullmatch(value) else float(value)
        if not math.isfinite(number):
            return CellFault(value)
        shown = self._format(style)
        return _formatted(shown.moment(number, self._epoch) if shown.is_date else number, shown)

    def _format(self, style: str | None) -> _Format:
        key = style or "0"
        known = self._formats.get(key)
        if known is None:
            number = self._styles[int(key)].numFmtId
            if number < BUILTIN_FORMATS_MAX_SIZE:
                code = BUILTIN_FORMATS.get(number, "General")
            else:
                code = self._own_formats[number - BUILTIN_FORMATS_MAX_SIZE]
            known = self._formats[key] = _Format(code)
        return known


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


def _formatted(value: float | date | time, shown: _Format) -> Cell:
    return value if shown.is_plain else Formatted(value, shown.code)


def _moment(value: str) -> float | date | time:
    """An ISO 8601 cell, which other programs than Excel write; a duration as the number of its days."""
    moment = from_ISO8601(value)  # type: ignore[no-untyped-call]  # bare in the stubs
    if isinstance(moment, timedelta):
        return moment / timedelta(days=1)
    assert isinstance(moment, (date, time))
    return moment


def _text(item: Element) -> str:
    """The text of a plain or rich item, without the readings that East Asian texts carry beside it."""
    if len(item) == 1 and item[0].tag == _TEXT:
        return _unescaped(item[0].text or "")
    return _unescaped(item.findtext(_TEXT, "") + "".join(run.text or "" for run in item.iterfind(_RUN_TEXTS)))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _is_hidden(row: Element) -> bool:
    """Whether the row is hidden, by a person, a filter or a folded group: Excel marks each such row, others may flatten it."""
    if row.get("hidden") in _TRUE:
        return True
    height = row.get("ht")
    return height is not None and not height.strip("0.")


def _row_number(given: str | None, last: int) -> int:
    number = int(float(given)) if given else last + 1
    if not last < number <= LAST_ROW:
        raise SourceError(
            f"The sheet is damaged: row {number:,} stands after row {last:,}."
            if number <= last
            else f"The sheet is damaged: a sheet ends at row {LAST_ROW:,}, and it has a row {number:,}.",
            "Open the workbook in Excel and save it again as Excel Workbook (.xlsx).",
        )
    return number
