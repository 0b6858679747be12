"""Sheets and shared texts are read by expressions where they have a known form: it gives what the XML parser alone gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import SHEET_MAIN_NS
from sources.made_files import raw_book, with_part, with_shared_texts
from sources.made_sheets import (
    COLUMNS,
    DECLARATIONS,
    HEADS,
    ITEMS,
    ROOT,
    ROW_TAGS,
    TAILS,
    TEXTS,
    in_order,
    regular_cell,
    sheet_data,
)

from campaign.adapters.sources import open_source
from campaign.adapters.sources.excel import shared_texts, sheet_rows
from campaign.adapters.sources.excel.blocks import Blocks
from campaign.adapters.sources.excel.cell_reader import CellReader
from campaign.adapters.sources.excel.shared_texts import SharedTexts, TextReading
from campaign.adapters.sources.excel.sheet_rows import RowReading
from campaign.adapters.sources.sheets.metered import Metered
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

DAMAGE = (ParseError, SourceError, ValueError, ArithmeticError, LookupError)
PLACE = re.compile(r": line \d+, column \d+|goes on for \S+ \S+")
END = "</sheetData></worksheet>"
SIZES = st.integers(1, 60) | st.integers(1, 2000)


class Dripping(BytesIO):
    """A part that gives its head, and then at most so many bytes at a time, so that blocks end anywhere."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most
        self._head = content.find(b"sheetData>") + len(b"sheetData>")

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        most = self._most if self.tell() else self._most + self._head
        return super().read(most if size is None or size < 0 else min(size, most))


def book() -> Workbook:
    """A workbook with six styles: General, a date, a date with time, padded, money, text."""
    made = Workbook()
    for style, code in enumerate(("General", "dd/mm/yyyy", "d.m.yy h:mm", "00000", "#,##0.00", "@")):
        cell = made.worksheets[0].cell(1, style + 1)
        cell.number_format = code
        assert cell.style_id == style
    return made


BOOK = book()


def cells() -> CellReader:
    """The reader of the workbook's cells, with nothing read yet."""
    return CellReader(BOOK, SharedTexts(BytesIO(TEXTS), Limits(), "t.xlsx"))


def outcome(items: Iterable[object]) -> tuple[list[object], str]:
    """What came, with the types of cells, for 1, 1.0 and True are equal; and the error in the end, without the place in the
    XML, which is another in a part of it."""
    found: list[object] = []
    try:
        for item in items:
            found += [item, *map(type, item.cells)] if isinstance(item, SourceRow) else [item]
    except DAMAGE as error:
        return found, PLACE.sub("", f"{type(error).__name__}: {error}")
    return found, ""


def assert_as_parsed(xml: bytes, most: int) -> None:
    """The rows of a sheet are those that the parser alone reads."""
    parsed = outcome(RowReading(cells()).parsed(Metered(BytesIO(xml), Limits(), "t.xlsx")))
    assert outcome(sheet_rows.sheet_rows(Dripping(xml, most), Limits(), "t.xlsx", cells())) == parsed


@settings(max_examples=300, deadline=None)
@given(DECLARATIONS, HEADS, sheet_data(), TAILS, SIZES)
def test_rows_are_those_of_the_parser(declaration: str, head: str, data: str, tail: str, most: int) -> None:
    """The same rows with the same types, and the same error after them, whatever stands there and wherever blocks end."""
    assert_as_parsed((declaration + head + data + tail).encode("utf-8", "surrogatepass"), most)


def test_a_start_tag_may_hold_its_own_end_sign() -> None:
    """In a value, > is a sign like others: the tag does not end there."""
    root = ROOT.replace(">", ' xmlns:y="a>b">', 1)
    assert_as_parsed(f'{root}<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{END}'.encode(), 1)


@settings(max_examples=200, deadline=None)
@given(sheet_data(), SIZES, st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=3), st.floats(0, 4))
def test_damaged_rows_are_those_of_the_parser(
    data: str, most: int, changes: Sequence[tuple[float, bytes]], cut: float
) -> None:
    """Some bytes become others, or the end is missing: nothing is read that the parser would not read."""
    xml = f"{ROOT}<sheetData>{data}{END}".encode()
    for where, put in changes:
        at = int(len(xml) * where)
        xml = xml[:at] + put + xml[at + len(put) :]
    assert_as_parsed(xml[: int(len(xml) * cut)], most)


