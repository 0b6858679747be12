"""Hours of a week, as a person writes them: `{mon-fri: "9-12, 13-18", sat: "10-14"}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from difflib import get_close_matches

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RANGE = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")
_DAY_MINUTES = 1440

Range = tuple[int, int]
"""Minutes since the midnight that begins the day; the end, not included, may be on the next (21-2: 1260 to 1560)."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The hours of each weekday, Monday first, ordered and without overlap within a day."""

    days: tuple[tuple[Range, ...], ...]

    def by_day(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Each weekday with its hours as clock times: `mon`, [(9:00, 12:00), (13:00, 18:00)]."""
        for name, hours in zip(DAYS, self.days, strict=True):
            yield name, [(_clock(begin), _clock(end)) for begin, end in hours]

    def words(self) -> str:
        """The hours as a person reads them: `Mon-Fri 9:00-12:00 and 13:00-18:00, Sat 10:00-14:00`."""
        runs: list[tuple[int, int]] = []
        for day, hours in enumerate(self.days):
            if runs and self.days[runs[-1][0]] == hours:
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        if len(runs) == 1:
            return f"{_ranges_in_words(self.days[0])} every day"
        return ", ".join(
            f"{_run_in_words(first, last)} {_ranges_in_words(self.days[first])}"
            for first, last in runs
            if self.days[first]
        )


def parse_weekly_hours(value: MappingOf[str, object]) -> WeeklyHours:
    """The hours of a week. Keys are days (`mon-fri`, `sat, sun`), values are hours (`9-12, 13-18`, `21-2`) or `off`.

    Raises `ValueError` that says what can't be read and how to write it.
    """
    week: list[tuple[Range, ...] | None] = [None] * len(DAYS)
    for key, text in value.items():
        hours = _ranges(text)
        for day in parse_days(key):
            if week[day] is not None:
                raise ValueError(f"{_name(day)} stands in it twice: give each day its hours once")
            week[day] = hours
    if not any(week):
        raise ValueError("it names no hours at all: write them like {mon-fri: 9-18}, or off for no calling window")
    return WeeklyHours(tuple(hours or () for hours in week))


def parse_days(value: object) -> tuple[int, ...]:
    """The weekdays (0 is Monday) of `mon`, `mon-fri`, `sat, sun`, or of a list of these. Raises `ValueError`."""
    texts = value if isinstance(value, (list, tuple)) else [value]
    days: list[int] = []
    for text in texts:
        if not isinstance(text, str):
            raise ValueError(f"'{text}' is no day: write days like mon-fri or sat, sun")
        for part in text.split(","):
            first, dash, last = part.replace("–", "-").partition("-")
            begin = _day(first)
            end = _day(last) if dash else begin
            days.extend((begin + step) % len(DAYS) for step in range((end - begin) % len(DAYS) + 1))
    return tuple(days)


def _day(text: str) -> int:
    word = text.strip().lower()
    for number, name in enumerate(DAY_NAMES):
        if word == name or (len(word) >= 3 and name.startswith(word)):
            return number
    near = get_close_matches(word, [*DAYS, *DAY_NAMES], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ValueError(f"'{text.strip()}' is no day: {hint}Days are {', '.join(DAYS)}, written like mon-fri or sat, sun")


def _ranges(value: object) -> tuple[Range, ...]:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"'{value}' is no hours: write them like 9-18, 9:30-17 or 9-12, 13-18 (24-hour clock), or off")
    if value.strip().lower() in ("off", "closed"):
        return ()
    merged: list[Range] = []
    for begin, end in sorted(_range(part) for part in value.split(",")):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _range(text: str) -> Range:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text.strip()}' is no hours: write them like 9-18, 9:30-17 or 21:00-2:00 (24-hour clock)")
    hours = int(match[1]), int(match[3])
    minutes = int(match[2] or 0), int(match[4] or 0)
    begin, end = (60 * hour + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or begin >= _DAY_MINUTES or end > _DAY_MINUTES:
        raise ValueError(f"'{text.strip()}' is no time of day: hours go from 0 to 24, minutes to 59")
    if begin == end:
        raise ValueError(f"'{text.strip()}' begins when it ends: write 0-24 for the whole day, off for none of it")
    return begin, end if end > begin else end + _DAY_MINUTES


def _ranges_in_words(ranges: tuple[Range, ...]) -> str:
    return " and ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in ranges)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes if minutes <= _DAY_MINUTES else minutes - _DAY_MINUTES, 60)
    return f"{hour}:{minute:02}"


def _run_in_words(first: int, last: int) -> str:
    return _name(first) if first == last else f"{_name(first)}-{_name(last)}"


def _name(day: int) -> str:
    return DAYS[day].capitalize()
