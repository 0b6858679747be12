"""What a workbook does not show is found alike in every kind of it: hidden and filtered rows, hidden columns, merged cells."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection
from itertools import product
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sources.made_files import numbered, raw_book, with_part
from sources.made_unseen import Range, Unseen, unseen_file, xls_records
from sources.made_workbooks import (
    WORKBOOKS,
    ods_cell,
    ods_of,
    ods_rows,
    record,
    xls_file,
    xlsb_cell,
    xlsb_of,
    xlsb_rows,
)

from campaign.adapters.sources import ListFile, open_source
from campaign.core.cells.cell import Cell
from campaign.core.errors import SourceError
from campaign.ports import HiddenRows, Skipped

KINDS = pytest.mark.parametrize("ending", WORKBOOKS)


def people(count: int) -> list[list[Cell]]:
    """A list of so many."""
    rows: list[list[Cell]] = [[f"P{n}", f"+44207946{n:04d}", "Oslo"] for n in range(count)]
    return [["Name", "Phone", "City"], *rows]


def uncovered(rows: list[list[Cell]], merged: Collection[Range]) -> list[list[Cell]]:
    """The rows, blank where a range covers them, as spreadsheet programs leave them."""
    for first, last, left, right in merged:
        for row, column in product(range(first, last + 1), range(left, right + 1)):
            if (row, column) != (first, left):
                rows[row - 1][column - 1] = None
    return rows


def hidden_of(source: ListFile) -> list[int]:
    """The numbers of the rows that are marked as hidden."""
    return [row.number for row in source.rows() if row.hidden]


@KINDS
def test_hidden_rows_are_asked_about_in_every_kind(tmp_path: Path, ending: str) -> None:
    """They are counted and marked, left out when a person says so, and nobody is told that they can't be told."""
    path = unseen_file(tmp_path / f"t{ending}", people(6), Unseen(rows=(3, 5, 6)))
    source = open_source(path)
    assert source.hidden == HiddenRows(3, (3, 5, 6), filtered=False)
    assert source.hidden.undecided
    assert hidden_of(source) == [3, 5, 6]
    assert source.notes == ()
    without = open_source(path, hidden_rows="skip")
    assert list(numbered(without)) == [2, 4, 7]
    assert without.skipped() == (Skipped(3, 3, "hidden"), Skipped(5, 6, "hidden"))
    assert [row.number for row in without.left_out()] == [3, 5, 6]


@KINDS
def test_a_list_that_shows_all_asks_nothing(tmp_path: Path, ending: str) -> None:
    """No row, no column, no filter."""
    source = open_source(unseen_file(tmp_path / f"t{ending}", people(3), Unseen()))
    assert (source.hidden, source.hidden_columns) == (HiddenRows(), ())
    assert [row.merged for row in source.rows()] == [()] * 3


@KINDS
def test_a_filter_that_is_on_is_told_in_every_kind(tmp_path: Path, ending: str) -> None:
    """With the rows that it hides."""
    unseen = Unseen(rows=(4,), filtered=True)
    source = open_source(unseen_file(tmp_path / f"t{ending}", people(4), unseen))
    assert source.hidden.sentence() == "1 row is hidden (4), and a filter is on"


@KINDS
def test_hidden_columns_are_told_in_every_kind(tmp_path: Path, ending: str) -> None:
    """They are read like the others."""
    source = open_source(unseen_file(tmp_path / f"t{ending}", people(1), Unseen(columns=(1, 3))))
    assert source.hidden_columns == ("Name", "City")
    assert numbered(source) == {2: ("P0", "+442079460000", "Oslo")}


