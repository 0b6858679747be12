"""Lists with something that a person does not see, in every kind of workbook: hidden rows and columns, a filter that is on;
and with merged cells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from struct import pack
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from sources import made_workbooks as made

from campaign.core.cells.cell import Cell

Range = tuple[int, int, int, int]


@dataclass(frozen=True)
class Unseen:
    """What is not seen of a sheet: rows and columns, counted from 1. Merged ranges are given as their first and last row,
    first and last column. `filtered` puts a condition on column A, and is why the rows are hidden."""

    rows: Collection[int] = ()
    columns: Collection[int] = ()
    merged: Collection[Range] = ()
    filtered: bool = False


def unseen_file(path: Path, rows: made.Rows, unseen: Unseen, title: str = "Leads") -> Path:
    """A workbook of the kind that the path's ending says, with a sheet of these rows."""
    return _MAKERS[path.suffix](path, rows, unseen, title)


def _xlsx(path: Path, rows: made.Rows, unseen: Unseen, title: str) -> Path:
    book = load_workbook(made.xlsx_file(path, {title: rows}))
    sheet = book[title]
    for row in unseen.rows:
        sheet.row_dimensions[row].hidden = True
    for column in unseen.columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    for first, last, left, right in unseen.merged:
        sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)
    if unseen.filtered:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"
        sheet.auto_filter.add_filter_column(0, [str(row[0]) for n, row in enumerate(rows, 1) if n not in unseen.rows])
    book.save(path)
    book.close()
    return path


def _xls(path: Path, rows: made.Rows, unseen: Unseen, title: str) -> Path:
    def finish(sheet: Any) -> None:
        for row in unseen.rows:
            sheet.row(row - 1).hidden = True
        for column in unseen.columns:
            sheet.col(column - 1).hidden = True
        for first, last, left, right in unseen.merged:
            sheet.merge(first - 1, last - 1, left - 1, right - 1)
        if unseen.filtered:
            xls_records(sheet, pack("<HH", 0x9B, 0) + pack("<HHH", 0x9D, 2, len(rows[0])) + pack("<HH24x", 0x9E, 24))

    return made.xls_file(path, {title: rows}, finish=finish)


def xls_records(sheet: Any, records: bytes) -> None:
    """Put further records at the end of a sheet of xlwt's."""
    plain = sheet.get_biff_data

    def with_records() -> bytes:
        data: bytes = plain()
        return data[:-4] + records + data[-4:]  # the end has a record of its own

    sheet.get_biff_data = with_records


def _xlsb(path: Path, rows: made.Rows, unseen: Unseen, title: str) -> Path:
    styles = {"General": 0}
    data = made.xlsb_rows(rows, styles, hidden=unseen.rows)
    columns = (made.record(0x3C, pack("<IIIIH", n - 1, n - 1, 2304, 0, 1)) for n in unseen.columns)
    merged = (made.record(0xB0, pack("<IIII", *(corner - 1 for corner in corners))) for corners in unseen.merged)
    # The filter and the condition of its first column; without a condition there are arrows alone.
    condition = made.record(0xA3, pack("<IH", 0, 0)) + made.record(0xA4) if unseen.filtered else b""
    arrows = made.record(0xA1, pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + condition + made.record(0xA2)
    after = arrows + made.record(0xB1, pack("<I", len(unseen.merged))) + b"".join(merged) + made.record(0xB2)
    before = made.record(0x186) + b"".join(columns) + made.record(0x187)
    return made.xlsb_of(path, {title: data}, styles=styles, before=before, after=after)


def _ods(path: Path, rows: made.Rows, unseen: Unseen, title: str) -> Path:
    corners = {(first, left): (last - first + 1, right - left + 1) for first, last, left, right in unseen.merged}
    how = "filter" if unseen.filtered else "collapse"

    def cell(row: int, column: int, value: Cell) -> str:
        down, across = corners.get((row, column), (1, 1))
        spans = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
        xml = made.ods_cell(value)
        return xml.replace("<table:table-cell", f"<table:table-cell{spans}", 1) if down * across > 1 else xml

    def line(tag: str, visibility: str, content: str = "") -> str:
        return f'<table:{tag} table:visibility="{visibility}">{content}</table:{tag}>'

    columns = "".join(
        line("table-column", "collapse" if n in unseen.columns else "visible")
        for n in range(1, max(map(len, rows)) + 1)
    )
    lines = "".join(
        line(
            "table-row",
            how if r in unseen.rows else "visible",
            "".join(cell(r, c, value) for c, value in enumerate(row, 1)),
        )
        for r, row in enumerate(rows, 1)
    )
    return made.ods_of(path, {title: columns + lines})


_MAKERS = {".xlsx": _xlsx, ".xls": _xls, ".xlsb": _xlsb, ".ods": _ods}
