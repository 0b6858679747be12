"""Excel's older and binary workbooks (.xls, .xlsb): one sheet as numbered rows.

A process of its own turns the sheet into lines of text, once, in a private temporary file; from there the rows are
streamed as often as they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

from campaign.adapters.sources.binary_excel.calamine_request import Request
from campaign.adapters.sources.binary_excel.contained import run_contained
from campaign.adapters.sources.sheets.choice import note_of_others
from campaign.adapters.sources.sheets.damage import SAVE_AGAIN, damaged
from campaign.adapters.sources.table import Layout, Wishes
from campaign.adapters.sources.temporary import TemporaryFolder
from campaign.core.cells.cell import load_cells
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

_MODULE = "campaign.adapters.sources.binary_excel.calamine_child"


class CalamineSheet:
    """One sheet of a .xls or .xlsb workbook as a `Table`, chosen as in other workbooks."""

    cells_can_shift = False
    layout = Layout()

    def __init__(self, path: Path, wishes: Wishes) -> None:
        """Raises `SourceError` if the workbook can't be read or has no such sheet."""
        folder = TemporaryFolder()
        self._spool = folder.path / "rows"
        with folder.kept_if_all_goes_well():
            request = Request(path.absolute(), wishes.sheet, wishes.limits)
            run_contained(_MODULE, request.dump(), self._spool, wishes.limits, path.name)
            self.sheet, others = self._answer(path, wishes)
        folder.last_as_long_as(self)
        self.other_sheets = tuple(others)
        untold = (
            f"{path.name}: in {path.suffix.lower()} files rows that are hidden or filtered out can't be told from others and "
            "are read like them, and formulas that were never calculated can't be told from values."
        )
        self.notes = (*note_of_others(path.name, self.sheet, self.other_sheets, wishes.sheet), untold)

    def records(self) -> Generator[SourceRow]:
        """The rows that hold something. Raises `SourceError`."""
        with self._spool.open("rb") as lines:
            for line in lines:
                if line.startswith(b"row "):
                    _, number, cells = line.split(b" ", 2)
                    yield SourceRow(int(number), load_cells(cells.decode("utf-8", "surrogatepass")))

    def _answer(self, path: Path, wishes: Wishes) -> tuple[str, list[str]]:
        """The sheet and the other ones, if the answer is whole."""
        sheet: tuple[str, list[str]] | None = None
        last = ""
        with self._spool.open("rb") as lines:
            for line in lines:
                kind, _, said = line.rstrip(b"\n").partition(b" ")
                last = kind.decode() or last
                if kind == b"sheet":
                    name, others = json.loads(said)
                    sheet = name, others
                elif kind == b"error":
                    raise SourceError(*json.loads(said))
                elif kind == b"memory":
                    raise wishes.limits.exceeded("memory", f"{path.name} can't be read: it takes too much memory")
                elif kind == b"damaged":
                    raise damaged(path.name, json.loads(said))
        if sheet is None or last != "end":
            raise SourceError(f"{path.name} could not be read to its end.", SAVE_AGAIN)
        return sheet
