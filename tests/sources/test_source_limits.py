"""Bounds: each names what was met, where, and the line of the mapping that raises it; the mapping reaches the reader."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.made_files import book_file, cells_of, csv_file, raw_book, with_part, with_shared_texts
from sources.made_workbooks import list_file, ods_of, xls_file

from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.sources import ENDINGS, open_source
from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.assembly.prepare import open_leads
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.errors import MappingError, SourceError
from campaign.core.limits import Limits
from campaign.core.mapping.size import parse_size, size_in_words

ROWS = [["Name", "Phone", "Note"], ["Ann", "1", "x" * 50], ["Bob", "2", "y"], ["Cy", "3", "z"]]


@pytest.mark.parametrize("ending", [*ENDINGS, ".csv.gz", ".xlsx.gz", ".xls.gz", ".ods.gz"])
@pytest.mark.parametrize(
    ("limits", "said", "cure"),
    [
        (Limits(rows=3), "has a row 4; the bound `rows` allows 3.", "source: {limits: {rows: 6}}"),
        (Limits(columns=2), "has 3 cells; the bound `columns` allows 2.", "source: {limits: {columns: 4}}"),
        (Limits(cell=40), "cell C2 has 50 characters; the bound `cell` allows 40.", "source: {limits: {cell: 80}}"),
    ],
)
def test_bounds_of_rows_hold_in_every_format(tmp_path: Path, ending: str, limits: Limits, said: str, cure: str) -> None:
    """What was met and where, the bound with its name, and how to raise it; just at the bound all is read."""
    path = list_file(tmp_path / f"t{ending}", ROWS)
    with pytest.raises(SourceError) as caught:
        list(open_source(path, limits=limits).rows())
    assert said.replace(
        "cell C2 has 50", "A cell has 50" if ".ods" in ending and "Name" not in said else "cell C2 has 50"
    )
    assert caught.value.message.endswith(said)
    assert cure in caught.value.cure
    assert len(cells_of(open_source(path, limits=Limits(rows=4, columns=3, cell=50)))) == 3


def test_the_mapping_sets_the_bounds(tmp_path: Path) -> None:
    """`source: limits` reaches the reader; what it leaves out keeps its default."""
    path = csv_file(tmp_path / "t.csv", "Phone,Name\n1,2\n3,4\n")
    loaded = parse_mapping("version: 1\nsource: {limits: {rows: 2}}\nfields: {lc_number: Phone}", "m.yaml", tmp_path)
    with pytest.raises(SourceError, match="the bound `rows` allows 2"):
        list(open_leads(path, loaded).rows())
    default = parse_mapping("version: 1\nfields: {lc_number: Phone}", "m.yaml", tmp_path)
    assert default.mapping.source.limits.limits() == Limits()
    assert len(list(open_leads(path, default).rows())) == 2


def test_a_do_not_call_list_may_have_any_number_of_rows(tmp_path: Path) -> None:
    """Those of whole countries are longer than any list of leads, and none of their rows may be left out."""
    csv_file(tmp_path / "dnc.csv", "Phone\n" + "".join(f"+1202555010{n}\n" for n in range(10)))
    loaded = parse_mapping(
        "version: 1\nsource: {limits: {rows: 2}}\nfields: {lc_number: Phone}\npolicy: {suppress: [dnc.csv]}",
        "m.yaml",
        tmp_path,
    )
    files = SuppressionFiles(loaded)
    assert files.warnings == ()
    assert len(files.lists) == 10


def test_defaults_admit_every_sheet() -> None:
    """As many rows and columns as a sheet can have, and ten times the rows in text."""
    assert (Limits().rows or 0) >= LAST_ROW
    assert Limits().columns == 16_384


@pytest.mark.parametrize(
    ("text", "size"), [("2GiB", 2 << 30), ("500MB", 500_000_000), ("500 mb", 500_000_000), ("7", 7), ("3KiB", 3072)]
)
def test_sizes_are_read(text: str, size: int) -> None:
    """In units of ten and of two, with and without a space."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1", "1.5GiB", "2 GiBs", "9" * 16])
