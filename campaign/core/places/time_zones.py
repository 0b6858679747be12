"""Time zones as people write them: IANA names, those of CLDR and Windows, abbreviations, offsets.

A name that several real zones answer to (Mountain Time, MST: Denver and Phoenix) stands for all of them, of the person's
own country if it has any. An offset stands for the zones of the country that keep it for a part of the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from campaign.core.places.states import country_with_states

_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+\-−])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_FIXED = re.compile(r"UTC([+-])(\d\d):(\d\d)")
_AHEAD = re.compile(r"\((?:GMT|UTC)[^)]*\)\s*", re.IGNORECASE)  # Windows: (UTC-05:00) Eastern Time (US & Canada)
_BEHIND = re.compile(r"\s*\([^)]*\)$")
_ZERO = ("gmt", "utc", "z")
_YEARS = range(
    2025, 2038
)  # up to the last for which zones list their changes one by one; then their newest rules go on
_SECTIONS = ("long", "short")


@lru_cache(maxsize=4096)
def read_time_zones(text: str, region: str) -> tuple[str, ...]:
    """The zones that a name stands for, for somebody of an ISO region; empty if it is none.

    They are IANA names, or an offset as `zone_named` reads it.
    """
    name = _AHEAD.sub("", " ".join(text.split())).casefold()
    without_hint = _BEHIND.sub("", name)
    if not without_hint:
        return ()
    if name != without_hint and (zone := _windows().get(name)):  # Central Standard Time (Mexico)
        return (zone,)
    # Abbreviations and English names first: in IANA's list EST is a fixed offset, which nobody means by it.
    if found := _of_abbreviation(without_hint, region):
        return found
    if without_hint in _ZERO:
        return ("UTC",)
    if found := _of_metazone(without_hint, region):
        # To Windows, Arabian Standard Time is that of Dubai: there both must be open.
        windows = _windows().get(without_hint, "")
        return differing((*found, windows)) if windows in zones_of_territory(region) else found
    if zone := _iana().get(without_hint.replace(" ", "_")) or _windows().get(without_hint):
        return (zone,)
    if match := _OFFSET.fullmatch(without_hint):
        return _of_offset(match, region)
    return _cities().get(without_hint.replace(" ", "_"), ())


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name, or of an offset written UTC+05:30."""
    match = _FIXED.fullmatch(name)
    if match is None:
        return ZoneInfo(name)
    away = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(away if match[1] == "+" else -away)


def same_time(zone: str, other: str) -> bool:
    """Whether two zones keep the same time, in these years and by the newest rules that are known."""
    return _kept(zone) == _kept(other)


def zones_of_territory(region: str) -> tuple[str, ...]:
    """The zones of an ISO region, by CLDR."""
    from babel.core import get_global  # imported here: it is slow, and most campaigns name no zones

    return tuple(zone for zone in get_global("territory_zones").get(region, ()) if zone in _known())


def differing(zones: Iterable[str]) -> tuple[str, ...]:
    """The zones without those that keep the same time as one before them, the plainest names first."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    for zone in sorted(set(zones), key=lambda name: (name.count("/"), name)):
        found.setdefault(_kept(zone), zone)
    return tuple(sorted(found.values()))


@lru_cache(maxsize=1024)
def _kept(zone: str) -> tuple[timedelta | None, ...]:
    """What the zone is away from UTC, week by week."""
    kept = zone_named(zone)
    start, weeks = datetime(_YEARS[0], 1, 1, 12, tzinfo=UTC), 52 * len(_YEARS)
    return tuple((start + timedelta(weeks=week)).astimezone(kept).utcoffset() for week in range(weeks))


def _of_offset(match: re.Match[str], region: str) -> tuple[str, ...]:
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 14:
        return ()
    away = timedelta(hours=hours, minutes=minutes) * (1 if match[1] == "+" else -1)
    kept = differing(zone for zone in zones_of_territory(region) if away in _kept(zone))
    return kept or (f"UTC{'+' if match[1] == '+' else '-'}{hours:02}:{minutes:02}",)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _iana() -> dict[str, str]:
    return {zone.casefold(): zone for zone in sorted(_known())}


@lru_cache(maxsize=1)
def _windows() -> dict[str, str]:
    from babel.core import get_global  # as above

    return {name.casefold(): zone for name, zone in get_global("windows_zone_mapping").items()}


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[str, ...]]:
    """Zones by their last word, where only one has it: Berlin, Arizona (US/Arizona)."""
    found: dict[str, set[str]] = {}
    for zone in _known():
        if "/" in zone and not zone.startswith("Etc/"):
            found.setdefault(zone.rpartition("/")[2].casefold(), set()).add(zone)
    return {city: (min(zones),) for city, zones in found.items() if len(zones) == 1 or len(differing(zones)) == 1}


def _of_abbreviation(word: str, region: str) -> tuple[str, ...]:
    """The zones of the region whose own short name it is for a part of the year: BST in the United Kingdom."""
    if not word.isalpha():
        return ()
    return differing(zone for zone in zones_of_territory(region) if word.upper() in _short_names(zone))


@lru_cache(maxsize=1024)
def _short_names(zone: str) -> frozenset[str | None]:
    kept = ZoneInfo(zone)
    return frozenset(datetime(_YEARS[-1], month, 15, 12, tzinfo=kept).tzname() for month in range(1, 13))


def _of_metazone(word: str, region: str) -> tuple[str, ...]:
    """The zones of a name such as Eastern Time, ET or AEST, as it is understood in the region."""
    tries: tuple[tuple[str, str], ...]
    if region == "AU" or word.startswith("australian "):
        # There Eastern Standard Time and EST are those of Sydney.
        tries = ((f"australian {word}", "AU"), (f"a{word}", "AU"), (word, "AU"))
    elif country_with_states(region) in ("US", "CA"):
        tries = ((word, "US"), (word, "CA"), (word, "AU"), (word, "GB"))
    else:
        tries = ((word, region), (word, "GB"), (word, "US"), (word, "AU"))
    for name, where in tries:
        names = _metazones(where)
        metazone = names.get(name) or names.get(f"{name} time")  # Eastern
        if metazone is not None:
            return _zones_of(metazone, (region, where))
    return ()


def _zones_of(metazone: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    from babel.core import get_global  # as above

    alike = {zone for zone, its in get_global("meta_zones").items() if its == metazone} & _known()
    own = (alike & set(zones_of_territory(region)) for region in regions)
    return differing(next(filter(None, own), alike))


@lru_cache(maxsize=64)
def _metazones(region: str) -> dict[str, str]:
    """The names of CLDR's groups of zones as English speakers of a region write them, where a name has one meaning."""
    from babel import Locale, UnknownLocaleError  # as above

    try:
        groups = Locale.parse(f"en_{region}").meta_zones
    except (UnknownLocaleError, ValueError):
        return {}
    found: dict[str, set[str]] = {}
    for metazone, words in groups.items():
        for section in _SECTIONS:
            for name in dict(words).get(section, {}).values():
                found.setdefault(name.casefold(), set()).add(metazone)
    return {name: metazones.pop() for name, metazones in found.items() if len(metazones) == 1}
