"""The calling window of a number: its country, its zones, the words, and what is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st
from near_examples import near_examples
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from phonenumbers.timezone import time_zones_for_number

from campaign.adapters.calling_hours import load_presets
from campaign.core.cells.phone_plan import regions
from campaign.core.lead import Phone
from campaign.core.policy.number_zones import zones_by_prefix, zones_of
from campaign.core.policy.window import CallingWindow, parse_window

PRESETS = load_presets()
WASHINGTON = Phone("+12025550123", "US")
LOS_ANGELES = Phone("+12135550123", "US")
TOLL_FREE = Phone("+18005550123", "US")
PUERTO_RICO = Phone("+17875550123", "PR")
LONDON = Phone("+442079460123", "GB")
BERLIN = Phone("+493023125123", "DE")
PARIS = Phone("+33199001234", "FR")
SYDNEY = Phone("+61255501234", "AU")
NO_COUNTRY = Phone("+80012345678", "")
SOME = (WASHINGTON, LOS_ANGELES, TOLL_FREE, PUERTO_RICO, LONDON, BERLIN, PARIS, SYDNEY, NO_COUNTRY)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def window(value: object = "auto") -> CallingWindow:
    """The window that a mapping's value means."""
    return CallingWindow(parse_window(value), PRESETS)


@pytest.mark.parametrize(
    ("phone", "now", "opens"),
    [
        (WASHINGTON, MONDAY.replace(hour=13), None),  # 8:00 there
        (WASHINGTON, MONDAY.replace(hour=12, minute=59), MONDAY.replace(hour=13)),
        (LOS_ANGELES, MONDAY.replace(hour=13), MONDAY.replace(hour=16)),
        (TOLL_FREE, MONDAY.replace(hour=13), MONDAY.replace(hour=18)),  # 8:00 in Hawaii
        (PUERTO_RICO, MONDAY.replace(hour=11), MONDAY.replace(hour=12)),
        (LONDON, MONDAY - timedelta(hours=12), MONDAY.replace(hour=8)),  # Sunday
        (PARIS, MONDAY.replace(hour=12, minute=30), MONDAY.replace(hour=13)),  # the hour of lunch
        (PARIS, datetime(2026, 12, 25, 10, tzinfo=UTC), datetime(2026, 12, 28, 9, tzinfo=UTC)),
        (SYDNEY, MONDAY.replace(hour=3, minute=30), None),
    ],
)
def test_auto_keeps_the_hours_of_the_country(phone: Phone, now: datetime, opens: datetime | None) -> None:
    """The preset of the number's country, in the number's local time."""
    opening = window().opening(phone, now)
    assert opening.allowed == (opens is None)
    assert opening.next_allowed == opens
    assert not opening.unchecked


def test_the_rule_names_preset_source_and_doubt() -> None:
    """The workbook says which rule held the row back, where it is from, and that the place is not sure."""
    opening = window().opening(TOLL_FREE, MONDAY)
    assert opening.rule == (
        "US federal hours are 8:00-21:00 every day, local time of the person called (47 CFR 64.1200(c)(1), checked 2026-11)"
    )
    assert opening.doubt == f"; the number may be in {len(zones_of(TOLL_FREE))} time zones"


@pytest.mark.parametrize(
    ("phone", "words"),
    [(BERLIN, "no checked preset for DE"), (NO_COUNTRY, "no checked preset for a number that belongs to no country")],
)
def test_a_country_without_preset_is_not_held_back_and_says_so(phone: Phone, words: str) -> None:
    """Nothing is invented: such a call is let through, and counted as unchecked."""
    opening = window().opening(phone, MONDAY.replace(hour=3))
    assert (opening.allowed, opening.next_allowed, opening.rule, opening.unchecked) == (True, None, words, True)


def test_off_holds_nothing_back() -> None:
    """`off` is the person's own decision, so it is nothing to warn of."""
    opening = window("off").opening(PARIS, MONDAY.replace(hour=2))
    assert (opening.allowed, opening.unchecked) == (True, False)


