"""The sign that a column has lost, put back by a person's word: never a guess, and no other digit than those that stand there."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.core.cells.cell import Cell, Formatted
from campaign.core.cells.phone import PhoneReader, PhoneReading
from campaign.core.cells.phone_plan import international, national
from campaign.core.cells.phone_restore import Restore
from campaign.core.problem import Code

REGIONS = ["", "XX", *sorted(phonenumbers.SUPPORTED_REGIONS)]
SIGNS = st.sampled_from(list(Restore))
CODES = st.sampled_from(["1", "44", "49", "39", "54", "7", "52"])
DIGITS = st.one_of(
    st.from_regex(r"[0-9]{4,16}", fullmatch=True),
    st.builds("{}{}".format, CODES, st.text("0123456789", min_size=6, max_size=11)),
)


def reader(sign: Restore | None, home: str = "") -> PhoneReader:
    """A column that has lost `sign`."""
    return PhoneReader("lc_number", "Phone", home, restore=sign)


def numbers(reading: PhoneReading) -> list[str]:
    """The numbers of a reading, in E.164."""
    return [phone.e164 for phone in reading.phones]


@pytest.mark.parametrize(
    ("cell", "region", "sign", "e164"),
    [
        ("442079460123", "", Restore.PLUS, "+442079460123"),
        (442079460123, "", Restore.PLUS, "+442079460123"),
        (442079460123.0, "US", Restore.PLUS, "+442079460123"),
        (Formatted(442079460123, "0"), "US", Restore.PLUS, "+442079460123"),
        (" 442079460123\u200b", "", Restore.PLUS, "+442079460123"),
        ("'442079460123", "", Restore.PLUS, "+442079460123"),
        ("493023125123", "", Restore.PLUS, "+493023125123"),
        ("612345678", "IT", Restore.ZERO, "+390612345678"),
        (612345678, "IT", Restore.ZERO, "+390612345678"),
    ],
)
def test_the_sign_is_put_back(cell: Cell, region: str, sign: Restore, e164: str) -> None:
    """Digits that are no number as they stand, and one with the sign; without the person's word they stay a problem."""
    read = reader(sign).read(cell, region)
    assert (numbers(read), read.problems, read.restored) == ([e164], (), True)
    assert numbers(reader(None).read(cell, region)) == []


@pytest.mark.parametrize("sign", list(Restore))
@pytest.mark.parametrize(
    ("cell", "region", "e164"),
    [
        ("+442079460123", "US", "+442079460123"),
        ("0044 20 7946 0123", "", "+442079460123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("02079460123", "GB", "+442079460123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("12025550123", "US", "+12025550123"),
        ("442079460123", "GB", "+442079460123"),
    ],
)
def test_what_is_a_number_as_it_stands_is_that_number(cell: str, region: str, sign: Restore, e164: str) -> None:
    """A column is seldom the same all over; nothing is told of those that needed nothing."""
    read = reader(sign).read(cell, region)
    assert (numbers(read), read.restored) == ([e164], False)


@pytest.mark.parametrize(
    ("cell", "region", "sign"),
    [
        ("442079460123", "DE", Restore.PLUS),  # nearly any digits are a number in Germany
        ("442079460123", "DE", Restore.ZERO),
        ("4745550123", "", Restore.PLUS),  # Norway, or ten digits of North America
    ],
)
def test_what_can_be_two_numbers_is_a_problem(cell: str, region: str, sign: Restore) -> None:
    """Both are named, neither is called."""
    read = reader(sign).read(cell, region)
    assert (numbers(read), [problem.code for problem in read.problems]) == ([], [Code.PHONE_UNREADABLE])
    assert "two different numbers" in read.problems[0].message


def test_a_mobile_that_could_be_a_landline_is_a_problem() -> None:
    """Italian landlines begin with 0 and mobiles don't: where the zero is said to be lost, some digits can be both."""
    both = next(
        digits
        for digits in (f"{start}{'1234567'[:length]}" for start in range(310, 400) for length in range(5, 8))
        if national(digits, "IT") and national(f"0{digits}", "IT")
    )
    assert numbers(reader(None).read(both, "IT")) == [f"+39{both}"]
    read = reader(Restore.ZERO).read(both, "IT")
    assert [problem.code for problem in read.problems] == [Code.PHONE_UNREADABLE]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("442079000000", Code.PHONE_PRECISION),
        (10**15, Code.PHONE_PRECISION),
        ("4.42079E+11", Code.PHONE_PRECISION),
        ("442079460123.0", Code.PHONE_DECIMAL),
        ("442079460123 home", Code.PHONE_LETTERS),
        ("20240105", Code.PHONE_NO_COUNTRY),
        ("44 20 7946 0123", Code.PHONE_NO_COUNTRY),
        ("442079460123; 442079460124", Code.PHONE_NO_COUNTRY),
        ("1234567", Code.PHONE_NO_COUNTRY),
    ],
)
def test_only_bare_digits_have_lost_a_sign(cell: Cell, code: Code) -> None:
    """A number that lost more than its sign, or was written by hand, is a problem as it always is."""
    read = reader(Restore.PLUS).read(cell)
    assert numbers(read) == []
    assert {problem.code for problem in read.problems} == {code}
    assert read.problems == reader(None).read(cell).problems


def test_kinds_that_cost_more_are_not_called_for_their_sign() -> None:
    """A premium-rate number that lost its + is still one."""
    [problem] = reader(Restore.PLUS).read("449098790123").problems
    assert problem.code is Code.PHONE_TYPE


@settings(max_examples=400)  # tables and patterns are made at first use
@given(
    digits=DIGITS,
    region=st.sampled_from(REGIONS),
    sign=SIGNS,
    numeric=st.booleans(),
)
def test_no_digit_is_made_up(digits: str, region: str, sign: Restore, numeric: bool) -> None:
    """A restored number has exactly the cell's digits, the sign and the country code, and no second reading."""
    cell: Cell = int(digits) if numeric else digits
    plain, read = reader(None).read(cell, region), reader(sign).read(cell, region)
    if not read.restored:
        assert (read.phones == plain.phones and read.problems == plain.problems) or not read.phones
        return
    [phone] = read.phones
    seen = str(cell)
    assert plain.phones == ()
    assert phonenumbers.is_valid_number(phonenumbers.parse(phone.e164, None))
    if sign is Restore.PLUS:
        assert phone.e164 == f"+{seen}"
    else:
        code = phonenumbers.country_code_for_region(region)
        assert phone.e164 in (f"+{code}{seen}", f"+{code}0{seen}")
        assert (other := international(seen)) is None or len(seen) < 10 or other.e164 == phone.e164
    if region in phonenumbers.SUPPORTED_REGIONS:
        assert (other := national(seen, region)) is None or other.e164 == phone.e164
