"""The tags of rows and cells, as an XML parser reads them (ECMA-376 part 1, 18.3.1.73 and 18.3.1.4)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from openpyxl.xml.constants import SHEET_MAIN_NS

ROW, CELL = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("row", "c"))
INLINE = "inlineStr"
"""The type of a cell that has its text within itself."""
_TRUE = ("1", "true", "on")
_MOST_KEPT = 1024  # forms of tags: lists have some dozens


class CellForm(NamedTuple):
    """What the tag of a cell says: the type of its value, the style if it names one, and whether it has its text within
    itself, in place of a value (`kind` is that of a text then)."""

    kind: str
    style: str | None
    is_inline: bool


def is_hidden(row: Element) -> bool:
    """Whether the row is hidden, by a person, a filter or a folded group: Excel marks each such row, others may flatten it."""
    if row.get("hidden") in _TRUE:
        return True
    height = row.get("ht")
    return height is not None and not height.strip("0.")


class TagForms:
    """The tags of one sheet by what they have in common, which is all behind the digits of their place: each form is taken to
    the parser once, and stands in the sheet mostly a hundred thousand times."""

    def __init__(self, root: str) -> None:
        """`root` is the start tag of the sheet."""
        self._root = root
        self.cell = lru_cache(_MOST_KEPT)(self._cell)
        self.is_hidden = lru_cache(_MOST_KEPT)(self._is_hidden)

    def _cell(self, rest: str) -> CellForm:
        """What a cell is whose tag goes on with `rest`. Raises `LookupError` if that is none."""
        tag = self._tag('<c r="A1', rest, CELL)
        kind = tag.get("t", "n")
        return CellForm("str" if kind == INLINE else kind, tag.get("s"), kind == INLINE)

    def _is_hidden(self, rest: str) -> bool:
        """Whether a row is hidden whose tag goes on with `rest`. Raises `LookupError` if that is none."""
        return is_hidden(self._tag('<row r="1', rest, ROW))

    def _tag(self, begin: str, rest: str, wanted: str) -> Element:
        try:
            tag = fromstring(f"{self._root}{begin}{rest}/></worksheet>")[0]  # noqa: S314 - one tag
        except ParseError:
            raise LookupError(rest) from None
        if tag.tag != wanted:
            raise LookupError(rest)
        return tag