def test_wrong_sizes_are_refused_with_the_form(text: str) -> None:
    """The error of the mapping shows how a size is written."""
    wrong = f"version: 1\nsource: {{limits: {{memory: '{text}'}}}}\nfields: {{lc_number: Phone}}"
    with pytest.raises(MappingError, match=r"line 2, source.limits.memory: .* is no size: write it like 500MB or 2GiB"):
        parse_mapping(wrong, "m.yaml", Path())


@given(st.integers(1, 1 << 40))
def test_sizes_are_written_as_they_are_read(size: int) -> None:
    """Words of a whole number of units give that number of bytes again."""
    number, unit = size_in_words(size).split(" ")
    if unit == "bytes":
        assert int(number.replace(",", "")) == size
    elif "." not in number and size % (1 << 30) == 0:
        assert parse_size(f"{number.replace(',', '')}{unit}") == size


def test_gzip_bombs_cost_an_error(tmp_path: Path) -> None:
    """Neither memory nor more disk than the bound is taken; an absurd ratio is refused sooner."""
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + bytes(200 << 20), 9))
    tracemalloc.start()
    try:
        with pytest.raises(
            SourceError, match=r"unpacks to more than [0-9,]+ bytes; the bound `unpacked` allows 10 MiB"
        ):
            open_source(path, limits=Limits(unpacked=10 << 20))
        with pytest.raises(SourceError, match="absurd size: more than"):
            open_source(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_damaged_gzip_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut short, or a byte changed: never some of the rows. Nothing is left in the temporary folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 1000, mtime=0)
    path = tmp_path / "t.csv.gz"
    for content in (whole[:-1], whole[:-8], whole[:20], whole[:-6] + b"xx" + whole[-4:]):
        path.write_bytes(content)
        with pytest.raises(SourceError, match=r"t\.csv\.gz is damaged or was not copied whole"):
            open_source(path)
    assert not list(tmp_path.glob("campaign-*"))
    path.write_bytes(whole)
    source = open_source(path)
    assert len(cells_of(source)) == 1000
    assert (source.name, len(list(tmp_path.glob("campaign-*")))) == ("t.csv.gz", 1)
    del source
    assert not list(tmp_path.glob("campaign-*"))


def test_shared_texts_do_not_multiply(tmp_path: Path) -> None:
    """One long text that many cells share is as much as all of them together."""
    cell = '<c t="s"><v>0</v></c>'
    rows = "".join(f"<row>{cell * 10}</row>" for _ in range(1000))
    path = with_shared_texts(raw_book(tmp_path / "t.xlsx", rows), [f"<t>{'x' * 1000}</t>"])
    with pytest.raises(SourceError, match=r"the texts of rows 1 to \d+ are more(.|\n)*`unpacked` allows 5 MiB"):
        list(open_source(path, limits=Limits(unpacked=5 << 20)).rows())
    with pytest.raises(SourceError, match=r"its first 1 texts take [\d,]+ bytes; the bound `memory`"):
        open_source(path, limits=Limits(memory=1000))


def test_repeated_cells_and_rows_do_not_multiply(tmp_path: Path) -> None:
    """In .ods one cell can say that it stands everywhere."""
    everywhere = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="{}" office:value-type="float" office:value="7"/></table:table-row>'
    )
    path = ods_of(tmp_path / "t.ods", {"L": everywhere.format(16_384)})
    with pytest.raises(
        SourceError, match=r"rows 1 to [0-9,]+ are more than they may be; the bound `unpacked` allows 1 MiB"
    ):
        list(open_source(path, limits=Limits(unpacked=1 << 20)).rows())
    path = ods_of(tmp_path / "t.ods", {"L": everywhere.format(2_000_000_000)})
    with pytest.raises(SourceError, match="the bound `columns` allows 16,384"):
        open_source(path)
    spaces = '<table:table-cell office:value-type="string"><text:p><text:s text:c="{}"/></text:p></table:table-cell>'
    path = ods_of(tmp_path / "t.ods", {"L": f"<table:table-row>{spaces.format(2_000_000_000)}</table:table-row>"})
    with pytest.raises(SourceError, match="2,000,000,000 characters; the bound `cell` allows 1,048,576"):
        open_source(path)
    path = ods_of(tmp_path / "t.ods", {"L": f"<table:table-row>{spaces.format(1_000_000) * 20}</table:table-row>"})
    with pytest.raises(SourceError, match="the bound `row` allows 16,777,216"):
        open_source(path)


