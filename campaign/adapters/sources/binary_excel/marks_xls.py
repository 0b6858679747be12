"""The marks of an Excel 97-2003 workbook, from the records of its stream (MS-XLS 2.1, 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

import olefile

from campaign.adapters.sources.binary_excel.marks import PADDED, Beat, Marks
from campaign.core.errors import SourceError

_BOF, _EOF, _BOUND_SHEET, _FORMAT, _XF, _FILE_PASS = 0x0809, 0x0A, 0x85, 0x041E, 0xE0, 0x2F
_NUMBER, _RK, _MUL_RK, _BOOL_ERR, _FORMULA = 0x0203, 0x027E, 0xBD, 0x0205, 0x06
_ROW, _COLUMNS, _MERGED = 0x0208, 0x7D, 0xE5
_FILTERED = (0x9B, 0x9E, 0x087E)  # rows are filtered out; the condition of a column, of a column of a table
_ROW_HIDDEN, _OWN_HEIGHT, _HEIGHT, _COLUMNS_HIDDEN = 0x20, 0x40, 0x7FFF, 0x01
_TEXTS = (0xFD, 0x0204, 0xD6)
_BEAT = 100_000
LOCKED = "Open it in Excel, remove the password (File > Info > Protect Workbook) and save it."


def xls_marks(path: Path, beat: Beat) -> list[Marks]:
    """The marks of each sheet, in the workbook's order. Raises `SourceError` for a password and for what is no workbook,
    and whatever there is for a damaged one."""
    with olefile.OleFileIO(str(path)) as ole:
        stream = next((name for name in ("Workbook", "Book") if ole.exists(name)), None)
        if stream is None:
            raise SourceError(
                f"{path.name} is a file of the old Office format, but no workbook.",
                "Check that the right file is named, or save the list as Excel Workbook (.xlsx).",
            )
        data = ole.openstream(stream).read()
    places: list[int] = []
    formats: dict[int, str] = {}
    styles: list[int] = []
    for kind, at, size in _records(data, 0):
        if kind == _FILE_PASS:
            raise SourceError(f"{path.name} is protected with a password.", LOCKED)
        if kind == _BOUND_SHEET:
            places.append(unpack_from("<I", data, at)[0])
        elif kind == _FORMAT:
            formats[unpack_from("<H", data, at)[0]] = _format_code(data[at + 2 : at + size])
        elif kind == _XF:
            styles.append(unpack_from("<H", data, at + 2)[0])
        elif kind == _EOF:
            break
    padded = {n: code for n, style in enumerate(styles) if PADDED.fullmatch(code := formats.get(style, ""))}
    return [_sheet(data, place, padded, beat) for place in places]


def _sheet(data: bytes, place: int, padded: dict[int, str], beat: Beat) -> Marks:
    marks = Marks()
    depth = 0
    for count, (kind, at, size) in enumerate(_records(data, place), 1):
        if count % _BEAT == 0:
            beat()
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth != 1:
            continue  # a chart within the sheet has cells of its own
        elif kind == _MUL_RK:
            row, first = unpack_from("<HH", data, at)
            marks.meet(row, first, first + (size - 6) // 6 - 1)
            if padded:
                for n in range((size - 6) // 6):
                    _pad(marks, padded, row, first + n, unpack_from("<H", data, at + 4 + 6 * n)[0])
        elif kind in (_NUMBER, _RK, _BOOL_ERR, _FORMULA) or kind in _TEXTS:
            row, column, style = unpack_from("<HHH", data, at)
            marks.meet(row, column, column)
            marks.formulas |= kind == _FORMULA
            if kind == _BOOL_ERR:
                if data[at + 7]:
                    marks.error(row, column, data[at + 6])
            elif kind == _FORMULA and data[at + 12 : at + 14] == b"\xff\xff":
                if data[at + 6] == 2:  # the result is an error
                    marks.error(row, column, data[at + 8])
            elif kind not in _TEXTS:
                _pad(marks, padded, row, column, style)
        else:
            _look(marks, data, kind, at)
    else:
        raise ValueError("a sheet without an end")  # its last rows may be missing
    return marks


def _look(marks: Marks, data: bytes, kind: int, at: int) -> None:
    """Take in what a record says of the sheet's looks."""
    if kind == _ROW:
        row, height, flags = unpack_from("<H4xH4xH", data, at)
        if flags & _ROW_HIDDEN or (flags & _OWN_HEIGHT and not height & _HEIGHT):
            marks.hide(row)
    elif kind == _COLUMNS:
        first, last, flags = unpack_from("<HH4xH", data, at)
        if flags & _COLUMNS_HIDDEN:
            marks.hide_columns(first, last)
    elif kind == _MERGED:
        for n in range(unpack_from("<H", data, at)[0]):
            marks.merge(*unpack_from("<HHHH", data, at + 2 + 8 * n))
    elif kind in _FILTERED:
        marks.filtered = True


def _pad(marks: Marks, padded: dict[int, str], row: int, column: int, style: int) -> None:
    if style in padded:
        marks.mark(row, column, padded[style])


def _records(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of each record."""
    while at + 4 <= len(data):
        kind, size = unpack_from("<HH", data, at)
        yield kind, at + 4, size
        at += 4 + size


def _format_code(body: bytes) -> str:
    """The text of a FORMAT record: of workbooks before Excel 97, of one byte or two a character."""
    if len(body) == 1 + body[0]:
        return body[1:].decode("latin-1")
    if len(body) > 3 and not body[2] & 1:
        return body[3:].decode("latin-1")
    return body[3:].decode("utf-16-le", "replace")
