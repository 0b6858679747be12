"""Time zones as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.places.time_zones import differing, read_time_zones, same_time, zone_named


@pytest.mark.parametrize(
    ("written", "region", "zones"),
    [
        ("America/New_York", "US", {"America/New_York"}),
        ("america/new york", "US", {"America/New_York"}),
        ("US/Eastern", "US", {"America/New_York"}),
        ("Eastern Time (US & Canada)", "US", {"America/New_York"}),
        ("(GMT-05:00) Eastern Time (US & Canada)", "US", {"America/New_York"}),
        ("Eastern Standard Time", "US", {"America/New_York"}),
        ("EST", "US", {"America/New_York"}),  # in IANA's list it is a fixed offset, which nobody means by it
        ("et", "US", {"America/New_York"}),
        ("Eastern", "US", {"America/New_York"}),
        ("PST8PDT", "US", {"America/Los_Angeles"}),
        ("Central Time (US & Canada)", "US", {"America/Chicago"}),
        ("MST", "US", {"America/Denver", "America/Phoenix"}),  # with and without summer time
        ("Mountain Time (US & Canada)", "US", {"America/Denver", "America/Phoenix"}),
        ("Arizona", "US", {"America/Phoenix"}),
        ("US Mountain Standard Time", "US", {"America/Phoenix"}),
        ("Atlantic Time (Canada)", "CA", {"America/Halifax", "America/Blanc-Sablon"}),
        ("EST", "AU", {"Australia/Sydney", "Australia/Brisbane"}),
        ("AEST", "AU", {"Australia/Sydney", "Australia/Brisbane"}),
        ("EST", "GB", {"America/New_York"}),
        ("BST", "GB", {"Europe/London"}),
        ("GMT", "GB", {"Europe/London"}),
        ("IST", "IN", {"Asia/Kolkata"}),
        ("IST", "IE", {"Europe/Dublin"}),
        ("JST", "JP", {"Asia/Tokyo"}),
        ("CET", "DE", {"Europe/Berlin"}),
        ("W. Europe Standard Time", "DE", {"Europe/Berlin"}),
        ("Romance Standard Time", "FR", {"Europe/Paris"}),
        ("Arabian Standard Time", "AE", {"Asia/Dubai", "Asia/Riyadh"}),  # to Windows the one, to CLDR the other
        ("Central Standard Time (Mexico)", "MX", {"America/Mexico_City"}),
        ("Berlin", "DE", {"Europe/Berlin"}),
        ("GMT+2", "DE", {"Europe/Berlin"}),  # the zone that keeps it in summer
        ("UTC-5", "US", {"America/New_York", "America/Chicago"}),  # one in winter, the other in summer
        ("+5:30", "IN", {"Asia/Kolkata"}),
        ("GMT+2", "US", {"UTC+02:00"}),  # no zone of the country: the offset itself
        ("UTC", "US", {"UTC"}),
        ("Etc/GMT+5", "US", {"Etc/GMT+5"}),
    ],
)
def test_what_a_name_stands_for(written: str, region: str, zones: set[str]) -> None:
    """By the clocks of the zones, whatever names they go by."""
    found = read_time_zones(written, region)
    assert len(found) == len(zones)
    assert all(any(same_time(zone, wanted) for zone in found) for wanted in zones), found


@pytest.mark.parametrize(
    "written", ["", "Estern", "5", "UTC+25", "GMT+2:75", "soon", "n/a", "Mars/Olympus", "+12025550123"]
)
def test_what_names_no_zone(written: str) -> None:
    """Nothing is guessed at."""
    assert read_time_zones(written, "US") == ()


AUSTRALIAN = ("Central Standard Time", "Eastern Standard Time")
"""What means Adelaide and Sydney there."""


@pytest.mark.parametrize("region", ["US", "DE", "AU", ""])
def test_all_names_of_iana_and_windows_are_read(region: str) -> None:
    """A name with a slash is that zone; one of Windows stands at least for the zone that CLDR gives it."""
    for zone in available_timezones():
        if "/" in zone:
            assert read_time_zones(zone, region) == (zone,)
    for name, zone in get_global("windows_zone_mapping").items():
        found = read_time_zones(name, region)
        meant_otherwise = name == "Arabian Standard Time" or (region == "AU" and name in AUSTRALIAN)
        assert found
        assert any(same_time(zone, one) for one in found) != meant_otherwise, (name, found)


@given(st.text(max_size=20), st.sampled_from(["US", "CA", "AU", "GB", "DE", "", "QQ"]))
def test_arbitrary_text_is_zones_or_none(text: str, region: str) -> None:
    """Whatever is found can be used."""
    for zone in read_time_zones(text, region):
        assert datetime(2026, 7, 1, tzinfo=UTC).astimezone(zone_named(zone)).utcoffset() is not None


@given(st.lists(st.sampled_from(sorted(available_timezones())), max_size=6))
def test_zones_that_keep_the_same_time_are_one(zones: list[str]) -> None:
    """None is lost: each has one left that keeps its time, and no two that are left keep the same."""
    left = differing(zones)
    assert all(any(same_time(zone, one) for one in left) for zone in zones)
    assert all(not same_time(one, other) for one in left for other in left if one != other)


def test_an_offset_is_a_zone() -> None:
    """With its minutes, on both sides of zero."""
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(zone_named("UTC+05:30")).utcoffset() == timedelta(hours=5, minutes=30)
    assert noon.astimezone(zone_named("UTC-09:30")).utcoffset() == -timedelta(hours=9, minutes=30)
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
