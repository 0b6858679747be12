"""Workbooks other than Excel's present ones, as the tests of sources need them: .xls by xlwt, .xlsb and .ods by hand."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from struct import pack
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import xlwt
from sources.made_files import book_file, csv_file, csv_text

from campaign.adapters.sources.sheets.facts import ERRORS
from campaign.core.cells.cell import Cell, CellFault, Formatted, shown

Rows = Sequence[Sequence[Cell]]
CODES = {text: code for code, text in ERRORS.items()}
DAY, MOMENT, CLOCK = "yyyy-mm-dd", "yyyy-mm-dd h:mm:ss", "h:mm:ss"


def _format_of(cell: Cell) -> tuple[Any, str]:
    """The value of a cell and the number format that a program would give it."""
    if isinstance(cell, Formatted):
        return cell.value, cell.format
    if isinstance(cell, dt.datetime):
        return cell, MOMENT
    if isinstance(cell, dt.date):
        return cell, DAY
    return (cell, CLOCK) if isinstance(cell, dt.time) else (cell, "General")


def xls_file(
    path: Path,
    sheets: dict[str, Rows],
    hidden: Sequence[str] = (),
    *,
    since_1904: bool = False,
    finish: Callable[[Any], None] = lambda _: None,
) -> Path:
    """An Excel 97-2003 workbook; `finish` gets its last sheet before it is saved."""
    book = xlwt.Workbook()
    book.dates_1904 = since_1904
    styles: dict[str, Any] = {}
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        sheet.visibility = int(title in hidden)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, CellFault):
                    sheet.row(r).set_cell_error(c, CODES[cell.shown])
                elif cell is not None:
                    value, code = _format_of(cell)
                    style = styles.setdefault(code, xlwt.easyxf(num_format_str=code))
                    sheet.write(r, c, value, style)
    finish(sheet)
    book.save(str(path))
    return path


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of a binary workbook: kind and size in seven bits a byte, then the body."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, left = b"", len(body)
    while left > 0x7F:
        size, left = size + bytes([left & 0x7F | 0x80]), left >> 7
    return head + size + bytes([left]) + body


def wide(text: str) -> bytes:
    """A text with its length, as binary workbooks hold it."""
    encoded = text.encode("utf-16-le")
    return pack("<I", len(encoded) // 2) + encoded


def xlsb_cell(column: int, cell: Cell, style: int = 0, *, since_1904: bool = False) -> bytes:
    """The record of a cell; a fault is the result of a formula."""
    place = pack("<II", column, style)
    if isinstance(cell, str):
        return record(0x06, place + wide(cell))
    if isinstance(cell, bool):
        return record(0x04, place + bytes([cell]))
    if isinstance(cell, CellFault):
        return record(0x0B, place + bytes([CODES[cell.shown]]) + bytes(10))
    if isinstance(cell, dt.time):
        cell = (dt.datetime.combine(dt.date(1, 1, 1), cell) - dt.datetime(1, 1, 1)) / dt.timedelta(days=1)
    if isinstance(cell, dt.date):
        moment = cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())
        cell = (moment - dt.datetime(*((1904, 1, 1) if since_1904 else (1899, 12, 30)))) / dt.timedelta(days=1)
    assert isinstance(cell, (int, float))
    return record(0x05, place + pack("<d", cell))


def xlsb_row(number: int, flags: int = 0) -> bytes:
    """The record that begins a row, its number counted from 1, with its `flags` (MS-XLSB 2.4.726)."""
    return record(0x00, pack("<I6xxBx4x", number - 1, flags))


def xlsb_rows(rows: Rows, styles: dict[str, int], *, since_1904: bool = False, hidden: Collection[int] = ()) -> bytes:
    """The records of rows, blank ones left out, some `hidden`. Formats that are met are added to `styles`."""
    data: list[bytes] = []
    for r, row in enumerate(rows, 1):
        cells = [(c, *_format_of(cell)) for c, cell in enumerate(row) if cell is not None]
        if cells:
            data.append(xlsb_row(r, 0x10 * (r in hidden)))
        for c, value, code in cells:
            data.append(xlsb_cell(c, value, styles.setdefault(code, len(styles)), since_1904=since_1904))
    return b"".join(data)


def xlsb_sheet(data: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A sheet's part, its dimension being a lie, with further records before and after the cells."""
    return b"".join(
        [record(0x81), record(0x94, bytes(16)), before, record(0x91), data, record(0x92), after, record(0x82)],
    )


def xlsb_file(path: Path, sheets: dict[str, Rows], hidden: Sequence[str] = (), *, since_1904: bool = False) -> Path:
    """A binary workbook."""
    styles = {"General": 0}
    parts = {title: xlsb_rows(rows, styles, since_1904=since_1904) for title, rows in sheets.items()}
    return xlsb_of(path, parts, hidden, styles, since_1904=since_1904)


