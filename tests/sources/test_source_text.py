"""Delimited text: what was written comes back, with the row numbers that Excel shows, or it is refused with a reason."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.made_files import cells_of, csv_file, csv_text, numbered

from campaign.adapters.sources import open_source
from campaign.core.cells.cell import is_blank
from campaign.core.errors import SourceError
from campaign.core.limits import Limits
from campaign.ports import Skipped

DELIMITERS = [",", ";", "\t", "|"]
SIGNS = st.characters(exclude_categories=["Cc", "Cs"])
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-2", "utf-16-le"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a property."""
    return tmp_path_factory.mktemp("texts")


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """An encoding, and rows of two to five cells that it has; some rows are blank."""
    encoding = draw(st.sampled_from(ENCODINGS))
    width = draw(st.integers(2, 5))
    letters = SIGNS if encoding.startswith("utf") else st.sampled_from(bytes(range(0xA0, 0x100)).decode(encoding))
    cell = st.text(letters | st.sampled_from('\n\r\t",;|= ab1'), max_size=12)
    row: st.SearchStrategy[list[str]] = st.lists(cell, min_size=width, max_size=width) | st.just([])
    return encoding, [[f"c{n}" for n in range(width)], *draw(st.lists(row, max_size=8))]


@given(tables(), st.sampled_from(DELIMITERS), st.sampled_from(["\r\n", "\n", "\r"]))
def test_every_table_comes_back(folder: Path, table: tuple[str, list[list[str]]], delimiter: str, newline: str) -> None:
    """Whatever separator, encoding and line end: the same cells under the same numbers; no row is silently gone."""
    encoding, rows = table
    path = csv_file(folder / "t.csv", csv_text(rows, delimiter, newline), encoding)
    found = encoding in ("utf-8", "utf-8-sig", "utf-16")
    source = open_source(path, encoding=None if found else encoding)
    expected = {
        number: tuple(cell or None for cell in row)
        for number, row in enumerate(rows[1:], 2)
        if not all(map(is_blank, row))
    }
    assert source.header == tuple(rows[0])
    assert numbered(source) == expected
    told = {n for entry in source.skipped() for n in range(entry.first, entry.last + 1)}
    assert told | set(expected) | {source.header_row} == set(range(1, len(rows) + 1))
    assert not told & set(expected)


@given(st.binary(max_size=400) | st.text(st.sampled_from('",;\n\r\tab \0é='), max_size=60).map(str.encode))
def test_any_bytes_are_rows_or_a_source_error(folder: Path, content: bytes) -> None:
    """Rubbish named .csv is refused, or read twice alike; nothing else is raised."""
    path = folder / "rubbish.csv"
    path.write_bytes(content)
    with contextlib.suppress(SourceError):
        source = open_source(path)
        first = list(source.rows())
        assert first == list(source.rows())
        assert all(len(row.cells) >= len(source.header) for row in first)


def test_record_numbers_are_excels(tmp_path: Path) -> None:
    """A record with line breaks is one row, a blank line is a row, and blank neighbours are told as one stretch."""
    text = 'Name,Note\r\n"Ann","one\r\ntwo\nthree"\r\n\r\n  ,\r\nBob,x\r\n'
    source = open_source(csv_file(tmp_path / "t.csv", text))
    assert numbered(source) == {2: ("Ann", "one\r\ntwo\nthree"), 5: ("Bob", "x")}
    assert source.skipped() == (Skipped(3, 4, "blank"),)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;;"])
def test_sep_line_is_honoured_and_no_row(tmp_path: Path, line: str) -> None:
    """`sep=` decides against what the rows look like, and Excel does not count it."""
    source = open_source(csv_file(tmp_path / "t.csv", f"{line}\r\nName,x;Phone,y\r\nAnn,1;2\r\n", "utf-8-sig"))
    assert (source.header, source.header_row) == (("Name,x", "Phone,y"), 1)
    assert numbered(source) == {2: ("Ann,1", "2")}


def test_delimiter_of_the_person_wins(tmp_path: Path) -> None:
    """A separator that is given is used, whatever would be found."""
    path = csv_file(tmp_path / "t.csv", "a,b#c\n1,2#3\n")
    assert open_source(path, delimiter="#").header == ("a,b", "c")
    for wrong in ("", ",,", '"', "\n"):
        with pytest.raises(SourceError, match="separator"):
            open_source(path, delimiter=wrong)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Name;Amount\nAnn;1,5\nBob;2,5\n", ("Name", "Amount")),
        ("Name,Phones\nAnn,1;2\nBob,3;4\n", ("Name", "Phones")),
        ('Name;Note\nAnn;"Hello,\nI am out,\nbye,\nAnn"\n', ("Name", "Note")),
        ('"Last, First"\tPhone\n"Doe, Ann"\t1\n', ("Last, First", "Phone")),
        ("Phone\n+1 202 555 0101\n+1 202 555 0102, ext 5\n+1 202 555 0103\n", ("Phone",)),
        ('Name\n"Doe, Ann"\n"Roe, Bob"\n', ("Name",)),
        ("Phone\n", ("Phone",)),
        ("Name,Phone", ("Name", "Phone")),
    ],
)
def test_delimiter_is_found(tmp_path: Path, text: str, header: tuple[str, ...]) -> None:
    """Signs within values are not taken for separators, and one column needs none."""
    assert open_source(csv_file(tmp_path / "t.csv", text)).header == header


def test_one_column_keeps_its_commas(tmp_path: Path) -> None:
    """In a list of one column nothing is split off a value."""
    source = open_source(
        csv_file(tmp_path / "t.txt", "Phone\n+1 202 555 0101\n+1 202 555 0102, ext 5\n+1 202 555 0103")
    )
    assert numbered(source)[3] == ("+1 202 555 0102, ext 5",)


