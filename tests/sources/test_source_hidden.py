"""Hidden and filtered rows, hidden columns and merged cells: what a workbook does not show is found and told."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from sources.made_files import csv_file, numbered, raw_book, with_part

from campaign.adapters.sources import open_source
from campaign.core.errors import SourceError
from campaign.ports import HiddenRows, Skipped


def sheet_of(rows: int = 6) -> tuple[Workbook, Worksheet]:
    """A book with so many people from row 2 on."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Name", "Phone", "City"])
    for n in range(rows):
        sheet.append([f"P{n}", f"+44207946{n:04d}", "Oslo"])
    return book, sheet


def saved(book: Workbook, folder: Path) -> Path:
    """The book as a file."""
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def test_hidden_rows_are_counted_and_given(tmp_path: Path) -> None:
    """By hand or in a folded group: each is marked, and given as long as nobody said otherwise."""
    book, sheet = sheet_of()
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions.group(5, 6, outline_level=1, hidden=True)
    source = open_source(saved(book, tmp_path))
    assert source.hidden == HiddenRows(3, (3, 5, 6), filtered=False)
    assert source.hidden.undecided
    assert [(row.number, row.hidden) for row in source.rows()] == [
        (2, False), (3, True), (4, False), (5, True), (6, True), (7, False)
    ]  # fmt: skip
    assert source.skipped() == ()
    assert list(source.left_out()) == []


def test_hidden_rows_are_left_out_when_a_person_says_so(tmp_path: Path) -> None:
    """They are told, and still given apart, for what they say against being called."""
    book, sheet = sheet_of()
    for row in (3, 4, 6):
        sheet.row_dimensions[row].hidden = True
    source = open_source(saved(book, tmp_path), hidden_rows="skip")
    assert not source.hidden.undecided
    assert list(numbered(source)) == [2, 5, 7]
    assert source.skipped() == (Skipped(3, 4, "hidden"), Skipped(6, 6, "hidden"))
    assert [row.number for row in source.left_out()] == [3, 4, 6]
    called = source.decided("call")
    assert list(numbered(called)) == [2, 3, 4, 5, 6, 7]
    assert called.hidden == HiddenRows(3, (3, 4, 6), filtered=False, choice="call")
    assert source.hidden.choice == "skip"


def test_only_leads_count_as_hidden(tmp_path: Path) -> None:
    """A hidden title, blank row or footer asks for no decision."""
    book, sheet = sheet_of(2)
    sheet.insert_rows(1)
    sheet["A1"] = "Leads of May"
    sheet["A6"] = "Grand Totals (2 records)"
    for row in (1, 5, 6):
        sheet.row_dimensions[row].hidden = True
    source = open_source(saved(book, tmp_path))
    assert source.hidden == HiddenRows()
    assert len(list(source.rows())) == 2


def test_many_hidden_rows_are_told_by_the_first(tmp_path: Path) -> None:
    """The sentence names ten, and says that there are more."""
    book, sheet = sheet_of(30)
    for row in range(2, 32):
        sheet.row_dimensions[row].hidden = True
    hidden = open_source(saved(book, tmp_path)).hidden
    assert hidden.sentence() == "30 rows are hidden (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...)"


def test_a_filter_that_is_on_is_told(tmp_path: Path) -> None:
    """A sheet's own, or that of a table; arrows alone filter nothing."""
    book, sheet = sheet_of()
    sheet.auto_filter.ref = "A1:C7"
    sheet.row_dimensions[4].hidden = True
    assert not open_source(saved(book, tmp_path)).hidden.filtered
    sheet.auto_filter.add_filter_column(2, ["Oslo"])
    assert open_source(saved(book, tmp_path)).hidden == HiddenRows(1, (4,), filtered=True)
    book, sheet = sheet_of()
    sheet.row_dimensions[4].hidden = True
    table = Table(displayName="Leads", ref="A1:C7")
    sheet.add_table(table)
    assert not open_source(saved(book, tmp_path)).hidden.filtered
    assert table.autoFilter is not None
    table.autoFilter.filterColumn.append(FilterColumn(colId=0, filters=Filters(filter=["P1"])))
    assert open_source(saved(book, tmp_path)).hidden.sentence() == "1 row is hidden (4), and a filter is on"


