"""How fast calls may go: `5/s`, `60/min`, `2000/day`, as mappings and `--rate` write it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400}
_SPELLINGS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "day"),
}
_FORM = re.compile(r"([0-9]*\.?[0-9]+)(?:\s*/\s*([0-9]*\.?[0-9]+)?\s*([a-z]+))?")
_FORMS = "write it like 5/s, 60/min, 120/h or 2000/day; a plain number is calls a second"

SLACK = 0.016
"""The share of a second's calls that may go early. It makes up for timers that wake late (15.6 ms on Windows), so that
the rate is kept. What is left of the 1.02 times the rate that no second may exceed is for calls that take unequally long from
the pacer to the other side."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `calls` calls in every `seconds` seconds, evenly spread; both are above zero, else `ValueError`."""

    calls: float
    seconds: float

    def __post_init__(self) -> None:
        for value in (self.calls, self.seconds, self.calls / self.seconds if self.seconds else 0.0):
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"a rate must be more than 0 and finite: {_FORMS}")

    @classmethod
    def parse(cls, value: object) -> Rate:
        """The rate that a text, or a number of calls a second, names. Raises `ValueError` with the accepted forms."""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(f"'{value}' is no rate: {_FORMS}")
        if isinstance(value, (int, float)):
            try:
                return cls(float(value), 1.0)
            except OverflowError:
                raise ValueError(f"this number is no rate: {_FORMS}") from None
        match = _FORM.fullmatch(value.strip().lower())
        unit = _SPELLINGS.get(match[3] or "s") if match else None
        if match is None or unit is None:
            raise ValueError(f"'{value}' is no rate: {_FORMS}")
        return cls(float(match[1]), float(match[2] or 1) * _UNITS[unit])

    @property
    def per_second(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds

    @property
    def interval(self) -> float:
        """Seconds from one call to the next."""
        return self.seconds / self.calls

    def __str__(self) -> str:
        """The rate as `parse` reads it: `5/s`, `60/min`, `1/10s`."""
        for unit, size in _UNITS.items():
            if self.seconds == size:
                return f"{_plain(self.calls)}/{unit}"
        return f"{_plain(self.calls)}/{_plain(self.seconds)}s"


def burst(per_second: float) -> float:
    """How many calls the leaky bucket of a rate holds: with it, any sliding second sees at most
    `(1 + SLACK) * per_second + 1` calls, after an idle hour too."""
    return 1 + SLACK * per_second


def _plain(number: float) -> str:
    # Never 1e-05: a person reads this, and `parse` does.
    return str(int(number)) if number == int(number) else format(Decimal(repr(number)), "f")
