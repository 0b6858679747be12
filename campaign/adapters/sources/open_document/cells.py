"""The cells of an OpenDocument spreadsheet (ODF 1.3 part 3, 9.1 and 19)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import Element

from campaign.adapters.sources.open_document.styles import TABLE
from campaign.adapters.sources.sheets.facts import ERRORS, EXACT, NO_RESULT
from campaign.core.cells.cell import Cell, CellFault
from campaign.core.limits import Limits

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_KIND, _VALUE, _STRING, _DATE, _TIME, _BOOLEAN = (
    f"{{{_OFFICE}}}{tag}"
    for tag in ("value-type", "value", "string-value", "date-value", "time-value", "boolean-value")
)
_CALC_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_FORMULA = f"{{{TABLE}}}formula"
_PARAGRAPH, _SPACES, _COUNT, _TAB, _BREAK = (f"{{{_TEXT}}}{tag}" for tag in ("p", "s", "c", "tab", "line-break"))
_UNSEEN = {f"{{{_OFFICE}}}annotation", f"{{{_TEXT}}}note", f"{{{_TEXT}}}ruby-text"}
_ERROR = re.compile("|".join([*map(re.escape, ERRORS.values()), r"Err:[0-9]{3}"]))
_BLANKS = re.compile(r"[ \t\r\n]+")
_INTEGER = re.compile(r"-?[0-9]{1,30}")
_DURATION = re.compile(r"(-?)P(?:(\d{1,9})D)?T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?")


def read_cell(element: Element, limits: Limits, where: str) -> Cell:
    """The value of a cell.

    Raises `SourceError`, naming `where` it is, for a text beyond the bound, and `ValueError` for what is no value.
    """
    kind = element.get(_KIND)
    if element.get(_CALC_KIND) == "error":
        return CellFault(_shown(element, limits, where) or "#N/A")
    if kind is None:
        return CellFault(NO_RESULT) if _FORMULA in element.attrib else None
    if kind in ("float", "percentage", "currency"):
        return _number(element.attrib[_VALUE])
    if kind == "boolean":
        return element.attrib[_BOOLEAN].lower() == "true"
    if kind == "date":
        return _moment(element.attrib[_DATE])
    if kind == "time":
        return _duration(element.attrib[_TIME])
    if kind != "string":
        raise ValueError(f"a cell of type {kind!r}")
    text = _shown(element, limits, where)
    if _FORMULA in element.attrib and _ERROR.fullmatch(text):
        return CellFault(text)
    return element.get(_STRING, text) or None


def _shown(element: Element, limits: Limits, where: str) -> str:
    """The paragraphs of a cell as lines."""
    pieces: list[str] = []
    length = 0
    for piece in _pieces(element):
        length += piece if isinstance(piece, int) else len(piece)
        if length > limits.cell:
            raise limits.exceeded("cell", f"{where}: a cell has {length:,} characters")
        pieces.append(" " * piece if isinstance(piece, int) else piece)
    return "".join(pieces)


def _pieces(cell: Element) -> Iterator[str | int]:
    """Pieces of text, and numbers of spaces."""
    for n, paragraph in enumerate(cell.iterfind(_PARAGRAPH)):
        if n:
            yield "\n"
        yield from _within(paragraph)


def _within(element: Element) -> Iterator[str | int]:
    if element.text:
        yield _BLANKS.sub(" ", element.text)
    for part in element:
        if part.tag == _SPACES:
            yield int(part.get(_COUNT, "1"))
        elif part.tag in (_TAB, _BREAK):
            yield "\t" if part.tag == _TAB else "\n"
        elif part.tag not in _UNSEEN:
            yield from _within(part)
        if part.tail:
            yield _BLANKS.sub(" ", part.tail)


def _number(value: str) -> Cell:
    if _INTEGER.fullmatch(value):
        return int(value)
    number = float(value)
    if not math.isfinite(number):
        return CellFault(value)
    return int(number) if number.is_integer() and abs(number) < EXACT else number


def _moment(value: str) -> date | str:
    """A date, with its time if it has one; the text itself for one before the year 1 or after 9999."""
    try:
        if "T" not in value:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return value
    return moment


def _duration(value: str) -> float | time | str:
    """A time of day, or the number of days of what is longer or below zero, as in other workbooks."""
    match = _DURATION.fullmatch(value)
    if match is None or len(value) < len("PT0S"):
        return value
    sign, days, hours, minutes, seconds, fraction = match.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=int((fraction or "0").ljust(6, "0")[:6]),
    )
    if sign or length >= timedelta(days=1):
        return length / timedelta(days=-1 if sign else 1)
    return (datetime.min + length).time()  # noqa: DTZ901 - a clock without a place
