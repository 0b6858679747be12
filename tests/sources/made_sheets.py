"""The XML of sheets and shared texts, as spreadsheets write it and as others may."""

from __future__ import annotations

from hypothesis import strategies as st
from openpyxl.xml.constants import SHEET_MAIN_NS

ROOT = f'<worksheet xmlns="{SHEET_MAIN_NS}" xmlns:x="urn:x">'
TEXTS = b'<sst xmlns="%s"><si><t>Ann</t></si><si><t/></si><si><t>x_x000D_</t></si></sst>' % SHEET_MAIN_NS.encode()

_VALUES = st.sampled_from(["0", "1", "2", "45000", "0.5", "1.5", "-3", "12025550101", "1E5", "9" * 20, "46000.25"])
_TEXTS = st.sampled_from(["Ann", " Zoë ", "a&amp;b", "&lt;b&gt;", "x_x000D_y", "", "\n\t", "007", "😀"])
_STYLES = st.sampled_from(["", *(f' s="{number}"' for number in range(6))])
_FORMULAS = st.sampled_from(["<f>A1&amp;B1</f>", '<f t="shared" si="0"/>', '<f t="shared" ref="A1:A9" si="0">B1</f>'])
ROW_TAGS = st.sampled_from([
    "", ' spans="1:4"', ' hidden="1"', ' ht="0" customHeight="1"', ' spans="1:4" x:dyDescent="0.25"', ' ht="15"',
])  # fmt: skip
COLUMNS = st.lists(st.sampled_from(["A", "B", "C", "D", "J", "AB"]), unique=True, max_size=5)

_ODD_VALUES = st.sampled_from([
    "", " 5", "5\n", "+5", "1_0", "abc", "1E999", "nan", "99", "-1", "१२", "9" * 310, "9" * 5000, "TRUE", "2026-01-05", "PT36H",
    "#N/A",
    "&#10;", "&#x35;", "&bogus;", "&", "]]>", ">", "'", '"', "\r", "\r\n", "\x01", "\x0b", "\ufffe", "\uffff", "\x85", "\u2028",
    "<![CDATA[5]]>", "<!-- </v></row> -->5", "<?p </row>?>",
])  # fmt: skip
_ODD_TAGS = st.sampled_from([
    ' s="99"', ' s="-1"', " s='1'", ' s="1" s="1"', ' t="?"', ' t="b"', ' t="e"', ' t="d"', ' t="d" s="1"', ' t="s" s="1"',
    ' t = "s"',
    '\n t="s"', ' t="&#115;"', ' t="s&amp;"', ' t="s', ' t="inlineStr"', ' t="str"', ' x:a="1"', ' y:a="1"', ' xmlns="urn:y"',
    ' xmlns:y="urn:y" y:a="1"', ' cm="1"', ' a="/"', ' a=">"', ' a="<"', ' é="1"', ' r="B9"', "é", "a",
])  # fmt: skip
_ODD_PLACES = st.sampled_from(["", ' r="B"', " r='B1'", ' r="ZZZZ1"', ' r = "B1"', ' r="b1"', ' r="B"'])
_ODD_CONTENTS = st.sampled_from([
    ("<v>", "</v>"), ("<v >", "</v>"), ("<v>1</v><v>", "</v>"), (" <v>", "</v> "), ("<x:v>", "</x:v>"), ("<v>", "</t></is>"),
    ("", ""), ("<is><t>", "</t></is>"), ("<is><t>", "</v>"), ("<is><r><t>a</t></r><r><t>", "</t></r></is>"),
    ('<is><t xml:space="preserve">', '</t><rPh sb="0" eb="1"><t>z</t></rPh></is>'), ("<f>", "</f>"), ("<f>", "</f><v/>"),
    ("<f>1</f><v>", "</v>"), ("<f/><v>", "</v>"), ('<f ca="1">', "</f><v>1</v>"), ("<f t='shared' si='0'/><v>", "</v>"),
    ('<f si="0" si="0"/><v>', "</v>"),
])  # fmt: skip
_ODD_ROW_PLACES = st.sampled_from(
    ["", ' r="1"', ' r="x"', ' r="1048577"', ' r="9.0"', ' r="-1"', " r='99'", ' r="0099"']
)
_ODD_ENDS = st.sampled_from(["", "</row >", "</row></row>", "</c></row>"])
_BETWEEN = st.sampled_from([
    "\n", "text", "&amp;", "<!-- </row> -->", "<!-- <row> -->", "<!--", "-->", "<![CDATA[</row>", "]]>", "<row>", "<x:row/>",
    "</x:row>",
])  # fmt: skip

