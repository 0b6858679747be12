"""A person's cell as the XML of a worksheet's cell: its type kept, text always text, and never a formula.

The cells are written here and not by openpyxl, which takes ten times as long and changes some of them.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Border, Font, PatternFill, is_date_format
from openpyxl.utils.datetime import to_excel

from campaign.core.cells.cell import Cell, CellFault, Formatted, shown
from campaign.core.cells.writable import scrubbed

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

CELL_LIMIT = 32_767
"""Characters that a cell may have, as Excel counts them: in UTF-16 units ("Excel specifications and limits")."""
CUT = "… (cut)"

_TEXT, _NO_VALUE = "@", "#VALUE!"
_SHORT = CELL_LIMIT // 2
_FORMATS: dict[type, str] = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}
_EPOCH = date(1900, 1, 1)  # a workbook has no days before it
_FORMAT_LIMIT = 255
# `_x0041_` in a workbook's text stands for the character it numbers, unless its first sign is written so itself
# (ECMA-376 Part 1, 22.9.2.19, ST_Xstring).
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Openings of text that Excel would take for a number, a date, a formula or an error once the cell is edited.
_MISTAKABLE = "0123456789+-=@.(#$'"


class Look:
    """How cells of a sheet look, all but their number formats, which they bring along. Its styles are entered in the workbook
    when they are first used."""

    def __init__(
        self,
        sheet: Worksheet,
        alignment: Alignment | None = None,
        fill: PatternFill | None = None,
        font: Font | None = None,
        border: Border | None = None,
    ) -> None:
        self._sheet = sheet
        self._parts = {"alignment": alignment, "fill": fill, "font": font, "border": border}
        self._styles: dict[str, str] = {}
        self.plain, self.text = self.style(""), self.style(_TEXT)
        self.blank = self.plain if fill is not None or border is not None else ""
        """The style of a blank cell; "" where whoever fills it in gets the format of the column."""

    def style(self, number_format: str) -> str:
        """The attribute of a cell that shows its value in that format; "" for a cell without a style."""
        style = self._styles.get(number_format)
        if style is None:
            cell = WriteOnlyCell(self._sheet)
            if number_format:
                cell.number_format = number_format
            for name, part in self._parts.items():
                if part is not None:
                    setattr(cell, name, part)
            style = self._styles[number_format] = f' s="{cell.style_id}"' if cell.has_style else ""
        return style


def cell_xml(place: str, cell: Cell, look: Look, *, errors: bool = False) -> str:
    """The cell at `place`, such as `B7`; "" for a blank one that has no look of its own.

    openpyxl, given the same, would make a formula of text that begins with `=` and an error of `#N/A`, round numbers to 16
    digits and write a NaN that Excel calls damage. With `errors` an error stays one: the sheet will be read again.
    """
    if isinstance(cell, str):
        return text_xml(place, cell, look)
    if cell is None:
        return f'<c r="{place}"{look.blank}/>' if look.blank else ""
    if isinstance(cell, bool):
        return f'<c r="{place}"{look.plain} t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, CellFault):
        return _error_xml(place, cell, look) if errors else text_xml(place, cell.shown, look)
    value, number_format = (cell.value, _usable(cell.format)) if isinstance(cell, Formatted) else (cell, "")
    if isinstance(value, bool):
        return cell_xml(place, value, look)
    return _value_xml(place, value, number_format, look) or text_xml(place, shown(cell), look)


def marked_xml(place: str, cell: Cell, look: Look, *, errors: bool = False) -> str:
    """The cell as one that a person will type into: as text where that changes nothing, so that + and zeros stay."""
    if cell is None or cell == "":
        return f'<c r="{place}"{look.text}/>'
    if isinstance(cell, str):
        return text_xml(place, cell, look, look.text)
    if type(cell) in (int, float) and _is_exact(cell):  # type: ignore[arg-type]  # not narrowed by type()
        return f'<c r="{place}"{look.text}><v>{cell!r}</v></c>'
    return cell_xml(place, cell, look, errors=errors)


def text_xml(place: str, text: str, look: Look, style: str | None = None) -> str:
    """A cell of text, whatever it looks like. Its style is `style`, or that of text where Excel would take it for something
    else once it is edited."""
    # Nearly all cells are short and plain: spare them the rest.
    if not (text.isprintable() and len(text) < _SHORT and "_x" not in text):
        text = fitting(text)
    if not text:
        return f'<c r="{place}"{look.blank}/>' if look.blank else ""
    if style is None:
        style = look.text if text[0] in _MISTAKABLE else look.plain
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    if "&" in text or "<" in text or ">" in text:
        text = escape(text)
    return f'<c r="{place}"{style} t="inlineStr"><is><t{kept}>{text}</t></is></c>'


def _error_xml(place: str, fault: CellFault, look: Look) -> str:
    shown_ = fault.shown if fault.shown in ERROR_CODES else _NO_VALUE
    return f'<c r="{place}"{look.plain} t="e"><v>{shown_}</v></c>'


def _value_xml(place: str, value: float | date | time, number_format: str, look: Look) -> str:
    """The cell of a number or date; "" where a workbook can't hold it exactly and it has to go as text."""
    if isinstance(value, (int, float)):
        if not _is_exact(value):
            return ""
        # All 17 digits of a float; openpyxl writes 16.
        return f'<c r="{place}"{look.style(number_format)}><v>{value!r}</v></c>'
    if not _is_datable(value):
        return ""
    style = look.style(number_format if is_date_format(number_format) else _FORMATS[type(value)])
    return f'<c r="{place}"{style}><v>{_serial(value):.16g}</v></c>'


def _serial(value: date | time) -> float:
    """The number that stands for a date or time in a workbook of the 1900 system."""
    return float(to_excel(value))  # type: ignore[no-untyped-call]  # openpyxl's stubs leave it untyped


def plain_text(sheet: Worksheet, text: str) -> SheetCell:
    """A new cell with `text` as text, whatever it looks like."""
    cell = WriteOnlyCell(sheet)
    if fit := fitting(text):
        cell.value = fit
        cell.data_type = "s"
    return cell


def fitting(text: str) -> str:
    """`text` as a workbook's XML holds it: scrubbed, cut to `CELL_LIMIT` and marked, every newline a line feed."""
    if text.isprintable() and len(text) * 2 <= CELL_LIMIT and "_x" not in text:
        return text  # nearly all cells: spare them the rest
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = scrubbed(text)
    if len(text) * 2 > CELL_LIMIT and _units(text) > CELL_LIMIT:
        kept = text.encode("utf-16-le")[: (CELL_LIMIT - _units(CUT)) * 2]
        text = kept.decode("utf-16-le", errors="ignore") + CUT
    return _CODED.sub("_x005F_", text) if "_x" in text else text


def is_mistakable(cell: Cell) -> bool:
    """Whether the cell is text that Excel would take for something else when a person types it."""
    return isinstance(cell, str) and cell[:1] != "" and cell[0] in _MISTAKABLE


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _is_exact(value: float) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    try:
        return int(float(value)) == value
    except OverflowError:
        return False


def _is_datable(value: date | time) -> bool:
    if isinstance(value, (datetime, time)) and value.tzinfo is not None:
        return False
    if isinstance(value, datetime):
        return value.date() >= _EPOCH
    return isinstance(value, time) or value >= _EPOCH


def _usable(number_format: str) -> str:
    plain = number_format.casefold() == "general"
    usable = not plain and len(number_format) <= _FORMAT_LIMIT and scrubbed(number_format) == number_format
    return number_format if usable else ""
