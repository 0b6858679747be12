"""The separator of a text file, found by trying each on the first rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

# Those that are less likely inside a value come first: they win where two fit equally well.
_SEPARATORS = {"\t": "tabs", "|": "bars", ";": "semicolons", ",": "commas"}
NONE = "\t"
"""Stands for no separator, in a file of one column: values may hold commas, and hardly ever a tab."""
_ROWS = 20


def find_delimiter(lines: Sequence[str], *, cut: bool) -> str:
    """The separator that gives the largest share of the first rows the same number of cells, more than one; else `NONE`.

    `lines` are the first of the file; `cut` tells that it goes on after them, so the last row may not be whole.
    """
    best, best_score = NONE, (0.0, 0)
    for delimiter in _SEPARATORS:
        score = _score(_widths(lines, delimiter, cut))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def separator_in_words(delimiter: str, lines: Sequence[str]) -> str:
    """What stands between the cells of the first `lines`."""
    if not any(delimiter in line for line in lines):
        return "one column"
    return _SEPARATORS.get(delimiter, f"{delimiter!r} between cells")


def _widths(lines: Sequence[str], delimiter: str, cut: bool) -> list[int] | None:
    """The numbers of cells of the first rows that are not blank; None if the separator makes no rows at all."""
    try:
        records = csv.reader(lines, delimiter=delimiter)
        widths = [len(record) for record in records if any(cell.strip() for cell in record)]
    except csv.Error:  # a cell beyond the limit
        return None
    return (widths[:-1] if cut and len(widths) > 1 else widths)[:_ROWS]


def _score(widths: Sequence[int] | None) -> tuple[float, int]:
    """The share of rows that agree, and on how many cells.

    The share, because the wrong separator does not know where quotes open, and makes many rows of a cell with line breaks.
    """
    if widths is None:
        return 0, 0
    if not widths:
        return 1, 1  # nothing is left but separators: they are this one
    several = Counter(width for width in widths if width > 1)
    # What only a few rows have, and not the first, is a sign within a value.
    if not several or (widths[0] == 1 and several.total() * 2 < len(widths)):
        return 0, 0
    rows, width = max((rows, width) for width, rows in several.items())
    return rows / len(widths), width