DECLARATIONS = st.just("") | st.sampled_from([
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n', "<?xml version='1.0' encoding='utf-8'?>",
    '<?xml version="1.0"?>',
    '<?xml version="1.0"  encoding="latin-1"?>', '<?xml version="1.0" encoding="latin-1"?>', "\ufeff", "<!-- <sheetData> -->", " ",
    '<!DOCTYPE x [<!ENTITY bogus "7">]>',
])  # fmt: skip
HEADS = st.just(f'{ROOT}<cols><col min="1" max="1"/></cols><sheetData>') | st.sampled_from([
    f"{ROOT}<!-- c --><sheetData>", f"{ROOT}<sheetData >", f"{ROOT}<x:sheetData><sheetData>", f"{ROOT}<sheetData/><sheetData>",
    f"{ROOT}<a><sheetData>", "<worksheet><sheetData>", f'<x:worksheet xmlns:x="{SHEET_MAIN_NS}"><x:sheetData>',
])  # fmt: skip
TAILS = st.sampled_from([
    "</sheetData></worksheet>", "</sheetData><mergeCells/></worksheet>", "<row/></sheetData>", "</sheetData>", "</worksheet>", "",
])  # fmt: skip
ITEMS = st.sampled_from([
    "<si><t>Ann</t></si>", '<si><t xml:space="preserve"> a&amp;b </t></si>', "<si><t>x_x000D_</t></si>", "<si><t></t></si>",
    "<si><t/></si>",
    "<si/>", "<si><r><t>a</t></r><r><t>b</t></r></si>", "<si><t>a</t><phoneticPr fontId='1'/></si>", "<si><t>&#10;</t></si>",
    "<si><t>\r\n</t></si>", "<si><t>]]></t></si>", "<si><t>&bogus;</t></si>", "<si><t>\x01</t></si>", "<si><t>\ufffe</t></si>",
    "<si><t>a</t>", "<si><si><t>a</t></si></si>", "<x:si><t>a</t></x:si>", "<!-- </si> -->", "<!-- </si>", "\n",
])  # fmt: skip


def in_order(letters: list[str]) -> list[str]:
    """The columns as they stand in a row."""
    return sorted(letters, key=lambda name: (len(name), name))


@st.composite
def regular_cell(draw: st.DrawFn, letters: str) -> str:
    """A cell as spreadsheets write it."""
    tag = f'<c r="{letters}{draw(st.integers(1, 30))}"{draw(_STYLES)}'
    kind = draw(st.sampled_from(["number", "shared", "inline", "blank", "formula of text", "formula"]))
    if kind == "number":
        return f"{tag}><v>{draw(_VALUES)}</v></c>"
    if kind == "shared":
        return f'{tag} t="s"><v>{draw(st.integers(0, 2))}</v></c>'
    if kind == "inline":
        space = draw(st.sampled_from(["", ' xml:space="preserve"']))
        return f'{tag} t="inlineStr"><is><t{space}>{draw(_TEXTS)}</t></is></c>'
    if kind == "blank":
        return f"{tag}/>"
    if kind == "formula of text":
        return f'{tag} t="str">{draw(_FORMULAS)}<v>{draw(_TEXTS)}</v></c>'
    return f"{tag}>{draw(_FORMULAS)}<v>{draw(_VALUES)}</v></c>"


@st.composite
def odd_cell(draw: st.DrawFn) -> str:
    """A cell as some program may write it, or none should."""
    place, tag = draw(st.just(' r="B1"') | _ODD_PLACES), draw(_STYLES | _ODD_TAGS)
    if draw(st.integers(0, 5)) == 0:
        return f"<c{place}{tag}/>{draw(st.sampled_from(['', '<v></v></c>', '</c>', ' ']))}"
    begin, end = draw(_ODD_CONTENTS)
    return f"<c{place}{tag}>{begin}{draw(_ODD_VALUES | _VALUES | _TEXTS)}{end}</c>"


@st.composite
def sheet_data(draw: st.DrawFn) -> str:
    """The XML of some rows: as spreadsheets write them, but for one or two, and often without exception."""
    odd = draw(
        st.dictionaries(st.integers(0, 20), st.sampled_from(["cell", "tag", "order", "end", "between"]), max_size=2)
    )
    number = 0
    rows: list[str] = []
    for place in range(draw(st.integers(1, 12))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 700]))
        letters, tag, end = draw(COLUMNS), f' r="{number}"{draw(ROW_TAGS)}', "</row>"
        if odd.get(place) != "order":
            letters = in_order(letters)
        cells = [draw(regular_cell(name)) for name in letters]
        if odd.get(place) == "tag":
            tag = draw(st.just(f' r="{number}"') | _ODD_ROW_PLACES) + draw(ROW_TAGS | _ODD_TAGS)
        elif odd.get(place) == "cell":
            cells.insert(draw(st.integers(0, len(cells))), draw(odd_cell()))
        elif odd.get(place) == "between":
            rows.append(draw(_BETWEEN))
        elif odd.get(place) == "end":
            end = draw(_ODD_ENDS)
        rows.append(f"<row{tag}>{''.join(cells)}{end}" if cells or end != "</row>" else f"<row{tag}/>")
    return "".join(rows)