HEAD = "<row><c><v>1</v></c><c><v>2</v></c></row>"


@pytest.mark.parametrize(
    "data",
    [
        HEAD + "<row>" + "<c/>" * 100_000,
        HEAD + f'<row><c t="inlineStr"><is><t>{"x" * 400_000}</t></is></c></row>',
        HEAD + f'<row spans="{"1" * 400_000}"/>',
        HEAD + " " * 400_000,
        HEAD + f"<!--{'x' * 400_000}-->",
    ],
    ids=["cells", "text", "attribute", "blanks", "comment"],
)
def test_what_is_no_row_does_not_fill_the_memory(tmp_path: Path, data: str) -> None:
    """A row without an end, a huge text, attribute or comment: refused while it is read, at the bound."""
    path = raw_book(tmp_path / "t.xlsx", data)
    with pytest.raises(SourceError, match=r"goes on for [\d.]+ KiB without the end of a row; the bound `row`"):
        list(open_source(path, limits=Limits(row=100_000)).rows())


def test_deep_elements_are_refused(tmp_path: Path) -> None:
    """Elements within elements without end, in a sheet, in the shared texts and in .ods."""
    deep = "<x>" * 50_000
    for path in (
        raw_book(tmp_path / "t.xlsx", HEAD + deep),
        with_shared_texts(raw_book(tmp_path / "s.xlsx", HEAD), [deep]),
        ods_of(tmp_path / "t.ods", {"L": deep}),
    ):
        with pytest.raises(SourceError, match="more than 64 deep"):
            list(open_source(path).rows())


def test_parts_that_are_read_whole_are_small(tmp_path: Path) -> None:
    """The formats and names of a workbook are held in memory, so that they must not be large."""
    path = with_part(book_file(tmp_path / "t.xlsx", L=[["a", "b"]]), "xl/styles.xml", b" " * (17 << 20))
    with pytest.raises(SourceError, match=r"xl/styles\.xml of the workbook has 17,825,792 bytes"):
        open_source(path)
    for content in (b"<a>" * 100, b"<a>" + b"<b/>" * 600_000 + b"</a>"):
        with_part(path, "xl/styles.xml", content)
        with pytest.raises(SourceError, match=r"xl/styles\.xml of the workbook has more elements, or deeper ones"):
            open_source(path)


def test_entities_of_open_documents_do_not_grow(tmp_path: Path) -> None:
    """A billion laughs end in an error, soon."""
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    cell = '<table:table-cell office:value-type="string"><text:p>&e9;</text:p></table:table-cell>'
    path = ods_of(
        tmp_path / "t.ods",
        {"L": f"<table:table-row>{cell}</table:table-row>"},
        prolog=f'<!DOCTYPE x [<!ENTITY e0 "laugh">{laughs}]>',
    )
    with pytest.raises(SourceError, match="damaged"):
        open_source(path)


def test_an_old_workbook_can_be_longer_than_its_bound_of_rows_says(tmp_path: Path) -> None:
    """The bound counts rows as the file does, blank ones with them."""
    path = xls_file(tmp_path / "t.xls", {"L": [["a", "b"], [], [], [1, 2]]})
    with pytest.raises(SourceError, match="has a row 4"):
        open_source(path, limits=Limits(rows=3))
