"""Rubbish and damage in every format: either rows come, or `SourceError`; nothing else is raised, and nothing hangs."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources.made_files import cells_of, csv_file
from sources.made_workbooks import (
    WORKBOOKS,
    Rows,
    list_file,
    ods_of,
    record,
    xls_file,
    xlsb_cell,
    xlsb_of,
    xlsb_row,
    xlsb_rows,
)

from campaign.adapters.sources import ENDINGS, open_source
from campaign.adapters.sources.binary_excel.marks_xls import xls_marks
from campaign.adapters.sources.binary_excel.marks_xlsb import xlsb_marks
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.errors import SourceError
from campaign.core.limits import Limits

ROWS: Rows = [["Name", "Phone", "Zip"], ["Ann", 447911123456, Formatted(123, "00000")], ["Bob", CellFault("#N/A"), "x"]]
STARTS = [
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08\x00",
    b"\xff\xfe",
    b"sep=;\n",
]
BOUNDS = Limits(seconds=20, memory=1 << 30, unpacked=64 << 20)
IN_PROCESS = [ending for ending in ENDINGS if ending not in (".xls", ".xlsb")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples."""
    return tmp_path_factory.mktemp("damage")


def read(path: Path) -> None:
    """Read the list, twice alike, or be refused."""
    with contextlib.suppress(SourceError):
        source = open_source(path, limits=BOUNDS)
        first = list(source.rows())
        assert first == list(source.rows())
        assert all(len(row.cells) >= len(source.header) for row in first)