@KINDS
def test_merged_cells_are_named_in_every_kind(tmp_path: Path, ending: str) -> None:
    """Where a range covers a cell that shows the value of its first one."""
    rows = uncovered(people(5), merged := [(2, 4, 3, 3), (3, 4, 2, 2), (5, 6, 1, 2)])
    unseen = Unseen(merged=merged)
    source = open_source(unseen_file(tmp_path / f"t{ending}", rows, unseen))
    assert {row.number: row.merged for row in source.rows()} == {
        2: (),
        3: ((2, "C2:C4"),),
        4: ((1, "B3:B4"), (2, "C2:C4")),
        5: ((1, "A5:B6"),),
        6: ((0, "A5:B6"), (1, "A5:B6")),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a property."""
    return tmp_path_factory.mktemp("unseen")


RANGES = st.tuples(st.integers(2, 11), st.integers(0, 3), st.integers(1, 3), st.integers(0, 2)).map(
    lambda given: (given[0], min(given[0] + given[1], 11), given[2], min(given[2] + given[3], 3))
)


@pytest.mark.parametrize(("ending", "examples"), [(".ods", 40), (".xls", 6), (".xlsb", 6)])
def test_every_kind_says_what_excels_own_says(folder: Path, ending: str, examples: int) -> None:
    """The same list, saved as .xlsx and otherwise: the same rows are hidden, the same columns, the same cells covered."""

    @settings(max_examples=examples, database=None)
    @given(st.sets(st.integers(2, 11)), st.sets(st.integers(1, 3)), st.none() | RANGES, st.booleans())
    def says_the_same(
        rows: set[int], columns: set[int], merged: tuple[int, int, int, int] | None, filtered: bool
    ) -> None:
        several = merged is not None and (merged[0], merged[2]) != (merged[1], merged[3])
        unseen = Unseen(rows, columns, [merged] if merged and several else [], filtered)
        cells = uncovered(people(10), unseen.merged)
        one, two = (open_source(unseen_file(folder / f"t{kind}", cells, unseen)) for kind in (".xlsx", ending))
        assert list(two.rows()) == list(one.rows())
        assert two.hidden_columns == one.hidden_columns
        assert two.hidden == one.hidden

    says_the_same()


def test_folded_groups_and_flat_rows_of_open_documents(tmp_path: Path) -> None:
    """A group that is not displayed hides all in it, a row of no height is hidden, repeated rows all are."""
    flat = (
        '<style:style style:name="flat"><style:table-row-properties style:row-height="0.000cm"/></style:style>'
        '<style:style style:name="fits"><style:table-row-properties style:row-height="0cm" '
        'style:use-optimal-row-height="true"/></style:style>'
    )
    one = ods_rows([["Ann", 1]])
    shut = '<table:table-row-group table:display="false">{}</table:table-row-group>'.format
    body = (
        '<table:table-column-group table:display="false"><table:table-column/></table:table-column-group>'
        + ods_rows([["Name", "Phone"]])
        + shut(one + "<table:table-row-group>" + one + one + "</table:table-row-group>")
        + one
        + one.replace("<table:table-row", '<table:table-row table:style-name="flat"')
        + one.replace("<table:table-row", '<table:table-row table:style-name="fits"')
        + one.replace("<table:table-row", '<table:table-row table:visibility="collapse" table:number-rows-repeated="2"')
    )
    source = open_source(ods_of(tmp_path / "t.ods", {"L": body}, styles=flat))
    assert source.hidden == HiddenRows(6, (2, 3, 4, 6, 8, 9))
    assert hidden_of(source) == [2, 3, 4, 6, 8, 9]
    assert source.hidden_columns == ("Name",)


@pytest.mark.parametrize(
    ("address", "filtered"),
    [("$'It''s L.'.$A$1:$'It''s L.'.$B$3", True), ("'It''s L.'.A1:.B3", True), ("Other.A1:Other.B3", False)],
)
def test_filters_of_open_documents_stand_apart(tmp_path: Path, address: str, filtered: bool) -> None:
    """A program that calls filtered rows collapsed has the filter behind the sheets, by the name of its sheet."""
    body = ods_rows([["Name", "Phone"], ["Ann", 1]])
    row = ods_rows([["Bob", 2]]).replace("table-row>", 'table-row table:visibility="collapse">', 1)
    ranges = (
        "<table:database-ranges>"
        f'<table:database-range table:display-filter-buttons="true" table:target-range-address="{address}">'
        '<table:filter><table:filter-condition table:field-number="0" table:value="Ann" table:operator="="/></table:filter>'
        "</table:database-range></table:database-ranges>"
    ).replace("It''s", "It&apos;&apos;s")
    source = open_source(ods_of(tmp_path / "t.ods", {"It's L.": body + row, "Other": ods_rows([["x"]])}, after=ranges))
    assert source.hidden == HiddenRows(1, (3,), filtered)
    arrows = ranges.replace("<table:filter>", "<table:filter-off>").replace("</table:filter>", "</table:filter-off>")
    again = open_source(ods_of(tmp_path / "t.ods", {"It's L.": body + row, "Other": ""}, after=arrows))
    assert again.hidden == HiddenRows(1, (3,), filtered=False)


def test_filters_of_old_workbooks(tmp_path: Path) -> None:
    """Arrows alone filter nothing; a condition of a column, or of a column of a table, does."""

    def seen(records: bytes) -> HiddenRows:
        def finish(sheet: object) -> None:
            sheet.row(2).hidden = True  # type: ignore[attr-defined]  # xlwt has no types
            xls_records(sheet, records)

        return open_source(xls_file(tmp_path / "t.xls", {"L": people(2)}, finish=finish)).hidden

    assert seen(pack("<HHH", 0x9D, 2, 3)) == HiddenRows(1, (3,), filtered=False)
    for condition in (pack("<HH24x", 0x9E, 24), pack("<HH60x", 0x087E, 60), pack("<HH", 0x9B, 0)):
        assert seen(condition) == HiddenRows(1, (3,), filtered=True)


def test_rows_of_no_height_in_binary_workbooks(tmp_path: Path) -> None:
    """A row that somebody made flat is not seen either; one whose height nobody set is."""

    def flatten(sheet: object) -> None:
        for row, own in ((1, True), (2, False)):
            sheet.row(row).height = 0  # type: ignore[attr-defined]  # xlwt has no types
            sheet.row(row).height_mismatch = own  # type: ignore[attr-defined]

    assert hidden_of(open_source(xls_file(tmp_path / "t.xls", {"L": people(2)}, finish=flatten))) == [2]
    data = xlsb_rows(people(1), {"General": 0})
    flat = record(0x00, pack("<I6xxBx4x", 2, 0x20)) + xlsb_cell(1, 7)
    assert hidden_of(open_source(xlsb_of(tmp_path / "t.xlsb", {"L": data + flat}))) == [3]


def test_the_filter_of_a_table_in_a_binary_workbook(tmp_path: Path) -> None:
    """A table has its own part, and its filter in it."""
    path = xlsb_of(tmp_path / "t.xlsb", {"L": xlsb_rows(people(2), {"General": 0}, hidden=[3])})
    links = '<Relationships><Relationship Id="r1" Type="http://x/table" Target="../tables/table1.bin"/></Relationships>'
    with_part(path, "xl/worksheets/_rels/sheet1.bin.rels", links.encode())
    assert not open_source(with_part(path, "xl/tables/table1.bin", record(0xA1))).hidden.filtered
    condition = record(0xA1) + record(0xA3, pack("<IH", 0, 0)) + record(0xA4) + record(0xA2)
    assert open_source(with_part(path, "xl/tables/table1.bin", condition)).hidden.filtered


@KINDS
def test_merged_ranges_over_each_other_cost_an_error(tmp_path: Path, ending: str) -> None:
    """No program makes them, and listing what they cover would take all memory."""
    width = 256 if ending == ".xls" else 16_384
    corners = [(2, 3, 1, width)] * (1 << 8)
    path = tmp_path / f"t{ending}"
    if ending == ".ods":
        span = f'<table:table-cell table:number-columns-spanned="{width}" table:number-rows-spanned="900"'
        row = f"<table:table-row>{ods_cell('x').replace('<table:table-cell', span, 1)}</table:table-row>"
        ods_of(path, {"Leads": ods_rows([["a", "b"]]) + row * 300})
    elif ending == ".xlsx":
        cells = '<c t="inlineStr"><is><t>a</t></is></c>' * 2
        refs = '<mergeCell ref="A2:XFD3"/>' * (1 << 8)
        rows = "".join(f'<row r="{n}">{cells}</row>' for n in (1, 2))
        raw_book(path, rows, after=f"<mergeCells>{refs}</mergeCells>")
    elif ending == ".xlsb":
        unseen_file(path, people(2), Unseen(merged=corners))
    else:
        body = b"".join(pack("<HHHH", *(corner - 1 for corner in place)) for place in corners)
        records = pack("<HHH", 0xE5, 2 + len(body), len(corners)) + body
        xls_file(path, {"Leads": people(2)}, finish=lambda sheet: xls_records(sheet, records))
    with pytest.raises(SourceError, match="merged ranges lie over each other"):
        list(open_source(path).rows())


def test_merged_cells_beyond_the_sheet_are_damage(tmp_path: Path) -> None:
    """Their corners would be believed otherwise."""
    with pytest.raises(SourceError, match="merged cells beyond the end"):
        open_source(unseen_file(tmp_path / "t.xlsb", people(1), Unseen(merged=[(2, 2, 1, 1 << 30)])))


def test_too_many_merged_cells_in_an_open_document(tmp_path: Path) -> None:
    """A row that is repeated endlessly merges endlessly."""
    row = ods_rows([["x", None]]).replace("<table:table-row", '<table:table-row table:number-rows-repeated="200010"')
    row = row.replace("<table:table-cell", '<table:table-cell table:number-columns-spanned="2"', 1)
    path = ods_of(tmp_path / "t.ods", {"L": ods_rows([["a", "b"]]) + row})
    with pytest.raises(SourceError, match=r"more than 200,000 merged ranges"):
        list(open_source(path).rows())


@pytest.mark.office
@pytest.mark.parametrize("ending", [".ods", ".xls"])
def test_what_an_office_program_saves_hides_the_same(tmp_path: Path, ending: str) -> None:
    """LibreOffice saves an Excel workbook otherwise: what was hidden, filtered out and merged there still is."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    rows = people(12)
    filtered = Unseen(rows=[n for n in range(2, 14) if n not in (5, 6, 9)], columns=(3,), filtered=True)
    for name, unseen in (("filtered", filtered), ("hidden", Unseen(rows=(4, 8, 9)))):
        book = load_workbook(unseen_file(tmp_path / f"{name}.xlsx", rows, unseen))
        if name == "hidden":
            book["Leads"].row_dimensions.group(11, 12, outline_level=1, hidden=True)
            book["Leads"].merge_cells("C5:C7")
        book.save(tmp_path / f"{name}.xlsx")
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", ending[1:], "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, tmp_path / "filtered.xlsx", tmp_path / "hidden.xlsx"], check=True, capture_output=True, timeout=180
    )
    for name in ("filtered", "hidden"):
        own, saved = (open_source(tmp_path / f"{name}{kind}") for kind in (".xlsx", ending))
        assert own.hidden.count == (9 if name == "filtered" else 5)
        assert saved.hidden == own.hidden
        assert saved.hidden_columns == own.hidden_columns
        assert list(saved.rows()) == list(own.rows())
