"""All kinds of workbook: the same table comes back from each, with the traps of each kind avoided."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources.made_files import cells_of, numbered
from sources.made_workbooks import WORKBOOKS, Rows

from campaign.adapters.sources import open_source
from campaign.core.cells.cell import Cell, CellFault, Formatted, shown
from campaign.core.errors import SourceError
from campaign.ports import Skipped

KINDS = pytest.mark.parametrize("ending", WORKBOOKS)


def bare(cell: Cell) -> Cell:
    """A date without the format that only Excel's own reader tells."""
    return cell.value if isinstance(cell, Formatted) and isinstance(cell.value, (dt.date, dt.time)) else cell


@KINDS
def test_every_kind_of_cell_comes_back(tmp_path: Path, ending: str) -> None:
    """Whole numbers are integers up to fifteen digits, errors faults, zeros in front stay, dates are dates."""
    rows: list[list[Cell]] = [
        ["Text", "Phone", "Most", "Part", "Yes", "No", "Day", "Moment", "Clock", "Zip", "Missing", "Ratio"],
        [
            " Ünï\n",
            447911123456,
            999_999_999_999_999,
            -0.5,
            True,
            False,
            dt.date(2026, 1, 5),
            dt.datetime(2026, 1, 5, 9, 30),
            dt.time(9, 30),
            Formatted(1234, "00000"),
            CellFault("#N/A"),
            CellFault("#DIV/0!"),
        ],
    ]
    path = WORKBOOKS[ending](tmp_path / f"t{ending}", {"Leads": rows})
    source = open_source(path)
    assert (source.sheet, source.header) == ("Leads", tuple(rows[0]))
    [found] = cells_of(source)
    assert tuple(map(bare, found)) == tuple(rows[1])
    assert [type(bare(cell)) for cell in found] == [type(cell) for cell in rows[1]]
    assert shown(found[9]) == "01234"


@KINDS
def test_1904_dates(tmp_path: Path, ending: str) -> None:
    """A workbook that counts its days from 1904 means the same days."""
    rows: Rows = [["Day", "x"], [dt.date(2026, 1, 5), 1]]
    path = WORKBOOKS[ending](tmp_path / f"t{ending}", {"Leads": rows}, since_1904=True)
    [(day, _)] = cells_of(open_source(path))
    assert bare(day) == dt.date(2026, 1, 5)


@KINDS
def test_rows_and_columns_are_the_files_own(tmp_path: Path, ending: str) -> None:
    """Blank rows above, between and below, and blank columns before the first one, keep their place."""
    rows: Rows = [[], [], [None, None, "Name", "Phone"], [], [None, None, "Ann", 1], [], [None, None, " "], [None, 7]]
    source = open_source(WORKBOOKS[ending](tmp_path / f"t{ending}", {"Leads": rows}))
    assert (source.header_row, source.header) == (3, ("column A", "column B", "Name", "Phone"))
    assert numbered(source) == {5: (None, None, "Ann", 1), 8: (None, 7, None, None)}
    assert [skipped for skipped in source.skipped() if skipped.why != "blank"] == []
    assert source.skipped() == (Skipped(1, 2, "blank"), Skipped(4, 4, "blank"), Skipped(6, 7, "blank"))


@KINDS
def test_a_row_of_faults_alone_is_a_row(tmp_path: Path, ending: str) -> None:
    """An error below, above and beside all other cells is not lost with the blank cells there."""
    fault = CellFault("#REF!")
    rows: Rows = [["a", "b"], [fault, None], ["x", "y"], [None, None, fault], [None, fault]]
    source = open_source(WORKBOOKS[ending](tmp_path / f"t{ending}", {"Leads": rows}))
    assert numbered(source) == {
        2: (fault, None, None),
        3: ("x", "y", None),
        4: (None, None, fault),
        5: (None, fault, None),
    }


@KINDS
def test_sheets_are_chosen_alike(tmp_path: Path, ending: str) -> None:
    """Empty and hidden sheets are passed over, one can be asked for, others that hold something are told."""
    sheets: dict[str, Rows] = {
        "Empty": [],
        "Old": [["Old", "x"]],
        "Leads": [["Leads", "x"]],
        "Blank": [[" "]],
        "More": [["More", "x"], ["1", "2"]],
    }
    path = WORKBOOKS[ending](tmp_path / f"t{ending}", sheets, hidden=["Old"])
    source = open_source(path)
    assert (source.sheet, source.header, source.other_sheets) == ("Leads", ("Leads", "x"), ("More",))
    assert "only the sheet 'Leads' is read, not More" in source.notes[0]
    asked = open_source(path, sheet=" old ")
    assert (asked.sheet, asked.header) == ("Old", ("Old", "x"))
    assert cells_of(open_source(path, sheet="More")) == [("1", "2")]
    with pytest.raises(SourceError, match=r"no sheet 'Leeds': did you mean 'Leads'"):
        open_source(path, sheet="Leeds")
    with pytest.raises(SourceError, match="hidden sheet 'B'"):
        open_source(WORKBOOKS[ending](tmp_path / f"h{ending}", {"A": [], "B": [["x"]]}, hidden=["B"]))
    with pytest.raises(SourceError, match="no visible sheet that holds anything"):
        open_source(WORKBOOKS[ending](tmp_path / f"e{ending}", {"A": []}))