@st.composite
def changes(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Some bytes flipped, cut out, put in, or the end cut off."""
    ways = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["flip", "cut", "insert", "end"]), st.floats(0, 1), st.binary(min_size=1, max_size=8)
            ),
            min_size=1,
            max_size=3,
        )
    )

    def change(content: bytes) -> bytes:
        for way, where, put in ways:
            at = int(where * len(content))
            if way == "flip":
                content = content[:at] + put + content[at + len(put) :]
            elif way == "cut":
                content = content[:at] + content[at + len(put) :]
            elif way == "insert":
                content = content[:at] + put + content[at:]
            else:
                content = content[:at]
        return content

    return change


@pytest.mark.parametrize("ending", [*IN_PROCESS, ".csv.gz", ".xlsx.gz", ".ods.gz"])
def test_any_bytes_are_rows_or_a_source_error(folder: Path, ending: str) -> None:
    """Whatever a file begins with and whatever it is called."""

    @settings(max_examples=60, database=None)
    @given(st.binary(max_size=300), st.sampled_from(STARTS), st.booleans())
    def holds(content: bytes, start: bytes, packed: bool) -> None:
        path = folder / f"rubbish{ending}"
        whole = start + content
        path.write_bytes(gzip.compress(whole) if packed else whole)
        read(path)

    holds()


@pytest.mark.parametrize("ending", [*IN_PROCESS, ".csv.gz", ".ods.gz"])
def test_damaged_files_are_rows_or_a_source_error(folder: Path, ending: str) -> None:
    """Small sound files of every format with some bytes changed, cut out or put in."""
    whole = list_file(folder / f"sound{ending}", ROWS).read_bytes()

    @settings(max_examples=40, database=None)
    @given(changes())
    def holds(change: Callable[[bytes], bytes]) -> None:
        path = folder / f"damaged{ending}"
        path.write_bytes(change(whole))
        read(path)

    holds()


def parts_of(path: Path) -> dict[str, bytes]:
    """The parts of an archive."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_of(parts: dict[str, bytes]) -> bytes:
    """An archive with these parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_damaged_parts_of_open_documents(folder: Path) -> None:
    """Damage below the archive, which would notice it itself."""
    sound = parts_of(list_file(folder / "parts.ods", ROWS))

    @settings(max_examples=100, database=None)
    @given(changes(), st.sampled_from(sorted(sound)))
    def holds(change: Callable[[bytes], bytes], name: str) -> None:
        path = folder / "damaged_part.ods"
        path.write_bytes(archive_of({**sound, name: change(sound[name])}))
        read(path)

    holds()


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_compiled_readers_break_where_it_does_no_harm(folder: Path, ending: str) -> None:
    """Damage that reaches python-calamine, each example in a process of its own."""
    path = list_file(folder / f"compiled{ending}", ROWS)
    whole = path.read_bytes()
    sound = parts_of(path) if ending == ".xlsb" else {}

    @settings(max_examples=8, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(changes(), st.sampled_from([None, *sorted(sound)]))
    def holds(change: Callable[[bytes], bytes], name: str | None) -> None:
        damaged = change(whole) if name is None else archive_of({**sound, name: change(sound[name])})
        path.write_bytes(damaged)
        read(path)

    holds()


def test_the_look_at_the_records_ends(folder: Path) -> None:
    """What is found beside python-calamine is found, or an error that its process turns into one sentence; no hang."""
    old = list_file(folder / "marks.xls", ROWS).read_bytes()
    binary = parts_of(list_file(folder / "marks.xlsb", ROWS))
    path = folder / "changed"

    @settings(max_examples=150, database=None)
    @given(changes(), st.sampled_from([None, *sorted(binary)]))
    def holds(change: Callable[[bytes], bytes], name: str | None) -> None:
        path.write_bytes(change(old) if name is None else archive_of({**binary, name: change(binary[name])}))
        with contextlib.suppress(Exception):  # the process catches all of them: what is tested is that it ends
            for marks in xls_marks(path, lambda: None) if name is None else xlsb_marks(path, BOUNDS, lambda: None):
                assert marks is None or marks.bottom < 1 << 32

    holds()


def truncations(whole: bytes) -> Iterator[bytes]:
    """The file cut at some places."""
    yield from (whole[: len(whole) * part // 10] for part in (1, 4, 7, 9))
    yield whole[:-1]


@pytest.mark.parametrize("ending", [".ods", ".xlsx", ".xls", ".xlsb"])
def test_a_file_that_was_not_copied_whole(tmp_path: Path, ending: str) -> None:
    """Never some of the rows: all of them, where what is missing is not needed, or an error."""
    leads: list[list[Cell]] = [[f"Name {n}", n] for n in range(300)]
    path = WORKBOOKS[ending](tmp_path / f"t{ending}", {"Leads": [["Name", "Phone"], *leads]})
    whole, all_rows = path.read_bytes(), cells_of(open_source(path))
    read_whole = 0
    for part in truncations(whole):
        path.write_bytes(part)
        with contextlib.suppress(SourceError):
            assert cells_of(open_source(path)) == all_rows
            read_whole += 1
    assert read_whole <= 1


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_passwords_are_told(tmp_path: Path, ending: str) -> None:
    """A workbook that wants one is called that, with what to do."""
    path = xls_file(tmp_path / "t.xls", {"L": [["a", "b"]]})
    content = path.read_bytes()
    # The record after the first one (CODEPAGE or the like) is made the one of an encrypted workbook: FILEPASS.
    begin = content.index(b"\x09\x08\x10\x00") + 20
    path.write_bytes(content[:begin] + b"\x2f\x00" + content[begin + 2 :])
    if ending == ".xlsb":  # those are encrypted as a whole, in the old format
        path = path.rename(tmp_path / "t.xlsb")
        path.write_bytes(content + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(SourceError, match=r"protected with a password(.|\n)*remove the password"):
        open_source(path)


def test_other_files_of_the_old_format(tmp_path: Path) -> None:
    """A Word document or a mail that is called .xls is no damaged workbook."""
    path = xls_file(tmp_path / "t.xls", {"L": [["a", "b"]]})
    path.write_bytes(path.read_bytes().replace("Workbook".encode("utf-16-le"), "WordDoc1".encode("utf-16-le")))
    with pytest.raises(SourceError, match="file of the old Office format, but no workbook"):
        open_source(path)


def test_other_open_documents(tmp_path: Path) -> None:
    """Texts and encrypted spreadsheets are called what they are."""
    path = ods_of(tmp_path / "t.ods", {"L": ""})
    sound = parts_of(path)
    for name, content, said in (
        ("mimetype", b"application/vnd.oasis.opendocument.text", "no spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest><encryption-data/></manifest>", "protected with a password"),
    ):
        path.write_bytes(archive_of({**sound, name: content}))
        with pytest.raises(SourceError, match=said):
            open_source(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (xlsb_row(3) + xlsb_cell(0, 1) + xlsb_row(2) + xlsb_cell(0, 1), "row 2 stands after row 3"),
        (xlsb_row(1_048_577) + xlsb_cell(0, 1), "damaged"),
        (record(0x91), "damaged"),
        (xlsb_row(2) + record(0x05, b"xx"), "damaged"),
        (xlsb_row(2) + record(0x07, bytes(8) + b"\xff\xff\xff\x7f"), "damaged"),
        (xlsb_row(2) + b"\x06\xff\xff\xff\x7f", "damaged"),
    ],
)
def test_damaged_binary_sheets_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """No row of a sheet that contradicts itself is guessed at."""
    head = xlsb_rows([["a", "b"]], {"General": 0})
    if data == record(0x91):
        path = xlsb_of(tmp_path / "t.xlsb", {"L": head})
        parts = parts_of(path)
        sheet = "xl/worksheets/sheet1.bin"
        path.write_bytes(archive_of({**parts, sheet: parts[sheet].removesuffix(record(0x92) + record(0x82))}))
    else:
        path = xlsb_of(tmp_path / "t.xlsb", {"L": head + data})
    with pytest.raises(SourceError, match=said):
        open_source(path)


def test_utf16_without_its_mark_can_be_declared(tmp_path: Path) -> None:
    """It is refused with the line of the mapping that names it, and read with that."""
    path = csv_file(tmp_path / "t.txt", "Name\tPhone\nZoë\t1\n", "utf-16-le")
    with pytest.raises(SourceError) as caught:
        open_source(path)
    assert "source: {encoding: utf-16-le}" in caught.value.cure
    assert cells_of(open_source(path, encoding="utf-16-le")) == [("Zoë", "1")]


def test_values_that_pandas_would_lose(tmp_path: Path) -> None:
    """NA and None are text, blank lines keep the numbers, and a row that is too long shifts nothing."""
    source = open_source(csv_file(tmp_path / "t.csv", "a,b\nNA,None\n\nnan,null\n1,2,3\n"))
    assert {row.number: row.cells for row in source.rows()} == {
        2: ("NA", "None"),
        4: ("nan", "null"),
        5: ("1", "2", "3"),
    }
