"""States and provinces: the table against other sources, and what is read from cells."""

from __future__ import annotations

import re

import phonenumbers
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.lead import Phone
from campaign.core.places.states import (
    country_of,
    country_with_states,
    read_state,
    states,
    states_of_number,
    states_of_postcode,
    zones_of_states,
)
from campaign.core.places.time_zones import same_time, zones_of_territory

NOT_STATES = {"US-UM"}  # islands without inhabitants
UNINHABITED = {"Antarctica/Macquarie"}
WITHOUT_AREA_CODE = {"US-AS", "US-GU", "US-MP", "US-PR", "US-VI"}  # their numbers have a region of their own


def test_every_state_is_in_the_table() -> None:
    """Those of ISO 3166-2, neither more nor less."""
    known = {one.code for one in pycountry.subdivisions if one.country_code in ("US", "CA", "AU")}
    assert set(states()) == known - NOT_STATES


@pytest.mark.parametrize("country", ["US", "CA", "AU"])
def test_the_states_have_all_zones_of_their_country(country: str) -> None:
    """Every zone that CLDR gives a country is kept, by its clocks, in some state, and no state has one that is not."""
    regions = [country, *(("AS", "GU", "MP", "PR", "VI") if country == "US" else ())]
    wanted = {zone for region in regions for zone in zones_of_territory(region)} - UNINHABITED
    found = zones_of_states(code for code in states() if country_of(code) == country)
    for zone in wanted:
        assert any(same_time(zone, one) for one in found), zone
    for zone in found:
        assert any(same_time(zone, one) for one in wanted), zone


def test_area_codes_are_those_of_phonenumbers() -> None:
    """Each that its geocoder ties to a state is in that state's line, and no line has one of another state."""
    from phonenumbers.geodata import GEOCODE_DATA

    names = {one.name: one.code for one in pycountry.subdivisions if one.country_code in ("US", "CA")}
    names |= {"Washington State": "US-WA", "Washington D.C.": "US-DC", "British Colombia": "CA-BC"}
    for prefix, words in GEOCODE_DATA.items():
        if not re.fullmatch(r"1\d{3}", prefix) or "en" not in words:
            continue
        place = words["en"]
        if match := re.search(r", ([A-Z]{2})$", place):
            wanted = {code for code in states() if code in (f"US-{match[1]}", f"CA-{match[1]}")}
        else:
            wanted = {names[name] for name in ([place] if place in names else place.split("/"))}
        region = country_of(min(wanted))
        assert set(states_of_number(Phone(f"+{prefix}5550123", region))) == wanted, prefix


def test_each_state_has_area_codes_and_postcodes() -> None:
    """But for the territories, and Australia, whose numbers and postcodes are not used."""
    for state in states().values():
        american = country_of(state.code) != "AU"
        assert bool(state.area_codes) == (american and state.code not in WITHOUT_AREA_CODE), state.code
        assert bool(state.postcodes) == (american and state.code not in ("US-GU", "US-MP")), state.code


@pytest.mark.parametrize(
    ("phone", "codes"),
    [
        (Phone("+13055550123", "US"), ("US-FL",)),
        (Phone("+12025550123", "US"), ("US-DC",)),
        (Phone("+14165550123", "CA"), ("CA-ON",)),
        (Phone("+19025550123", "CA"), ("CA-NS", "CA-PE")),
        (Phone("+17875550123", "PR"), ("US-PR",)),
        (Phone("+18005550123", "US"), ()),
        (Phone("+442079460123", "GB"), ()),
        (Phone("+61255501234", "AU"), ()),
    ],
)
def test_the_state_of_a_number(phone: Phone, codes: tuple[str, ...]) -> None:
    """By its area code; toll-free ones have none."""
    assert states_of_number(phone) == codes


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [
        ("Florida", "US", "US-FL"),
        (" fl ", "US", "US-FL"),
        ("US-FL", "US", "US-FL"),
        ("N.Y.", "US", "US-NY"),
        ("north carolina", "US", "US-NC"),
        ("Washington", "US", "US-WA"),
        ("Washington, D.C.", "US", "US-DC"),
        ("District of Columbia", "US", "US-DC"),
        ("Québec", "CA", "CA-QC"),
        ("Newfoundland & Labrador", "CA", None),
        ("Newfoundland and Labrador", "CA", "CA-NL"),
        ("PEI", "CA", "CA-PE"),
        ("WA", "AU", "AU-WA"),
        ("WA", "US", "US-WA"),
        ("Kent", "US", None),
        ("AE", "US", None),  # the armed forces: anywhere
        ("", "US", None),
    ],
)
def test_states_by_name_and_code(written: str, country: str, code: str | None) -> None:
    """Capitals, dots and accents don't matter."""
    assert read_state(written, country) == code


@pytest.mark.parametrize(
    ("written", "country", "codes"),
    [
        ("32801", "US", ("US-FL",)),
        ("32801-1234", "US", ("US-FL",)),
        ("02134", "US", ("US-MA",)),
        ("2134", "US", ("US-MA",)),  # a spreadsheet took it for a number
        ("501", "US", ("US-NY",)),
        ("06390", "US", ("US-CT", "US-NY")),
        ("83414", "US", ("US-ID", "US-WY")),
        ("09012", "US", ()),  # military
        ("34001", "US", ()),
        ("96941", "US", ()),  # Micronesia, Guam, Palau ...
        ("K1A 0B1", "CA", ("CA-ON",)),
        ("k1a0b1", "US", ("CA-ON",)),
        ("X0A", "CA", ("CA-NT", "CA-NU")),
        ("Z1A 0B1", "CA", ()),
        ("10115", "DE", ()),
        ("SW1A 1AA", "GB", ()),
        ("3280", "DE", ()),
        ("soon", "US", ()),
    ],
)
def test_states_by_postcode(written: str, country: str, codes: tuple[str, ...]) -> None:
    """All in which it may be."""
    assert states_of_postcode(written, country) == codes


@given(st.text(max_size=12), st.sampled_from(["US", "CA", "AU"]))
def test_arbitrary_text_is_a_state_or_none(text: str, country: str) -> None:
    """No cell stops a campaign."""
    assert read_state(text, country) in (None, *states())
    assert set(states_of_postcode(text, country)) <= set(states())


def test_the_countries_whose_states_are_known() -> None:
    """Territories count as the United States; elsewhere nobody looks for a state."""
    assert [country_with_states(region) for region in ("US", "PR", "CA", "AU", "DE", "")] == [
        "US",
        "US",
        "CA",
        "AU",
        "",
        "",
    ]
    assert phonenumbers.is_valid_number(phonenumbers.parse("+13055550123"))
