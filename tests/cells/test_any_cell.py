"""Every cell reader takes every cell: a value or problems comes out, never an exception, and never a made-up number."""

from __future__ import annotations

import unicodedata

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from campaign.core.cells.cell import Cell, CellFault, Formatted, is_blank, shown, text
from campaign.core.cells.country import CountryReader
from campaign.core.cells.email import EmailReader
from campaign.core.cells.number import NumberReader
from campaign.core.cells.phone import PhoneReader, PhoneType
from campaign.core.cells.phone_like import could_be_phone, is_like_a_phone
from campaign.core.cells.text import TextRule
from campaign.core.problem import Problem

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
# Halves of surrogate pairs as well: a DataFrame can hold them.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.text("0123456789 +-().,;:/|x#@eE\n\u200b\u00a0\u202a\uff11\u0661<>'\"=", max_size=40),
    st.text("0123456789", max_size=3000),
    st.builds(
        "{}{}".format, st.sampled_from(["+1 ", "+44", "0049", "p:", "tel:", "'"]), st.text("0123456789 -", max_size=14)
    ),
)
INTEGERS = st.one_of(st.integers(), st.integers(10**14, 10**16), st.sampled_from([10**400, 10**5000, -(10**5000)]))
VALUES = st.one_of(INTEGERS, st.floats(), st.dates(), st.datetimes(), st.times(), st.booleans())
FORMATS = st.one_of(
    st.sampled_from(["0", "000000000000", '"+"0', '"+49" 0', "+0", "0.00E+00", "DD.MM.YYYY"]), st.text(max_size=8)
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), TEXT, VALUES, st.builds(Formatted, VALUES, FORMATS), st.builds(CellFault, st.text(max_size=8))
)


def explained(problem: Problem | None) -> bool:
    """Whether a person can act on the problem; a value without one needs none."""
    return problem is None or bool(problem.message and problem.cure)


@given(cell=CELLS)
@example(cell=10**5000)
@example(cell=Formatted(-(10**5000), "000"))
@example(cell="a@\ud800.com")
@example(cell="\udcff@example.com")
def test_no_cell_is_too_odd(cell: Cell) -> None:
    """E-mail, country, number and text: a value or a problem that is explained, never both, never an exception."""
    assert isinstance(shown(cell), str)
    assert text(cell) == "" or not is_blank(cell)
    for reader in (
        EmailReader("f", "C"),
        CountryReader("f", "C"),
        NumberReader("f", "C"),
        NumberReader("f", "C", integer=True),
    ):
        value, problem = reader.read(cell)
        assert not (value and problem)
        assert explained(problem)
    _, problems = TextRule("f", "C", min_length=2, max_length=5, choices=("a", "b"), case="title").read(cell)
    assert all(map(explained, problems))
    assert could_be_phone(cell) or not is_like_a_phone(cell)


def invents_digits(region: str) -> bool:
    """Whether the dialling plan itself puts an area code or a mobile 9 before local numbers of the region."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    rule = metadata.national_prefix_transform_rule if metadata else None
    return bool(rule and rule not in ("\\1", "\\2"))


def stands_in(wanted: str, digits: str) -> bool:
    """Whether the digits occur in that order."""
    left = iter(digits)
    return all(digit in left for digit in wanted)


@given(
    cell=CELLS,
    region=st.sampled_from(["", "XX", "AQ", *REGIONS]),
    allowed=st.frozensets(st.sampled_from(PhoneType)),
)
def test_a_number_is_valid_and_was_written_there(cell: Cell, region: str, allowed: frozenset[PhoneType]) -> None:
    """A phone that is returned is valid E.164, its kind is allowed, and its national digits stand in the cell in their order."""
    reading = PhoneReader("lc_number", "Phone", allow_types=allowed).read(cell, region)
    value = cell.value if isinstance(cell, Formatted) else cell
    format_ = cell.format if isinstance(cell, Formatted) else ""
    written = "".join(str(unicodedata.decimal(sign, "")) for sign in format_ + shown(value))
    for phone in reading.phones:
        number = phonenumbers.parse(phone.e164, None)
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.format_number(number, PhoneNumberFormat.E164) == phone.e164
        if not any(map(invents_digits, filter(None, (phone.region, region if region in REGIONS else "")))):
            assert stands_in(phonenumbers.national_significant_number(number), written)
    assert reading.phones or reading.problems or is_blank(cell) or not str(text(cell)).strip("\u200b\u00ad")
    assert all(map(explained, reading.problems))


@pytest.mark.parametrize("region", ["", "US", "GB", "DE", "IT", "DK"])
@pytest.mark.parametrize(
    "cell",
    [
        "+4930231251.0", "4930231251.00", "+49 30 231251 home", "office +49 30 231251", "2024-01-05", "05/01/2024",
        "4.47912E+11", "4,47912e11", "+4.47912E+11", "44791200000000000", float("nan"), float("inf"), -1.0, 2025550123.25,
        "<test lead: dummy data for phone_number>", "#VALUE!", "0", "00", "+", "()", "2024/01/05 10:00", "20:15",
    ],
)  # fmt: skip
def test_traps_reach_nobody_in_any_country(cell: Cell, region: str) -> None:
    """Digits whose meaning is lost or another are a problem wherever they are read."""
    reading = PhoneReader("lc_number", "Phone").read(cell, region)
    assert reading.phones == ()
    assert reading.problems


@pytest.mark.parametrize(
    "before", ["p:", "P: ", "tel:", "TEL: ", "'", "\u2018", "\u00a0", "\u200b", "\ufeff", "\u202a", "\u2066", "\u200e"]
)
@pytest.mark.parametrize("after", ["", "\u00a0", "\u200b", "\u202c", "\u2069", "'", "\t"])
def test_signs_around_a_number_go(before: str, after: str) -> None:
    """What exports, chats and keyboards leave around a number is no part of it."""
    [phone] = PhoneReader("lc_number", "Phone").read(f"{before}+1 202 555 0123{after}").phones
    assert phone.e164 == "+12025550123"


@pytest.mark.parametrize("zero", ["\uff10", "\u0660", "\u06f0", "\u0966"])
def test_digits_of_other_scripts_are_digits(zero: str) -> None:
    """Full-width, Arabic-Indic, Persian and Devanagari."""
    said = "".join(chr(ord(zero) + int(sign)) if sign.isdigit() else sign for sign in "+1 (202) 555-0123")
    [phone] = PhoneReader("lc_number", "Phone").read(said).phones
    assert phone.e164 == "+12025550123"
