"""What every display says of a run, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf

from campaign.cli.show.words import clock, counted, duration
from campaign.core.course import Speed
from campaign.core.lifecycle import State
from campaign.core.standing import Phase, Standing


def told(counts: MappingOf[State, int]) -> str:
    """Counts in words: `480 accepted, 3 unknown`."""
    return ", ".join(f"{count:,} {state}" for state, count in counts.items() if count) or "no rows"


def speed(seen: Speed) -> str:
    """How fast calls go, and how fast they may: `4.8/s now, 5/s allowed`."""
    parts = [f"{_per(seen.current)} now"] if seen.current is not None else []
    if seen.allowed <= 0:
        parts.append("no call may go")
    elif math.isinf(seen.allowed):
        parts.append("no limit")
    else:
        slowed = f" (slowed down from {_per(seen.asked)})" if seen.slowed else ""
        parts.append(f"{_per(seen.allowed)} allowed{slowed}")
    return ", ".join(parts)


def arrival(seen: Standing) -> str:
    """When it is done: `about 14:32, in about 12 min`; "" where there is nothing to say."""
    ahead = seen.arrival
    if ahead is None:
        return ""
    if ahead.at is None:
        return "not within two months at this pace"
    when = f"{clock(ahead.at, seen.at)}, in {duration(max((ahead.at - seen.at).total_seconds(), 0))}"
    if ahead.left:
        return f"stops at {when}, with about {counted(ahead.left, 'row')} left"
    return f"done at about {when}"


def waiting(seen: Standing) -> str:
    """Until when nothing goes, and why; "" while something does."""
    if seen.wait is None:
        return ""
    left = duration(max((seen.wait.until - seen.at).total_seconds(), 0))
    return f"until {clock(seen.wait.until, seen.at, seconds=True)} ({left} left): {seen.wait.why}"


def ctrl_c(seen: Standing, *, own: bool) -> tuple[str, str]:
    """What Ctrl-C does now, and what a second one does; "" where that is of no interest any more."""
    if not own:
        return "ends this view; the run goes on", ""
    match seen.phase:
        case Phase.OVER:
            return f"leaves without a result file; campaign export {seen.campaign} writes it", ""
        case Phase.LEAVING:
            return "", ""
        case Phase.STOPPING:
            under_way = counted(seen.counts.get(State.SENDING, 0), "call")
            return f"leaves at once: the {under_way} under way would be unknown", ""
        case _:
            first = "finishes the calls under way, writes the result; resume goes on"
            return first, "leaves at once: calls under way become unknown"


def doing(seen: Standing) -> str:
    """What the run is about, in a word or two."""
    match seen.phase:
        case Phase.WAITING:
            return "Waiting"
        case Phase.STOPPING | Phase.LEAVING:
            return "Stopping"
        case Phase.OVER:
            return "Writing the result"
        case _:
            return "Calling"


def _per(per_second: float) -> str:
    """A rate as mappings write it, in the unit in which it is no fraction: `4.8/s`, `30/min`."""
    for unit, seconds in (("s", 1), ("min", 60)):
        if per_second * seconds >= 1 or not per_second:
            return f"{_short(per_second * seconds)}/{unit}"
    return f"{_short(per_second * 3600)}/h"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
