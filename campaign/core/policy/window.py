"""The calling window: whether a person may be called now, and if not, when.

A number that may be in several time zones is called only when the hours are open in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeAlias, TypeVar
from zoneinfo import available_timezones

from campaign.core.lead import Phone
from campaign.core.places.place import NOWHERE, Place
from campaign.core.places.states import country_of, country_with_states, states_of_number, zones_of_states
from campaign.core.places.time_zones import zone_named
from campaign.core.policy.number_zones import zones_of
from campaign.core.policy.opening_times import CallingHours, Clause, holidays_known, next_span
from campaign.core.policy.person_caps import PersonCap, caps_of_preset
from campaign.core.policy.presets import Presets
from campaign.core.policy.weekly_hours import DAY_NAMES, DAYS, WeeklyHours, parse_days, parse_weekly_hours

_FORMS = (
    "write auto (by the person's country), off, the name of a preset such as 'US federal', or hours of your own "
    "such as {hours: 9-18, days: mon-fri} or {mon-fri: '9-12, 13-18', sat: 10-14}"
)
_OPTIONS = ("hours", "days", "holidays", "timezone")
_MOST_KEPT = 4096  # answers that are remembered of each kind


class Mode(StrEnum):
    """Where the hours come from."""

    AUTO = "auto"
    PRESET = "preset"
    OWN = "own"
    OFF = "off"

    @property
    def uses_presets(self) -> bool:
        """Whether hours, and the caps that come with them, are those of presets."""
        return self in (Mode.AUTO, Mode.PRESET)


@dataclass(frozen=True, slots=True)
class OwnHours:
    """Hours that the mapping names. `holidays`: closed on public holidays of the person's country. `timezone`: an IANA
    zone in which they hold, instead of the person's ("")."""

    week: WeeklyHours
    holidays: bool = False
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class WindowRule:
    """`policy.calling_window` as the mapping has it. Whether `preset` exists is known once the presets are loaded."""

    mode: Mode
    preset: str = ""
    own: OwnHours | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a call is allowed at a moment; if not, when it is next (UTC; None: never within two months).

    `rule` names the rule that holds the call back, or all that let it through, with its source and without a full stop;
    `doubt` goes on with what is not sure about the person's time zone ("" if all is). `unchecked`: the call is let through
    because no preset, or no time zone, is known for the number, and a person should hear of that; `rule` says which.
    `closes_at` is when the hours that are open, or open next, close (or a day after they open); None if they never do.
    """

    allowed: bool
    next_allowed: datetime | None
    rule: str
    unchecked: bool = False
    doubt: str = ""
    closes_at: datetime | None = None


def parse_window(value: object) -> WindowRule:
    """The rule that `policy.calling_window` names. Raises `ValueError` that says what can be written."""
    if isinstance(value, MappingOf):
        return WindowRule(Mode.OWN, own=_own_hours(value))
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"'{value}' is no calling window: {_FORMS}")
    name = value.strip()
    if name.lower() in (Mode.AUTO, Mode.OFF):
        return WindowRule(Mode(name.lower()))
    if name[0].isdigit():
        raise ValueError(f"hours of your own need their days: write {{hours: '{name}', days: mon-fri}}")
    return WindowRule(Mode.PRESET, preset=name)


def _own_hours(value: MappingOf[object, object]) -> OwnHours:
    given = {str(key): item for key, item in value.items() if str(key) not in _OPTIONS}
    if "hours" in value:
        if given:
            raise ValueError(f"'{next(iter(given))}' and 'hours' can't stand together: {_FORMS}")
        # Without days the hours hold for the whole week.
        days = parse_days(value["days"]) if "days" in value else range(len(DAYS))
        given = {DAYS[day]: value["hours"] for day in days}
    elif "days" in value:
        raise ValueError("'days' needs 'hours' beside it: write {hours: 9-18, days: mon-fri}")
    for key in given:
        near = get_close_matches(key, (*_OPTIONS, *DAYS, *DAY_NAMES), n=1)
        if near and near[0] in _OPTIONS:
            raise ValueError(f"'{key}' is not known here, did you mean {near[0]}? Or {_FORMS}")
    holidays = value.get("holidays", False)
    if not isinstance(holidays, bool):
        raise ValueError(f"holidays is true (closed on public holidays) or false, not '{holidays}'")
    return OwnHours(parse_weekly_hours(given), holidays, _timezone(value.get("timezone", "")))


def _timezone(value: object) -> str:
    if value == "":
        return ""
    known = available_timezones()
    if isinstance(value, str) and value in known:
        return value
    lowered = {zone.lower(): zone for zone in sorted(known)}
    near = get_close_matches(str(value).lower(), lowered, n=1)
    hint = f"did you mean {lowered[near[0]]}?" if near else "zones are written like Europe/Berlin."
    raise ValueError(f"'{value}' is no time zone: {hint}")


@dataclass(frozen=True, slots=True)
class _Applied:
    """A rule as it applies to numbers of one region, one set of zones and one place."""

    clauses: frozenset[Clause]
    rule: str
    doubt: str = ""
    unchecked: bool = False

    def closed(self, now: datetime) -> bool:
        """Whether it is closed somewhere at a moment."""
        return any(not hours.open_at(now.astimezone(zone_named(zone))) for hours, zone in self.clauses)


_Where: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]
"""What of a number tells its hours: its region, its states, and the zones in which they must be open."""


class CallingWindow:
    """A rule ready for use. Raises `ValueError`, with the nearest name, if it names a preset that does not exist.

    What a row says of its place goes before what its number tells. Its time zone holds alone. Its state holds alone if
    the number is of the same country; else both must be open, because one of the two is wrong or the person is abroad.
    Under `auto` all presets that may apply must be open: those of the number's country and state, and of the row's.
    """

    def __init__(self, rule: WindowRule, presets: Presets) -> None:
        self._mode = rule.mode
        self._own = rule.own
        self._presets = presets
        self._preset = presets.find(rule.preset) if rule.mode is Mode.PRESET else None
        self._applied: dict[tuple[_Where, Place], tuple[_Applied, ...]] = {}
        # What was found for a set of clauses holds until the hours open or close: a million rows, few searches.
        self._found: dict[frozenset[Clause], tuple[datetime, datetime, Opening]] = {}
        self._caps: dict[tuple[tuple[tuple[str, tuple[str, ...]], ...], Place], tuple[PersonCap, ...]] = {}
        # All rows of a list are judged at one moment, and most are of few places. An answer that a call may go holds as long
        # as the hours are open, any other for its moment alone.
        self._answers: dict[tuple[tuple[_Where, ...], Place], tuple[datetime, datetime, Opening]] = {}

    def opening(self, phone: Phone, now: datetime, place: Place = NOWHERE) -> Opening:
        """Whether the number of a person who is at `place` may be called at `now` (UTC)."""
        return self.opening_of_all((phone,), now, place)

    def opening_of_all(self, phones: Sequence[Phone], now: datetime, place: Place = NOWHERE) -> Opening:
        """Whether all numbers of a person may be called at `now` (UTC): the vendor may call any of them."""
        if self._mode is Mode.OFF:
            return _OPEN
        whose = tuple([(phone.region, states_of_number(phone), self._zones(phone, place)) for phone in phones]), place
        known = self._answers.get(whose)
        if known is None or not known[0] <= now < known[1]:
            applied = (one for where in whose[0] for one in self._apply(where, place))
            known = _kept(self._answers, whose, self._answer(tuple(dict.fromkeys(applied)), now))
        return known[2]

    def caps_of(self, phones: Sequence[Phone], place: Place) -> tuple[PersonCap, ...]:
        """How often the person may be called, by the presets that hold for all numbers and the place."""
        if self._preset is not None:
            return caps_of_preset(self._preset)
        if self._mode is not Mode.AUTO:
            return ()
        key = tuple([(phone.region, states_of_number(phone)) for phone in phones]), place
        if key not in self._caps:
            _kept(self._caps, key, tuple(self._find_caps(*key)))
        return self._caps[key]

    def _find_caps(self, numbers: tuple[tuple[str, tuple[str, ...]], ...], place: Place) -> dict[PersonCap, None]:
        regions = dict.fromkeys((*(region for region, _ in numbers), *map(country_of, place.states)))
        states = dict.fromkeys((*(state for _, its in numbers for state in its), *place.states))
        presets = (*map(self._presets.of_country, regions), *map(self._presets.of_state, states))
        return dict.fromkeys(cap for preset in presets if preset is not None for cap in caps_of_preset(preset))

    def _answer(self, applied: tuple[_Applied, ...], now: datetime) -> tuple[datetime, datetime, Opening]:
        """From when and until when an answer holds, and the answer."""
        clauses = frozenset[Clause]().union(*(one.clauses for one in applied))
        unchecked = tuple(one for one in applied if one.unchecked)
        moment = now, now + datetime.resolution
        if not clauses:
            return *moment, _told(Opening(True, None, "", bool(unchecked)), applied)
        found = self._found.get(clauses)
        if found is None or not found[0] <= now < found[1]:
            found = _kept(self._found, clauses, _search(clauses, now))
        opening = replace(found[2], unchecked=bool(unchecked))
        if opening.allowed:
            return *found[:2], _told(opening, unchecked or applied)
        if opening.next_allowed is None:
            cure = "; no moment suits all of these, so give the hours a timezone of their own in policy.calling_window"
            told = _told(opening, applied)
            return *moment, replace(told, rule=told.rule + cure)
        return *moment, _told(opening, tuple(one for one in applied if one.closed(now)))

    def _apply(self, where: _Where, place: Place) -> tuple[_Applied, ...]:
        key = where, place
        if key not in self._applied:
            _kept(self._applied, key, tuple(self._apply_in(*where, place)))
        return self._applied[key]

    def _zones(self, phone: Phone, place: Place) -> tuple[str, ...]:
        """The zones in which the hours must be open."""
        if self._own and self._own.timezone:
            return (self._own.timezone,)
        if place.zones:
            return place.zones
        if not place.states:
            return zones_of(phone)
        zones = zones_of_states(place.states)
        if all(country_of(state) == country_with_states(phone.region) for state in place.states):
            return zones
        return tuple(sorted({*zones, *zones_of(phone)}))

    def _apply_in(
        self, region: str, states: tuple[str, ...], zones: tuple[str, ...], place: Place
    ) -> Iterator[_Applied]:
        whose = "person" if place != NOWHERE else "number"
        doubt = f"; the {whose} may be in {len(zones)} time zones" if len(zones) > 1 else ""
        elsewhere = [country for country in map(country_of, place.states) if country != country_with_states(region)]
        regions = list(dict.fromkeys((region, *elsewhere)))
        for hours, words in self._hours(regions, dict.fromkeys((*states, *place.states))):
            if hours is None:
                yield _Applied(frozenset(), words, unchecked=True)
            elif not zones:
                yield _Applied(frozenset(), f"{words}; the time zone of the number is not known", unchecked=True)
            else:
                yield _Applied(frozenset((hours, zone) for zone in zones), words, doubt)

    def _hours(self, regions: Sequence[str], states: Iterable[str]) -> Iterator[tuple[CallingHours | None, str]]:
        """All hours that must be open for somebody who may be in these regions and states, each with its words."""
        if self._own:
            yield from (self._own_hours(self._own, region) for region in regions)
        elif self._preset:
            for region in regions:
                yield self._preset.calling_hours(region), self._preset.words()
        else:
            for region in regions:
                preset = self._presets.of_country(region)
                if preset is None:
                    yield None, f"no checked preset for {region or 'a number that belongs to no country'}"
                else:
                    yield preset.calling_hours(region), preset.words()
            for preset in filter(None, map(self._presets.of_state, states)):
                yield preset.calling_hours(preset.regions[0]), preset.words()

    def _own_hours(self, own: OwnHours, region: str) -> tuple[CallingHours, str]:
        where = f"{own.timezone} time" if own.timezone else "local time of the person called"
        hours, holidays = CallingHours(own.week), ""
        if own.holidays and holidays_known(region):
            hours, holidays = CallingHours(own.week, (region, "")), ", not on public holidays"
        elif own.holidays:
            holidays = f" (public holidays of {region or 'a number without a country'} are not known)"
        return hours, f"own hours are {own.week.words()}{holidays}, {where}"


_OPEN = Opening(True, None, "the calling window is off")
_K = TypeVar("_K")
_V = TypeVar("_V")


def _kept(cache: dict[_K, _V], key: _K, value: _V) -> _V:
    """Put a value into a cache that must not grow with the list."""
    if len(cache) >= _MOST_KEPT:
        cache.clear()
    cache[key] = value
    return value


def _told(opening: Opening, applied: Sequence[_Applied]) -> Opening:
    """The opening with the words of these rules."""
    rule = "; and ".join(dict.fromkeys(one.rule for one in applied))
    return replace(opening, rule=rule, doubt=next((one.doubt for one in applied if one.doubt), ""))


def _closing(clauses: Iterable[Clause], opens: datetime) -> datetime | None:
    span = next_span(clauses, opens)
    return span[1] if span is not None else None


def _search(clauses: Iterable[Clause], now: datetime) -> tuple[datetime, datetime, Opening]:
    """From when and until when an answer holds, and the answer."""
    span = next_span(clauses, now)
    if span is None:
        return now, now + timedelta(days=1), Opening(False, None, "")
    opens, closes = span
    if opens <= now:
        return now, closes, Opening(True, None, "", closes_at=closes)
    return now, opens, Opening(False, opens, "", closes_at=_closing(clauses, opens))
