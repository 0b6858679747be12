"""The short ways that most cells take give what the closer look gives."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.mapping_file import mapping_from_dict
from campaign.core.cells.cell import Cell
from campaign.core.cells.phone_restore import bare_digits, holds_bare
from campaign.core.cells.text import TextRule
from campaign.core.cells.writable import scrubbed
from campaign.core.lead import SourceRow
from campaign.core.mapping.row_reader import RowReader

MAPPING = {"version": 1, "fields": {"lc_number": "Phone", "lc_param_city": "City"}}
READER = RowReader(mapping_from_dict(MAPPING, Path()), ("Phone", "City"), "leads.csv")
DIGITS = st.text("0123456789", min_size=5, max_size=15)


@given(DIGITS, st.sampled_from(["{}", "+{}", " {} ", "'{}", '="{}"', "{} x", "0{}", "\t{}", "({})", "{}\n"]), DIGITS)
def test_bare_digits(digits: str, form: str, other: str) -> None:
    """Whether a cell holds nothing but these digits."""
    for said in (form.format(digits), form.format(other)):
        for cell in (said, said.translate({ord("1"): "１"})):
            assert holds_bare(cell, digits) is (bare_digits(cell) == digits)
    assert holds_bare(int(digits), digits) is (bare_digits(int(digits)) == digits)


@given(
    st.one_of(st.none(), st.text(max_size=8), st.text(" \u00a0\u200bab\n\t", max_size=5), st.integers(), st.booleans())
)
def test_a_text_of_which_nothing_is_asked(cell: Cell) -> None:
    """Its value and problems are those of the rule that asks nothing."""
    reading = READER.read(SourceRow(2, ("+442079460123", cell)))
    value, problems = TextRule("lc_param_city", "City").read(cell)
    assert reading.problems == problems
    if not problems:
        assert reading.request is not None
        assert reading.request.payload.get("lc_param_city", "") == value


def test_every_sign_that_no_file_can_hold_is_replaced() -> None:
    """Of all of Unicode these alone: C0 controls but tab, line feed and carriage return, surrogates, and two that are none."""
    unwritable = {*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {*map(ord, "\t\n\r")}
    assert {code for code in range(0x110000) if scrubbed(f"a{chr(code)}") == "a\ufffd"} == unwritable | {0xFFFD}
