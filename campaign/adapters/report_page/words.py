"""Numbers and moments as the page writes them."""

from __future__ import annotations

from datetime import datetime


def count(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    """Per cent: `98.7%`; never 100% or 0% where it is not all or nothing."""
    if not whole:
        return "0%"
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "<0.1%"
    if 99.9 < percent < 100:
        return ">99.9%"
    return f"{percent:.1f}%".replace(".0%", "%")


def clock(moment: datetime) -> str:
    """To the minute, UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
