"""Excel's older and binary workbooks (.xls, .xlsb): one sheet as numbered rows.

A process of its own turns the sheet into lines of text, once, in a private temporary file; from there the rows are
streamed as often as they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

from campaign.adapters.sources.binary_excel.calamine_request import Request
from campaign.adapters.sources.binary_excel.contained import run_contained
from campaign.adapters.sources.sheets.choice import note_of_others
from campaign.adapters.sources.sheets.damage import SAVE_AGAIN, damaged
from campaign.adapters.sources.sheets.merged import MergedCells, with_merged
from campaign.adapters.sources.table import Layout, Wishes
from campaign.adapters.sources.temporary import TemporaryFolder
from campaign.core.cells.cell import load_cells
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

_MODULE = "campaign.adapters.sources.binary_excel.calamine_child"

_ABOUT_SHEET = (b"sheet", b"layout", b"merged")


class _Answer(NamedTuple):
    """What the other process says of the sheet besides its rows."""

    sheet: str
    others: tuple[str, ...]
    hidden: tuple[str, ...]
    formulas: bool
    layout: Layout
    merged: list[MergedCells]


class CalamineSheet:
    """One sheet of a .xls or .xlsb workbook as a `Table`, chosen as in other workbooks."""

    cells_can_shift = False
    header_row = None

    def __init__(self, path: Path, wishes: Wishes) -> None:
        """Raises `SourceError` if the workbook can't be read or has no such sheet."""
        self.form = "Excel 97-2003" if path.suffix.lower() == ".xls" else "binary Excel"
        folder = TemporaryFolder()
        self._spool = folder.path / "rows"
        with folder.kept_if_all_goes_well():
            request = Request(path.absolute(), wishes.sheet, wishes.limits)
            run_contained(_MODULE, request.dump(), self._spool, wishes.limits, path.name)
            said = self._answer(path, wishes)
        folder.last_as_long_as(self)
        self.sheet = said.sheet
        self.other_sheets, self.hidden_sheets = said.others, said.hidden
        self.layout = said.layout
        self._merged = said.merged
        untold = f"{path.name}: in {path.suffix.lower()} files formulas that were never calculated can't be told from values."
        notes = note_of_others(path.name, self.sheet, self.other_sheets, wishes.sheet)
        self.notes = (*notes, untold) if said.formulas else notes

    def records(self) -> Generator[SourceRow]:
        """The rows that hold something. Raises `SourceError`."""
        return with_merged(self._rows(), self._merged)

    def _rows(self) -> Generator[SourceRow]:
        with self._spool.open("rb") as lines:
            for line in lines:
                if line.startswith(b"row "):
                    _, number, hidden, cells = line.split(b" ", 3)
                    yield SourceRow(int(number), load_cells(cells.decode("utf-8", "surrogatepass")), hidden == b"1")

    def _answer(self, path: Path, wishes: Wishes) -> _Answer:
        """What is said of the sheet, if the answer is whole."""
        said: dict[bytes, Any] = {}
        last = ""
        with self._spool.open("rb") as lines:
            for line in lines:
                kind, _, body = line.rstrip(b"\n").partition(b" ")
                last = kind.decode() or last
                if kind in _ABOUT_SHEET:
                    said[kind] = json.loads(body)
                elif kind == b"error":
                    raise SourceError(*json.loads(body))
                elif kind == b"memory":
                    raise wishes.limits.exceeded("memory", f"{path.name} can't be read: it takes too much memory")
                elif kind == b"damaged":
                    raise damaged(path.name, json.loads(body))
        if len(said) < len(_ABOUT_SHEET) or last != "end":
            raise SourceError(f"{path.name} could not be read to its end.", SAVE_AGAIN)
        name, others, hidden, formulas = said[b"sheet"]
        hides_rows, filtered, columns = said[b"layout"]
        return _Answer(
            name,
            tuple(others),
            tuple(hidden),
            formulas,
            Layout(hides_rows, filtered, tuple((first, last) for first, last in columns)),
            sorted((MergedCells(*given) for given in said[b"merged"]), key=lambda cells: cells.first_row),
        )
