"""The numbering plans: our short ways give what libphonenumber's parser and checks give."""

from __future__ import annotations

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st
from near_examples import REGIONS, near_examples
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from campaign.core.cells.phone_kinds import region_and_kind
from campaign.core.cells.phone_plan import Planned, has_open_plan, has_plan, international, lacks_trunk_prefix, national

PREFIXES = ("", "", "0", "1", "8", "9", "00", "06", "15", "021", "180020", "own code")
"""What people dial before a number: trunk prefixes, also of carriers, ways abroad, and their own country's code."""


def by_the_library(text: str, region: str | None) -> Planned | None:
    """The plain way: parse, ask whether it is valid, format, ask for type and region."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    owner = phonenumbers.region_code_for_number(number)
    return Planned(e164, "" if owner in (None, "001") else str(owner), phonenumbers.number_type(number))


@given(near_examples())
def test_international_numbers(case: tuple[str, str]) -> None:
    """After a +, valid or not, whatever the country."""
    region, digits = case
    full = f"{phonenumbers.country_code_for_region(region)}{digits}"
    assert international(full) == by_the_library("+" + full, None)


@given(near_examples())
def test_region_and_kind(case: tuple[str, str]) -> None:
    """What the library says of a number, asked of patterns that are compiled once."""
    region, digits = case
    code = phonenumbers.country_code_for_region(region)
    number = PhoneNumber(
        country_code=code,
        national_number=int(digits),
        italian_leading_zero=(digits[0] == "0" and len(digits) > 1) or None,
        number_of_leading_zeros=len(digits[:-1]) - len(digits[:-1].lstrip("0")) or None,
    )
    kind = phonenumbers.number_type(number)
    owner = phonenumbers.region_code_for_number(number) if kind != PhoneNumberType.UNKNOWN else None
    found, found_kind = region_and_kind(code, digits)
    assert found_kind == kind
    assert found == (owner or "") or kind == PhoneNumberType.UNKNOWN


@given(near_examples(), st.sampled_from(PREFIXES), st.sampled_from([None, *REGIONS]))
def test_national_numbers(case: tuple[str, str], prefix: str, other: str | None) -> None:
    """As dialled at home or elsewhere: with and without trunk prefix, way abroad or country code."""
    region, digits = case
    dialled = (str(phonenumbers.country_code_for_region(region)) if prefix == "own code" else prefix) + digits
    assert national(dialled, other or region) == by_the_library(dialled, other or region)


@given(st.text("0123456789", max_size=20), st.sampled_from(REGIONS))
def test_any_digits(digits: str, region: str) -> None:
    """No digits raise, none at all included."""
    assert international(digits) == by_the_library("+" + digits, None)
    assert national(digits, region) == by_the_library(digits, region)


def test_what_is_known_of_regions() -> None:
    """Plans without set lengths, and places without telephones of their own."""
    assert has_open_plan("DE")
    assert has_open_plan("AT")
    assert not has_open_plan("GB")
    assert has_plan("XK")
    assert not has_plan("AQ")


def test_who_writes_a_trunk_prefix() -> None:
    """The British put a 0 in front, Americans and Danes nothing."""
    for digits, region, needed in [
        ("2079460123", "GB", True),
        ("02079460123", "GB", False),
        ("2025550123", "US", False),
        ("20240105", "DK", False),
    ]:
        found = national(digits, region)
        assert found is not None
        assert lacks_trunk_prefix(found.e164, digits) is needed
