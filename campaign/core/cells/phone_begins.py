"""The entries of a do-not-call list that stand for all numbers which begin so, such as `+974*`."""

from __future__ import annotations

import re

from campaign.core.cells.phone_plan import has_plan, international_begins
from campaign.core.cells.signs import fold

_BEGINS = re.compile(r"'?(\+?)([0-9]{1,17})\*")  # our own CSV, and Excel, put an apostrophe before what begins with +


def is_prefix(said: str) -> bool:
    """Whether an entry is written like one, whether or not it can be read."""
    return _BEGINS.fullmatch(fold(said).strip()) is not None


def prefixes_of(said: str, country: str = "", *, alone: bool = False) -> tuple[str, ...]:
    """The beginnings of E.164 numbers that an entry such as `+974*` stands for: `+974`. Empty if it is no such entry.

    00 is the same as +, and with a `country` (ISO) a national beginning has its code: `0207946*` is `+44207946`. Digits
    without either count as international and as national ones, as those of numbers do, but only where they stand
    `alone`: beside other cells, 5* is a rating. What no number can begin with is no entry.
    """
    written = _BEGINS.fullmatch(fold(said).strip())
    if written is None:
        return ()
    plus, digits = written.groups()
    if plus or digits.startswith("00"):
        abroad = digits.removeprefix("00")  # no country code begins with 0, so +0044 can only mean +44
        return (f"+{abroad}",) if abroad and abroad[0] != "0" else ()
    home = international_begins(digits, country) if has_plan(country) else ()
    if digits[0] == "0":
        return tuple(f"+{begin}" for begin in home)
    return tuple(dict.fromkeys(f"+{begin}" for begin in (digits, *home))) if alone else ()
