"""Text fields and the signs that are folded."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.cells.signs import fold
from campaign.core.cells.text import TextRule
from campaign.core.problem import Code

Case: TypeAlias = Literal["lower", "upper", "title"] | None


def codes(rule: TextRule, cell: Cell) -> list[Code]:
    """The kinds of problem of a cell."""
    return [problem.code for problem in rule.read(cell)[1]]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" Ann ", "Ann"),
        ("line\r\nbreak\tand tab", "line break and tab"),
        (42.0, "42"),
        (True, "TRUE"),
        (Formatted(7, "00000"), "00007"),
        ("Zoë 👩‍💻", "Zoë 👩‍💻"),
        ("", ""),
        (None, ""),
        ("\u200b", ""),
    ],
)
def test_without_rules_a_text_is_as_shown(cell: Cell, value: str) -> None:
    """Line breaks and tabs become spaces; blank cells break no rule."""
    assert TextRule("lc_param_note", "Note", min_length=1).read(cell) == (value, ())


def test_all_problems_are_reported_at_once() -> None:
    """A person corrects a cell once."""
    rule = TextRule("f", "c", min_length=3, max_length=5, pattern=re.compile("[a-z]+"), choices=("gold", "silver"))
    assert codes(rule, "X\x07") == [Code.TEXT_CONTROL, Code.TEXT_CHOICE, Code.TEXT_TOO_SHORT, Code.TEXT_PATTERN]
    assert codes(rule, "x" * 6) == [Code.TEXT_CHOICE, Code.TEXT_TOO_LONG]
    assert codes(rule, "gold") == []


def test_lengths_are_bounds_that_belong() -> None:
    """Exactly the fewest and exactly the most characters are right."""
    rule = TextRule("f", "c", min_length=2, max_length=4)
    assert [codes(rule, "x" * length) for length in range(1, 6)] == [
        [Code.TEXT_TOO_SHORT], [], [], [], [Code.TEXT_TOO_LONG],
    ]  # fmt: skip


def test_the_pattern_must_match_all_of_it() -> None:
    """A match somewhere in the value is not enough."""
    rule = TextRule("f", "c", pattern=re.compile(r"[A-Z]\d+"))
    assert codes(rule, "A12") == []
    assert codes(rule, "A12 ") == []
    assert codes(rule, "xA12") == [Code.TEXT_PATTERN]
    assert codes(rule, "A12x") == [Code.TEXT_PATTERN]


@pytest.mark.parametrize("case", [None, "lower", "upper", "title"])
def test_a_choice_is_spelled_as_the_mapping_spells_it(case: Case) -> None:
    """Whatever the case of the cell, and whatever case the field is to have."""
    rule = TextRule("f", "c", choices=("Gold", "straße"), case=case)
    assert rule.read("gOLD") == ("Gold", ())
    assert rule.read("STRASSE") == ("straße", ())


@pytest.mark.parametrize(
    ("case", "value"),
    [("lower", "o'neil's élan"), ("upper", "O'NEIL'S ÉLAN"), ("title", "O'Neil's Élan"), (None, "o'NEIL's élan")],
)
def test_case(case: None, value: str) -> None:
    """Title case knows names with an apostrophe."""
    assert TextRule("f", "c", case=case).read("o'NEIL's élan") == (value, ())


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"])
def test_what_cannot_be_sent_is_a_problem(sign: str) -> None:
    """Control characters, and half a surrogate pair, which UTF-8 can't carry."""
    assert codes(TextRule("f", "c"), f"a{sign}b") == [Code.TEXT_CONTROL]


def test_a_fault_is_no_text() -> None:
    """#N/A must not be read to a person as their name."""
    value, [problem] = TextRule("f", "c").read(CellFault("#N/A"))
    assert value == ""
    assert problem.code is Code.CELL_ERROR


@given(st.text(), st.sampled_from([None, "lower", "upper", "title"]))
def test_no_text_raises_and_a_good_one_can_be_sent(cell: str, case: Case) -> None:
    """What has no problem is one line that UTF-8 carries."""
    value, problems = TextRule("f", "c", case=case).read(cell)
    if not problems:
        assert value.encode().decode() == value
        assert not any(unicodedata.category(sign) == "Cc" for sign in value)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded digits are ASCII and stay so."""
    folded = fold(text)
    assert fold(folded) == folded
    assert all(sign.isascii() for sign in folded if sign.isdecimal())
    assert sum(map(str.isdecimal, folded)) == sum(map(str.isdecimal, text))


@given(st.text(" ~!0123456789abcXYZ(+)-./", max_size=30))
def test_folding_leaves_ascii_alone(text: str) -> None:
    """Ordinary text comes back as it is."""
    assert fold(text) == text
