"""What an OpenDocument spreadsheet does not show: hidden and filtered rows, hidden columns (ODF 1.3 part 3, 9 and 19)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from campaign.adapters.sources.open_document.styles import TABLE, Styles
from campaign.adapters.sources.table import Layout

_VISIBILITY, _DISPLAY, _STYLE = (f"{{{TABLE}}}{tag}" for tag in ("visibility", "display", "style-name"))
_FILTERED_OUT = "filter"
_UNSEEN = ("collapse", _FILTERED_OUT)
_GROUPS = {f"{{{TABLE}}}{tag}" for tag in ("table-row-group", "table-column-group")}
_FILTER, _RANGE = f"{{{TABLE}}}filter", f"{{{TABLE}}}target-range-address"
_SHEET_OF_RANGE = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^.']+))\.")
_MOST_RUNS = 100_000
DATABASE_RANGE = f"{{{TABLE}}}database-range"
"""A range that has a name or filter arrows; all of them stand behind the last sheet."""


def is_hidden(line: Element, around: Sequence[Element], styles: Styles) -> bool:
    """Whether a row or column is: by a person, a filter, no height, or a group `around` it that is folded."""
    return (
        line.get(_VISIBILITY) in _UNSEEN
        or styles.flattens(line.get(_STYLE, ""))
        or any(outer.tag in _GROUPS and outer.get(_DISPLAY) == "false" for outer in around)
    )


def filtered_sheet(database_range: Element) -> str | None:
    """The sheet in which the range filters, None if it doesn't; arrows alone filter nothing."""
    if database_range.find(_FILTER) is None:
        return None
    found = _SHEET_OF_RANGE.match(database_range.get(_RANGE, ""))
    return None if found is None else (found[1] or found[2]).replace("''", "'")


@dataclass(slots=True)
class Looks:
    """One sheet, gathered while its rows and columns are passed: whether it holds something, and what it does not show."""

    name: str
    filled: bool = False
    filtered: bool = False
    _hides_rows: bool = False
    _columns: int = 0
    _hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def row(self, element: Element, *, hidden: bool) -> None:
        """The next row."""
        self._hides_rows |= hidden
        self.filtered |= element.get(_VISIBILITY) == _FILTERED_OUT

    def columns(self, repeats: int, *, hidden: bool) -> None:
        """The next columns."""
        if hidden:
            if len(self._hidden_columns) >= _MOST_RUNS:
                raise ValueError(f"more than {_MOST_RUNS:,} runs of columns")
            self._hidden_columns.append((self._columns + 1, self._columns + repeats))
        self._columns += repeats

    @property
    def layout(self) -> Layout:
        """What the sheet does not show."""
        return Layout(self._hides_rows, self.filtered, tuple(self._hidden_columns))