@KINDS
def test_a_cell_in_the_last_row(tmp_path: Path, ending: str) -> None:
    """A lone cell far below costs the blank rows between their entry, and no memory."""
    last = 65_536 if ending == ".xls" else 1_048_576
    path = tmp_path / f"t{ending}"
    far(path, last)
    source = open_source(path)
    assert numbered(source) == {2: ("x", 1), last: (None, 7)}
    assert source.skipped() == (Skipped(3, last - 1, "blank"),)


def far(path: Path, last: int) -> None:
    """A workbook with a list of one lead, and a 7 in B of its last row."""
    from sources import made_workbooks as made
    from sources.made_files import raw_book

    if path.suffix == ".xls":
        made.xls_file(path, {"Leads": [["a", "b"], ["x", 1], *[[]] * (last - 3), [None, 7]]})
    elif path.suffix == ".xlsb":
        head = made.xlsb_rows([["a", "b"], ["x", 1]], {"General": 0})
        made.xlsb_of(path, {"Leads": head + made.xlsb_row(last) + made.xlsb_cell(1, 7)})
    elif path.suffix == ".ods":
        gap = f'<table:table-row table:number-rows-repeated="{last - 3}"><table:table-cell/></table:table-row>'
        made.ods_of(path, {"Leads": made.ods_rows([["a", "b"], ["x", 1]]) + gap + made.ods_rows([[None, 7]])})
    else:
        text = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
        rows = f'<row r="1">{text("a")}{text("b")}</row><row r="2">{text("x")}<c><v>1</v></c></row>'
        raw_book(path, f'{rows}<row r="{last}"><c r="B{last}"><v>7</v></c></row>')


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_endless_numbers_are_faults(tmp_path: Path, ending: str) -> None:
    """What is no number for a person is none for us, in no file that says it is."""
    rows: Rows = [["a", "b", "c"], [float("inf"), float("nan"), 1.5]]
    source = open_source(WORKBOOKS[ending](tmp_path / f"t{ending}", {"Leads": rows}))
    assert cells_of(source) == [(CellFault("inf"), CellFault("nan"), 1.5)]


TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff") | st.sampled_from("\n\t =+'"),
    min_size=1,
    max_size=12,
).filter(lambda text: "_x" not in text and (text.strip() != "" or text.isspace()))
DAYS = st.dates(dt.date(1905, 1, 1), dt.date(9999, 12, 31))
MOMENTS = st.datetimes(dt.datetime(1905, 1, 1), dt.datetime(2200, 1, 1)).map(lambda m: m.replace(microsecond=0))
CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    TEXT,
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(-1e15, 1e15).filter(lambda number: not number.is_integer()),
    st.booleans(),
    DAYS,
    MOMENTS.filter(lambda moment: moment.time() != dt.time()),
    st.sampled_from(["#N/A", "#REF!", "#NUM!"]).map(CellFault),
    st.integers(0, 99_999).map(lambda number: Formatted(number, "00000")),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a property."""
    return tmp_path_factory.mktemp("kinds")


def expected(rows: Rows) -> dict[int, tuple[Cell, ...]]:
    """The rows that are no blank ones."""
    from campaign.core.cells.cell import is_blank

    return {number: tuple(row) for number, row in enumerate(rows, 2) if not all(map(is_blank, row))}


@pytest.mark.parametrize(("ending", "examples"), [(".ods", 60), (".xls", 8), (".xlsb", 8)])
def test_every_table_comes_back(folder: Path, ending: str, examples: int) -> None:
    """Whatever is in the cells, it is there again, under the numbers of the sheet."""

    @settings(max_examples=examples, database=None)
    @given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=12))
    def comes_back(rows: list[list[Cell]]) -> None:
        header: list[Cell] = [f"c{n}" for n in range(6)]
        source = open_source(WORKBOOKS[ending](folder / f"t{ending}", {"Leads": [header, *rows]}))
        assert numbered(source) == expected(rows)

    comes_back()
