"""Sheets and shared texts are read by expressions where they have a known form: it gives what the XML parser alone gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain
from xml.etree.ElementTree import ParseError

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.xml.constants import SHEET_MAIN_NS

from campaign.adapters.sources.excel import shared_texts, sheet_rows
from campaign.adapters.sources.excel.blocks import Blocks
from campaign.adapters.sources.excel.cell_reader import CellReader
from campaign.adapters.sources.excel.shared_texts import SharedTexts, TextReading
from campaign.adapters.sources.excel.sheet_rows import RowReading
from campaign.adapters.sources.sheets.metered import Metered
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

TEXTS = b'<sst xmlns="%s"><si><t>Ann</t></si><si><t/></si><si><t>x_x000D_</t></si></sst>' % SHEET_MAIN_NS.encode()
ROOT = f'<worksheet xmlns="{SHEET_MAIN_NS}" xmlns:x="urn:x">'
DAMAGE = (ParseError, SourceError, ValueError, ArithmeticError, LookupError)
_PLACE = re.compile(r": line \d+, column \d+|goes on for \S+ \S+")


class Dripping(BytesIO):
    """A part that gives at most so many bytes at a time, so that blocks end anywhere."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


def book() -> Workbook:
    """Styles: 0 General, 1 a date, 2 a date with time, 3 padded, 4 money, 5 text."""
    made = Workbook()
    for place, code in enumerate(("dd/mm/yyyy", "d.m.yy h:mm", "00000", "#,##0.00", "@"), 1):
        made.worksheets[0].cell(1, place).number_format = code
    return made


BOOK = book()


def cells() -> CellReader:
    """The reader of a workbook's cells, with nothing read yet."""
    return CellReader(BOOK, SharedTexts(BytesIO(TEXTS), Limits(), "t.xlsx"))


def outcome(items: Iterable[object]) -> tuple[list[object], str]:
    """What came, and the error in the end; where in the XML it was counts differently in a part of it."""
    found: list[object] = []
    try:
        for item in items:
            found.append(item)  # noqa: PERF402 - what came before the error counts
    except DAMAGE as error:
        return found, _PLACE.sub("", f"{type(error).__name__}: {error}")
    return found, ""


def typed(outcome: tuple[list[object], str]) -> list[object]:
    """The outcome with the types of cells, for 1, 1.0 and True are equal."""
    rows, error = outcome
    return [[row, [type(cell) for cell in row.cells] if isinstance(row, SourceRow) else None] for row in rows] + [error]


def both(xml: bytes, most: int = 1 << 16) -> tuple[list[object], list[object]]:
    """The rows of a sheet as they are read, and as the parser alone reads them."""
    blockwise = outcome(sheet_rows.sheet_rows(Dripping(xml, most), Limits(), "t.xlsx", cells()))
    parsed = outcome(RowReading(cells()).parsed(Metered(BytesIO(xml), Limits(), "t.xlsx")))
    return typed(blockwise), typed(parsed)


REGULAR_VALUES = st.sampled_from(
    ["0", "1", "2", "45000", "0.5", "1.5", "-3", "12025550101", "1E5", "9" * 20, "46000.25"]
)
REGULAR_TEXTS = st.sampled_from(["Ann", " Zoë ", "a&amp;b", "&lt;b&gt;", "x_x000D_y", "", "\n\t", "007", "😀"])
ODD = st.sampled_from([
    "", " 5", "5\n", "+5", "1_0", "abc", "1E999", "nan", "99", "-1", "१२", "9" * 310, "9" * 5000, "&#10;", "&#x35;", "&bogus;", "&",
    "]]>", "\r", "\r\n", "\x01", "\x0b", "\ufffe", "\uffff", "<![CDATA[5]]>", "<!-- </v></row> -->5", "<?p </row>?>", "TRUE",
    "2026-01-05", "PT36H", "#N/A", ">", "'", '"', "\x85", "\u2028",
])  # fmt: skip
STYLES = st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="5"'])
ODD_TAGS = st.sampled_from([
    ' s="99"', ' s="-1"', " s='1'", ' s="1" s="1"', ' t="?"', ' t="b"', ' t="e"', ' t="d"', ' t="d" s="1"', ' t="s" s="1"', ' x:a="1"',
    ' y:a="1"', ' xmlns="urn:y"', ' xmlns:y="urn:y" y:a="1"', ' cm="1"', ' t = "s"', '\n t="s"', ' t="&#115;"', ' t="s&amp;"',
    ' a="/"', ' a=">"', ' a="<"', ' t="s', ' t="inlineStr"', ' t="str"', "é", ' é="1"', ' r="B9"', "a",
])  # fmt: skip


