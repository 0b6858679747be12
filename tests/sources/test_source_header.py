"""The header: found below titles, named for every column, the same rules for every format."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.made_files import book_file, csv_file, numbered

from campaign.adapters.sources import open_source
from campaign.adapters.sources.header import column_names, letter
from campaign.core.cells.cell import INVISIBLE
from campaign.core.errors import SourceError
from campaign.ports import Skipped

TITLE = "title line above the header"


def test_titles_and_blank_rows_above_the_header_are_told(tmp_path: Path) -> None:
    """Each row that is left out is in the list, with its reason."""
    path = csv_file(tmp_path / "t.csv", "\nLeads of May,\n,\nexported today\nName,Phone\nAnn,1\n\nBob,2\n")
    source = open_source(path)
    assert (source.header, source.header_row) == (("Name", "Phone"), 5)
    assert numbered(source) == {6: ("Ann", "1"), 8: ("Bob", "2")}
    assert source.skipped() == (
        Skipped(1, 1, "blank"),
        Skipped(2, 2, TITLE),
        Skipped(3, 3, "blank"),
        Skipped(4, 4, TITLE),
        Skipped(7, 7, "blank"),
    )


def test_skipped_tells_of_complete_passes_only(tmp_path: Path) -> None:
    """Nothing is told before a pass is complete, and a second pass does not add to the first."""
    source = open_source(csv_file(tmp_path / "t.csv", "a,b\n\n1,2\n3,4\n"))
    next(iter(source.rows()))
    assert source.skipped() == ()
    for _ in range(2):
        assert len(list(source.rows())) == 2
        assert source.skipped() == (Skipped(2, 2, "blank"),)


def test_one_remark_beside_a_column_is_no_table(tmp_path: Path) -> None:
    """A list of one column keeps its header though a later row has two cells."""
    rows = [["Phone"], ["1"], ["2"], ["3", "call later"], ["4"], ["5"]]
    source = open_source(book_file(tmp_path / "t.xlsx", Leads=rows))
    assert source.header == ("Phone", "column B")
    assert source.header_row == 1
    assert numbered(source)[4] == ("3", "call later")


def test_header_row_of_the_person(tmp_path: Path) -> None:
    """The row that is named is the header; what stands above is told; a blank row or none at all is refused."""
    path = csv_file(tmp_path / "t.csv", "x,y\n\nName,Phone\nAnn,1\n")
    source = open_source(path, header_row=3)
    assert (source.header, numbered(source)) == (("Name", "Phone"), {4: ("Ann", "1")})
    assert source.skipped() == (Skipped(1, 1, "above the header row"), Skipped(2, 2, "blank"))
    for row in (0, 2, 5):
        with pytest.raises(SourceError, match=f"column names should stand in row {row}, "):
            open_source(path, header_row=row)


def test_columns_without_a_name(tmp_path: Path) -> None:
    """One with data is named by its letter, blank ones at the end are no columns."""
    source = open_source(csv_file(tmp_path / "t.csv", "Name,,Phone,,,\nAnn,x,1,y,,\n"))
    assert source.header == ("Name", "column B", "Phone", "column D")
    assert numbered(source) == {2: ("Ann", "x", "1", "y")}


def test_a_shifted_row_of_text_makes_no_column(tmp_path: Path) -> None:
    """In text a cell beyond the header is a ragged row, in a sheet a column that nobody named."""
    text = open_source(csv_file(tmp_path / "t.csv", "Name,Phone\nDoe, Ann,1\nBob,2\nCy,3\n"))
    assert text.header == ("Name", "Phone")
    assert numbered(text)[2] == ("Doe", " Ann", "1")
    sheet = open_source(book_file(tmp_path / "t.xlsx", Leads=[["Name", "Phone"], ["Ann", "1", "vip"], ["Bob", "2"]]))
    assert sheet.header == ("Name", "Phone", "column C")
    assert numbered(sheet)[3] == ("Bob", "2", None)


def test_names_are_trimmed_and_told_apart() -> None:
    """Invisible signs go, a repeated name gets its number, and no name that stands there is taken by another column."""
    cells = ("\ufeffPhone ", "Phone", "Phone (2)", " ", 7, "\u200b", "column D", "Phone\u00a0")
    assert column_names(cells, 9) == (
        "Phone",
        "Phone (3)",
        "Phone (2)",
        "column D (2)",
        "7",
        "column F",
        "column D",
        "Phone (4)",
        "column I",
    )


@given(st.lists(st.sampled_from(["", "a", "a (2)", "a (3)", "column A", "column B", "column A (2)", " a ", "A"])))
def test_names_never_clash(given_names: list[str]) -> None:
    """As many names as columns, all different, none blank, none with signs around it; a name met once stays."""
    names = column_names(given_names, len(given_names))
    assert len(names) == len(set(names)) == len(given_names)
    assert all(name.strip(INVISIBLE + " ") == name != "" for name in names)
    trimmed = [name.strip() for name in given_names]
    assert all(name == names[n] for n, name in enumerate(trimmed) if name and trimmed.count(name) == 1)


def test_a_name_that_stands_everywhere_costs_no_time() -> None:
    """As many equal names as a sheet has columns are told apart at once, not in a minute."""
    begin = time.process_time()
    assert column_names(["x"] * 16_384, 16_384)[-1] == "x (16384)"
    assert time.process_time() - begin < 2


@given(st.integers(0, 18_277))
def test_letters_are_excels(place: int) -> None:
    """The letters read as a number to the base 26 without a zero give the place again."""
    number = 0
    for sign in letter(place):
        number = number * 26 + ord(sign) - ord("A") + 1
    assert number == place + 1


def test_header_alone_is_a_list_without_leads(tmp_path: Path) -> None:
    """No rows is no error; no cells is one."""
    source = open_source(csv_file(tmp_path / "t.csv", "Name,Phone\n"))
    assert (source.header, list(source.rows()), source.skipped()) == (("Name", "Phone"), [], ())
    with pytest.raises(SourceError, match="nothing but blank cells"):
        open_source(csv_file(tmp_path / "u.csv", "\n , \n"))