def xlsb_of(
    path: Path,
    sheets: dict[str, bytes],
    hidden: Sequence[str] = (),
    styles: Iterable[str] = ("General",),
    *,
    since_1904: bool = False,
    before: bytes = b"",
    after: bytes = b"",
) -> Path:
    """A binary workbook whose sheets hold exactly these records, and others before and after their cells."""
    rels = "".join(f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.bin"/>' for n in range(1, len(sheets) + 1))
    book = record(0x83) + record(0x99, pack("<IIII", since_1904, 0, 0, 0)) + record(0x8F)
    for n, title in enumerate(sheets, 1):
        book += record(0x9C, pack("<II", title in hidden, n) + wide(f"rId{n}") + wide(title))
    codes = [code for code in styles if code != "General"]
    formats = b"".join(record(0x2C, pack("<H", 164 + n) + wide(code)) for n, code in enumerate(codes))
    cells = b"".join(record(0x2F, pack("<HH", 0, n) + bytes(12)) for n in (0, *(164 + n for n in range(len(codes)))))
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book + record(0x90) + record(0x84))
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{rels}</Relationships>")
        archive.writestr(
            "xl/styles.bin",
            record(0x267, pack("<I", len(codes))) + formats + record(0x269, pack("<I", len(codes) + 1)) + cells,
        )
        for n, data in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{n}.bin", xlsb_sheet(data, before, after))
    return path


NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
    }.items()
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_STYLES = (
    '<number:number-style style:name="N5"><number:number number:decimal-places="0" number:min-integer-digits="5"/>'
    '</number:number-style><style:style style:name="zip" style:family="table-cell" style:data-style-name="N5"/>'
    '<style:style style:name="out" style:family="table"><style:table-properties table:display="false"/></style:style>'
)


def ods_cell(cell: Cell) -> str:
    """The XML of a cell."""
    value, code = _format_of(cell)
    style = ' table:style-name="zip"' if code == "00000" else ""
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, CellFault):
        return (
            '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
            f'calcext:value-type="error"><text:p>{value.shown}</text:p></table:table-cell>'
        )
    if isinstance(value, str):
        held = f'office:value-type="string" office:string-value={quoteattr(value)}'
    elif isinstance(value, bool):
        held = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, dt.time):
        held = f'office:value-type="time" office:time-value="{value:PT%HH%MM%SS}"'
    elif isinstance(value, dt.date):
        held = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        held = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell{style} {held}/>"


def ods_rows(rows: Rows) -> str:
    """The XML of rows."""
    return "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)


def ods_file(path: Path, sheets: dict[str, Rows], hidden: Sequence[str] = (), *, since_1904: bool = False) -> Path:
    """An OpenDocument spreadsheet. Its dates say themselves what they are, whatever day the program counts from."""
    return ods_of(path, {title: ods_rows(rows) for title, rows in sheets.items()}, hidden)


def ods_of(
    path: Path,
    sheets: dict[str, str],
    hidden: Sequence[str] = (),
    *,
    prolog: str = "",
    styles: str = "",
    after: str = "",
) -> Path:
    """An OpenDocument spreadsheet whose sheets hold exactly this XML, with `after` behind the last one."""
    tables = "".join(
        f'<table:table table:name={quoteattr(title)} table:style-name="{"out" if title in hidden else "in"}">'
        f"{rows}</table:table>"
        for title, rows in sheets.items()
    )
    content = (
        f"{prolog}<office:document-content {NAMESPACES} {CALC}><office:automatic-styles>{_STYLES}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}{after}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
        if styles:
            archive.writestr("styles.xml", f"<office:document-styles {NAMESPACES}>{styles}</office:document-styles>")
    return path


def xlsx_file(path: Path, sheets: dict[str, Rows], hidden: Sequence[str] = (), *, since_1904: bool = False) -> Path:
    """An Excel workbook."""
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book_file(path, **{title: [] for title in sheets})
    book = load_workbook(path)
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    for title, rows in sheets.items():
        book[title].sheet_state = "hidden" if title in hidden else "visible"
        for r, row in enumerate(rows, 1):
            for c, cell in enumerate(row, 1):
                if cell is not None:
                    value, code = _format_of(cell)
                    held = book[title].cell(r, c)
                    held.value = value.shown if isinstance(value, CellFault) else value
                    held.number_format = code
    book.save(path)
    book.close()
    return path


Maker = Callable[..., Path]
WORKBOOKS: dict[str, Maker] = {".xlsx": xlsx_file, ".xls": xls_file, ".xlsb": xlsb_file, ".ods": ods_file}
"""How to make a workbook, by its ending."""


def list_file(path: Path, rows: Rows) -> Path:
    """A list of the format that the path's ending says, compressed if it ends so."""
    packed = path.suffix.lower() == ".gz"
    plain = path.with_name(f"unpacked {path.stem}") if packed else path
    ending = plain.suffix.lower()
    if ending in (".csv", ".tsv", ".txt"):
        csv_file(plain, csv_text([[shown(cell) for cell in row] for row in rows], "," if ending == ".csv" else "\t"))
    else:
        WORKBOOKS[".xlsx" if ending == ".xlsm" else ending](plain, {"Leads": rows})
    if packed:
        path.write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    return path