@settings(max_examples=200, deadline=None)
@given(DECLARATIONS, st.lists(ITEMS, max_size=12), st.integers(1, 400), st.floats(0, 4))
def test_texts_are_those_of_the_parser(declaration: str, items: list[str], most: int, cut: float) -> None:
    """The same texts, and the same error after them."""
    xml = f'{declaration}<sst xmlns="{SHEET_MAIN_NS}" count="9">{"".join(items)}</sst>'.encode()
    xml = xml[: int(len(xml) * cut)]
    blocks = Blocks(Dripping(xml, 100 + most), Limits(), "t.xlsx", shared_texts.FRAME, TextReading())
    parsed = TextReading().parsed(Metered(BytesIO(xml), Limits(), "t.xlsx"))
    assert outcome(chain.from_iterable(blocks.items())) == outcome(parsed)


class Counting(RowReading):
    """Counts the rows that the parser has to read."""

    parsed_rows = 0

    def parsed(self, part: Metered) -> Iterator[SourceRow]:
        """The rows, counted."""
        for row in super().parsed(part):
            self.parsed_rows += 1
            yield row


def parsed_rows(data: str) -> int:
    """How many of the rows go through the parser."""
    reading = Counting(cells())
    part = BytesIO(f"{ROOT}<sheetData>{data}{END}".encode())
    for _ in Blocks(part, Limits(), "t.xlsx", sheet_rows.FRAME, reading).items():
        pass
    return reading.parsed_rows


@given(st.lists(st.tuples(ROW_TAGS, COLUMNS), min_size=1, max_size=9), st.data())
def test_what_spreadsheets_write_needs_no_parser(rows: list[tuple[str, list[str]]], data: st.DataObject) -> None:
    """The short way is taken where it can be, or else nothing is gained and nothing was tested."""
    written = [
        f'<row r="{number}"{tag}>{"".join(data.draw(regular_cell(name)) for name in in_order(letters))}</row>'
        for number, (tag, letters) in enumerate(rows, 1)
    ]
    assert parsed_rows("".join(written)) == 0


def test_a_row_that_is_otherwise_costs_its_block_alone() -> None:
    """A remark between two rows of a long sheet sends its block to the parser, and not all that follows."""
    rows = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 20_001)]
    rows.insert(9_000, "<!-- moved -->")
    assert 0 < parsed_rows("".join(rows)) < 5_000
    rows.insert(9_000, "<!-- </row> never closed")
    with pytest.raises(ParseError):
        parsed_rows("".join(rows))


def test_wide_and_long_rows(tmp_path: Path) -> None:
    """Rows that get wider, as wide as a sheet, or longer than a block: all of them come."""
    widths = [1, 3, 9, 40, 600, 16_384, 2]
    rows = []
    for number, width in enumerate(widths, 1):
        places = (f"{get_column_letter(place)}{number}" for place in range(1, width + 1))
        rows.append(f'<row r="{number}">{"".join(f"""<c r="{place}"><v>7</v></c>""" for place in places)}</row>')
    long = f'<row r="9"><c r="A9" t="str"><v>{"y" * 500_000}</v></c></row>'
    source = open_source(raw_book(tmp_path / "t.xlsx", "".join(rows) + long), header_row=1)
    assert [sum(cell is not None for cell in row.cells) for row in source.rows()] == [*widths[1:], 1]
    assert parsed_rows(long) == 0


def test_texts_are_read_as_far_as_they_are_needed(tmp_path: Path) -> None:
    """The header is found without reading all of them; a pass reads all, so that damage of the last is told."""
    texts = ["<t>Name</t>", "<t>Phone</t>", *(f"<t>{'x' * 100}{n}</t>" for n in range(5_000)), "<t>Ann</t>"]
    cell = '<c r="{}" t="s"><v>{}</v></c>'
    rows = "".join(
        f'<row r="{n}">{cell.format(f"A{n}", first)}{cell.format(f"B{n}", second)}</row>'
        for n, first, second in ((1, 0, 1), *((n, n, n + 1) for n in range(2, 50)))
    )
    path = with_shared_texts(raw_book(tmp_path / "t.xlsx", rows), texts)
    with ZipFile(path) as archive:
        table = archive.read("xl/sharedStrings.xml")
    source = open_source(with_part(path, "xl/sharedStrings.xml", table.replace(b"<t>Ann</t>", b"<t>Ann</b>")))
    assert source.header == ("Name", "Phone")
    with pytest.raises(SourceError, match="damaged"):
        list(source.rows())


@pytest.mark.parametrize("number", ["5002", "-1", "99999999999999999999"])
def test_texts_that_there_are_not(tmp_path: Path, number: str) -> None:
    """A cell that names none is damage, never another text."""
    row = f'<row r="1"><c r="A1" t="s"><v>{number}</v></c></row>'
    with pytest.raises(SourceError, match="damaged"):
        open_source(with_shared_texts(raw_book(tmp_path / "t.xlsx", row), ["<t>Name</t>"] * 5_002))
