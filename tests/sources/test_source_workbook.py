"""Workbooks: cells keep type and format, rows their numbers, and damaged or hostile ones are refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sources.made_files import book_file, cells_of, numbered, raw_book, with_part, with_shared_texts

from campaign.adapters.sources import open_source
from campaign.adapters.sources.sheets.facts import NO_RESULT
from campaign.core.cells.cell import Cell, CellFault, Formatted, is_blank
from campaign.core.errors import SourceError
from campaign.core.limits import Limits
from campaign.ports import Skipped

HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Phone</t></is></c></row>'
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a property."""
    return tmp_path_factory.mktemp("books")


TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff") | st.sampled_from("\n\t =+-@#'"),
    min_size=1,
    max_size=12,
).filter(lambda text: "_x" not in text)
MOMENTS = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(lambda m: m.replace(microsecond=0))
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    TEXT,
    st.integers(-(10**15), 10**15),
    # openpyxl writes sixteen digits of a float
    st.floats(-1e15, 1e15).map(lambda number: float(f"{number:.15g}")),
    st.booleans(),
    MOMENTS,
    MOMENTS.map(lambda moment: moment.date()),
    MOMENTS.map(lambda moment: moment.time()),
)
FORMATS = {dt.datetime: "yyyy-mm-dd h:mm:ss", dt.date: "yyyy-mm-dd", dt.time: "h:mm:ss"}


def as_read(cell: Cell) -> Cell:
    """What openpyxl's own format makes of a cell."""
    return Formatted(cell, FORMATS[type(cell)]) if isinstance(cell, (dt.date, dt.time)) else cell


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
def test_every_table_comes_back(folder: Path, rows: list[list[Cell]]) -> None:
    """Text is text, numbers are equal, dates have their format, under the numbers of the sheet; nothing is gone."""
    source = open_source(book_file(folder / "t.xlsx", Leads=[["a", "b", "c"], *rows]))
    expected = {number: tuple(map(as_read, row)) for number, row in enumerate(rows, 2) if not all(map(is_blank, row))}
    found = numbered(source)
    assert found == expected
    for number, cells in found.items():
        for cell, wanted in zip(cells, expected[number], strict=True):
            whole = isinstance(wanted, float) and isinstance(cell, int)  # 2.0 is stored as 2
            assert type(cell) is type(wanted) or whole


def test_formats_stay(tmp_path: Path) -> None:
    """Whatever is not General keeps its format; a day without a time in its format is a date."""
    cases: list[tuple[object, str, Cell]] = [
        (123, "00000", Formatted(123, "00000")),
        (1.5, "0.00", Formatted(1.5, "0.00")),
        (7, "@", 7),
        (7, "GENERAL", 7),
        ("007", "00000", "007"),
        (True, "00000", True),
        (dt.datetime(2026, 1, 5), "DD/MM/YYYY", Formatted(dt.date(2026, 1, 5), "DD/MM/YYYY")),
        (dt.datetime(2026, 1, 5), '[$-409]d" hours "mmm', Formatted(dt.date(2026, 1, 5), '[$-409]d" hours "mmm')),
        (dt.datetime(2026, 1, 5), "d.m.yy h:mm", Formatted(dt.datetime(2026, 1, 5), "d.m.yy h:mm")),
        (dt.datetime(2026, 1, 5, 9, 30), "d.m.yy", Formatted(dt.datetime(2026, 1, 5, 9, 30), "d.m.yy")),
        (0.5, "h:mm", Formatted(dt.time(12), "h:mm")),
        (1.5, "[h]:mm", Formatted(1.5, "[h]:mm")),
        (0, "d.m.yy", Formatted(0, "d.m.yy")),
        (447911123456, "d.m.yy", Formatted(447911123456, "d.m.yy")),
        (-3, "d.m.yy", Formatted(-3, "d.m.yy")),
    ]
    book = Workbook()
    sheet = book.worksheets[0]
    for place, (value, number_format, _) in enumerate(cases, 1):
        sheet.cell(1, place).value = f"c{place}"
        cell = sheet.cell(2, place)
        cell.value = value  # type: ignore[assignment]  # all of them are what openpyxl takes
        cell.number_format = number_format
    book.save(tmp_path / "t.xlsx")
    [cells] = cells_of(open_source(tmp_path / "t.xlsx"))
    for (value, number_format, wanted), found in zip(cases, cells, strict=True):
        assert found == wanted, (value, number_format)
        assert type(found) is type(wanted)


