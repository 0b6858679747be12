"""Whether a cell could be meant as a phone number, asked of rows that may be no leads: in doubt the answer is yes."""

from __future__ import annotations

import re

from campaign.core.cells.cell import Cell, Formatted, text
from campaign.core.cells.signs import fold

_FEWEST = 6  # digits that a number has at least, where lists give it without its area code
_SMALLEST = 10 ** (_FEWEST - 1)
_YEAR = r"(?:19|20)[0-9]{2}"
# Dates, times and spans of years have as many digits as a number: "Copyright 2000-2026", "run on 5/1/2026 10:00".
_MOMENTS = re.compile(
    rf"""(?<![0-9+]) (?: {_YEAR} \s? - \s? {_YEAR}
           | {_YEAR} ([-/.]) [0-9]{{1,2}} \1 [0-9]{{1,2}}
           | [0-9]{{1,2}} ([-/.]) [0-9]{{1,2}} \2 (?:{_YEAR}|[0-9]{{2}})
           | [0-9]{{1,2}} : [0-9]{{2}} (?: :[0-9]{{2}} (?:\.[0-9]+)? )?
         ) (?![0-9])""",
    re.VERBOSE,
)
_LONGEST_MOMENT = 9  # a sign and the eight digits that a date or two years have
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"[0-9][0-9 ()./-]*")
_WHOLE = re.compile(r"(?:[a-z]{1,9}\s?[.:]\s?)?[+(]{0,2}[0-9][0-9 ()./-]*", re.IGNORECASE)


def could_be_phone(cell: Cell) -> bool:
    """Whether digits that could make a number stand together in the cell, whatever else is in it."""
    value = cell.value if isinstance(cell, Formatted) else cell
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return False
    if not isinstance(value, str):
        return bool(abs(value) >= _SMALLEST)
    if not _DIGIT.search(value):
        return False
    if len(value) > _LONGEST_MOMENT and value.removeprefix("+").isdecimal():
        return True
    said = _MOMENTS.sub("|", fold(value))
    return any(_digits(run) >= _FEWEST for run in _RUN.findall(said))


def is_like_a_phone(cell: Cell) -> bool:
    """Whether the cell looks like a number and nothing else, as no name of a column does."""
    said = _MOMENTS.sub("|", fold(text(cell)))
    return could_be_phone(cell) and _digits(said) > _FEWEST and _WHOLE.fullmatch(said.strip()) is not None


def _digits(said: str) -> int:
    return sum(map(str.isdecimal, said))
