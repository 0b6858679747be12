"""The result workbook, read back: what the person had is what the person gets."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import cells_by_openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from result_samples import MAPPING, a_row, facts_of, written

from campaign.adapters.results.sheets.to_correct import MOST_COLUMNS
from campaign.adapters.results.sheets.workbook_cells import CELL_LIMIT, CUT
from campaign.adapters.results.workbook import WorkbookWriter
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.errors import OutputError
from campaign.core.lifecycle import State
from campaign.core.result import CALL_COLUMNS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_back(path: Path, *cells: Cell) -> list[Any]:
    """The sheet's cells of one row that has `cells`."""
    book = written(path, [a_row(*cells)], tuple(f"c{n}" for n in range(len(cells))))
    return list(book["Results"][2][: len(cells)])


def test_original_columns_come_first_and_ours_after(tmp_path: Path) -> None:
    """The header is the list's, then ours; the row's values stand under it."""
    sheet = written(tmp_path / "r.xlsx", [a_row("Anna", "+1 202 555 0123", state=State.INVALID, reason="Why. Do.")])[
        "Results"
    ]
    header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert header == ["Name", "Phone", *CALL_COLUMNS]
    assert row == [
        "Anna",
        "+1 202 555 0123",
        "invalid",
        "Why. Do.",
        "+12025550123",
        1,
        200,
        '{"status": "ok"}',
        "2026-11-23T10:15:04Z",
        None,
        "row-2",
    ]


def test_a_taken_name_gets_a_suffix(tmp_path: Path) -> None:
    """A list that has `call_status` already keeps its column; ours is named beside it, and is the coloured one."""
    sheet = written(tmp_path / "r.xlsx", [a_row("old")], ("call_status",))["Results"]
    assert [cell.value for cell in sheet[1]][:2] == ["call_status", "call_status_2"]
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["B2"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1 202 555 0123",
        "-5",
        "@SUM(A1)",
        "0049",
        "01234",
        "4.47912E+11",
        "#N/A",
        "#REF!",
        "=",
        "TRUE",
        "2026-01-05",
        " padded ",
        "two\nlines",
        "a_x0041_b",
    ],
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    """Text that looks like a formula, number, date or error comes back as the same text."""
    [cell] = read_back(tmp_path / "r.xlsx", text)
    assert (unescape(cell.value), cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["+1 202 555 0123", "0049", "=1+1", "2026-01-05"])
def test_text_survives_being_edited(tmp_path: Path, text: str) -> None:
    """Such text has the text format, as has its column: editing a phone in Excel does not cost its plus or zeros."""
    book = written(tmp_path / "r.xlsx", [a_row("Anna", text)])
    sheet = book["Results"]
    assert sheet["B2"].number_format == "@"
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet["A2"].number_format == "General"


def test_an_error_cell_comes_back_as_the_text_it_showed(tmp_path: Path) -> None:
    """A cell with `#N/A` or an unstored formula is text in the result."""
    cells = read_back(tmp_path / "r.xlsx", CellFault("#N/A"), CellFault("=A1+B1"))
    assert [(cell.value, cell.data_type) for cell in cells] == [("#N/A", "s"), ("=A1+B1", "s")]


def test_types_are_kept(tmp_path: Path) -> None:
    """Numbers, booleans, dates and times are what they were, dates shown as dates."""
    cells: tuple[Cell, ...] = (7, 1.5, True, False, date(2026, 1, 5), datetime(2026, 1, 5, 9, 30), time(9, 30), None)
    back = read_back(tmp_path / "r.xlsx", *cells)
    assert [cell.value for cell in back] == [
        7, 1.5, True, False, datetime(2026, 1, 5), datetime(2026, 1, 5, 9, 30), time(9, 30), None,
    ]  # fmt: skip
    assert [cell.data_type for cell in back] == ["n", "n", "b", "b", "d", "d", "d", "n"]
    assert [cell.number_format for cell in back[4:7]] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"]


def test_number_formats_are_kept(tmp_path: Path) -> None:
    """A formatted cell has its value and its format; neighbours of the same format don't disturb each other."""
    back = read_back(
        tmp_path / "r.xlsx",
        Formatted(1234, "00000"),
        Formatted(99, "00000"),
        12,
        "x",
        Formatted(0.25, "0%"),
        Formatted(date(2026, 1, 5), "DD/MM/YYYY"),
        Formatted(5, "0" * 300),
    )
    assert [(cell.value, cell.number_format) for cell in back] == [
        (1234, "00000"),
        (99, "00000"),
        (12, "General"),
        ("x", "General"),
        (0.25, "0%"),
        (datetime(2026, 1, 5), "DD/MM/YYYY"),
        (5, "General"),  # a format over 255 characters would be damage to Excel
    ]


