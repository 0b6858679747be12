"""Rows in the form in which spreadsheets write them, read by one regular expression for a row of so many columns.

The expression knows the elements and their order, and nothing of attributes but the place. Then the columns of a block are
made, and not its cells: most columns have one form of cell all the way down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import lt

from openpyxl.utils import column_index_from_string, get_column_letter

from campaign.adapters.sources.excel.cell_reader import CellReader
from campaign.adapters.sources.excel.tags import CellForm, TagForms
from campaign.adapters.sources.excel.texts import OTHER_REFERENCE, SIGNS, resolved
from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.core.cells.cell import Cell
from campaign.core.lead import SourceRow

_MOST_COLUMNS = 512
_FORMULA = rf"""<f(?:\ t="shared")?+(?:\ ref="[A-Z0-9:]*+")?+(?:\ si="[0-9]*+")?+(?:/>|>{SIGNS}*+</f>)"""
# A formula's result is read and not the formula. One without a result is left to the parser, if it is not an empty text.
_VALUE = rf"""(?:<v> | {_FORMULA}<v>(?=[^<]) | (?<=\ t="str">){_FORMULA}<v>)({SIGNS}*+)</v></c>"""
_TEXT = rf"""<is><t(?:\ xml:space="preserve")?+>({SIGNS}*+)</t></is></c>"""
_CELL = rf"""(?:<c\ r="COLUMN[0-9]++("[^<>/]*+)(?:>{_VALUE} | >{_TEXT} | />))?+"""
_ROW = r"""<row\ r="([0-9]{1,7})("[^<>/]*+)(?:>CELLS</row> | />) | ([\s\S]++)"""
_LAST_CELL = re.compile(r'.*<c r="([A-Z]{1,3})[0-9]', re.DOTALL)


class _Irregular(Exception):
    """Here is something that only the parser can judge."""


class RegularRows:
    """Reads blocks of one sheet."""

    def __init__(self, cells: CellReader, root: str) -> None:
        """`root` is the start tag of the sheet."""
        self._cells = cells
        self._forms = TagForms(root)
        self._width = 0
        self._pattern = _pattern(0)

    def of(self, block: str, last: int) -> list[SourceRow] | None:
        """The rows of a block that stands below row `last`; None if the parser has to read it."""
        try:
            return self._rows(block, last)
        except (_Irregular, ValueError, ArithmeticError, LookupError):
            return None

    def _rows(self, block: str, last: int) -> list[SourceRow]:
        if (has_references := "&" in block) and OTHER_REFERENCE.search(block):
            raise _Irregular
        places, row_tags, *found, _ = zip(*self._found(block), strict=True)
        numbers = list(map(int, places))
        if numbers[0] <= last or numbers[-1] > LAST_ROW or not all(map(lt, numbers, numbers[1:])):
            raise _Irregular
        columns = list(zip(found[::3], found[1::3], found[2::3], strict=True))
        while columns and not any(columns[-1][0]):
            columns.pop()
        cells = [self._column(*column, has_references) for column in columns]
        rows = _ended(zip(*cells, strict=True), [tags for tags, _, _ in columns]) if cells else [()] * len(numbers)
        return list(map(SourceRow, numbers, rows, map(self._forms.is_hidden, row_tags)))

    def _found(self, block: str) -> list[tuple[str, ...]]:
        """What was found in every row: its number and the rest of its tag, and of every cell the rest of the tag, value and own
        text. It is all there is, for what no row was found in is found as a remainder."""
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

    def _column(
        self, tags: Sequence[str], values: Sequence[str], texts: Sequence[str], has_references: bool
    ) -> Sequence[Cell]:
        forms = {tag: self._forms.cell(tag) for tag in set(tags) if tag}
        if len(forms) == 1:
            [form] = forms.values()
            own, other = (texts, values) if form.is_inline else (values, texts)
            if any(other):
                raise _Irregular
            return self._alike(form, own, has_references)
        cells: list[Cell] = []
        for tag, value, text in zip(tags, values, texts, strict=True):
            own_value, other_value = (text, value) if tag and forms[tag].is_inline else (value, text)
            if other_value:
                raise _Irregular
            cells.append(self._cell(forms[tag], resolved(own_value)) if own_value else None)
        return cells

    def _cell(self, form: CellForm, value: str) -> Cell:
        return self._cells.reader(form.kind, form.style)(value)

    def _alike(self, form: CellForm, values: Sequence[str], has_references: bool) -> Sequence[Cell]:
        """The cells of a column that has one form of them, and gaps."""
        filled = values if all(values) else list(filter(None, values))
        if not filled:
            return [None] * len(values)
        if has_references and "&" in "".join(filled):
            filled = list(map(resolved, filled))
        cells = self._cells.column(form.kind, form.style, filled)
        if len(filled) == len(values):
            return cells
        coming = iter(cells)
        return [next(coming) if value else None for value in values]


def _pattern(width: int) -> re.Pattern[str]:
    """What matches a row that ends in one of the first so many columns, or else all that is left."""
    cells = "".join(_CELL.replace("COLUMN", get_column_letter(place)) for place in range(1, width + 1))
    return re.compile(_ROW.replace("CELLS", cells), re.VERBOSE)


def _ended(rows: Iterable[tuple[Cell, ...]], tags: Sequence[Sequence[str]]) -> list[tuple[Cell, ...]]:
    """The rows, each up to the last cell that it has, blank or not. `tags` are those of its cells, by column."""
    ended = list(rows)
    for place, last in enumerate(tags[-1]):
        if not last:
            width = next((width for width in range(len(tags) - 1, 0, -1) if tags[width - 1][place]), 0)
            ended[place] = ended[place][:width]
    return ended