def test_1904_dates(tmp_path: Path) -> None:
    """A workbook that counts its days from 1904 means the same days."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(["Day", "x"])
    book.worksheets[0].append([dt.date(2026, 1, 5), 1])
    book.save(tmp_path / "t.xlsx")
    assert cells_of(open_source(tmp_path / "t.xlsx")) == [(Formatted(dt.date(2026, 1, 5), "yyyy-mm-dd"), 1)]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', CellFault("#N/A")),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellFault("#DIV/0!")),
        ('<c r="B2"><f>A1</f></c>', CellFault(NO_RESULT)),
        ('<c r="B2"><f>A1</f><v></v></c>', CellFault(NO_RESULT)),
        ('<c r="B2" t="str"><f>A1</f></c>', CellFault(NO_RESULT)),
        ('<c r="B2"><f t="shared" si="0"/><v>5</v></c>', 5),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B2" t="str"><f>A1</f><v>x_x000D_y</v></c>', "x\ry"),
        ('<c r="B2" t="str"><v>_x005F_x000D_</v></c>', "_x000D_"),
        ('<c r="B2" t="str"><v> x </v></c>', " x "),
        ('<c r="B2" t="s"/>', None),
        ('<c r="B2" s="0"/>', None),
        ('<c r="B2"><v>447911123456.0</v></c>', 447911123456.0),
        ('<c r="B2"><v>4.47911123456E11</v></c>', 447911123456.0),
        ('<c r="B2"><v>1E999</v></c>', CellFault("1E999")),
        ('<c r="B2" t="b"><v>0</v></c>', False),
        ('<c r="B2" t="d"><v>2026-01-05</v></c>', dt.date(2026, 1, 5)),
        ('<c r="B2" t="d"><v>2026-01-05T09:30:00Z</v></c>', dt.datetime(2026, 1, 5, 9, 30)),
        ('<c r="B2" t="d"><v>PT36H</v></c>', 1.5),
        ('<c r="B2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>', "ab"),
        ('<c r="B2" t="inlineStr"><is/></c>', None),
        ('<c r="B2" t="inlineStr"/>', None),
    ],
)
def test_cells_as_other_programs_write_them(tmp_path: Path, cell: str, wanted: Cell) -> None:
    """A fault is never a blank cell, a result never a formula, and a text is what Excel would show."""
    path = raw_book(tmp_path / "t.xlsx", f'{HEAD}<row r="2"><c r="A2"><v>1</v></c>{cell}</row>')
    [(_, found)] = cells_of(open_source(path))
    assert found == wanted
    assert type(found) is type(wanted)


def test_formulas_of_programs_that_do_not_calculate(tmp_path: Path) -> None:
    """openpyxl stores formulas without results: faults, where its own reader would give blank cells."""
    book = Workbook()
    book.worksheets[0].append(["Name", "Phone"])
    book.worksheets[0].append(["Ann", '="+1202555"&"0101"'])
    book.save(tmp_path / "t.xlsx")
    assert cells_of(open_source(tmp_path / "t.xlsx")) == [("Ann", CellFault(NO_RESULT))]


def test_shared_texts(tmp_path: Path) -> None:
    """Texts are found by their number; rich ones are read whole, their pronunciation left out; a blank one is blank."""
    items = [
        "<t>Name</t>",
        "<t>Phone</t>",
        "<r><t>An</t></r><r><rPr><b/></rPr><t>n</t></r><rPh sb='0' eb='1'><t>z</t></rPh><phoneticPr fontId='1'/>",
        "<t xml:space='preserve'> +1 202 555 0101 </t>",
        "",
        "<t>one_x000D_two_x005F_x000D_</t><phoneticPr fontId='1'/>",
    ]
    rows = "".join(
        f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{2 * n}</v></c><c r="B{n + 1}" t="s"><v>{2 * n + 1}</v></c></row>'
        for n in range(3)
    )
    source = open_source(with_shared_texts(raw_book(tmp_path / "t.xlsx", rows), items))
    assert source.header == ("Name", "Phone")
    assert cells_of(source) == [("Ann", " +1 202 555 0101 "), (None, "one\rtwo_x000D_")]


def test_rows_and_cells_without_a_place(tmp_path: Path) -> None:
    """Rows and cells that do not say where they are follow the one before them."""
    path = raw_book(
        tmp_path / "t.xlsx",
        f'{HEAD}<row><c><v>1</v></c><c><v>2</v></c></row><row r="7"><c r="B7"><v>3</v></c></row><row><c><v>4</v></c></row>',
    )
    assert numbered(open_source(path)) == {2: (1, 2), 7: (None, 3), 8: (4, None)}


@pytest.mark.parametrize(
    "before", ['<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', "", '<dimension ref="?"/>']
)
def test_dimension_tag_is_not_believed(tmp_path: Path, before: str) -> None:
    """Wrong, missing or broken, it loses no row."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>0</v></c></row>' for n in range(2, 9))
    source = open_source(raw_book(tmp_path / "t.xlsx", HEAD + rows, before=before))
    assert list(numbered(source)) == list(range(2, 9))


