"""A country as people write it, read as its ISO 3166-1 alpha-2 code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from campaign.core.cells.cell import Cell, CellFault, shown, text
from campaign.core.cells.country_names import code_of_name, codes, nearest_name
from campaign.core.cells.signs import fold
from campaign.core.problem import Code, Problem

# The vendor's own page writes UK, and the European Union EL. AC and TA have telephones but no code of their own in ISO.
_ALSO = {"UK": "GB", "EL": "GR"}
_AT_HAND = frozenset(phonenumbers.SUPPORTED_REGIONS) - {"AC", "TA"}
_LONGEST = 100  # characters; the longest official name has about 60


def read_country(cell: Cell) -> str | None:
    """The ISO code of a country given by its code or its name in any common language; None if it is not clear which."""
    return _code(cell) if isinstance(cell, str) else None


@lru_cache(maxsize=4096)
def _code(written: str) -> str | None:
    name = text(fold(written))
    code = name.upper()
    if code in _AT_HAND:
        return code
    if code in _ALSO:
        return _ALSO[code]
    if not name or len(name) > _LONGEST:
        return None
    if code in codes():
        return code
    # Each name of two Latin letters, such as a Vietnamese one, is a code besides: the ten thousand names of all languages
    # need not be loaded for a word that is neither.
    return None if len(name) == 2 and name.isascii() and name.isalpha() else code_of_name(name)


@dataclass(frozen=True, slots=True)
class CountryReader:
    """Compiled once for a field, run for every row. `field` and `column` are for the problems."""

    field: str
    column: str

    def read(self, cell: Cell) -> tuple[str, Problem | None]:
        """The ISO code, "" for a blank cell; or "" and what is wrong."""
        if code := read_country(cell):
            return code, None
        if cell is None or (isinstance(cell, str) and not text(fold(cell))):
            return "", None
        if isinstance(cell, CellFault):
            message = "the cell holds a spreadsheet error or a formula without a result"
            return "", self._problem(Code.CELL_ERROR, cell, message, "Correct it, or write the country.")
        near = nearest_name(text(fold(cell))) if isinstance(cell, str) and len(cell) <= _LONGEST else None
        hint = f"Did you mean {near}? " if near else ""
        cure = f"{hint}Write the country's name or its two-letter ISO code, such as US, GB or DE."
        return "", self._problem(Code.COUNTRY_UNKNOWN, cell, "not the name of one country", cure)

    def _problem(self, code: Code, cell: Cell, message: str, cure: str) -> Problem:
        return Problem(code, self.field, self.column, shown(cell), message, cure)
