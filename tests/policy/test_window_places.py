"""The calling window of somebody whose row says where they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.adapters.calling_hours import load_presets
from campaign.core.lead import Phone
from campaign.core.places.place import NOWHERE, Place
from campaign.core.places.states import states, zones_of_states
from campaign.core.places.time_zones import zone_named
from campaign.core.policy.number_zones import zones_of
from campaign.core.policy.presets import Presets
from campaign.core.policy.window import CallingWindow, Opening, parse_window

PRESETS = load_presets()
MIAMI = Phone("+13055550123", "US")
WASHINGTON = Phone("+12025550123", "US")
NEVADA = Phone("+17025550123", "US")
TOLL_FREE = Phone("+18005550123", "US")
SAN_JUAN = Phone("+17875550123", "PR")
TORONTO = Phone("+14165550123", "CA")
LONDON = Phone("+442079460123", "GB")
BERLIN = Phone("+493023125123", "DE")
SYDNEY = Phone("+61255501234", "AU")
NO_COUNTRY = Phone("+80012345678", "")
PHONES = (MIAMI, WASHINGTON, NEVADA, TOLL_FREE, SAN_JUAN, TORONTO, LONDON, BERLIN, SYDNEY, NO_COUNTRY)


def opening(
    phone: Phone, at: str, place: Place = NOWHERE, value: object = "auto", presets: Presets = PRESETS
) -> Opening:
    """What is said of a number at a moment."""
    return CallingWindow(parse_window(value), presets).opening(phone, datetime.fromisoformat(at).astimezone(UTC), place)


TEXAS, FLORIDA, RHODE_ISLAND = Place(states=("US-TX",)), Place(states=("US-FL",)), Place(states=("US-RI",))


@pytest.mark.parametrize(
    ("phone", "place", "at", "allowed", "rule"),
    [
        # A state of its own preset: the row's, or that of the number's area code.
        (WASHINGTON, NOWHERE, "2026-07-03T20:30-04:00", True, "US federal"),
        (MIAMI, NOWHERE, "2026-07-03T20:30-04:00", False, "US Florida"),
        (WASHINGTON, FLORIDA, "2026-07-03T20:30-04:00", False, "US Florida"),
        # A mobile number moved: its own state's rule holds on, in the hours of the place where the person is.
        (MIAMI, RHODE_ISLAND, "2026-07-04T12:00-04:00", False, "US Rhode Island"),  # a Saturday
        (MIAMI, TEXAS, "2026-07-03T20:30-05:00", False, "US Florida"),
        (NEVADA, RHODE_ISLAND, "2026-07-03T09:30-04:00", True, "US federal"),  # 6:30 in Nevada, 9:30 where the person is
        # Toll-free: no state, but every zone of the country, unless the row names one.
        (TOLL_FREE, NOWHERE, "2026-07-03T09:00-04:00", False, "US federal"),
        (TOLL_FREE, FLORIDA, "2026-07-03T09:00-04:00", True, "US federal"),
        # A state with two zones: both must be open.
        (WASHINGTON, TEXAS, "2026-07-03T08:30-05:00", False, "US federal"),
        (WASHINGTON, TEXAS, "2026-07-03T09:30-05:00", True, "US federal"),
        # A time zone of the row's own holds alone.
        (WASHINGTON, Place(("America/Chicago",), ("US-TX",)), "2026-07-03T08:30-05:00", True, "US federal"),
        (LONDON, Place(("America/New_York",)), "2026-07-03T08:30-04:00", True, "UK"),
        (LONDON, Place(("America/New_York",)), "2026-07-03T08:30+01:00", False, "UK"),
        (WASHINGTON, Place(("UTC+05:30",)), "2026-07-03T08:30+05:30", True, "US federal"),
        (WASHINGTON, Place(("UTC+05:30",)), "2026-07-03T07:30+05:30", False, "US federal"),
        # A state of another country than the number's: both countries' rules, and both places.
        (WASHINGTON, Place(states=("CA-ON",)), "2026-07-04T18:30-04:00", False, "Canada"),
        (LONDON, FLORIDA, "2026-07-03T19:30+01:00", True, "UK"),
        (LONDON, FLORIDA, "2026-07-03T20:30+01:00", False, "US Florida"),  # every rule in every zone
        (LONDON, FLORIDA, "2026-07-03T21:30+01:00", False, "UK"),
        (LONDON, FLORIDA, "2026-07-03T08:30-04:00", False, "US federal"),  # 7:30 in Pensacola
        (BERLIN, FLORIDA, "2026-07-03T20:30-04:00", False, "US federal"),  # 2:30 in Berlin
        # A territory is the same country as the states.
        (SAN_JUAN, NOWHERE, "2026-07-03T08:30-04:00", True, "US federal"),
        (SAN_JUAN, FLORIDA, "2026-07-03T09:30-04:00", True, "US federal"),
        (WASHINGTON, Place(states=("US-PR",)), "2026-01-05T08:30-04:00", True, "US federal"),
    ],
)  # fmt: skip
def test_the_row_s_own_place_and_all_rules_that_may_apply(
    phone: Phone, place: Place, at: str, allowed: bool, rule: str
) -> None:
    """The zone is the row's; the rules are those of the number's country and state, and of the row's."""
    said = opening(phone, at, place)
    assert said.allowed == allowed
    assert f"{rule} hours are" in said.rule