def test_a_date_in_a_format_for_numbers_is_still_a_date(tmp_path: Path) -> None:
    """Such a date gets a date format, and the numbers beside it keep theirs."""
    day = date(2026, 1, 5)
    back = read_back(
        tmp_path / "r.xlsx",
        Formatted(day, "0"),
        Formatted(5, "0"),
        Formatted(day, "General"),
        Formatted(6, "General"),
        Formatted(7.5, "@"),
        "+1",
    )
    assert [(cell.value, cell.number_format) for cell in back] == [
        (datetime(2026, 1, 5), "yyyy-mm-dd"),
        (5, "0"),
        (datetime(2026, 1, 5), "yyyy-mm-dd"),
        (6, "General"),
        (7.5, "@"),
        ("+1", "@"),
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (math.nan, "nan"),
        (math.inf, "inf"),
        (12345678901234567891, "12345678901234567891"),
        (10**400, "1" + "0" * 400),
        (date(1899, 12, 31), "1899-12-31"),
        (datetime(2026, 1, 5, 9, tzinfo=UTC), "2026-01-05 09:00:00+00:00"),
    ],
    ids=["nan", "infinity", "too many digits", "beyond floats", "before 1900", "time zone"],
)
def test_what_a_workbook_cannot_hold_becomes_text(tmp_path: Path, cell: Cell, text: str) -> None:
    """A value that a workbook would change or choke on is written as text, with nothing lost."""
    [back] = read_back(tmp_path / "r.xlsx", cell)
    assert (back.value, back.data_type) == (text, "s")


def test_control_characters_and_long_cells_are_marked(tmp_path: Path) -> None:
    """A character that XML can't hold becomes U+FFFD; a cell over the limit is cut and says so."""
    back = read_back(tmp_path / "r.xlsx", "a\x00b\x0bc\ud800\uffff", "x" * (CELL_LIMIT + 1), "\U0001f600" * 20_000)
    assert back[0].value == "a\ufffdb\ufffdc\ufffd\ufffd"
    assert back[1].value == "x" * (CELL_LIMIT - len(CUT)) + CUT
    assert len(back[2].value.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert back[2].value == "\U0001f600" * ((CELL_LIMIT - len(CUT)) // 2) + CUT


def test_a_cell_at_the_limit_is_not_cut(tmp_path: Path) -> None:
    """32,767 characters fit."""
    [back] = read_back(tmp_path / "r.xlsx", "x" * CELL_LIMIT)
    assert back.value == "x" * CELL_LIMIT


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.text(),
    st.text(alphabet="=+-@#'0123456789_xA\t\r\n\x00\ud800 ", max_size=12),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.builds(Formatted, st.integers(-(10**9), 10**9), st.sampled_from(["0", "00000", "0.00", "#,##0"])),
    st.builds(Formatted, st.dates() | st.datetimes(), st.sampled_from(["DD/MM/YYYY", "mmm yy"])),
    st.builds(CellFault, st.sampled_from(["#N/A", "#REF!", "=A1"])),
)


@settings(max_examples=60)
@given(st.lists(CELLS, min_size=1, max_size=30))
def test_any_cells_come_back(tmp_path_factory: pytest.TempPathFactory, cells: list[Cell]) -> None:
    """No cell is ever a formula or an error, and each is what it was, but for what no workbook can hold."""
    path = tmp_path_factory.mktemp("any") / "r.xlsx"
    back = read_back(path, *cells)
    with zipfile.ZipFile(path) as archive:
        tree = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not list(tree.iter(f"{MAIN}f"))
    assert "e" not in {cell.get("t") for cell in tree.iter(f"{MAIN}c")}
    for cell, found in zip(cells, back, strict=True):
        if isinstance(cell, str):
            wanted = re.sub(
                "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", re.sub("\r\n?", "\n", cell)
            )
            assert unescape(found.value or "") == wanted
        elif isinstance(cell, CellFault):
            assert found.value == cell.shown
        elif isinstance(cell, Formatted):
            if isinstance(cell.value, int):
                assert (found.value, found.number_format) == (cell.value, cell.format)
            elif isinstance(cell.value, date) and cell.value.year >= 1900:
                assert (found.data_type, found.number_format) == ("d", cell.format)
        elif isinstance(cell, (bool, int)):
            assert found.value in (cell, str(cell))
        elif isinstance(cell, float):
            assert str(found.value) in (repr(cell), str(cell)) or found.value == cell
        elif cell is None:
            assert found.value is None
        else:
            assert found.data_type in ("d", "s")


@settings(max_examples=100)
@given(st.lists(CELLS, min_size=1, max_size=20))
def test_cells_come_back_as_openpyxl_would_have_written_them(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Cell]
) -> None:
    """We write the XML of cells ourselves, for speed: value, type and format of each are those that openpyxl gives it."""
    folder = tmp_path_factory.mktemp("same")
    cells_by_openpyxl.write(folder / "theirs.xlsx", cells)
    theirs = list(load_workbook(folder / "theirs.xlsx").worksheets[0][1])
    for ours, wanted in zip_longest(read_back(folder / "ours.xlsx", *cells), theirs):
        assert (ours.value, ours.data_type) == ((wanted.value, wanted.data_type) if wanted else (None, "n"))
        assert ours.number_format == (wanted.number_format if wanted else "General")