def test_a_cell_at_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    """A formatted cell in the last row is told as blank rows, without a million of them being made."""
    path = raw_book(
        tmp_path / "t.xlsx",
        f'{HEAD}<row r="2"><c r="A2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>',
    )
    source = open_source(path)
    tracemalloc.start()
    try:
        assert numbered(source) == {2: (1, None)}
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert source.skipped() == (Skipped(3, 1_048_576, "blank"),)


def test_memory_is_bounded(tmp_path: Path) -> None:
    """Ten times the rows take no more memory, the texts that cells share apart."""
    peaks = []
    for count in (5_000, 50_000):
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, count))
        source = open_source(raw_book(tmp_path / f"{count}.xlsx", HEAD + rows))
        tracemalloc.start()
        try:
            assert sum(1 for _ in source.rows()) == count - 2
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('<row r="3"/><row r="2"/>', "row 2 stands after row 3"),
        ('<row r="2"/><row r="2"/>', "row 2 stands after row 2"),
        ('<row r="1048577"/>', "ends at row 1,048,576"),
        ('<row r="999999999999"/>', "ends at row 1,048,576"),
        ('<row r="0"/>', "row 0 stands after row 1"),
        ('<row r="x"/>', "damaged"),
        ('<row r="nan"/>', "damaged"),
        ('<row r="2"><c r="ZZZZ2"><v>1</v></c></row>', "damaged"),
        ('<row r="2"><c r="A2"><v>one</v></c></row>', "damaged"),
        ('<row r="2"><c r="A2" t="s"><v>999</v></c></row>', "damaged"),
        ('<row r="2"><c r="A2" t="?"><v>1</v></c></row>', "damaged"),
        ('<row r="2"><c r="A2" s="999"><v>1</v></c></row>', "damaged"),
        ('<row r="2"', "damaged"),
    ],
)
def test_damaged_sheets_are_refused(tmp_path: Path, data: str, said: str) -> None:
    """No row of a sheet that contradicts itself is guessed at."""
    with pytest.raises(SourceError, match=said):
        list(open_source(raw_book(tmp_path / "t.xlsx", HEAD + data)).rows())