def test_only_the_rule_that_is_closed_is_named() -> None:
    """Half past eight in the evening: it is Florida's, and not the federal one, that holds the call back."""
    late = opening(MIAMI, "2026-07-03T20:30-04:00")
    assert late.rule == (
        "US Florida hours are 8:00-20:00 every day, local time of the person called (Fla. Stat. 501.616, checked 2026-11)"
    )
    assert late.doubt == ""
    both = opening(MIAMI, "2026-07-03T21:30-04:00")
    assert "US federal" in both.rule
    assert "; and US Florida" in both.rule
    assert late.next_allowed == both.next_allowed == datetime(2026, 7, 4, 12, tzinfo=UTC)


def test_the_doubt_tells_whose_zones_they_are() -> None:
    """A state's, or a number's."""
    assert opening(WASHINGTON, "2026-07-03T03:00-05:00", TEXAS).doubt == "; the person may be in 2 time zones"
    assert opening(TOLL_FREE, "2026-07-03T03:00-05:00").doubt.startswith("; the number may be in ")


def test_a_named_preset_and_own_hours_hold_where_the_row_says() -> None:
    """The person who wrote the mapping chose the rule; the row tells the zone."""
    assert opening(LONDON, "2026-07-03T19:30-04:00", Place(("America/New_York",)), "US Florida").allowed
    assert not opening(MIAMI, "2026-07-03T20:30-04:00", NOWHERE, "US Florida").allowed
    assert opening(MIAMI, "2026-07-03T20:30-04:00", NOWHERE, "US federal").allowed
    assert opening(MIAMI, "2026-07-03T09:30-07:00", Place(states=("US-CA",)), {"hours": "9-18"}).allowed
    assert not opening(MIAMI, "2026-07-03T09:30-04:00", Place(states=("US-CA",)), {"hours": "9-18"}).allowed
    fixed = {"hours": "9-18", "timezone": "America/New_York"}
    assert opening(MIAMI, "2026-07-03T09:30-04:00", Place(states=("US-CA",)), fixed).allowed


def test_a_number_of_no_country_is_judged_where_the_row_says() -> None:
    """The state's rules hold, and that the number's own are not known is still told."""
    night = opening(NO_COUNTRY, "2026-07-03T03:00-04:00", FLORIDA)
    assert not night.allowed
    day = opening(NO_COUNTRY, "2026-07-03T12:00-04:00", FLORIDA)
    assert (day.allowed, day.unchecked) == (True, True)
    assert day.rule == "no checked preset for a number that belongs to no country"