HEAD = '<{0}row r="1"><{0}c r="A1" t="str"><{0}v>Phone</{0}v></{0}c></{0}row>'


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        ('hidden="1"', True), ("hidden='true'", True), ('ht="0" customHeight="1"', True), ('ht = "0.0"', True),
        ('spans="1:1" hidden = "1"', True),
        ('hidden="0"', False), ('ht="15"', False), ('ht="0.5"', False), ('ht="10"', False), ('collapsed="1"', False), ("", False),
    ],
)  # fmt: skip
def test_every_way_of_writing_it(tmp_path: Path, attributes: str, hidden: bool) -> None:
    """Signs of XML that mean the same are the same; a height is no flag."""
    row = f'<row r="2" {attributes}><c r="A2" t="str"><v>+442079460001</v></c></row>'
    source = open_source(raw_book(tmp_path / "t.xlsx", HEAD.format("") + row))
    assert source.hidden.count == hidden
    assert [row.hidden for row in source.rows()] == [hidden]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_other_prefixes_and_encodings(tmp_path: Path, encoding: str) -> None:
    """Other programs write their XML otherwise and mean the same."""
    path = raw_book(tmp_path / "t.xlsx", "")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = '<x:row r="2" hidden="1"><x:c r="A2" t="str"><x:v>+442079460001</x:v></x:c></x:row>'
    merged = '<x:mergeCells count="1"><x:mergeCell ref="A2:A3"/></x:mergeCells>'
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?><x:worksheet xmlns:x="{main}">'
        '<x:cols><x:col min="1" max="1" hidden="1"/></x:cols>'
        f"<x:sheetData>{HEAD.format('x:')}{row}"
        '<x:row r="3"><x:c r="B3"><x:v>1</x:v></x:c></x:row></x:sheetData>'
        f"{merged}</x:worksheet>"
    )
    source = open_source(with_part(path, "xl/worksheets/sheet1.xml", xml.encode(encoding)))
    assert source.hidden.first == (2,)
    assert source.hidden_columns == ("Phone",)
    assert [row.merged for row in source.rows()] == [(), ((0, "A2:A3"),)]


def test_long_sheets_are_looked_through_to_the_end(tmp_path: Path) -> None:
    """A tag that lies across two chunks of the file is found, wherever they are cut."""
    book, sheet = sheet_of(30_000)
    path = saved(book, tmp_path)
    with ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert len(xml) > 3 << 20
    for place in (1 << 20, 2 << 20, 3 << 20):
        number = 2 + xml.count(b"<row ", 0, place)
        hidden = xml.replace(b'<row r="%d"' % number, b'<row r="%d" %s hidden="1"' % (number, b" " * 300))
        assert open_source(with_part(path, "xl/worksheets/sheet1.xml", hidden)).hidden.first == (number,)
    assert sheet.max_row == 30_001


def test_hidden_columns_are_read_and_told(tmp_path: Path) -> None:
    """A group that is folded hides several; their cells come like the others."""
    book, sheet = sheet_of(1)
    sheet.column_dimensions.group("B", "C", hidden=True)
    source = open_source(saved(book, tmp_path))
    assert source.hidden_columns == ("Phone", "City")
    assert numbered(source) == {2: ("P0", "+442079460000", "Oslo")}


def test_merged_cells_are_named_where_they_cover(tmp_path: Path) -> None:
    """The first cell of a range has its value; the others are told, in every row of the range, over gaps too."""
    book, sheet = sheet_of(8)
    for ref in ("B2:B3", "C3:C8", "A5:B6"):
        sheet.merge_cells(ref)
    sheet["D6"] = "late"
    source = open_source(saved(book, tmp_path))
    assert {row.number: row.merged for row in source.rows()} == {
        2: (),
        3: ((1, "B2:B3"),),
        4: ((2, "C3:C8"),),
        5: ((1, "A5:B6"), (2, "C3:C8")),
        6: ((0, "A5:B6"), (1, "A5:B6"), (2, "C3:C8")),
        7: ((2, "C3:C8"),),
        8: ((2, "C3:C8"),),
        9: (),
    }
    assert numbered(source)[3] == ("P1", None, "Oslo", None)


def test_absurdly_many_merged_ranges_are_refused(tmp_path: Path) -> None:
    """They would cost memory, and no list has them."""
    refs = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 200_010))
    path = raw_book(tmp_path / "t.xlsx", HEAD.format(""), after=f"<mergeCells>{refs}</mergeCells>")
    with pytest.raises(SourceError, match="merged ranges"):
        open_source(path)


def test_text_hides_nothing(tmp_path: Path) -> None:
    """A CSV shows all that it has."""
    source = open_source(csv_file(tmp_path / "t.csv", "Name,Phone\nAnn,1\n"), hidden_rows="skip")
    assert source.hidden == HiddenRows(choice="skip")
    assert (source.hidden_columns, list(source.left_out())) == ((), [])
    assert len(list(source.rows())) == 1
