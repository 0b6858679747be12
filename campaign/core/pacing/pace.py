"""How fast the calls of a campaign could go, over time: what the journal keeps of the throttle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise

from campaign.core.timeline import Timeline, stretch_of


@dataclass(frozen=True, slots=True)
class Pace:
    """From `at` on `allowed` calls a second could go (`inf`: no limit), but none before `waits_until`, which a 429 asked for.
    None: from then on nothing was sent."""

    at: datetime
    allowed: float | None
    waits_until: datetime | None = None


def allowed_calls(paces: Iterable[Pace], timeline: Timeline, now: datetime) -> tuple[float | None, ...]:
    """How many calls could go in each stretch of the timeline, by paces in the order of time, the last of which holds until
    `now`. A run may begin with a call at once. None for the stretches before the first pace: of those nothing is known."""
    if not timeline.stretches:
        return ()
    width = timeline.width
    first = stretch_of(timeline.stretches[0].start, width)
    found: list[float | None] = [None] * len(timeline.stretches)
    goes_on = False
    for pace, following in pairwise(chain(paces, [Pace(now, None)])):
        begins = max(pace.at, timeline.stretches[0].start)
        ends = min(following.at, timeline.stretches[-1].start + width)
        goes = max(begins, pace.waits_until or begins)
        for n in range(stretch_of(begins, width), stretch_of(ends, width) + 1):
            if begins >= ends or n - first >= len(found):
                break
            start = timeline.stretches[n - first].start
            seconds = (min(ends, start + width) - max(goes, start)).total_seconds()
            calls = pace.allowed * seconds if pace.allowed and seconds > 0 else 0.0
            if calls and not goes_on:
                calls, goes_on = calls + 1, True
            found[n - first] = (found[n - first] or 0.0) + calls
        goes_on = goes_on and pace.allowed is not None
    return tuple(found)
