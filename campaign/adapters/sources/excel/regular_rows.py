"""Rows in the form in which spreadsheets write them, read by one regular expression for a row of so many columns.

The expression knows the elements and their order and nothing of attributes: each form of a tag, `s="3" t="s"`, is taken to
the XML parser once, and is in the list mostly a hundred thousand times. Then the columns of a block are made, and not its
cells: most have one form of cell all the way down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Sized
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.xml.constants import SHEET_MAIN_NS

from campaign.adapters.sources.excel.cell_reader import CellReader, Reader
from campaign.adapters.sources.excel.tags import is_hidden, read_tag
from campaign.adapters.sources.excel.texts import OTHER_REFERENCE, SIGNS, resolved, unescaped
from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.core.cells.cell import Cell
from campaign.core.lead import SourceRow

_MOST_COLUMNS = 512
_MOST_FORMS = 4096  # of tags: lists have some dozens
# A formula's result is read and not the formula, so it must have one.
_FORMULA = rf"""<f(?:\ t="shared")?+(?:\ ref="[A-Z0-9:]*+")?+(?:\ si="[0-9]*+")?+(?:/>|>{SIGNS}*+</f>)(?=<v>[^<])"""
_CELL = rf"""(?:<c\ r="COLUMN[0-9]{{1,7}}"([^<>]*+>)
    (?: (?<=/>)
      | (?:{_FORMULA})?+<v>({SIGNS}*+)</v></c>
      | <is><t(?:\ xml:space="preserve")?+>({SIGNS}*+)</t></is></c>
    ))?+"""
_ROW = r"""<row\ r="([0-9]{1,7})"([^<>]*+>)(?: (?<=/>) | CELLS</row>) | ([\s\S]++)"""
_GROUPS = 3  # of a cell: the rest of its tag, its value, its own text
_LAST_CELL = re.compile(r'.*<c r="([A-Z]{1,3})[0-9]', re.DOTALL)


class _Form(NamedTuple):
    """What a cell's tag says: what reads the value, the type and style, and whether the text stands in the cell."""

    read: Reader
    kind: str
    style: str | None
    is_inline: bool


class _Irregular(Exception):
    """Here is something that only the parser can judge."""


class RegularRows:
    """Reads blocks of one sheet."""

    def __init__(self, cells: CellReader) -> None:
        self._cells = cells
        self._width = 0
        self._pattern = _pattern(0)
        self._forms: dict[str, _Form] = {"": _Form(str, "n", None, is_inline=False)}
        self._hides: dict[str, bool] = {}

    def of(self, block: str, root: str, last: int) -> list[SourceRow] | None:
        """The rows of a block, in a sheet whose start tag is `root`, after row `last`; None if the parser has to read it."""
        try:
            return self._rows(block, root, last)
        except (_Irregular, ValueError, ArithmeticError, LookupError):
            return None

    def _rows(self, block: str, root: str, last: int) -> list[SourceRow]:
        has_references = "&" in block
        if has_references and OTHER_REFERENCE.search(block):
            raise _Irregular
        places, tags, *groups, _ = zip(*self._found(block), strict=True)
        numbers = list(map(int, places))
        if numbers[0] <= last or numbers[-1] > LAST_ROW or any(a >= b for a, b in pairwise(numbers)):
            raise _Irregular
        hides = {tag: self._is_hidden(tag, root) for tag in set(tags)}
        while groups and not any(groups[-_GROUPS]):
            del groups[-_GROUPS:]
        columns = []
        for rests, values, texts in zip(*(groups[n::_GROUPS] for n in range(_GROUPS)), strict=True):
            if has_references:
                values, texts = list(map(resolved, values)), list(map(resolved, texts))
            columns.append(self._column(rests, values, texts, root))
        rows = _ended(zip(*columns, strict=True), groups[::_GROUPS]) if columns else [()] * len(numbers)
        return list(map(SourceRow, numbers, rows, map(hides.__getitem__, tags)))

    def _found(self, block: str) -> list[tuple[str, ...]]:
        """What was found of every row. It is all there is: where nothing is found the remainder is."""
        while (found := self._pattern.findall(block))[-1][-1]:
            self._widen(found[-1][-1])
        return found

    def _widen(self, remainder: str) -> None:
        """Expect as many columns as the first row of the remainder has. Raises `_Irregular` if that is not what it lacked."""
        last = _LAST_CELL.match(remainder, 0, max(0, remainder.find("</row>")))
        needed = column_index_from_string(last[1]) if last else 0
        if not self._width < needed <= _MOST_COLUMNS:
            raise _Irregular
        # At least doubled: in a sheet that gets wider row by row each would cost an expression.
        self._width = max(needed, min(2 * self._width, _MOST_COLUMNS))
        self._pattern = _pattern(self._width)

    def _column(self, rests: Sequence[str], values: Sequence[str], texts: Sequence[str], root: str) -> Sequence[Cell]:
        forms = {rest: self._form(rest, root) for rest in set(rests)}
        if len(forms) == 1:
            [form] = forms.values()
            if any(values if form.is_inline else texts):
                raise _Irregular
            if form.is_inline:
                return [unescaped(text) or None for text in texts]
            if all(values):
                return self._cells.column(form.kind, form.style, values)
        cells: list[Cell] = []
        for rest, value, text in zip(rests, values, texts, strict=True):
            form = forms[rest]
            own, other = (text, value) if form.is_inline else (value, text)
            if other:
                raise _Irregular
            cells.append(form.read(own) if own else None)
        return cells

    def _form(self, rest: str, root: str) -> _Form:
        known = self._forms.get(rest)
        if known is None:
            tag = _read(root, "c", "A1", rest, self._forms)
            kind, style = tag.get("t", "n"), tag.get("s")
            is_inline = kind == "inlineStr"
            # A blank cell may name a style that there is not.
            read = unescaped if is_inline or rest.endswith("/>") else self._cells.reader(kind, style)
            known = self._forms[rest] = _Form(read, kind, style, is_inline)
        return known

    def _is_hidden(self, rest: str, root: str) -> bool:
        known = self._hides.get(rest)
        if known is None:
            known = self._hides[rest] = is_hidden(_read(root, "row", "1", rest, self._hides))
        return known


def _read(root: str, name: str, place: str, rest: str, known: Sized) -> Element:
    """The tag, which has to be one of the sheet's own. Raises `_Irregular` if it is not, or so many are `known` that it is no
    form."""
    if len(known) >= _MOST_FORMS:
        raise _Irregular
    try:
        tag = read_tag(root, name, place, rest)
    except ParseError:
        raise _Irregular from None
    if tag.tag != f"{{{SHEET_MAIN_NS}}}{name}":
        raise _Irregular
    return tag


def _pattern(width: int) -> re.Pattern[str]:
    """What matches a row that ends in one of the first so many columns, or else all that is left."""
    cells = "".join(_CELL.replace("COLUMN", get_column_letter(place)) for place in range(1, width + 1))
    return re.compile(_ROW.replace("CELLS", cells), re.VERBOSE)


def _ended(rows: Iterable[tuple[Cell, ...]], rests: Sequence[Sequence[str]]) -> list[tuple[Cell, ...]]:
    """The rows, each up to the last cell that it has, blank or not."""
    ended = list(rows)
    for place, last in enumerate(rests[-1]):
        if not last:
            width = next((width for width in range(len(rests) - 1, 0, -1) if rests[width - 1][place]), 0)
            ended[place] = ended[place][:width]
    return ended