@st.composite
def regular_cell(draw: st.DrawFn, letters: str) -> str:
    """A cell as spreadsheets write it."""
    tag, style = f'<c r="{letters}{draw(st.integers(1, 30))}"', draw(STYLES)
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return f"{tag}{style}><v>{draw(REGULAR_VALUES)}</v></c>"
    if kind == 1:
        return f'{tag}{style} t="s"><v>{draw(st.integers(0, 2))}</v></c>'
    if kind == 2:
        space = draw(st.sampled_from(["", ' xml:space="preserve"']))
        return f'{tag}{style} t="inlineStr"><is><t{space}>{draw(REGULAR_TEXTS)}</t></is></c>'
    if kind == 3:
        return f"{tag}{style}/>"
    formula = draw(
        st.sampled_from(["<f>A1&amp;B1</f>", '<f t="shared" si="0"/>', '<f t="shared" ref="A1:A9" si="0">B1</f>'])
    )
    if kind == 4:
        return f'{tag}{style} t="str">{formula}<v>{draw(REGULAR_TEXTS)}</v></c>'
    return f"{tag}{style}>{formula}<v>{draw(REGULAR_VALUES)}</v></c>"


@st.composite
def odd_cell(draw: st.DrawFn, letters: str) -> str:
    """A cell as some program may write it, or none should."""
    place = draw(
        st.sampled_from(
            [f' r="{letters}1"', "", f" r='{letters}1'", f' r="{letters}"', ' r="ZZZZ1"', f' r = "{letters}1"']
        )
    )
    tag, value = draw(st.one_of(STYLES, ODD_TAGS)), draw(st.one_of(ODD, REGULAR_VALUES, REGULAR_TEXTS))
    begin, end = draw(
        st.sampled_from([
            ("<v>", "</v>"), ("<f>", "</f>"), ("<f>1</f><v>", "</v>"), ("<is><t>", "</t></is>"), ("<v>", "</t></is>"), ("<is><t>", "</v>"),
            ("<is><r><t>a</t></r><r><t>", "</t></r></is>"), ("<v >", "</v>"), ("<v>1</v><v>", "</v>"), (" <v>", "</v> "), ("<x:v>", "</x:v>"),
            ('<is><t xml:space="preserve">', '</t><rPh sb="0" eb="1"><t>z</t></rPh></is>'), ('<f ca="1">', "</f><v>1</v>"), ("", ""),
            ("<f/><v>", "</v>"), ("<f>", "</f><v/>"), ("<f t='shared' si='0'/><v>", "</v>"), ('<f si="0" si="0"/><v>', "</v>"),
        ])
    )  # fmt: skip
    if draw(st.booleans()) and not value:
        return f"<c{place}{tag}/>{draw(st.sampled_from(['', '<v></v></c>', '</c>', ' ']))}"
    return f"<c{place}{tag}>{begin}{value}{end}</c>"


ROW_TAGS = st.sampled_from(
    ["", ' spans="1:4"', ' hidden="1"', ' ht="0" customHeight="1"', ' spans="1:4" x:dyDescent="0.25"', ' ht="15"']
)
COLUMNS = st.lists(st.sampled_from(["A", "B", "C", "D", "J", "AB"]), unique=True, max_size=5)


@st.composite
def sheet(draw: st.DrawFn) -> str:
    """The XML of a sheet, most of it as spreadsheets write it."""
    number = 0
    rows: list[str] = []
    for _ in range(draw(st.integers(0, 12))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 700]))
        odd = draw(st.integers(0, 9))
        letters = draw(COLUMNS) if odd == 9 else sorted(draw(COLUMNS), key=lambda name: (len(name), name))
        inner = [draw(odd_cell(name) if odd == 8 and draw(st.booleans()) else regular_cell(name)) for name in letters]
        place, tag = f' r="{number}"', draw(ROW_TAGS)
        if odd == 7:
            place = draw(
                st.sampled_from(
                    ["", ' r="1"', ' r="x"', ' r="1048577"', f" r='{number}'", f' r="{number}.0"', ' r="-1"']
                )
            )
            tag = draw(st.one_of(ROW_TAGS, ODD_TAGS))
        end = draw(st.sampled_from(["</row>"] * 9 + ["", "</row >", "</row></row>"])) if odd == 6 else "</row>"
        rows.append(f"<row{place}{tag}/>" if odd == 5 else f"<row{place}{tag}>{''.join(inner)}{end}")
        if odd in (3, 4):
            between = [
                "\n",
                "text",
                "<!-- </row> -->",
                "<!-- <row> -->",
                "<!--",
                "-->",
                "<![CDATA[</row>",
                "]]>",
                "<x:row/>",
                "<row>",
                "&amp;",
            ]
            rows.append(draw(st.sampled_from(between)))
    return "".join(rows)


