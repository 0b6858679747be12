"""The time zones that a number may be in."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache

from phonenumbers import is_number_type_geographical
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

from campaign.core.cells.phone_plan import code_before, country_code, has_plan, international
from campaign.core.lead import Phone

_UNKNOWN = "Etc/Unknown"


def zones_of(phone: Phone) -> tuple[str, ...]:
    """The IANA zones that the number may be in, in alphabetical order; empty where none is known.

    A number tied to a place has the zones of that place, as far as they are its country's: for a few countries, Morocco
    and Algeria among them, phonenumbers names a neighbour's, and then all zones of the country count. A mobile or
    toll-free number has all zones of its own country: phonenumbers gives those of its whole calling code, and for +1
    they reach from Guam to Puerto Rico, where no moment suits all. A number of which nothing is known has those of its
    country, too. A mobile of a country whose mobiles look like landlines (+1) counts as being where its area code is.
    """
    e164, region, _ = phone
    code, all_of_them = _whatever_the_number(region)
    if all_of_them is not None and e164.startswith(code):
        return all_of_them
    return _within(zones_by_prefix(e164[1:]), region)


@cache
def _whatever_the_number(region: str) -> tuple[str, tuple[str, ...] | None]:
    """The country code of a region, and the zones that all its numbers have, if they have the same ones: most have one."""
    if not has_plan(region):
        return "", None
    code = country_code(region)
    begins = _beginnings()
    within = begins[bisect_left(begins, code) : bisect_left(begins, f"{code}:")]  # the sign after 9
    shorter = (code[:length] for length in range(1, len(code)))
    listed = {TIMEZONE_DATA[begin] for begin in (*within, *shorter) if begin in TIMEZONE_DATA}
    found = {_within(zones, region) for zones in ((), *listed)}
    return f"+{code}", found.pop() if len(found) == 1 else None


@cache
def _beginnings() -> list[str]:
    """The beginnings of numbers whose zones are known, in alphabetical order."""
    return sorted(TIMEZONE_DATA)


def zones_by_prefix(digits: str) -> tuple[str, ...]:
    """The zones of an E.164 number's digits as phonenumbers knows them; empty for what is no number.

    It is what `phonenumbers.timezone.time_zones_for_number` gives, which would parse and judge the number once more.
    """
    number = international(digits)
    if number is None:
        return ()
    digits = number.e164[1:]
    code = code_before(digits)
    if not is_number_type_geographical(number.kind, code):
        digits = str(code)
    for length in range(min(len(digits), TIMEZONE_LONGEST_PREFIX), 0, -1):
        if (zones := TIMEZONE_DATA.get(digits[:length])) is not None:
            return zones
    return ()


@lru_cache(maxsize=4096)
def _within(zones: tuple[str, ...], region: str) -> tuple[str, ...]:
    country = _zones_of_country(region)
    # An old name (Asia/Calcutta) and the new one (Asia/Kolkata) are one zone.
    found = set(zones) - {_UNKNOWN}
    kept = {zone for zone in found if _present_name(zone) in country}
    return tuple(sorted(kept or country or found))


@lru_cache(maxsize=512)
def _zones_of_country(region: str) -> frozenset[str]:
    from babel.core import get_global  # imported here: it is slow, and not every command asks for zones

    return frozenset(_present_name(zone) for zone in get_global("territory_zones").get(region, ()))


def _present_name(zone: str) -> str:
    from babel.core import get_global  # as above

    name: str = get_global("zone_aliases").get(zone, zone)
    return name
