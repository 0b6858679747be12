"""The marks of a binary workbook, from the records of its parts (MS-XLSB 2.1.4, 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath
from struct import unpack_from
from typing import IO
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

from campaign.adapters.sources.binary_excel.marks import PADDED, Beat, Marks
from campaign.adapters.sources.file_access import opened
from campaign.adapters.sources.sheets.archive import Kind, SmallParts, check_archive
from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.core.errors import SourceError
from campaign.core.limits import Limits

_BUNDLE_SHEET, _FORMAT, _BEGIN_STYLES, _STYLE, _END_STYLES, _END_DATA = 0x9C, 0x2C, 0x0269, 0x2F, 0x026A, 0x92
_ROW, _BLANK, _RK, _ERROR, _REAL, _FORMULA_ERROR, _LAST_CELL = 0x00, 0x01, 0x02, 0x03, 0x05, 0x0B, 0x0B
_FORMULA_TEXT, _FORMULA_NUMBER = 0x08, 0x09
_COLUMNS, _FILTER_COLUMN, _MERGED = 0x3C, 0xA3, 0xB0
_ROW_HIDDEN, _OWN_HEIGHT, _COLUMNS_HIDDEN = 0x10, 0x20, 0x01
_NO_PART = 0xFFFFFFFF
_CHUNK, _BEAT = 1 << 16, 100_000


def xlsb_marks(path: Path, limits: Limits, beat: Beat) -> list[Marks | None]:
    """The marks of each sheet, in the workbook's order; None for what is no sheet of cells, such as a chart.

    Raises `SourceError` for an archive that is refused and for rows out of order, and whatever there is for a damaged one.
    """
    with opened(path) as file:
        check_archive(file, path.name, limits, Kind.BINARY)
        with SmallParts(file) as archive:
            parts = dict(_relations(archive))
            padded = _padded(archive)
            return [
                _sheet(archive, f"xl/{parts[key]}", padded, limits, beat)
                if parts[key].startswith("worksheets/")
                else None
                for key in _sheets(archive)
            ]


def _relations(archive: ZipFile) -> Iterator[tuple[str, str]]:
    # expat itself bounds the growth of entities, and the part is small
    for relation in fromstring(archive.read("xl/_rels/workbook.bin.rels")):  # noqa: S314
        yield relation.attrib["Id"], relation.attrib["Target"]


def _sheets(archive: ZipFile) -> Iterator[str]:
    """The keys of the sheets' parts."""
    with archive.open("xl/workbook.bin") as part:
        for kind, body in _records(part):
            if kind == _BUNDLE_SHEET:
                length = unpack_from("<I", body, 8)[0]
                if length != _NO_PART:
                    yield body[12 : 12 + 2 * length].decode("utf-16-le")


def _padded(archive: ZipFile) -> dict[int, str]:
    """The cell formats that show zeros in front, by their number."""
    if "xl/styles.bin" not in archive.namelist():
        return {}
    codes: dict[int, str] = {}
    padded: dict[int, str] = {}
    place = -1  # outside of the table of cell formats; the one before it has records of the same kind
    with archive.open("xl/styles.bin") as part:
        for kind, body in _records(part):
            if kind == _FORMAT:
                number, length = unpack_from("<HI", body)
                codes[number] = body[6 : 6 + 2 * length].decode("utf-16-le", "replace")
            elif kind == _BEGIN_STYLES:
                place = 0
            elif kind == _END_STYLES:
                break
            elif kind == _STYLE and place >= 0:
                code = codes.get(unpack_from("<H", body, 2)[0], "")
                if PADDED.fullmatch(code):
                    padded[place] = code
                place += 1
    return padded


def _sheet(archive: SmallParts, name: str, padded: dict[int, str], limits: Limits, beat: Beat) -> Marks:
    marks = Marks()
    row = -1
    whole = False
    with archive.open(name) as part:
        for count, (kind, body) in enumerate(_records(part, limits.row), 1):
            if count % _BEAT == 0:
                beat()
            if whole or kind > _LAST_CELL:
                whole |= kind == _END_DATA
                _look(marks, kind, body)
            elif kind == _ROW:
                number, height, flags = unpack_from("<I4xHxB", body)
                row = _next_row(number, row)
                if flags & _ROW_HIDDEN or (flags & _OWN_HEIGHT and not height):
                    marks.hide(row)
            elif kind > _BLANK:
                column, style = unpack_from("<II", body)
                marks.meet(row, column, column)
                marks.formulas |= kind >= _FORMULA_TEXT
                if kind in (_ERROR, _FORMULA_ERROR):
                    marks.error(row, column, body[8])
                elif kind in (_RK, _REAL, _FORMULA_NUMBER) and (style & 0xFFFFFF) in padded:
                    marks.mark(row, column, padded[style & 0xFFFFFF])
    if not whole:
        raise ValueError("a sheet without an end")  # its last rows may be missing
    marks.filtered = marks.filtered or any(_is_filtered(archive, table) for table in _tables(archive, name))
    return marks


def _look(marks: Marks, kind: int, body: bytes) -> None:
    """Take in what a record before or behind the cells says of the sheet's looks."""
    if kind == _COLUMNS:
        first, last, flags = unpack_from("<II8xH", body)
        if flags & _COLUMNS_HIDDEN:
            marks.hide_columns(first, last)
    elif kind == _MERGED:
        marks.merge(*unpack_from("<IIII", body))
    elif kind == _FILTER_COLUMN:
        marks.filtered = True


def _tables(archive: SmallParts, sheet: str) -> list[str]:
    """The parts of the tables within a sheet, which have filters of their own."""
    folder, _, name = sheet.rpartition("/")
    links = f"{folder}/_rels/{name}.rels"
    if links not in archive.namelist():
        return []
    # expat itself bounds the growth of entities, and the part is small
    relations = fromstring(archive.read(links))  # noqa: S314
    targets = [one.attrib["Target"] for one in relations if one.attrib.get("Type", "").endswith("/table")]
    return [normpath(join(folder, target)).lstrip("/") for target in targets]


def _is_filtered(archive: SmallParts, table: str) -> bool:
    with archive.open(table) as part:
        return any(kind == _FILTER_COLUMN for kind, _ in _records(part))


def _next_row(row: int, last: int) -> int:
    if not last < row < LAST_ROW:
        raise SourceError(
            f"The sheet is damaged: row {row + 1:,} stands after row {last + 1:,}.",
            "Open the workbook in Excel and save it again as Excel Workbook (.xlsx).",
        )
    return row


def _records(part: IO[bytes], most: int = 1 << 20) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record; kind and size are numbers of seven bits a byte. Raises `ValueError`, `IndexError`."""
    data, at = b"", 0
    ended = False
    while True:
        if len(data) - at < 6 and not ended:
            more = part.read(_CHUNK)
            ended = not more
            data, at = data[at:] + more, 0
            continue
        if at >= len(data):
            return
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while shift < 28:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if size > most:
            raise ValueError(f"a record of {size:,} bytes")
        while len(data) - at < size:
            more = part.read(max(_CHUNK, size))
            if not more:
                raise ValueError("the last record is not whole")
            data, at = data[at:] + more, 0
        yield kind, data[at : at + size]
        at += size