def test_ragged_rows(tmp_path: Path) -> None:
    """Short rows are filled up; a row that is too long keeps its cells, unless the ones beyond the header are blank."""
    source = open_source(csv_file(tmp_path / "t.csv", "a,b,c\n1,2,3\n1\n1,2,3,,\n1,2,3, ,x\n1,2,3,\n"))
    assert cells_of(source) == [
        ("1", "2", "3"),
        ("1", None, None),
        ("1", "2", "3"),
        ("1", "2", "3", " ", "x"),
        ("1", "2", "3"),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('a,b\n1,2\n3,"4\n5,6\n7,8\n', "line 3"),
        ('a,b\n"x\ny",2\n3,"4\n5,6\n', "line 4"),
        ('a,b\n3,"4', "line 2"),
        ('a,b\n1,2\n3,"4\n', "line 3"),
        ('sep=,\na,b\n3,"4\n', "line 3"),
    ],
)
def test_unclosed_quote_is_an_error_with_its_line(tmp_path: Path, text: str, lines: str) -> None:
    """The rest of the file is not swallowed by one cell; the line is the text editor's."""
    with pytest.raises(SourceError, match=f"{lines} opens a quote that is never closed"):
        list(open_source(csv_file(tmp_path / "t.csv", text), header_row=1).rows())


def test_stray_quote_that_another_one_ends_is_an_error(tmp_path: Path) -> None:
    """Rows between two stray quotes are not swallowed either."""
    text = 'Name,Phone\nAnn,1\n"Bob,2\nCy,3\n"Di,4\nEd,5\n'
    with pytest.raises(SourceError, match=r"line 3 opens a quote that is closed in the middle of a cell on line 5"):
        list(open_source(csv_file(tmp_path / "t.csv", text)).rows())


def test_quotes_inside_a_line_are_left_alone(tmp_path: Path) -> None:
    """A quote that stands in the middle of a cell of one line is a sign like any other."""
    source = open_source(csv_file(tmp_path / "t.csv", 'Name,Size\nAnn,5" tall\n'))
    assert cells_of(source) == [("Ann", '5" tall')]


def test_nul_names_its_line(tmp_path: Path) -> None:
    """A NUL is refused before anything is read, wherever it is."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\r\n" + b"1,2\r\n" * 300_000 + b"3,\x004\r\n")
    with pytest.raises(SourceError, match=r"line 300,002 holds a NUL byte"):
        open_source(path)
    path.write_bytes("a,b\n".encode("utf-16-le"))
    with pytest.raises(SourceError, match="UTF-16 without its mark"):
        open_source(path)


def test_legacy_encoding_is_found_and_told(tmp_path: Path) -> None:
    """One byte that is not UTF-8, however late, makes the whole file Windows-1252, and the person is told so."""
    text = "Name,Phone\n" + "Zoe,1\n" * 300_000 + "Zoë – “x”,2\n"
    source = open_source(csv_file(tmp_path / "t.csv", text, "cp1252"))
    assert [row.cells for row in source.rows()][-1] == ("Zoë – “x”", "2")
    assert "Windows-1252" in source.notes[0]
    assert open_source(csv_file(tmp_path / "u.csv", text)).notes == ()


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,\x81\n",
        b"\xef\xbb\xbfa,b\n1,\xe9\n",
        b"\xff\xfea\x00,\x00b",
        bytes(range(1, 256)) * 9,
        b"\xff\xfe\x00\xd8",
    ],
)
def test_undecodable_and_binary_files_are_refused(tmp_path: Path, content: bytes) -> None:
    """Bytes that no encoding explains are an error at opening."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"not text|binary|but line \d"):
        open_source(path)


def test_declared_encoding(tmp_path: Path) -> None:
    """It is used as given; one that does not fit or does not exist is an error with its line or name."""
    path = csv_file(tmp_path / "t.csv", "Name,Phone\nŁukasz,1\n", "iso-8859-2")
    source = open_source(path, encoding="latin2")
    assert (cells_of(source), source.notes) == ([("Łukasz", "1")], ())
    with pytest.raises(SourceError, match="line 2 is not utf-8"):
        open_source(path, encoding="utf-8")
    for wrong in ("klingon", "base64", "a\0b"):
        with pytest.raises(SourceError, match="no encoding"):
            open_source(path, encoding=wrong)
    marked = csv_file(tmp_path / "m.csv", 'Name,Phone\nAnn,"1"\n', "utf-8-sig")
    assert open_source(marked, encoding="utf-8").header == ("Name", "Phone")


def test_endless_cell_and_record_are_refused(tmp_path: Path) -> None:
    """What would fill the memory is an error that names the line."""
    cell = csv_file(tmp_path / "c.csv", "a,b\n1,2\n3," + "x" * (csv.field_size_limit() + Limits().cell) + "\n")
    with pytest.raises(SourceError, match=r"line 3 has a cell of more than"):
        list(open_source(cell).rows())
    record = csv_file(tmp_path / "r.csv", "a,b\n1,2\n" + "x," * (Limits().row // 2 + 1))
    with pytest.raises(SourceError, match=r"line 3 has more than 16,777,216 characters"):
        list(open_source(record).rows())


def test_sheet_means_nothing_to_text(tmp_path: Path) -> None:
    """A mapping made for the workbook still fits its CSV; that the sheet is not looked for is told."""
    source = open_source(csv_file(tmp_path / "t.csv", "a,b\n"), sheet="Leads")
    assert source.sheet == ""
    assert "no sheet 'Leads'" in source.notes[0]