BEFORE = st.sampled_from([
    "", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n', "<?xml version='1.0' encoding='utf-8'?>", '<?xml version="1.0"?>',
    '<?xml version="1.0"  encoding="latin-1"?>', '<?xml version="1.0" encoding="latin-1"?>', "\ufeff", "<!-- <sheetData> -->", " ",
    '<!DOCTYPE x [<!ENTITY bogus "7">]>',
])  # fmt: skip
HEADS = st.sampled_from([
    f'{ROOT}<dimension ref="A1"/><cols><col min="1" max="1"/></cols><sheetData>', f"{ROOT}<sheetData>",
    f"{ROOT}<!-- c --><sheetData>", f"{ROOT}<sheetData >", f"{ROOT}<x:sheetData><sheetData>", f"{ROOT}<sheetData/><sheetData>",
    "<worksheet><sheetData>", f'<x:worksheet xmlns:x="{SHEET_MAIN_NS}"><x:sheetData>', f"{ROOT}<a><sheetData>",
])  # fmt: skip
TAILS = st.sampled_from(
    [
        "</sheetData></worksheet>",
        "</sheetData><mergeCells/></worksheet>",
        "",
        "</sheetData>",
        "</worksheet>",
        "<row/></sheetData>",
    ]
)


@settings(max_examples=int(__import__('os').environ.get('EX','600')), deadline=None)
@given(BEFORE, HEADS, sheet(), TAILS, st.integers(1, 4000), st.none() | st.floats(0, 1))
def test_rows_are_those_of_the_parser(
    before: str, head: str, data: str, tail: str, most: int, cut: float | None
) -> None:
    """The same rows with the same types, and the same error after them, whatever stands there and wherever blocks end."""
    xml = (before + head + data + tail).encode("utf-8", "surrogatepass")
    blockwise, parsed = both(xml[: int(len(xml) * cut)] if cut is not None else xml, most)
    assert blockwise == parsed


@settings(max_examples=int(__import__('os').environ.get('EX','400')), deadline=None)
@given(
    sheet(), st.integers(1, 4000), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), min_size=1, max_size=3)
)
def test_damaged_rows_are_those_of_the_parser(data: str, most: int, changes: Sequence[tuple[float, bytes]]) -> None:
    """Some bytes become others: nothing is read that the parser would not read."""
    xml = f"{ROOT}<sheetData>{data}</sheetData></worksheet>".encode()
    for where, put in changes:
        at = int(len(xml) * where)
        xml = xml[:at] + put + xml[at + len(put) :]
    blockwise, parsed = both(xml, most)
    assert blockwise == parsed


ITEMS = st.sampled_from([
    "<si><t>Ann</t></si>", '<si><t xml:space="preserve"> a&amp;b </t></si>', "<si><t>x_x000D_</t></si>", "<si><t></t></si>",
    "<si><t/></si>", "<si/>", "<si><r><t>a</t></r><r><t>b</t></r></si>", "<si><t>&#10;</t></si>", "<si><t>\r\n</t></si>", "\n",
    "<si><t>a</t><phoneticPr fontId='1'/></si>", "<!-- </si> -->", "<si><t>]]></t></si>", "<si><t>&bogus;</t></si>", "<si><t>\x01</t></si>",
    "<si><t>a</t>", "<!-- </si>", "<x:si><t>a</t></x:si>", "<si><t>\ufffe</t></si>", "<si><si><t>a</t></si></si>",
])  # fmt: skip


@settings(max_examples=int(__import__('os').environ.get('EX','300')), deadline=None)
@given(BEFORE, st.lists(ITEMS, max_size=12), st.integers(1, 400), st.none() | st.floats(0, 1))
def test_texts_are_those_of_the_parser(before: str, items: list[str], most: int, cut: float | None) -> None:
    """The same texts, and the same error after them."""
    xml = f'{before}<sst xmlns="{SHEET_MAIN_NS}" count="9">{"".join(items)}</sst>'.encode()
    xml = xml[: int(len(xml) * cut)] if cut is not None else xml
    blocks = Blocks(Dripping(xml, most), Limits(), "t.xlsx", shared_texts.FRAME, TextReading())
    parsed = TextReading().parsed(Metered(BytesIO(xml), Limits(), "t.xlsx"))
    assert outcome(chain.from_iterable(blocks.items())) == outcome(parsed)
