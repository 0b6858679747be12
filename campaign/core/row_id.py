"""Names of campaigns and of their rows: what ties a result workbook and the vendor's reports to the journal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that can be taken for another when read out
_ROW_ID = re.compile(rf"(?<![0-9A-Za-z-])([0-9]{{8}}-[{_SIGNS}]{{4}})-([0-9]{{1,9}})(?![0-9A-Za-z-])")


def campaign_id(now: datetime, choose: Callable[[str], str]) -> str:
    """A name that a person can read out: the day, and four signs that `choose` takes from those it is given."""
    return f"{now:%Y%m%d}-{''.join(choose(_SIGNS) for _ in range(4))}"


def row_id(campaign: str, number: int) -> str:
    """The name of a row: its campaign's, and its row number in the person's file."""
    return f"{campaign}-{number}"


def row_ids_in(text: str) -> list[tuple[str, int]]:
    """The row ids that stand in a text, each as campaign and row number."""
    return [(found[1], int(found[2])) for found in _ROW_ID.finditer(text)]
