"""How a cell that a person has edited is known again: by marks of what the row's cells were when the file was written."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from hashlib import blake2b

from campaign.core.cells.cell import Cell, shown

_FORM = "1:"
_LENGTH = 4
_LONGEST = 30_000  # a workbook cuts a cell that is longer


def as_written(cells: Sequence[Cell]) -> str:
    """The marks of a row's cells, to be written beside it."""
    return _FORM + "".join(map(mark, cells))


def marks_in(text: str, cells: int) -> tuple[str, ...] | None:
    """The marks of so many cells; None if the text has none that can be read."""
    kept = text.removeprefix(_FORM)
    if kept == text or len(kept) != cells * _LENGTH:
        return None
    return tuple(kept[at : at + _LENGTH] for at in range(0, len(kept), _LENGTH))


def mark(cell: Cell) -> str:
    """Four signs that another cell hardly has (one in 16 million), and that the same cell has also after a spreadsheet
    program has saved it: signs that no workbook keeps do not count."""
    text = shown(cell)[:_LONGEST]
    if not text.isprintable() or "\ufffd" in text:
        text = "".join(sign for sign in text if sign.isprintable() and sign != "\ufffd")
    return base64.urlsafe_b64encode(blake2b(text.encode(), digest_size=3).digest()).decode()
