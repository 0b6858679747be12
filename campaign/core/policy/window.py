"""The calling window: whether a person may be called now, and if not, when.

A number that may be in several time zones is called only when the hours are open in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from zoneinfo import available_timezones

from campaign.core.lead import Phone
from campaign.core.policy.number_zones import zones_of
from campaign.core.policy.opening_times import CallingHours, Clause, holidays_known, next_span
from campaign.core.policy.presets import Presets
from campaign.core.policy.weekly_hours import DAY_NAMES, DAYS, WeeklyHours, parse_days, parse_weekly_hours

_FORMS = (
    "write auto (by the person's country), off, the name of a preset such as 'US federal', or hours of your own "
    "such as {hours: 9-18, days: mon-fri} or {mon-fri: '9-12, 13-18', sat: 10-14}"
)
_OPTIONS = ("hours", "days", "holidays", "timezone")


class Mode(StrEnum):
    """Where the hours come from."""

    AUTO = "auto"
    PRESET = "preset"
    OWN = "own"
    OFF = "off"


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

    `rule` names the rule and its source, without a full stop. `unchecked`: the call is let through because no preset,
    or no time zone, is known for the number, and a person should hear of that.
    """

    allowed: bool
    next_allowed: datetime | None
    rule: str
    unchecked: bool = False


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
    """The rule as it applies to numbers of one region and one set of zones."""

    clauses: frozenset[Clause]
    rule: str
    unchecked: bool = False


class CallingWindow:
    """A rule ready for use. Raises `ValueError`, with the nearest name, if it names a preset that does not exist."""

    def __init__(self, rule: WindowRule, presets: Presets) -> None:
        self._mode = rule.mode
        self._own = rule.own
        self._presets = presets
        self._preset = presets.find(rule.preset) if rule.mode is Mode.PRESET else None
        self._applied: dict[tuple[str, tuple[str, ...]], _Applied] = {}
        # What was found for a set of clauses holds until the hours open or close: a million rows, few searches.
        self._found: dict[frozenset[Clause], tuple[datetime, datetime, Opening]] = {}

    def opening(self, phone: Phone, now: datetime) -> Opening:
        """Whether the number may be called at `now` (UTC)."""
        return self._opening([self._apply(phone)], now)

    def opening_of_all(self, phones: Sequence[Phone], now: datetime) -> Opening:
        """Whether all numbers of a person may be called at `now` (UTC): the vendor may call any of them."""
        return self._opening([self._apply(phone) for phone in phones], now)

    def _opening(self, applied: Sequence[_Applied], now: datetime) -> Opening:
        clauses = frozenset[Clause]().union(*(one.clauses for one in applied))
        rule = "; and ".join(dict.fromkeys(one.rule for one in applied))
        unchecked = any(one.unchecked for one in applied)
        if not clauses:
            return Opening(True, None, rule, unchecked)
        found = self._found.get(clauses)
        if found is None or not found[0] <= now < found[1]:
            if len(self._found) >= 4096:
                self._found.clear()
            found = self._found[clauses] = _search(clauses, now)
        opening = found[2]
        if not opening.allowed and opening.next_allowed is None:
            rule += "; no moment suits all of these, so give the hours a timezone of their own in policy.calling_window"
        return Opening(opening.allowed, opening.next_allowed, rule, unchecked)

    def _apply(self, phone: Phone) -> _Applied:
        if self._mode is Mode.OFF:
            return _Applied(frozenset(), "the calling window is off")
        if self._mode is Mode.AUTO and self._presets.of_country(phone.region) is None:
            where = phone.region or "a number that belongs to no country"
            return _Applied(frozenset(), f"no checked preset for {where}", unchecked=True)
        zones = (self._own.timezone,) if self._own and self._own.timezone else zones_of(phone)
        key = phone.region, zones
        if key not in self._applied:
            self._applied[key] = self._apply_in(phone.region, zones)
        return self._applied[key]

    def _apply_in(self, region: str, zones: tuple[str, ...]) -> _Applied:
        hours, words = self._hours(region)
        if not zones:
            return _Applied(frozenset(), f"{words}; the time zone of the number is not known", unchecked=True)
        if len(zones) > 1:
            words += f"; the number may be in {len(zones)} time zones"
        return _Applied(frozenset((hours, zone) for zone in zones), words)

    def _hours(self, region: str) -> tuple[CallingHours, str]:
        if self._own:
            where = f"{self._own.timezone} time" if self._own.timezone else "local time of the person called"
            hours, holidays = CallingHours(self._own.week), ""
            if self._own.holidays and holidays_known(region):
                hours, holidays = CallingHours(self._own.week, (region, "")), ", not on public holidays"
            elif self._own.holidays:
                holidays = f" (public holidays of {region or 'a number without a country'} are not known)"
            return hours, f"own hours are {self._own.week.words()}{holidays}, {where}"
        preset = self._preset or self._presets.of_country(region)
        assert preset is not None
        return preset.calling_hours(region), preset.words()


def _search(clauses: Iterable[Clause], now: datetime) -> tuple[datetime, datetime, Opening]:
    """From when and until when an answer holds, and the answer."""
    span = next_span(clauses, now)
    if span is None:
        return now, now + timedelta(days=1), Opening(False, None, "")
    opens, closes = span
    return (now, closes, Opening(True, None, "")) if opens <= now else (now, opens, Opening(False, opens, ""))
