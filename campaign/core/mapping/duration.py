"""How long: `30d`, `12h`, `90min`, as mappings write it."""

from __future__ import annotations

import re
from datetime import timedelta

_FORM = re.compile(r"(\d+)\s*(min|h|d|w)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(text: str) -> timedelta:
    """The length of time that `text` names. Raises `ValueError` with the accepted forms."""
    match = _FORM.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"'{text}' is no length of time: write it like 90min, 12h, 30d or 2w")
    try:
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    except OverflowError:
        raise ValueError(f"'{text}' is too long a time") from None


def in_words(length: timedelta) -> str:
    """The length in the largest unit that divides it: `30 days`, `12 hours`."""
    seconds = int(length.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {name}{'s' if count != 1 else ''}"
    return f"{seconds} seconds"
