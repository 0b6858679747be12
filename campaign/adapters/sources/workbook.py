"""Excel workbooks (.xlsx, .xlsm): one sheet as numbered rows.

openpyxl reads the small parts that a list needs: the names of the sheets, the formats. The large ones, the sheet and
the texts that its cells share, are streamed by `sheet_xml`.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from campaign.adapters.sources.archive import check_archive
from campaign.adapters.sources.file_access import opened
from campaign.adapters.sources.sheet_xml import CellReader, shared_strings, sheet_rows
from campaign.adapters.sources.table import Wishes
from campaign.core.cells.cell import is_blank
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

_OURS = ("Results", "Summary", "Mapping")  # the sheets of our own result workbook
_VISIBLE = "visible"


class WorkbookSheet:
    """One sheet of a workbook as a `Table`: the one asked for, or else the first visible one that holds something.

    Of our own result workbook it is the sheet `Results`.
    """

    cells_can_shift = False

    def __init__(self, path: Path, wishes: Wishes) -> None:
        """Raises `SourceError` if the workbook can't be read or has no such sheet."""
        self._path = path
        with _book(path) as book:
            self._chosen, others = _choose(book, wishes.sheet, path.name)
            hidden = [sheet for sheet in book.sheets if not sheet.visible and sheet is not self._chosen]
            self.hidden_sheets = tuple(sheet.name for sheet in hidden if book.holds_something(sheet))
        self.sheet = self._chosen.name
        self.other_sheets = tuple(sheet.name for sheet in others)
        self.notes = (
            (f"{path.name}: only the sheet '{self.sheet}' is read, not {', '.join(self.other_sheets)}.",)
            if others and wishes.sheet is None
            else ()
        )

    def records(self) -> Generator[SourceRow]:
        """The rows that stand in the sheet. Raises `SourceError`."""
        with _book(self._path) as book:
            yield from book.rows(self._chosen)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet: its name, the part of the archive it is in, and whether a person sees its tab."""

    name: str
    part: str
    visible: bool


class _Book:
    """An open workbook."""

    def __init__(self, reader: ExcelReader, sheets: Sequence[_Sheet]) -> None:
        self._archive = reader.archive
        strings: list[str] = []
        table = reader.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]  # bare in the stubs
        if table is not None:
            with self._archive.open(table.PartName.removeprefix("/")) as part:
                strings = shared_strings(part)
        self._cells = CellReader(reader.wb, strings)
        self.sheets = sheets

    def rows(self, sheet: _Sheet) -> Generator[SourceRow]:
        with self._archive.open(sheet.part) as part:
            yield from sheet_rows(part, self._cells)

    def holds_something(self, sheet: _Sheet) -> bool:
        with contextlib.closing(self.rows(sheet)) as rows:
            return any(not all(map(is_blank, row.cells)) for row in rows)


@contextlib.contextmanager
def _book(path: Path) -> Iterator[_Book]:
    """The workbook, open. Raises `SourceError` for everything that goes wrong with it while it is open."""
    with opened(path) as file:
        check_archive(file, path.name)
        try:
            with warnings.catch_warnings():
                # About styles, pictures and extensions, which a list does not need.
                warnings.simplefilter("ignore", UserWarning)
                reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
                reader.read_manifest()
                reader.read_workbook()
                apply_stylesheet(reader.archive, reader.wb)
                sheets = [
                    _Sheet(sheet.name, rel.target, sheet.state == _VISIBLE)
                    for sheet, rel in reader.parser.find_sheets()
                    if rel.Type.endswith("/worksheet")
                ]
            yield _Book(reader, sheets)
        except SourceError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the system's own: the drive is gone
            # Damaged workbooks make openpyxl, zipfile and the XML parser raise nearly everything there is.
            raise SourceError(
                f"{path.name} is damaged or not a workbook that can be read ({type(error).__name__}: {error}).",
                "Open it in Excel and save it again as Excel Workbook (.xlsx), then try again.",
            ) from error


def _choose(book: _Book, wanted: str | None, name: str) -> tuple[_Sheet, tuple[_Sheet, ...]]:
    """The sheet to read, and the other visible ones that hold something."""
    visible = [sheet for sheet in book.sheets if sheet.visible]
    titles = [sheet.name for sheet in visible]
    if wanted is not None:
        chosen = _named(book.sheets, wanted, name)
    elif set(_OURS) <= set(titles):
        chosen = visible[titles.index(_OURS[0])]
        visible = [sheet for sheet in visible if sheet.name not in _OURS]
    else:
        filled = next(filter(book.holds_something, visible), None)
        if filled is None:
            hidden = [sheet.name for sheet in book.sheets if not sheet.visible and book.holds_something(sheet)]
            raise SourceError(
                f"{name} has no visible sheet that holds anything.",
                f"There is something in the hidden sheet '{hidden[0]}': name it if that is the list."
                if hidden
                else "Check that the list was saved, and that the right file is named.",
            )
        chosen = filled
    return chosen, tuple(sheet for sheet in visible if sheet is not chosen and book.holds_something(sheet))


def _named(sheets: Sequence[_Sheet], wanted: str, name: str) -> _Sheet:
    loose = [sheet for sheet in sheets if _loose(sheet.name) == _loose(wanted)]
    for sheet in sheets:
        # Excel allows no two names that differ in capitals alone, so a loose match is the only one.
        if sheet.name == wanted or loose == [sheet]:
            return sheet
    titles = {_loose(sheet.name): sheet.name for sheet in sheets}
    near = get_close_matches(_loose(wanted), titles, n=1, cutoff=0.6)
    raise SourceError(
        f"{name} has no sheet '{wanted}'" + (f": did you mean '{titles[near[0]]}'?" if near else "."),
        f"It has: {', '.join(titles.values())}." if titles else "It has no sheet of cells at all.",
    )


def _loose(name: str) -> str:
    return " ".join(name.casefold().split())