def test_a_state_s_preset_of_one_s_own_holds(tmp_path: Path) -> None:
    """Also where none is shipped; beside the country's, not in its place."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "- {name: Texas, regions: [US], state: TX, hours: {mon-sat: 9-22}, source: our lawyer, checked: 2027-01-15}\n",
        encoding="utf-8",
    )
    presets = load_presets(own)
    held = opening(Phone("+12145550123", "US"), "2026-07-05T12:00-05:00", presets=presets)  # Dallas, a Sunday
    assert not held.allowed
    assert "Texas hours are Mon-Sat 9:00-22:00" in held.rule
    assert "our lawyer, checked 2027-01-15, in own.yaml" in held.rule
    assert not opening(Phone("+12145550123", "US"), "2026-07-06T21:30-05:00", presets=presets).allowed


ZONES = st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Chatham", "UTC-09:30", "Asia/Kathmandu"])
PLACES = st.builds(
    Place,
    st.lists(ZONES, max_size=2).map(tuple),
    st.lists(st.sampled_from(sorted(states())), max_size=2, unique=True).map(tuple),
)
DST_NIGHTS = (
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 16, tzinfo=UTC),
    datetime(2026, 10, 3, 16, tzinfo=UTC),
)
MOMENTS = st.tuples(st.sampled_from(DST_NIGHTS), st.integers(-1500, 1500)).map(lambda m: m[0] + timedelta(minutes=m[1]))


def obviously_open(phone: Phone, place: Place, moment: datetime) -> bool:
    """The same from the documentation, by the wall clock of each zone."""
    own = place.zones or zones_of_states(place.states)
    foreign = {code[:2] for code in place.states} - {"US" if phone.region == "PR" else phone.region}
    zones = {*own, *(zones_of(phone) if not own or (foreign and not place.zones) else ())}
    if not zones:
        return True
    countries = {phone.region, *(code[:2] for code in place.states)}
    in_florida = "US-FL" in place.states or phone == MIAMI
    in_nevada = "US-NV" in place.states or phone == NEVADA
    for zone in zones:
        local = moment.astimezone(zone_named(zone))
        hour, sunday, weekend = local.hour + local.minute / 60, local.weekday() == 6, local.weekday() >= 5
        if countries & {"US", "PR"} and not 8 <= hour < 21:
            return False
        if in_florida and not 8 <= hour < 20:
            return False
        if in_nevada and not 9 <= hour < 20:
            return False
        if "CA" in countries and not (10 <= hour < 18 if weekend else 9 <= hour < 21.5):
            return False
        if "GB" in countries and (sunday or not 8 <= hour < 21):
            return False
    return True


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([p for p in PHONES if p.region != "AU"]), PLACES, MOMENTS)
def test_the_window_is_what_its_documentation_says(phone: Phone, place: Place, moment: datetime) -> None:
    """Numbers and places of all kinds, around the nights on which clocks change; Australia's holidays apart."""
    with_presets = {
        "US-AL",
        "US-LA",
        "US-MS",
        "US-MD",
        "US-MA",
        "US-CT",
        "US-KY",
        "US-MI",
        "US-MN",
        "US-NM",
        "US-RI",
        "US-OK",
    }
    place = Place(place.zones, tuple(code for code in place.states if code[:2] != "AU" and code not in with_presets))
    window = CallingWindow(parse_window("auto"), PRESETS)
    said = window.opening(phone, moment, place)
    assert said.allowed == obviously_open(phone, place, moment)
    if not said.allowed and said.next_allowed is not None:
        assert obviously_open(phone, place, said.next_allowed)
        steps = min(3000, int((said.next_allowed - moment) / timedelta(minutes=1)))
        for minute in range(0, steps, 7):
            assert not obviously_open(phone, place, moment + timedelta(minutes=minute))
        assert not obviously_open(phone, place, said.next_allowed - timedelta(seconds=1))


def test_a_real_zone_is_behind_every_state() -> None:
    """On every machine: the names are IANA's."""
    for zone in zones_of_states(states()):
        assert ZoneInfo(zone).key == zone
