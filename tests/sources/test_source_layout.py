"""What a sheet says of its looks is found in its bytes, wherever they are cut into pieces."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.xml.constants import SHEET_MAIN_NS
from sources.made_sheets import ROW_TAGS

from campaign.adapters.sources.excel.sheet_layout import read_layout
from campaign.adapters.sources.sheets.merged import MergedCells
from campaign.adapters.sources.table import Layout

HIDING = ("hidden", 'ht="0"')
WORDS = st.sampled_from(
    ["", "hidden", "is it hidden=1?", 'ht="0"', "the height", "sheetData", "mergeCell ref", "filterColumn"]
)
HEADS = st.sampled_from(["", '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols>'])
TAILS = st.sampled_from([
    "", '<autoFilter ref="A1:B9"><filterColumn colId="0"/></autoFilter>',
    '<mergeCells count="1"><mergeCell ref="A2:B5"/></mergeCells>',
])  # fmt: skip


class Pieces(BytesIO):
    """A part that gives at most so many bytes at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


@given(st.lists(st.tuples(ROW_TAGS, WORDS), max_size=9), HEADS, TAILS, st.sampled_from(["", "x:"]), st.integers(1, 900))
def test_looks_are_found_in_any_pieces(
    rows: Sequence[tuple[str, str]], head: str, tail: str, prefix: str, most: int
) -> None:
    """Hidden rows and columns, filters and merged cells, and nothing that a cell's text only speaks of."""
    written = "".join(
        f'<row r="{n}"{tag}><c r="A{n}" t="str"><v>{said}</v></c></row>' for n, (tag, said) in enumerate(rows, 1)
    )
    xml = f'<worksheet xmlns="{SHEET_MAIN_NS}">{head}<sheetData>{written}</sheetData>{tail}</worksheet>'
    if prefix:
        xml = (
            xml.replace("</", f"\0{prefix}")
            .replace("<", f"<{prefix}")
            .replace("\0", "</")
            .replace("xmlns=", "xmlns:x=")
        )
    hides_rows = any(word in tag for tag, _ in rows for word in HIDING)
    merged = [MergedCells("A2:B5", 2, 5, 1, 2)] if "mergeCell" in tail else []
    layout = Layout(hides_rows, "filterColumn" in tail, ((2, 3),) if head else ())
    assert read_layout(Pieces(xml.encode(), most)) == (layout, merged)
