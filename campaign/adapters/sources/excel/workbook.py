"""Excel workbooks (.xlsx, .xlsm): one sheet as numbered rows.

openpyxl reads the small parts that a list needs: the names of the sheets, the formats. The large ones, the sheet and
the texts that its cells share, are streamed by `sheet_rows` and `shared_texts`.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from campaign.adapters.sources.bounded import bounded
from campaign.adapters.sources.excel.cell_reader import CellReader
from campaign.adapters.sources.excel.shared_texts import SharedTexts
from campaign.adapters.sources.excel.sheet_layout import FILTER, read_layout
from campaign.adapters.sources.excel.sheet_rows import sheet_rows
from campaign.adapters.sources.file_access import opened
from campaign.adapters.sources.sheets.archive import SmallParts, check_archive
from campaign.adapters.sources.sheets.choice import (
    choose,
    hidden_ones,
    is_report,
    note_of_others,
    own_header_row,
)
from campaign.adapters.sources.sheets.damage import damage_told
from campaign.adapters.sources.sheets.merged import MergedCells, with_merged
from campaign.adapters.sources.table import Layout, Wishes
from campaign.core.cells.cell import is_blank
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

_VISIBLE = "visible"


class WorkbookSheet:
    """One sheet of a workbook as a `Table`: the one asked for, or else the first visible one that holds something.

    Of our own result workbook it is the sheet `Results`, of our report the sheet `To correct`.
    """

    form = "Excel workbook"

    def __init__(self, path: Path, wishes: Wishes) -> None:
        """Raises `SourceError` if the workbook can't be read or has no such sheet."""
        self._path = path
        self._limits = wishes.limits
        with _book(path, wishes.limits) as book:
            self._chosen, others = choose(book.sheets, wishes.sheet, path.name, book.holds_something)
            self.layout, self._merged = book.layout(self._chosen)
            # A row of a text file whose cells had shifted is as long in the report as it was there.
            self.cells_can_shift = is_report(book.sheets, self._chosen.name)
            self.header_row = own_header_row(book.sheets, self._chosen.name)
            self.hidden_sheets = hidden_ones(book.sheets, self._chosen, book.holds_something)
        self.sheet = self._chosen.name
        self.other_sheets = tuple(sheet.name for sheet in others)
        self.notes = note_of_others(path.name, self.sheet, self.other_sheets, wishes.sheet)

    def records(self) -> Generator[SourceRow]:
        """The rows that stand in the sheet. Raises `SourceError`."""
        with _book(self._path, self._limits) as book:
            rows = bounded(book.rows(self._chosen), self._limits, self._path.name, total=True)
            yield from with_merged(rows, self._merged) if self._merged else rows


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet: its name, the part of the archive it is in, and whether a person sees its tab."""

    name: str
    part: str
    visible: bool


class _Book:
    """An open workbook."""

    def __init__(self, reader: ExcelReader, sheets: Sequence[_Sheet], limits: Limits, name: str) -> None:
        self._archive: ZipFile = reader.archive
        self._limits = limits
        self._name = name
        table = reader.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]  # bare in the stubs
        part = None if table is None else self._archive.open(table.PartName.removeprefix("/"))
        self._texts = SharedTexts(part, limits, name)
        self._cells = CellReader(reader.wb, self._texts)
        self.sheets = sheets

    def rows(self, sheet: _Sheet) -> Generator[SourceRow]:
        """The rows of a sheet; when all are read, the texts are as well, so that no damage of theirs is passed over."""
        with self._archive.open(sheet.part) as part:
            yield from sheet_rows(part, self._limits, self._name, self._cells)
        self._texts.read_on()

    def layout(self, sheet: _Sheet) -> tuple[Layout, list[MergedCells]]:
        with self._archive.open(sheet.part) as part:
            layout, merged = read_layout(part)
        # A table within the sheet has a filter of its own.
        filtered = layout.filtered or any(FILTER.search(self._archive.read(name)) for name in self._tables(sheet))
        return replace(layout, filtered=filtered), merged

    def _tables(self, sheet: _Sheet) -> list[str]:
        links = get_rels_path(sheet.part)  # type: ignore[no-untyped-call]  # bare in the stubs
        if links not in self._archive.namelist():
            return []
        found = get_dependents(self._archive, links)
        return [link.target for link in found if link.Type.endswith("/table")]

    def holds_something(self, sheet: _Sheet) -> bool:
        with contextlib.closing(self.rows(sheet)) as rows:
            return any(not all(map(is_blank, row.cells)) for row in rows)


@contextlib.contextmanager
def _book(path: Path, limits: Limits) -> Iterator[_Book]:
    """The workbook, open. Raises `SourceError` for everything that goes wrong with it while it is open."""
    with opened(path) as file:
        check_archive(file, path.name, limits)
        with damage_told(path.name):
            with warnings.catch_warnings():
                # About styles, pictures and extensions, which a list does not need.
                warnings.simplefilter("ignore", UserWarning)
                reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
                reader.archive = SmallParts(file)
                reader.read_manifest()
                reader.read_workbook()
                apply_stylesheet(reader.archive, reader.wb)
                sheets = [
                    _Sheet(sheet.name, rel.target, sheet.state == _VISIBLE)
                    for sheet, rel in reader.parser.find_sheets()
                    if rel.Type.endswith("/worksheet")
                ]
            yield _Book(reader, sheets, limits, path.name)
