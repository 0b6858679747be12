"""The bounds of a campaign: whatever goes on, none is exceeded, and none is left unused."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW, number

from campaign.core.lead import Phone
from campaign.core.policy.quota import Call, Full, Goal, Granted, Limits, Quota, Reached

ZONE = ZoneInfo("Asia/Kolkata")
CALLS = st.builds(Call, st.sets(st.sampled_from("ab")).map(tuple), st.sets(st.sampled_from(["US", "GB"])).map(tuple))
BOUNDS = st.none() | st.integers(1, 5)
LIMITS = st.builds(
    Limits,
    st.lists(st.integers(0, 8).map(lambda calls: Goal(calls, f"goal {calls}")), max_size=2).map(tuple),
    BOUNDS,
    BOUNDS,
    st.dictionaries(st.sampled_from(["US", "GB"]), st.integers(1, 4)),
)
STEPS = st.lists(st.tuples(CALLS, st.integers(0, 9), st.booleans(), st.booleans()), max_size=60)


def exceeded(limits: Limits, made: list[tuple[Call, date]]) -> bool:
    """The slow, obvious count."""
    days = Counter(day for _, day in made)
    agents = Counter((day, agent) for call, day in made for agent in call.agents)
    countries = Counter((day, country) for call, day in made for country in call.countries)
    return (
        any(len(made) > goal.calls for goal in limits.goals)
        or any(limits.per_day is not None and count > limits.per_day for count in days.values())
        or any(limits.per_agent is not None and count > limits.per_agent for count in agents.values())
        or any(count > limits.per_country.get(country, 10**9) for (_, country), count in countries.items())
    )


@given(LIMITS, STEPS)
def test_no_bound_is_exceeded_and_none_is_left_unused(
    limits: Limits, steps: list[tuple[Call, int, bool, bool]]
) -> None:
    """Over days, with calls under way that end as calls or not: against a slow count of all calls."""
    quota, at = Quota(limits, ZONE), NOW
    made: list[tuple[Call, date]] = []
    under_way: list[tuple[Call, date, Granted]] = []
    for call, hours, called, ends in steps:
        at += timedelta(hours=hours)
        day = at.astimezone(ZONE).date()
        answer = quota.ask(call, at)
        in_flight = [(each, its_day) for each, its_day, _ in under_way]
        if isinstance(answer, Granted):
            under_way.append((call, day, answer))
            in_flight.append((call, day))
            assert not exceeded(limits, made + in_flight)
        elif isinstance(answer, Full):
            assert exceeded(limits, [*made, *in_flight, (call, day)])
            assert not exceeded(limits, [*made, (call, day)])
        else:
            assert exceeded(limits, [*made, (call, day)])
            assert answer.until is None or answer.until.astimezone(ZONE).date() == day + timedelta(days=1)
        while under_way and ends:
            ended, its_day, granted = under_way.pop(0)
            quota.settle(granted, called=called)
            made += [(ended, its_day)] if called else []
    assert not exceeded(limits, made + [(call, day) for call, day, _ in under_way])


def test_what_earlier_runs_have_called_counts() -> None:
    """Goals over the whole campaign, the rest on its day."""
    quota = Quota(Limits((Goal(5, "five"),), per_agent=1), ZONE)
    quota.made(3)
    quota.made_today(Call(("a",)), NOW)
    assert isinstance(quota.look(Call(("a",)), NOW), Reached)
    assert isinstance(quota.look(Call(("a",)), NOW + timedelta(days=1)), Granted)
    for _ in range(2):
        granted = quota.ask(Call(("b", "c")) if _ else Call(), NOW)
        assert isinstance(granted, Granted)
        quota.settle(granted, called=True)
    assert quota.look(Call(), NOW) == Reached("five", None, whole=True)


@pytest.mark.parametrize("zone", ["Asia/Beirut", "America/Havana", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia"])
def test_a_day_begins_where_its_date_does(zone: str) -> None:
    """Also where a clock change skips midnight: the day before ends as the next begins."""
    quota = Quota(Limits(per_day=1), ZoneInfo(zone))
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for _ in range(366):
        begins = quota.day_begins(at)
        here = at.astimezone(ZoneInfo(zone)).date()
        assert begins <= at
        assert begins.astimezone(ZoneInfo(zone)).date() == here
        assert (begins - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() < here
        at += timedelta(days=1)


def test_a_row_counts_for_all_its_agents_and_countries() -> None:
    """Brightcall may give the call to any of the agents, and call both numbers."""
    payload = {"lc_number": number(1), "lc_param_agent01name": "Ann", "lc_param_agent01phone": number(7)}
    payload["lc_param_agent02phone"] = number(8)
    call = Call.of(payload, (Phone(number(1), "GB"), Phone(number(1001), "US")))
    assert call == Call((number(7), number(8)), ("GB", "US"))
