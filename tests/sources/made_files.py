"""Files as the tests of sources need them, made on the spot."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.xml.constants import SHARED_STRINGS

from campaign.core.cells.cell import Cell
from campaign.ports import LeadSource

_SHEET_XML = "xl/worksheets/sheet1.xml"
_TEXTS = "xl/sharedStrings.xml"
_TYPES = "[Content_Types].xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",", newline: str = "\r\n") -> str:
    """The rows as CSV, an empty one as a blank line."""
    out = io.StringIO()
    # With other line ends than its own, the csv module does not quote every cell that needs it.
    own = newline == "\r\n"
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL if own else csv.QUOTE_ALL
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return out.getvalue()


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file with exactly these characters."""
    path.write_bytes(text.encode(encoding))
    return path


def book_file(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook with these sheets, text as text whatever it looks like."""
    book = Workbook()
    for old in book.worksheets:
        book.remove(old)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is None:
                    continue
                cell = sheet.cell(r, c)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    book.save(path)
    book.close()
    return path


def raw_book(path: Path, data: str, *, before: str = "", after: str = "", prolog: str = "") -> Path:
    """A workbook whose one sheet `Leads` has exactly the XML `data` within its sheetData."""
    book_file(path, Leads=[])
    xml = f'{prolog}<worksheet xmlns="{_MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'
    return with_part(path, _SHEET_XML, xml.encode())


def with_shared_texts(path: Path, items: Iterable[str]) -> Path:
    """The same workbook with a table of shared texts, of which each item is the XML in its `si`."""
    table = "".join(f"<si>{item}</si>" for item in items)
    with ZipFile(path) as archive:
        types = archive.read(_TYPES).decode()
    entry = f'<Override PartName="/{_TEXTS}" ContentType="{SHARED_STRINGS}"/></Types>'
    with_part(path, _TYPES, types.replace("</Types>", entry).encode())
    return with_part(path, _TEXTS, f'<sst xmlns="{_MAIN}">{table}</sst>'.encode())


def with_part(path: Path, name: str, content: bytes | None) -> Path:
    """The same archive with one part replaced, added, or (None) left out."""
    with ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    if content is None:
        del parts[name]
    else:
        parts[name] = content
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for part, held in parts.items():
            archive.writestr(part, held)
    return path


def cells_of(source: LeadSource) -> list[tuple[Cell, ...]]:
    """The cells of all rows."""
    return [row.cells for row in source.rows()]


def numbered(source: LeadSource) -> dict[int, tuple[Cell, ...]]:
    """The cells of all rows by row number."""
    return {row.number: row.cells for row in source.rows()}
