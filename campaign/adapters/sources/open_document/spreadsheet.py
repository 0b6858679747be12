"""OpenDocument spreadsheets (.ods): one sheet as numbered rows, streamed from the XML.

python-calamine is not used for them: it gives errors as blank cells, drops the tabs and line breaks within a text, so that
two numbers in a cell become one, and holds the whole file in memory.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, fromstring, iterparse

from campaign.adapters.sources.bounded import bounded
from campaign.adapters.sources.file_access import opened
from campaign.adapters.sources.open_document.cells import read_cell
from campaign.adapters.sources.open_document.looks import DATABASE_RANGE, Looks, filtered_sheet, is_hidden
from campaign.adapters.sources.open_document.styles import TABLE, TAGS, Styles
from campaign.adapters.sources.sheets.archive import Kind, SmallParts, check_archive
from campaign.adapters.sources.sheets.choice import NamedSheet, choose, hidden_ones, note_of_others, own_header_row
from campaign.adapters.sources.sheets.damage import damage_told
from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.adapters.sources.sheets.merged import Covering, MergedCells, check_merged
from campaign.adapters.sources.sheets.metered import Metered
from campaign.adapters.sources.table import Wishes
from campaign.core.cells.cell import Cell, Formatted, is_blank
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_SHEET, _COLUMN, _ROW = (f"{{{TABLE}}}{tag}" for tag in ("table", "table-column", "table-row"))
_CELLS = {f"{{{TABLE}}}{tag}" for tag in ("table-cell", "covered-table-cell")}
_NAME, _STYLE, _DEFAULT_STYLE = (f"{{{TABLE}}}{tag}" for tag in ("name", "style-name", "default-cell-style-name"))
_MOST_SHEETS, _MOST_RUNS = 10_000, 100_000
_ROWS_SPANNED, _COLUMNS_SPANNED = (f"{{{TABLE}}}number-{what}-spanned" for what in ("rows", "columns"))
_ROWS_REPEATED, _COLUMNS_REPEATED = (f"{{{TABLE}}}number-{what}-repeated" for what in ("rows", "columns"))


class OpenDocumentSheet:
    """One sheet of an OpenDocument spreadsheet as a `Table`, chosen as in other workbooks."""

    form = "OpenDocument"
    cells_can_shift = False

    def __init__(self, path: Path, wishes: Wishes) -> None:
        """Raises `SourceError` if the spreadsheet can't be read or has no such sheet."""
        self._path = path
        self._limits = wishes.limits
        looks: list[Looks] = []
        with self._document() as document:
            sheets = list(document.sheets(looks))
        chosen, others = choose(sheets, wishes.sheet, path.name, lambda sheet: looks[sheet.place].filled)
        self._place = chosen.place
        self.layout = looks[chosen.place].layout
        self.sheet = chosen.name
        self.header_row = own_header_row(sheets, chosen.name)
        self.other_sheets = tuple(sheet.name for sheet in others)
        self.hidden_sheets = hidden_ones(sheets, chosen, lambda sheet: looks[sheet.place].filled)
        self.notes = note_of_others(path.name, self.sheet, self.other_sheets, wishes.sheet)

    def records(self) -> Generator[SourceRow]:
        """The rows that hold something. Raises `SourceError`."""
        with (
            self._document() as document,
            closing(document.rows(self._place)) as rows,
        ):
            yield from bounded(rows, self._limits, self._path.name, total=True)

    @contextmanager
    def _document(self) -> Iterator[_Document]:
        with opened(self._path) as file:
            check_archive(file, self._path.name, self._limits, Kind.OPEN_DOCUMENT)
            with damage_told(self._path.name), SmallParts(file) as archive:
                _check_is_spreadsheet(archive, self._path.name)
                yield _Document(archive, self._limits, self._path.name)


def _check_is_spreadsheet(archive: SmallParts, name: str) -> None:
    if not archive.read("mimetype").startswith(_SPREADSHEET):
        raise SourceError(
            f"{name} is an OpenDocument file, but no spreadsheet.",
            "Check that the right file is named, or save the list as Excel Workbook (.xlsx).",
        )
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise SourceError(
            f"{name} is protected with a password.",
            "Open it, and save it without one (Save As, no tick at the password).",
        )


