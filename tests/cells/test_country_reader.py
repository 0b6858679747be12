"""Countries as people write them."""

from __future__ import annotations

from itertools import product
from string import ascii_letters

import pycountry
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.cells.cell import Cell, CellFault
from campaign.core.cells.country import CountryReader, read_country
from campaign.core.cells.country_names import code_of_name, codes
from campaign.core.problem import Code

READER = CountryReader("country", "Country")


@pytest.mark.parametrize(
    ("iso", "names"),
    [
        (
            "US",
            "us, USA, U.S., U.S.A., usa, America, United States, The United States of America, Estados Unidos, EE.UU.",
        ),
        ("GB", "UK, U.K., gb, GBR, Great Britain, England, Scotland, Wales, Northern Ireland, Vereinigtes Königreich"),
        ("GB", "Großbritannien, Royaume-Uni, United Kingdom of Great Britain and Northern Ireland"),
        ("DE", "de, DEU, Germany, Deutschland, Allemagne, ALEMANIA, Германия, Federal Republic of Germany, ドイツ"),
        ("AE", "UAE, U.A.E., United Arab Emirates, Émirats arabes unis, emirats arabes unis, الإمارات العربية المتحدة"),
        ("SA", "KSA, Saudi Arabia, Kingdom of Saudi Arabia"),
        ("KR", "Korea, South Korea, Republic of Korea, 대한민국"),
        ("KP", "North Korea, DPRK"),
        ("CN", "China, PRC, P.R. China, People's Republic of China"),
        ("TR", "Turkey, Türkiye, TURKIYE, Turkiye"),
        ("CZ", "Czechia, Czech Republic, Česko, Tschechien"),
        ("CI", "Ivory Coast, Côte d'Ivoire, Cote d’Ivoire"),
        ("VN", "Vietnam, Viet Nam, Việt Nam"),
        ("NL", "Holland, Netherlands, The Netherlands, Niederlande"),
        ("NO", "NO, no, Norway, Norge"),
        ("XK", "Kosovo, XK, XKX"),
        ("HK", "Hong Kong, Hong Kong SAR"),
        ("RU", "Russia, Russian Federation, Россия"),
        ("TW", "Taiwan, 台湾"),
        ("LC", "St. Lucia, Saint Lucia, St Lucia"),
        ("BA", "Bosnia & Herzegovina, Bosnia and Herzegovina, Bosnia"),
        ("BS", "Bahamas, The Bahamas"),
        ("CD", "DR Congo, Congo-Kinshasa"),
        ("NG", "Nigeria, NGA"),
        ("GR", "EL, GR, Greece"),
        ("AQ", "AQ, Antarctica"),
    ],
)
def test_reads_a_country(iso: str, names: str) -> None:
    """By code, name, official name, nickname and foreign name, whatever the case, accents and punctuation."""
    assert {name: read_country(name) for name in names.split(", ")} == dict.fromkeys(names.split(", "), iso)


@pytest.mark.parametrize("country", list(pycountry.countries), ids=lambda country: country.alpha_2)
def test_every_country_has_its_codes_and_names(country: object) -> None:
    """All of ISO 3166-1, but for the one name that two states share."""
    for key in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
        given_name = getattr(country, key, None)
        if given_name and given_name != "Congo":
            assert read_country(given_name) == country.alpha_2  # type: ignore[attr-defined]  # pycountry has no types


def test_every_english_territory_name_is_read() -> None:
    """The names in Babel's English are those that most programs export."""
    codes = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    for code, name in Locale("en").territories.items():
        if code in codes:
            assert read_country(name) == code


@pytest.mark.parametrize(
    "cell", ["Congo", "Kongo", "Nga", "Atlantis", "EU", "AC", "ZZ", "n/a", "1", 1, False, True, "x" * 500]
)
def test_what_is_not_one_country_is_none(cell: Cell) -> None:
    """Two states are called Congo, and Nga is Russia to the Vietnamese and a code of Nigeria: nobody guesses."""
    assert read_country(cell) is None
    value, problem = READER.read(cell)
    assert value == ""
    assert problem is not None
    assert problem.code is Code.COUNTRY_UNKNOWN
    assert (problem.field, problem.column) == ("country", "Country")


def test_two_latin_letters_are_a_code_or_no_country() -> None:
    """No language has a name of two that is not a code besides, so the names need not be asked."""
    for word in map("".join, product(ascii_letters, repeat=2)):
        code = {"UK": "GB", "EL": "GR"}.get(word.upper(), word.upper())
        assert read_country(word) == (code if code in codes() else None)
        assert code in codes() or code_of_name(word) is None


@pytest.mark.parametrize(
    ("name", "near"),
    [("Germny", "Germany"), ("Untied States", "United States"), ("Congo", "Congo-Brazzaville or Congo-Kinshasa")],
)
def test_the_nearest_name_is_offered(name: str, near: str) -> None:
    """A misspelled country comes with the name that was probably meant."""
    _, problem = READER.read(name)
    assert problem is not None
    assert problem.cure.startswith(f"Did you mean {near}?")


def test_blank_cells_and_faults() -> None:
    """A blank cell is nothing; a spreadsheet's error is named as one."""
    for cell in (None, "", " \u00a0", "\u200b"):
        assert READER.read(cell) == ("", None)
    _, problem = READER.read(CellFault("#N/A"))
    assert problem is not None
    assert problem.code is Code.CELL_ERROR


@pytest.mark.parametrize("name", ["Deutschland", "\u200bGB", "ＵＳ", " fr "])
def test_a_good_cell_has_no_problem(name: str) -> None:
    """Invisible and full-width signs are no part of a name."""
    value, problem = READER.read(name)
    assert value in ("DE", "GB", "US", "FR")
    assert problem is None


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none()))
def test_no_cell_raises(cell: Cell) -> None:
    """A code of two capitals or a problem, never both."""
    value, problem = READER.read(cell)
    assert not (value and problem)
    assert value == "" or (len(value) == 2 and value.isupper())
