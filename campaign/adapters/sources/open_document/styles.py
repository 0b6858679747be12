"""The few styles of an OpenDocument spreadsheet that matter to a list: which sheets are hidden, which rows have no
height, which numbers are shown with zeros in front (ODF 1.3 part 3, 16 and 19)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
_CELL_STYLE, _NUMBER_STYLE = f"{{{STYLE}}}style", f"{{{NUMBER}}}number-style"
TAGS = (_CELL_STYLE, _NUMBER_STYLE)
_NAME, _DATA_STYLE, _PARENT = (f"{{{STYLE}}}{tag}" for tag in ("name", "data-style-name", "parent-style-name"))
_PROPERTIES, _DISPLAY = f"{{{STYLE}}}table-properties", f"{{{TABLE}}}display"
_DIGITS, _DECIMALS, _GROUPED = (f"{{{NUMBER}}}{tag}" for tag in ("min-integer-digits", "decimal-places", "grouping"))
_ROW_PROPERTIES, _HEIGHT, _OPTIMAL = (
    f"{{{STYLE}}}{tag}" for tag in ("table-row-properties", "row-height", "use-optimal-row-height")
)
_NO_HEIGHT = re.compile(r"0*\.?0*[a-z]*")
_MOST_DIGITS, _MOST_PARENTS, _MOST_STYLES = 30, 10, 1_000_000


class Styles:
    """The styles met so far."""

    def __init__(self) -> None:
        self._hidden: set[str] = set()
        self._flat: set[str] = set()
        self._padded: dict[str, str] = {}
        self._cells: dict[str, tuple[str, str]] = {}

    def add(self, element: Element) -> None:
        """Take in a style, an element with one of `TAGS`."""
        if len(self._cells) + len(self._padded) > _MOST_STYLES:
            raise ValueError(f"more than {_MOST_STYLES:,} styles")
        name = element.get(_NAME, "")
        if element.tag == _NUMBER_STYLE:
            self._add_number(name, element)
        else:
            self._cells[name] = element.get(_DATA_STYLE, ""), element.get(_PARENT, "")
            properties = element.find(_PROPERTIES)
            if properties is not None and properties.get(_DISPLAY) == "false":
                self._hidden.add(name)
            row = element.find(_ROW_PROPERTIES)
            if row is not None and _NO_HEIGHT.fullmatch(row.get(_HEIGHT, "?")) and row.get(_OPTIMAL) != "true":
                self._flat.add(name)

    def hides(self, name: str) -> bool:
        """Whether a sheet of this style has no tab."""
        return name in self._hidden

    def flattens(self, name: str) -> bool:
        """Whether a row of this style has no height."""
        return name in self._flat

    def format(self, name: str) -> str:
        """The number format of a cell style if it puts zeros in front, such as `00000`; else ""."""
        for _ in range(_MOST_PARENTS):
            data, parent = self._cells.get(name, ("", ""))
            if data or not parent:
                return self._padded.get(data, "")
            name = parent
        return ""

    def _add_number(self, name: str, element: Element) -> None:
        parts = list(element)
        if len(parts) != 1 or parts[0].get(_GROUPED) == "true" or parts[0].get(_DECIMALS, "0") != "0":
            return
        digits = int(parts[0].get(_DIGITS, "0"))
        if 1 < digits <= _MOST_DIGITS:
            self._padded[name] = "0" * digits