def test_a_named_preset_holds_for_every_number() -> None:
    """`US Florida` in the mapping: 20:00 is the end, for numbers elsewhere too, in their local time."""
    florida = window("us florida")
    assert not florida.opening(WASHINGTON, datetime(2026, 11, 24, 1, 30, tzinfo=UTC)).allowed  # 20:30
    assert window().opening(WASHINGTON, datetime(2026, 11, 24, 1, 30, tzinfo=UTC)).allowed
    assert florida.opening(BERLIN, MONDAY.replace(hour=6, minute=59)).next_allowed == MONDAY.replace(hour=7)


def test_an_unknown_preset_is_refused_with_the_nearest() -> None:
    """A slip of the pen does not become a window that is always open."""
    with pytest.raises(ValueError, match="did you mean 'US federal'"):
        window("US fedral")
    with pytest.raises(ValueError, match=r"there are US federal, .* UK"):
        window("Atlantis")


def test_own_hours_hold_in_the_local_time_of_the_person_or_in_a_zone() -> None:
    """Nine o'clock is the person's, unless the hours have a zone of their own."""
    now = MONDAY.replace(hour=3)
    assert window({"hours": "9-18"}).opening(BERLIN, now).next_allowed == MONDAY.replace(hour=8)
    fixed = window({"hours": "9-18", "timezone": "America/New_York"})
    assert fixed.opening(BERLIN, now).next_allowed == MONDAY.replace(hour=14)
    assert fixed.opening(NO_COUNTRY, now).next_allowed == MONDAY.replace(hour=14)
    assert "America/New_York time" in fixed.opening(BERLIN, now).rule


def test_own_hours_can_keep_the_holidays_of_the_person() -> None:
    """Christmas in Berlin is closed if the mapping says so; where the holidays are not known, the rule says that."""
    christmas = datetime(2026, 12, 25, 10, tzinfo=UTC)
    assert window({"hours": "9-18"}).opening(BERLIN, christmas).allowed
    kept = window({"hours": "9-18", "holidays": True, "timezone": "Europe/Berlin"})
    assert kept.opening(BERLIN, christmas).next_allowed == datetime(2026, 12, 27, 8, tzinfo=UTC)
    assert kept.opening(NO_COUNTRY, christmas).allowed
    assert "public holidays of a number without a country are not known" in kept.opening(NO_COUNTRY, christmas).rule


def test_a_number_without_a_known_zone_is_not_held_back_and_says_so() -> None:
    """Own hours can't be kept for a number that is nowhere: let through, unchecked."""
    opening = window({"hours": "9-18"}).opening(NO_COUNTRY, MONDAY.replace(hour=3))
    assert (opening.allowed, opening.unchecked) == (True, True)
    assert opening.rule.endswith("the time zone of the number is not known")


def test_hours_that_suit_no_moment_say_what_to_do() -> None:
    """A toll-free number from New York to Hawaii has no common lunch hour: never, with the cure."""
    opening = window({"hours": "12-13"}).opening(TOLL_FREE, MONDAY)
    assert (opening.allowed, opening.next_allowed) == (False, None)
    assert "give the hours a timezone of their own in policy.calling_window" in opening.rule


def test_all_numbers_of_a_person_must_be_open() -> None:
    """The vendor may call the second number, too: the later opening counts, and the rules that are closed are named."""
    opening = window().opening_of_all((LONDON, LOS_ANGELES), MONDAY.replace(hour=9))
    assert opening.next_allowed == MONDAY.replace(hour=16)
    assert opening.rule.startswith("US federal hours")
    assert "UK hours" not in opening.rule  # nine o'clock there
    before = window().opening_of_all((LONDON, LOS_ANGELES), MONDAY.replace(hour=7))
    assert before.rule.startswith("UK hours")
    assert "; and US federal hours" in before.rule
    unchecked = window().opening_of_all((LONDON, BERLIN), MONDAY.replace(hour=9))
    assert (unchecked.allowed, unchecked.unchecked) == (True, True)