def test_entities_do_not_grow(tmp_path: Path) -> None:
    """A billion laughs end in an error, soon."""
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    path = raw_book(
        tmp_path / "t.xlsx",
        f'{HEAD}<row r="2"><c r="A2" t="inlineStr"><is><t>&e9;</t></is></c></row>',
        prolog=f'<!DOCTYPE x [<!ENTITY e0 "laugh">{laughs}]>',
    )
    with pytest.raises(SourceError, match="damaged"):
        list(open_source(path).rows())


def test_sheet_by_name(tmp_path: Path) -> None:
    """Found without regard to capitals; an unknown one is an error with the nearest name and all of them."""
    path = book_file(tmp_path / "t.xlsx", One=[["a", "b"]], Leads=[["c", "d"]])
    assert open_source(path, sheet="Leads").header == ("c", "d")
    assert open_source(path, sheet=" leads ").sheet == "Leads"
    with pytest.raises(SourceError, match=r"no sheet 'Leeds': did you mean 'Leads'\?") as caught:
        open_source(path, sheet="Leeds")
    assert caught.value.cure == "It has: One, Leads."


def test_first_visible_sheet_with_content(tmp_path: Path) -> None:
    """Empty, hidden and chart sheets are passed over; other sheets that hold something are told."""
    book = Workbook()
    book.worksheets[0].title = "Empty"
    for title, state in (("Old", "hidden"), ("Deep", "veryHidden"), ("Leads", "visible"), ("More", "visible")):
        sheet = book.create_sheet(title)
        sheet.append([title, "Phone"])
        sheet.sheet_state = state
    book.create_sheet("Blank").append([" "])
    book.create_chartsheet("Chart", 0).add_chart(BarChart())
    book.save(tmp_path / "t.xlsx")
    source = open_source(tmp_path / "t.xlsx")
    assert (source.sheet, source.header, source.other_sheets) == ("Leads", ("Leads", "Phone"), ("More",))
    assert "only the sheet 'Leads' is read, not More" in source.notes[0]
    asked = open_source(tmp_path / "t.xlsx", sheet="Old")
    assert (asked.header, asked.other_sheets, asked.notes) == (("Old", "Phone"), ("Leads", "More"), ())


def test_nothing_to_read(tmp_path: Path) -> None:
    """Empty workbooks are refused; what a hidden sheet holds is pointed out."""
    with pytest.raises(SourceError, match=r"no visible sheet that holds anything(.|\n)*was saved"):
        open_source(book_file(tmp_path / "t.xlsx", Leads=[]))
    path = book_file(tmp_path / "h.xlsx", Front=[], Leads=[["a", "b"]])
    book = load_workbook(path)
    book["Leads"].sheet_state = "hidden"
    book.save(path)
    book.close()
    with pytest.raises(SourceError, match="hidden sheet 'Leads'"):
        open_source(path)
    with pytest.raises(SourceError, match=r"t\.xlsx, sheet Leads is empty"):
        open_source(tmp_path / "t.xlsx", sheet="Leads")


def test_our_own_result_workbook(tmp_path: Path) -> None:
    """Its `Results` are read wherever the sheet stands; summary and mapping are no further lists."""
    path = book_file(
        tmp_path / "t.xlsx", Summary=[["x", "y"]], Mapping=[["z"]], Results=[["Phone", "call_status"], ["1", "failed"]]
    )
    source = open_source(path)
    assert (source.sheet, source.other_sheets, cells_of(source)) == ("Results", (), [("1", "failed")])


def test_no_warning_and_no_need_for_styles(tmp_path: Path) -> None:
    """Workbooks without styles, document properties or theme are read, without a warning (which would fail here)."""
    path = book_file(tmp_path / "t.xlsx", Leads=[["a", "b"], [1, 2]])
    for part in ("docProps/core.xml", "docProps/app.xml", "xl/theme/theme1.xml", "xl/styles.xml"):
        with_part(path, part, None)
    assert cells_of(open_source(path)) == [(1, 2)]


