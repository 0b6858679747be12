"""Names of campaigns and of their rows: what ties a result workbook and the vendor's reports to the journal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

SIGNS = 4
"""So many signs at the end of a campaign's name tell it from the others of its day."""
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # none that can be taken for another when read out
_ROW_ID = re.compile(rf"(?<![0-9A-Za-z-])([0-9]{{8}}-[{_ALPHABET}]{{{SIGNS}}})-([0-9]{{1,9}})(?![0-9A-Za-z-])")


def campaign_id(now: datetime, choose: Callable[[str], str]) -> str:
    """A name that a person can read out: the day, and some signs that `choose` takes from those it is given."""
    return f"{now:%Y%m%d}-{''.join(choose(_ALPHABET) for _ in range(SIGNS))}"


def row_id(campaign: str, number: int) -> str:
    """The name of a row: its campaign's, and its row number in the person's file."""
    return f"{campaign}-{number}"


def campaign_in(row_id: str) -> str:
    """The campaign that a row id names."""
    return row_id.rpartition("-")[0]


def row_ids_in(text: str) -> list[tuple[str, int]]:
    """The row ids that stand in a text, each as campaign and row number."""
    return [(found[1], int(found[2])) for found in _ROW_ID.finditer(text)]
