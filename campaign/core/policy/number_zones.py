"""The time zones that a number may be in."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

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
    try:
        found = set(time_zones_for_number(phonenumbers.parse(phone.e164)))
    except phonenumbers.NumberParseException:
        found = set()
    return _within(frozenset(found - {_UNKNOWN}), phone.region)


@lru_cache(maxsize=4096)
def _within(zones: frozenset[str], region: str) -> tuple[str, ...]:
    country = _zones_of_country(region)
    # An old name (Asia/Calcutta) and the new one (Asia/Kolkata) are one zone.
    kept = {zone for zone in zones if _present_name(zone) in country}
    return tuple(sorted(kept or country or zones))


@lru_cache(maxsize=512)
def _zones_of_country(region: str) -> frozenset[str]:
    from babel.core import get_global  # imported here: it is slow, and not every command asks for zones

    return frozenset(_present_name(zone) for zone in get_global("territory_zones").get(region, ()))


def _present_name(zone: str) -> str:
    from babel.core import get_global  # as above

    name: str = get_global("zone_aliases").get(zone, zone)
    return name
