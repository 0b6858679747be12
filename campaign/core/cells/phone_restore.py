"""The sign that a whole column lost, put back where a person has said so: a + or a leading zero that a spreadsheet took away.

Said of a column, it is tried on each cell, and holds only where one number can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from campaign.core.cells.cell import Cell
from campaign.core.cells.phone_plan import Planned, country_code, has_plan, international, national
from campaign.core.cells.phone_written import Refused, as_text, written


class Restore(StrEnum):
    """What the cells of a column have lost."""

    PLUS = "+"
    ZERO = "0"


COMPACT_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
"""Eight digits that may be a day."""
LOOKS_INTERNATIONAL = 11
"""So many digits or more are rarely a national number, and mostly an international one."""
_BARE = re.compile(r"[1-9][0-9]*")
_FEWEST = {Restore.PLUS: 8, Restore.ZERO: 6}
_NORTH_AMERICA = "US"  # its ten digits are written without any prefix, and begin like many a country code


def bare_digits(cell: Cell) -> str:
    """The digits of a cell that holds nothing else and may have lost its first sign; "" for every other cell."""
    text = as_text(cell)
    if isinstance(text, Refused) or not _BARE.fullmatch(text) or isinstance(written(text), Refused):
        return ""
    return text


def holds_bare(cell: Cell, digits: str) -> bool:
    """Whether the cell holds these digits, which may have lost their first sign, and nothing else."""
    if isinstance(cell, str) and cell.isascii() and (digits not in cell or cell.startswith("+")):
        return False  # told without the closer look that most cells need not have
    return bare_digits(cell) == digits


def restored(digits: str, region: str, sign: Restore) -> list[Planned]:
    """The numbers that bare `digits` of a row in `region` can mean if `sign` was lost: none, one, or more than one.

    No digit of the one is anything but what stands there, the sign and the country code.
    """
    if len(digits) < _FEWEST[sign] or COMPACT_DATE.fullmatch(digits):
        return []
    meant = international(digits) if sign is Restore.PLUS else _with_zero(digits, region)
    if meant is None or not meant.e164.endswith(digits):
        return []
    before = meant.e164[1 : -len(digits)]
    if before not in ([""] if sign is Restore.PLUS else [country_code(region), f"{country_code(region)}0"]):
        return []
    others = {other.e164: other for other in _otherwise(digits, region, sign) if other and other.e164 != meant.e164}
    return [meant, *others.values()]


def _with_zero(digits: str, region: str) -> Planned | None:
    return national(f"0{digits}", region) if has_plan(region) else None


def _otherwise(digits: str, region: str, sign: Restore) -> Iterator[Planned | None]:
    """What the digits mean to somebody who lost nothing, or the other sign."""
    if has_plan(region):
        yield national(digits, region)
    elif len(digits) == LOOKS_INTERNATIONAL - 1:
        yield national(digits, _NORTH_AMERICA)
    if sign is Restore.ZERO and len(digits) >= LOOKS_INTERNATIONAL - 1:
        yield international(digits)
