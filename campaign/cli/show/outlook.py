"""What commands print of the hours to come: what goes now and later, what is held back, how long it takes, what it costs."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.show.words import clock, counted, fitted
from campaign.core.result import iso

if TYPE_CHECKING:
    from campaign.core.outlook import Outlook

_WIDTH = 40  # of the longest bar; a line fits 80 columns
_LINES = 24
_RULES = 10
_CAUSE = 54


def outlook_json(seen: Outlook) -> dict[str, Any]:
    """The outlook for programs."""
    return {
        "now": seen.now,
        "later": seen.later,
        "never": seen.never,
        "hours": [{"at": iso(at), "calls": calls} for at, calls in seen.hours],
        "done_at": iso(seen.done_at),
        "cost": float(seen.cost) if seen.cost is not None else None,
        "held": [{"status": state.value, "reason": cause, "rows": rows} for state, cause, rows in seen.held],
    }


def outlook(seen: Outlook, *, err: bool = True, wait: bool = False, held: bool = True) -> None:
    """What goes later and when, what is held back (`held`) and by which rule, when all is done, and the cost."""
    echo = partial(click.echo, err=err)
    rules = [(state, cause, rows) for state, cause, rows in seen.held if rows]
    if held and rules:
        echo("\nHeld back, by which rule:")
        for state, cause, rows in rules[:_RULES]:
            echo(f"  {rows:>9,}  {state:<10}  {_short(cause)}")
        if len(rules) > _RULES:
            echo(f"  {sum(rows for *_, rows in rules[_RULES:]):>9,}  by {counted(len(rules) - _RULES, 'more rule')}")
    if seen.later or len(seen.hours) > 1:
        when = "as their hours open" if wait else "if it stays for them (--wait) or is resumed in time"
        heading = "Calls by the day" if _by_day(seen) else "Calls by the hour (your time)"
        echo("\n" + fitted(f"{heading}, {when}:", err=err))
        for line in chart(seen, plain=_is_plain(err)):
            echo(f"  {line}")
    if seen.never:
        echo(f"  {seen.never:>9,}  rows wait for hours that do not open within two months")
    if seen.done_at is not None:
        echo(f"\nNow {seen.now:,}, later {seen.later:,}; done by {clock(seen.done_at, datetime.now(UTC))} (your time).")
    elif seen.calls:
        echo(f"\nNow {seen.now:,}, later {seen.later:,}; not done within two months at this pace.")
    if seen.cost is not None:
        echo(f"Cost: {seen.cost:,} for {counted(seen.calls, 'call')}.")


def chart(seen: Outlook, *, plain: bool) -> list[str]:
    """A bar for each hour, or for each day where there are many hours; `plain` keeps to signs that any log can hold."""
    by_day = _by_day(seen)
    bars: Counter[str] = Counter()
    for at, calls in seen.hours:
        local = at.astimezone()
        bars[f"{local:%a %d %b}" if by_day else f"{local:%a %d %b %H:00}"] += calls
    most = max(bars.values(), default=1)
    shown, rest = list(bars.items())[:_LINES], list(bars.items())[_LINES:]
    lines = [f"{name:<16}  {_bar(calls / most, plain):<{_WIDTH}}  {calls:>9,}" for name, calls in shown]
    if rest:
        lines.append(f"and {sum(calls for _, calls in rest):,} more until {rest[-1][0]}")
    return lines


def _bar(share: float, plain: bool) -> str:
    return ("#" if plain else "█") * max(1, round(share * _WIDTH))


def _by_day(seen: Outlook) -> bool:
    return len(seen.hours) > _LINES


def _is_plain(err: bool) -> bool:
    stream = sys.stderr if err else sys.stdout
    return not stream.isatty() or "utf" not in (stream.encoding or "").lower()


def _short(cause: str) -> str:
    return cause if len(cause) <= _CAUSE else f"{cause[: _CAUSE - 3].rstrip()}..."
