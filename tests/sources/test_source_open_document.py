"""OpenDocument spreadsheets: what their XML says in its own ways becomes the same cells as everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources.made_files import cells_of
from sources.made_workbooks import ods_of

from campaign.adapters.sources import open_source
from campaign.core.cells.cell import Cell, CellFault, Formatted


def row_of(*cells: str) -> str:
    """The XML of a row of cells."""
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def string(text: str, formula: str = "") -> str:
    """The XML of a cell with this XML as its paragraphs."""
    return f"<table:table-cell {formula} office:value-type='string'>{text}</table:table-cell>"


HEADER = row_of(string("<text:p>a</text:p>"), string("<text:p>b</text:p>"))
FORMULA = "table:formula='of:=A1'"


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (string("<text:p>one<text:line-break/>two</text:p><text:p>three</text:p>"), "one\ntwo\nthree"),
        (string("<text:p>a<text:tab/>b<text:s text:c='3'/>c<text:s/>d</text:p>"), "a\tb   c d"),
        (string("<text:p>a <text:span>b</text:span> <text:a>c</text:a>d</text:p>"), "a b cd"),
        (string("<office:annotation><text:p>no</text:p></office:annotation><text:p>yes</text:p>"), "yes"),
        (string("<text:p>a\n   b</text:p>"), "a b"),
        (string("<text:p>#N/A</text:p>", FORMULA), CellFault("#N/A")),
        (string("<text:p>Err:502</text:p>", FORMULA), CellFault("Err:502")),
        (string("<text:p>#N/A</text:p>"), "#N/A"),
        (string("<text:p/>", FORMULA), None),
        (f"<table:table-cell {FORMULA}/>", CellFault("formula without a stored result")),
        ("<table:table-cell office:value-type='float' office:value='4.47911123456E11'/>", 447911123456),
        ("<table:table-cell office:value-type='float' office:value='447911123456.0'/>", 447911123456),
        ("<table:table-cell office:value-type='percentage' office:value='0.5'/>", 0.5),
        ("<table:table-cell office:value-type='float' office:value='1E999'/>", CellFault("1E999")),
        (f"<table:table-cell office:value-type='float' office:value='{'9' * 5000}'/>", CellFault("9" * 5000)),
        ("<table:table-cell office:value-type='time' office:time-value='PT36H00M00S'/>", 1.5),
        ("<table:table-cell office:value-type='time' office:time-value='soon'/>", "soon"),
        ("<table:table-cell office:value-type='date' office:date-value='-0044-03-15'/>", "-0044-03-15"),
        ("<table:covered-table-cell office:value-type='boolean' office:boolean-value='true'/>", True),
    ],
)
def test_cells_of_open_documents(tmp_path: Path, cell: str, wanted: Cell) -> None:
    """A text is what is shown, with its lines and tabs; an error is a fault; a number is a number."""
    one = string("<text:p>1</text:p>")
    [(_, found)] = cells_of(open_source(ods_of(tmp_path / "t.ods", {"L": HEADER + row_of(one, cell)})))
    assert found == wanted
    assert type(found) is type(wanted)


def test_rows_of_open_documents(tmp_path: Path) -> None:
    """Repeated rows and cells stand where they stand; groups and header rows are rows; a table in a cell is none."""
    one = "<table:table-cell office:value-type='float' office:value='1'/>"
    twice = one.replace("<table:table-cell", "<table:table-cell table:number-columns-repeated='2'")
    blank = "<table:table-row table:number-rows-repeated='3'><table:table-cell/></table:table-row>"
    inner = f"<table:table-cell><table:table table:name='I'>{row_of(one, one, one)}</table:table></table:table-cell>"
    body = (
        f"<table:table-header-rows>{HEADER}</table:table-header-rows>{blank}"
        f"<table:table-row-group><table:table-row-group>{row_of(twice)}</table:table-row-group></table:table-row-group>"
        f"<table:table-row table:number-rows-repeated='2'>{one}{inner}</table:table-row>"
    )
    source = open_source(ods_of(tmp_path / "t.ods", {"L": body, "M": HEADER}))
    assert {row.number: row.cells for row in source.rows()} == {5: (1, 1), 6: (1, None), 7: (1, None)}
    assert source.other_sheets == ("M",)


def test_zeros_in_front_by_the_style_of_row_column_and_document(tmp_path: Path) -> None:
    """A format counts wherever it is given: to the cell, the row, the column, or by a style of the whole document."""
    seven = "<table:table-cell {} office:value-type='float' office:value='7'/>"
    body = (
        "<table:table-column/><table:table-column table:default-cell-style-name='zip'/>"
        + HEADER
        + row_of(seven.format(""), seven.format(""))
        + row_of(seven.format("table:style-name='kin'"), seven.format("table:style-name='other'"))
        + row_of(seven.format("")).replace("row>", "row table:default-cell-style-name='zip'>", 1)
    )
    kin = '<style:style style:name="kin" style:parent-style-name="zip"/><style:style style:name="other"/>'
    path = ods_of(tmp_path / "t.ods", {"L": body}, styles=kin)
    padded = Formatted(7, "00000")
    assert cells_of(open_source(path)) == [(7, padded), (padded, 7), (padded, None)]