def test_broken_archives_are_refused(tmp_path: Path) -> None:
    """Cut short, no workbook inside, another office format inside: an error each, with what it is."""
    whole = book_file(tmp_path / "w.xlsx", Leads=[["a", "b"], [1, 2]]).read_bytes()
    path = tmp_path / "t.xlsx"
    for cut in (10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(SourceError, match="not copied whole"):
            open_source(path)
    for parts, said in (
        ({"a.txt": b"x"}, "a ZIP archive and no Excel workbook"),
        ({"mimetype": b"x", "content.xml": b"x"}, r"an OpenDocument file(.|\n)*ending \.ods"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}, r"a binary workbook(.|\n)*ending \.xlsb"),
        ({"[Content_Types].xml": b"<x/>"}, "damaged"),
        ({"[Content_Types].xml": b"x"}, "damaged"),
    ):
        with ZipFile(path, "w") as made:
            for name, content in parts.items():
                made.writestr(name, content)
        with pytest.raises(SourceError, match=said):
            open_source(path)


def test_a_sheet_whose_part_is_missing_is_refused(tmp_path: Path) -> None:
    """It is not taken for a workbook without that sheet."""
    path = with_part(book_file(tmp_path / "t.xlsx", Leads=[["a", "b"]]), "xl/worksheets/sheet1.xml", None)
    with pytest.raises(SourceError, match="damaged"):
        open_source(path)


def test_absurd_sizes_are_refused_unopened(tmp_path: Path) -> None:
    """A part that grows too much, and parts that are too much together, by the archive's directory alone."""
    path = book_file(tmp_path / "t.xlsx", Leads=[["a", "b"]])
    with ZipFile(path, "a", ZIP_DEFLATED) as book, book.open("xl/bomb.xml", "w") as part:
        for _ in range(60):
            part.write(bytes(1 << 20))
    with pytest.raises(SourceError, match=r"absurd size: xl/bomb\.xml"):
        open_source(path)
    with pytest.raises(
        SourceError, match=r"would unpack to [\d,]+ bytes; the bound `unpacked` allows 50 MiB"
    ) as caught:
        open_source(path, limits=Limits(unpacked=50 << 20))
    assert caught.value.cure.endswith("source: {limits: {unpacked: 100MiB}}")


@pytest.fixture(scope="module")
def sound(folder: Path) -> Path:
    """A workbook to be damaged, made once: a second one would differ by its time stamps."""
    rows: list[list[object]] = [["Name", "Phone", "Day"], ["Ann", 1.5, dt.date(2026, 1, 5)], ["Bob", True, None]]
    return with_shared_texts(book_file(folder / "sound.xlsx", Leads=rows), ["<t>Ann</t>"])


@given(st.data())
def test_damaged_bytes_are_rows_or_a_source_error(folder: Path, sound: Path, data: st.DataObject) -> None:
    """Wherever a workbook is damaged, in its archive or in a part, nothing but `SourceError` is raised."""
    path = folder / "damaged.xlsx"
    path.write_bytes(sound.read_bytes())
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = data.draw(st.sampled_from([None, *sorted(parts)]))
    content = path.read_bytes() if name is None else parts[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 20)))
        content = content[:start] + data.draw(st.binary(max_size=6)) + content[end:]
    if name is None:
        path.write_bytes(content)
    else:
        with_part(path, name, content)
    with contextlib.suppress(SourceError):
        source = open_source(path)
        assert all(len(row.cells) >= len(source.header) for row in source.rows())


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
)
def test_any_bytes_are_a_source_error(folder: Path, content: bytes, magic: bytes) -> None:
    """Rubbish named .xlsx is refused, whatever it begins with."""
    path = folder / "rubbish.xlsx"
    path.write_bytes(magic + content)
    with pytest.raises(SourceError):
        open_source(path)