def test_the_zones_of_a_number() -> None:
    """A place has one zone; a number without one has those of its country, not of its whole calling code."""
    assert zones_of(WASHINGTON) == ("America/New_York",)
    assert zones_of(LONDON) == ("Europe/London",)
    assert zones_of(Phone("+447700900123", "GB")) == ("Europe/London",)  # no valid number: the country's
    toll_free = zones_of(TOLL_FREE)
    assert {"America/New_York", "Pacific/Honolulu"} <= set(toll_free)
    assert not {"Pacific/Guam", "America/Toronto", "America/Puerto_Rico"} & set(toll_free)
    assert zones_of(NO_COUNTRY) == ()
    assert zones_of(Phone("+999123", "")) == ()
    for phone in SOME:
        assert all(ZoneInfo(zone) for zone in zones_of(phone))


WITHOUT_ZONES = {"AC", "TA", "XK"}  # these are parts of others in the data of zones, and share their clocks


@pytest.mark.parametrize("region", sorted({*regions()} - WITHOUT_ZONES))
def test_no_number_is_called_by_the_clock_of_another_country(region: str) -> None:
    """Every zone of a number agrees, in winter and in summer, with a zone that its country has."""
    country = get_global("territory_zones")[region]
    for kind in PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        zones = zones_of(Phone(phonenumbers.format_number(example, PhoneNumberFormat.E164), region))
        assert zones
        for moment in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)):
            clocks = {moment.astimezone(ZoneInfo(zone)).utcoffset() for zone in country}
            assert {moment.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones} <= clocks, zones


@pytest.mark.parametrize(
    ("e164", "region", "zones"),
    [
        ("+212650123456", "MA", ("Africa/Casablanca",)),
        ("+213551234567", "DZ", ("Africa/Algiers",)),
        ("+218912345678", "LY", ("Africa/Tripoli",)),
        ("+211977123456", "SS", ("Africa/Juba",)),
        ("+50581234567", "NI", ("America/Managua",)),
    ],
)
def test_the_zone_of_a_neighbour_is_none_of_the_number(e164: str, region: str, zones: tuple[str, ...]) -> None:
    """Where phonenumbers names the zone of another country, the number's own country tells."""
    assert zones_of(Phone(e164, region)) == zones


@given(near_examples())
def test_zones_are_those_of_the_library(case: tuple[str, str]) -> None:
    """Looked up by the first digits, as the library does after it has parsed and judged a number; none for no number."""
    region, digits = case
    e164 = f"+{phonenumbers.country_code_for_region(region)}{digits}"
    try:
        expected = time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        expected = ()
    assert zones_by_prefix(e164[1:]) == tuple(zone for zone in expected if zone != "Etc/Unknown")


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
RULES = st.sampled_from(
    ["auto", "France", "Canada", {"hours": "21-2", "days": "thu-sun", "holidays": True}, {"mon-fri": "9-12, 13-18"}]
)


@given(RULES, st.lists(st.tuples(st.sampled_from(SOME), MOMENTS, st.integers(0, 90)), max_size=8))
def test_what_is_remembered_changes_no_answer(rule: object, asked: list[tuple[Phone, datetime, int]]) -> None:
    """A window that has answered before says the same as a fresh one, whenever and in whatever order it is asked."""
    used = window(rule)
    for phone, moment, minutes in asked:
        for now in (moment, moment + timedelta(minutes=minutes), moment):
            opening = used.opening(phone, now)
            assert opening == window(rule).opening(phone, now)
            if opening.next_allowed is not None:
                assert opening.next_allowed > now
                assert used.opening(phone, opening.next_allowed).allowed
                assert not used.opening(phone, opening.next_allowed - timedelta(seconds=1)).allowed