def test_cells_beyond_the_header_are_told_not_shifted(tmp_path: Path) -> None:
    """A ragged row keeps our columns where they are; its further cells are in the reason. A short one is filled up."""
    rows = [
        a_row("A", "B", "extra", None, 7, reason="Row 3 has it"),
        a_row("A", number=3),
        a_row("A", "B", "  ", number=4),
    ]
    sheet = written(tmp_path / "r.xlsx", rows)["Results"]
    found = [[cell.value for cell in line[:4]] for line in sheet.iter_rows(min_row=2)]
    assert found == [
        ["A", "B", "accepted", "Row 3 has it. Further cells without a header: extra; 7"],
        ["A", None, "accepted", None],
        ["A", "B", "accepted", None],
    ]


def test_header_is_frozen_and_filtered_and_widths_fit(tmp_path: Path) -> None:
    """The header stays in sight, everything can be filtered, no column is narrower than 8 or wider than 60."""
    rows = [a_row("x" * 500, "1", number=n) for n in range(2, 7)]
    sheet = written(tmp_path / "r.xlsx", rows)["Results"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:K6")
    widths = {letter: column.width for letter, column in sheet.column_dimensions.items()}
    assert (widths["A"], widths["B"], widths["D"]) == (60, 9, 60)
    assert all(8 <= width <= 60 for width in widths.values())
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.print_title_rows) == (
        "landscape",
        1,
        "$1:$1",
    )
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.start_color.rgb != sheet["C1"].fill.start_color.rgb


def test_every_state_has_its_colour_over_the_status_column(tmp_path: Path) -> None:
    """One rule for each state stands over the whole column, and no two states look the same."""
    sheet = written(tmp_path / "r.xlsx", [a_row("A", "B", number=n) for n in range(2, 12)])["Results"]
    [area] = sheet.conditional_formatting
    assert str(area.sqref) == "C2:C11"
    assert {rule.formula[0] for rule in area.rules} == {f'"{state}"' for state in State}
    assert len({rule.dxf.fill.bgColor.rgb for rule in area.rules}) == len(State)


def test_rows_beyond_a_sheet_go_on_on_the_next(tmp_path: Path) -> None:
    """A full sheet is followed by another with the header again; no row is lost, and none is empty at an even end."""
    rows = [a_row(f"n{n}", "1", number=n) for n in range(2, 22)]
    for per_sheet, names in (
        (8, ["Results", "Results 2", "Results 3"]),
        (10, ["Results", "Results 2"]),
        (20, ["Results"]),
    ):
        path = tmp_path / f"{per_sheet}.xlsx"
        WorkbookWriter(path, force=False, rows_per_sheet=per_sheet).write(facts_of(rows), iter(rows))
        book = load_workbook(path)
        assert book.sheetnames == [*names, "Summary", "To correct", "Mapping"]
        assert [cell.value for name in names for cell in book[name]["A"][1:]] == [f"n{n}" for n in range(2, 22)]
        assert {book[name]["A1"].value for name in names} == {"Name"}


def test_a_campaign_without_rows_has_all_sheets(tmp_path: Path) -> None:
    """Nothing to tell is told in the same form."""
    book = written(tmp_path / "r.xlsx", [])
    assert book.sheetnames == ["Results", "Summary", "To correct", "Mapping"]
    assert [cell.value for cell in book["Results"][1]] == ["Name", "Phone", *CALL_COLUMNS]


def test_a_list_too_wide_for_a_workbook_is_refused(tmp_path: Path) -> None:
    """More columns than a workbook has is an error that names the way out, and leaves no file."""
    header = tuple(f"c{n}" for n in range(MOST_COLUMNS - len(CALL_COLUMNS) + 1))
    with pytest.raises(OutputError, match=r"\.csv"):
        written(tmp_path / "r.xlsx", [], header)
    assert not list(tmp_path.iterdir())


def test_mapping_is_told_line_by_line(tmp_path: Path) -> None:
    """The sheet has the mapping's name and its text, to be copied out again."""
    sheet = written(tmp_path / "r.xlsx", [a_row("A", "1")])["Mapping"]
    column = [cell.value for cell in sheet["A"]]
    assert column[0] == "spring.yaml"
    assert "\n".join(column[2:]) + "\n" == MAPPING
    assert sheet["A3"].font.name == "Consolas"


@pytest.mark.office
def test_an_office_program_opens_it(tmp_path: Path) -> None:
    """LibreOffice reads the workbook without complaint and prints every sheet."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    rows = [a_row("=1+1", Formatted(42, "00000"), number=n, state=state) for n, state in enumerate(State)]
    written(tmp_path / "r.xlsx", rows)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            tmp_path,
            "r.xlsx",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=180,
    )
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "r.pdf").read_bytes())
    assert len(pages) >= 3
