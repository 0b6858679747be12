"""States and provinces: read from cells, postcodes and area codes, and the time zones that each has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from campaign.core.lead import Phone
from campaign.core.places.state_table import STATES

TERRITORIES = {"AS": "US-AS", "GU": "US-GU", "MP": "US-MP", "PR": "US-PR", "VI": "US-VI"}
"""Parts of the United States that have a country code of their own in ISO 3166-1."""
_COUNTRIES = ("US", "CA", "AU")
_ALSO = {
    "washington dc": "US-DC",
    "us virgin islands": "US-VI",
    "virgin islands": "US-VI",
    "newfoundland": "CA-NL",
    "labrador": "CA-NL",
    "nfld": "CA-NL",
    "nf": "CA-NL",
    "pei": "CA-PE",
    "pq": "CA-QC",
    "nwt": "CA-NT",
    "yukon territory": "CA-YT",
    "yk": "CA-YT",
}
_ZIP = re.compile(r"(\d{5})(?:[-\s]?\d{4})?")
_ZIP_WITHOUT_ZEROS = re.compile(r"\d{3,4}")
_CANADIAN = re.compile(r"([A-Z])\d[A-Z]\s*(?:\d[A-Z]\d)?")


@dataclass(frozen=True, slots=True)
class State:
    """A line of the table: the state's code, its time zones, and the beginnings of its postcodes and numbers."""

    code: str
    zones: tuple[str, ...]
    postcodes: frozenset[str]
    area_codes: frozenset[str]


@lru_cache(maxsize=1)
def states() -> dict[str, State]:
    """The states that are known, by code."""
    lines = STATES.replace("\n  ", " ").splitlines()
    return {state.code: state for state in map(_state, lines)}


def country_of(state: str) -> str:
    """The country of a state's code: US of US-PR, too."""
    return state.partition("-")[0]


def country_with_states(region: str) -> str:
    """The country whose states are looked up for an ISO region: US for PR, too; "" where no states are known."""
    country = "US" if region in TERRITORIES else region
    return country if country in _COUNTRIES else ""


@lru_cache(maxsize=4096)
def read_state(text: str, country: str) -> str | None:
    """The code of a state of `country` that is named or written as a code: Florida, FL, US-FL. None if there is none."""
    word = _plain(text)
    if word.startswith(f"{country.lower()} "):  # US-FL
        word = word[3:]
    return _names()[country].get(word)


@lru_cache(maxsize=4096)
def states_of_postcode(text: str, country: str) -> tuple[str, ...]:
    """The states in which a postcode may be; empty where it tells none. Canadian ones are known by their form alone."""
    code = text.strip().upper()
    if match := _CANADIAN.fullmatch(code):
        return _by_postcode().get(match[1], ())
    if country != "US":
        return ()
    if _ZIP_WITHOUT_ZEROS.fullmatch(code):  # a spreadsheet took 02134 for a number
        code = code.zfill(5)
    match = _ZIP.fullmatch(code)
    return _by_postcode().get(match[1][:3], ()) if match else ()


def states_of_number(phone: Phone) -> tuple[str, ...]:
    """The states to which a number's area code belongs; empty where it tells none (toll-free, other countries)."""
    if phone.region in TERRITORIES:
        return (TERRITORIES[phone.region],)
    return _by_area_code().get(phone.e164[2:5], ()) if phone.region in ("US", "CA") else ()


def zones_of_states(codes: Iterable[str]) -> tuple[str, ...]:
    """All time zones of these states, in alphabetical order."""
    return tuple(sorted({zone for code in codes for zone in states()[code].zones}))


def _state(line: str) -> State:
    code, zones, postcodes, area_codes = (part.split() for part in line.split("|"))
    return State(code[0], tuple(zones), frozenset(_each(postcodes)), frozenset(area_codes))


def _each(ranges: list[str]) -> Iterable[str]:
    for item in ranges:
        first, dash, last = item.partition("-")
        yield from (f"{n:03}" for n in range(int(first), int(last) + 1)) if dash else (first,)


@lru_cache(maxsize=1)
def _by_postcode() -> dict[str, tuple[str, ...]]:
    return _inverted((beginning, state.code) for state in states().values() for beginning in state.postcodes)


@lru_cache(maxsize=1)
def _by_area_code() -> dict[str, tuple[str, ...]]:
    return _inverted((area, state.code) for state in states().values() for area in state.area_codes)


def _inverted(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for beginning, code in pairs:
        found[beginning] = (*found.get(beginning, ()), code)
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, str]]:
    """For each country the states by code and by name, as `_plain` writes them."""
    import pycountry  # imported here: it is slow, and most campaigns name no states

    names: dict[str, dict[str, str]] = {country: {} for country in _COUNTRIES}
    for state in pycountry.subdivisions:
        if state.code in states():
            own = names[country_of(state.code)]
            own[state.code.partition("-")[2].lower()] = state.code
            own[_plain(state.name)] = state.code
    for word, code in _ALSO.items():
        names[country_of(code)][word] = code
    return names


def _plain(text: str) -> str:
    """A name without accents, dots, hyphens, commas and capitals: Québec is quebec, Washington, D.C. is washington dc."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[-,_]", " ", bare.casefold().replace(".", "")).split())
