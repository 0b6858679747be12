"""The value of a spreadsheet cell, as text for people and as JSON for the journal.

Cells keep the type that the file gave them, so that the result workbook can give back what it was given: leading zeros,
dates, text as text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number or date with the number format that its workbook shows it in, such as `00000` or `DD/MM/YYYY`."""

    value: int | float | date | datetime | time
    format: str


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that holds a spreadsheet error such as `#N/A`, or a formula whose result was never stored."""

    shown: str


Cell: TypeAlias = str | int | float | bool | date | datetime | time | Formatted | CellFault | None

ENDLESS = 10**1000
"""Python does not write integers of some thousand digits, which no spreadsheet has."""
_ZERO_PADDED = re.compile(r"0{2,}")
# Invisible signs that copying from web pages and chat programs leaves around a value: they are never part of it.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad"
_TRIM = INVISIBLE + " \t\r\n\v\f\u00a0\u2007\u202f\u3000"


def shown(cell: Cell) -> str:
    """The cell as the person sees it: integers without `.0`, dates in ISO form, zero-padded formats padded."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Formatted):
        if isinstance(cell.value, int) and _ZERO_PADDED.fullmatch(cell.format):
            return shown(cell.value).zfill(len(cell.format))
        return shown(cell.value)
    if isinstance(cell, CellFault):
        return cell.shown
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if abs(cell) < ENDLESS else f"{Decimal(cell):.5E}"


def text(cell: Cell) -> str:
    """The cell as a payload value: as shown, without the blank and invisible signs around it."""
    return cell.strip(_TRIM) if isinstance(cell, str) else shown(cell)


def is_blank(cell: Cell) -> bool:
    """Whether a person would call the cell empty."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_TRIM))


_TYPED: dict[str, type[date] | type[time]] = {"datetime": datetime, "date": date, "time": time}


def _to_json(cell: object) -> Any:
    if isinstance(cell, Formatted):
        return {"format": cell.format, "value": cell.value}
    if isinstance(cell, CellFault):
        return {"fault": cell.shown}
    if isinstance(cell, (datetime, date, time)):
        return {type(cell).__name__: cell.isoformat()}
    raise TypeError(f"not a cell: {cell!r}")


def _from_json(value: dict[str, Any]) -> Any:
    if "format" in value:
        return Formatted(value["value"], value["format"])
    if "fault" in value:
        return CellFault(value["fault"])
    [(kind, iso)] = value.items()
    return _TYPED[kind].fromisoformat(iso)


_ENCODER = json.JSONEncoder(default=_to_json, ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_hook=_from_json)


def dump_cells(cells: tuple[Cell, ...]) -> str:
    """A row's cells as JSON; `load_cells` gives them back with their types."""
    return _ENCODER.encode(cells)


def load_cells(text: str) -> tuple[Cell, ...]:
    """The cells that `dump_cells` wrote."""
    return tuple(_DECODER.decode(text))
