"""Hours of a week, as people write them in a mapping."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.policy.weekly_hours import DAYS, WeeklyHours, parse_days, parse_weekly_hours
from campaign.core.policy.window import Mode, OwnHours, WindowRule, parse_window

MON_FRI = ((540, 1080),)


def own(value: object) -> OwnHours:
    """The own hours that a mapping's value means."""
    rule = parse_window(value)
    assert rule.mode is Mode.OWN
    assert rule.own is not None
    return rule.own


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"hours": "9-18", "days": "mon-fri"}, "Mon-Fri 9:00-18:00"),
        ({"hours": "9-18"}, "9:00-18:00 every day"),
        ({"hours": "9:30-17", "days": ["mon", "wed-thu"]}, "Mon 9:30-17:00, Wed-Thu 9:30-17:00"),
        ({"mon-fri": "9-12, 13-18", "sat": "10-14"}, "Mon-Fri 9:00-12:00 and 13:00-18:00, Sat 10:00-14:00"),
        ({"Monday–Friday": "09:00 – 18:00", "sat, sun": "off"}, "Mon-Fri 9:00-18:00"),
        ({"fri-mon": "21-2"}, "Mon 21:00-2:00, Fri-Sun 21:00-2:00"),
        ({"hours": "0-24"}, "0:00-24:00 every day"),
        ({"tue": "13-18, 9-12, 12-14"}, "Tue 9:00-18:00"),
    ],
)
def test_forms_of_own_hours(value: object, words: str) -> None:
    """Each form is understood, and told in words that say the same."""
    assert own(value).week.words() == words


def test_options_of_own_hours() -> None:
    """Holidays and a zone of their own stand beside the hours."""
    value = {"hours": "9-18", "days": "mon-fri", "holidays": True, "timezone": "Europe/Berlin"}
    week = WeeklyHours((MON_FRI,) * 5 + ((), ()))
    assert parse_window(value) == WindowRule(Mode.OWN, own=OwnHours(week, holidays=True, timezone="Europe/Berlin"))


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("auto", WindowRule(Mode.AUTO)),
        (" Off ", WindowRule(Mode.OFF)),
        ("US federal", WindowRule(Mode.PRESET, preset="US federal")),
    ],
)
def test_words(value: str, rule: WindowRule) -> None:
    """`auto` and `off` are words, everything else is a preset's name."""
    assert parse_window(value) == rule


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("9-18", r"need their days: write \{hours: '9-18', days: mon-fri\}"),
        ("", "write auto"),
        (None, "write auto"),
        (False, "write auto"),
        (9, "write auto"),
        ({}, "no hours at all"),
        ({"mon": "off"}, "no hours at all"),
        ({"hours": "9-18", "mon": "9-12"}, "can't stand together"),
        ({"days": "mon"}, "needs 'hours'"),
        ({"hours": "9-18", "holiday": True}, "can't stand together"),
        ({"mon-fri": "9-18", "timezon": "Europe/Berlin"}, "did you mean timezone"),
        ({"mon-fri": "9-18", "holidays": "yes"}, "true .* or false"),
        ({"mon-fri": "9-18", "timezone": "europe/berlim"}, "did you mean Europe/Berlin"),
        ({"mon-fri": "9-18", "timezone": None}, "no time zone"),
        ({"mon-fri": "9-18", "fri": "9-12"}, "Fri stands in it twice"),
        ({"mnday": "9-18"}, "did you mean monday"),
        ({"mo": "9-18"}, "no day"),
        ({1: "9-18"}, "no day"),
        ({"hours": "9-18", "days": [1]}, "no day"),
        ({"mon": 9}, "24-hour clock"),
        ({"mon": "9am-6pm"}, "24-hour clock"),
        ({"mon": "9-"}, "24-hour clock"),
        ({"mon": "9-18,"}, "24-hour clock"),
        ({"mon": "9-25"}, "no time of day"),
        ({"mon": "24-2"}, "no time of day"),
        ({"mon": "9:60-10"}, "no time of day"),
        ({"mon": "9-9"}, "begins when it ends"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(value: object, complaint: str) -> None:
    """No wrong value is guessed at; the message names the cure."""
    with pytest.raises(ValueError, match=complaint):
        parse_window(value)


RANGES = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] != pair[1])
WEEKS = st.dictionaries(st.sampled_from(DAYS), st.lists(RANGES, min_size=1, max_size=4), min_size=1)


@given(WEEKS)
def test_every_minute_is_open_as_written(week: dict[str, list[tuple[int, int]]]) -> None:
    """Merging and ordering change no minute: each is open exactly when one of the written ranges has it."""

    def clock(minutes: int) -> str:
        return f"{minutes // 60}:{minutes % 60:02}"

    hours = parse_weekly_hours(
        {day: ", ".join(f"{clock(a)}-{clock(b)}" for a, b in pairs) for day, pairs in week.items()}
    )
    for number, day in enumerate(DAYS):
        written = {m for a, b in week.get(day, []) for m in range(a, b if b > a else b + 1440)}
        ranges = hours.days[number]
        assert {m for a, b in ranges for m in range(a, b)} == written
        assert sum(b - a for a, b in ranges) == len(written)
        assert list(ranges) == sorted(ranges)


@given(st.sampled_from(range(7)), st.sampled_from(range(7)))
def test_runs_of_days_go_round_the_week(first: int, last: int) -> None:
    """`fri-mon` is Friday to Monday; a run is never empty and never longer than a week."""
    days = parse_days(f"{DAYS[first]}-{DAYS[last]}")
    assert days[0] == first
    assert days[-1] == last
    assert len(days) == (last - first) % 7 + 1
    assert all((b - a) % 7 == 1 for a, b in pairwise(days))