class _Document:
    """An open spreadsheet. Each pass parses its content from the beginning."""

    def __init__(self, archive: SmallParts, limits: Limits, name: str) -> None:
        self._archive = archive
        self._limits = limits
        self._name = name
        self._styles = Styles()
        if "styles.xml" in archive.namelist():
            # expat itself bounds the growth of entities, and the part is small
            for element in fromstring(archive.read("styles.xml")).iter():  # noqa: S314
                if element.tag in TAGS:
                    self._styles.add(element)

    def sheets(self, looks: list[Looks]) -> Iterator[NamedSheet]:
        """The sheets; `looks` gets the looks of each, complete when all sheets were given."""
        filtered: set[str] = set()
        for sheet, element, around in self._parsed(filtered):
            if element is None:
                looks.append(Looks(sheet.get(_NAME, "")))
                yield NamedSheet(looks[-1].name, not self._styles.hides(sheet.get(_STYLE, "")), len(looks) - 1)
                continue
            seen, hidden = looks[-1], is_hidden(element, around, self._styles)
            if element.tag == _COLUMN:
                seen.columns(_repeats(element, _COLUMNS_REPEATED), hidden=hidden)
                continue
            seen.row(element, hidden=hidden)
            if not seen.filled:
                cells, _ = self._cells(element, _Columns(), f"sheet {seen.name}")
                seen.filled = not all(map(is_blank, cells))
        for seen in looks:
            seen.filtered |= seen.name in filtered

    def rows(self, wanted: int) -> Generator[SourceRow]:
        """The rows of a sheet that hold something, repeated ones as often as they are."""
        number = ranges = 0
        place = -1
        columns = _Columns()
        covering = Covering()
        for _, element, around in self._parsed(set()):
            place += element is None
            if place > wanted:
                return
            if element is None or place < wanted:
                continue
            if element.tag == _COLUMN:
                columns.add(_repeats(element, _COLUMNS_REPEATED), element.get(_DEFAULT_STYLE, ""))
                continue
            first, number = number + 1, number + _repeats(element, _ROWS_REPEATED)
            cells, spans = self._cells(element, columns, f"row {first:,}")
            blank = all(map(is_blank, cells))
            if number > LAST_ROW and not blank:
                raise SourceError(
                    f"The sheet is damaged: a sheet ends at row {LAST_ROW:,}, and it has a row {number:,}.",
                    "Open it and save it again as Excel Workbook (.xlsx).",
                )
            hidden = is_hidden(element, around, self._styles)
            for one in range(number if blank else first, number + 1):
                for span in spans:
                    covering.begin(span.at(one))
                    check_merged(ranges := ranges + 1)
                if not blank:
                    yield SourceRow(one, cells, hidden, covering.at(one))

    def _parsed(self, filtered: set[str]) -> Iterator[tuple[Element, Element | None, Sequence[Element]]]:
        """For each sheet its element, None as it begins; then each of its columns and rows, and what is around them.
        At the end, `filtered` has the names of sheets with a filter that is on."""
        count = 0
        inside: list[Element] = []
        with self._archive.open("content.xml") as part:
            content = Metered(part, self._limits, self._name)
            source: Any = content  # all that the parser asks for is `read`
            for event, element in iterparse(source, ("start", "end")):  # noqa: S314 - expat bounds the growth of entities
                if event == "start":
                    content.enter()
                    inside.append(element)
                    if element.tag == _SHEET and not self._in_sheet(inside[:-1]):
                        count += 1
                        if count > _MOST_SHEETS:
                            raise ValueError(f"more than {_MOST_SHEETS:,} sheets")
                        yield element, None, ()
                    continue
                content.leave()
                inside.pop()
                if element.tag in TAGS:
                    self._styles.add(element)
                    inside[-1].remove(element)
                    content.whole()
                elif element.tag == DATABASE_RANGE:
                    if name := filtered_sheet(element):
                        filtered.add(name)
                    del inside[-1][:]
                    content.whole()
                elif element.tag in (_ROW, _COLUMN) and self._depth(inside) == 1:
                    around = inside[[outer.tag for outer in inside].index(_SHEET) :]
                    yield around[0], element, around
                    for outer in around:
                        del outer[:]  # what was read would stay in memory otherwise
                    content.whole()

    @staticmethod
    def _depth(inside: list[Element]) -> int:
        """How many sheets stand around: a cell can hold a table of its own."""
        return sum(outer.tag == _SHEET for outer in inside)

    @classmethod
    def _in_sheet(cls, inside: list[Element]) -> bool:
        return cls._depth(inside) > 0

    def _cells(self, row: Element, columns: _Columns, where: str) -> tuple[tuple[Cell, ...], list[_Span]]:
        """The cells of a row, from column A to the last one that is not blank, and those of them that are merged with
        others; errors name `where` it is."""
        cells: list[Cell] = []
        spans: list[_Span] = []
        blank = length = 0
        most = self._limits.columns + 1  # one more than allowed is as wrong as a million
        for element in row:
            if element.tag not in _CELLS:
                continue
            repeats = _repeats(element, _COLUMNS_REPEATED)
            if _COLUMNS_SPANNED in element.attrib or _ROWS_SPANNED in element.attrib:
                place = len(cells) + blank
                across, down = _repeats(element, _COLUMNS_SPANNED), _repeats(element, _ROWS_SPANNED)
                if place < most and across * down > 1:
                    spans.append(_Span(place + 1, min(place + across, most), down))
            value = read_cell(element, self._limits, f"{self._name}, {where}")
            if value is None:
                blank += repeats
                continue
            if isinstance(value, str):
                length += len(value)
                if length > self._limits.row:  # spaces are told by their number: a short row can have endless ones
                    raise self._limits.exceeded(
                        "row", f"{self._name}: a row has more than {length - len(value):,} characters"
                    )
            cells.extend([None] * min(blank, most - len(cells)))
            blank = 0
            if type(value) is int:
                style = element.get(_STYLE) or row.get(_DEFAULT_STYLE) or columns.style(len(cells))
                shown = self._styles.format(style)
                value = Formatted(value, shown) if shown else value
            cells.extend([value] * min(repeats, most - len(cells)))
        return tuple(cells), spans


class _Span(NamedTuple):
    """A cell that is merged with those below and to the right of it: its first and last column, counted from 1."""

    first: int
    last: int
    rows: int

    def at(self, row: int) -> MergedCells:
        """The merged range of the cell in that row."""
        return MergedCells.within(row, min(row + self.rows - 1, LAST_ROW), self.first, self.last)


class _Columns:
    """The cell styles that columns give to cells without one."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, str]] = []

    def add(self, repeats: int, style: str) -> None:
        """The next columns."""
        if len(self._runs) >= _MOST_RUNS:
            raise ValueError(f"more than {_MOST_RUNS:,} runs of columns")
        self._runs.append(((self._runs[-1][0] if self._runs else 0) + repeats, style))

    def style(self, place: int) -> str:
        """The style of a column, counted from 0."""
        return next((style for end, style in self._runs if place < end), "")


def _repeats(element: Element, attribute: str) -> int:
    repeats = int(element.get(attribute, "1"))
    if repeats < 1:
        raise ValueError(f"{repeats} repetitions")
    return repeats
