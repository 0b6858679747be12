"""Calls to a person in a span of time: the caps of mappings and presets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW

from campaign.adapters.calling_hours import load_presets
from campaign.core.lead import Phone
from campaign.core.places.place import NOWHERE, Place
from campaign.core.policy.person_caps import PersonCap, cap_reached, longest, parse_person_cap
from campaign.core.policy.window import CallingWindow, parse_window

HOUR = timedelta(hours=1)
CAPS = st.builds(
    lambda calls, hours: PersonCap(calls, hours * HOUR, f"{calls} in {hours} hours"),
    st.integers(1, 4),
    st.integers(1, 60),
)
MOMENTS = st.lists(st.integers(-100, 20).map(lambda hours: NOW + hours * HOUR), max_size=12)


def test_a_cap_is_read_as_it_is_written() -> None:
    """Calls and a length of time."""
    cap = parse_person_cap(" 3 / 24h ")
    assert (cap.calls, cap.within) == (3, timedelta(days=1))
    assert cap.rule == "at most 3 calls to a person in 1 day (attempts_per_person)"


@pytest.mark.parametrize("said", ["3", "0/24h", "3/h", "x/24h", "3/0d", 3, None, "3/24h, 1/1d"])
def test_what_is_no_cap_says_how_to_write_one(said: object) -> None:
    """A number alone, no calls, no time."""
    with pytest.raises(ValueError, match=r"3/24h|90min|more than 0"):
        parse_person_cap(said)


@given(st.lists(CAPS, max_size=3), MOMENTS)
def test_the_next_call_is_allowed_as_soon_as_all_caps_allow_it(caps: list[PersonCap], calls: list[datetime]) -> None:
    """Against a slow count of the calls in each span: not a moment before, and then at once."""

    def allowed(at: datetime) -> bool:
        return all(sum(call > at - cap.within for call in calls) < cap.calls for cap in caps)

    reached = cap_reached(caps, calls, NOW)
    assert (reached is None) == allowed(NOW)
    if reached is not None:
        assert reached.next_allowed is not None
        assert reached.next_allowed > NOW
        assert allowed(reached.next_allowed)
        assert not allowed(reached.next_allowed - timedelta(seconds=1))


def test_a_preset_may_forbid_every_call() -> None:
    """A cap of no calls is never free."""
    reached = cap_reached([PersonCap(0, HOUR, "none")], [], NOW)
    assert reached is not None
    assert reached.next_allowed is None


@pytest.mark.parametrize(
    ("phone", "place", "said"),
    [
        (Phone("+13055550123", "US"), NOWHERE, {(3, 1)}),
        (Phone("+12025550123", "US"), Place(states=("US-FL",)), {(3, 1)}),
        (Phone("+12025550123", "US"), NOWHERE, set()),
        (Phone("+33639980123", "FR"), NOWHERE, {(4, 30)}),
        (Phone("+442079460123", "AE"), NOWHERE, {(1, 1), (2, 7)}),
        (Phone("+442079460123", "GB"), NOWHERE, set()),
    ],
)
def test_the_caps_of_the_presets_hold_by_country_and_state(
    phone: Phone, place: Place, said: set[tuple[int, int]]
) -> None:
    """Under auto; a cap after a refusal, which nobody here knows of, is left out."""
    window = CallingWindow(parse_window("auto"), load_presets())
    caps = window.caps_of([phone], place)
    assert {(cap.calls, cap.within.days) for cap in caps} == said
    assert not CallingWindow(parse_window("off"), load_presets()).caps_of([phone], place)


def test_a_preset_that_is_named_holds_for_all() -> None:
    """Its caps too; both numbers of a person count together."""
    window = CallingWindow(parse_window("US Florida"), load_presets())
    [cap] = window.caps_of([Phone("+442079460123", "GB"), Phone("+33639980123", "FR")], NOWHERE)
    assert "US Florida" in cap.rule
    assert "501.616" in cap.rule
    assert longest([cap]) == timedelta(days=1)
    assert longest([]) is None
