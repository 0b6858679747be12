"""Whether a rate is kept, and never exceeded: measured where the calls arrive, through the real pool and journal.

What was found: the pacer keeps its bound, but calls are late by as much as a commit and a connection take, the first of a run
most. A burst that was let go as a run began then fell into one second with what came behind it. So a run begins at its rate.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from measure import RUNS, Measured
from rig.bench import Bench, bench

RATES = (50, 200, 1000)
SECONDS = 3


def lines() -> Iterable[Measured]:
    """For each rate: the share of it that is kept, and the fullest second against what is allowed."""
    for rate in RATES:
        with bench(rate * SECONDS) as at:
            runs = [_arrivals(at, rate) for _ in range(RUNS)]
        kept = [achieved(times) / rate for times in runs]
        yield Measured(f"rate kept at {rate}/s", "the rate asked", 0.98, kept, True)
        most, full = 1.02 * rate + 1, [fullest_second(times) for times in runs]
        note = f"{max(full)} calls in one second at most"
        yield Measured(
            f"fullest second at {rate}/s", f"{most:g} calls", 1.0, [calls / most for calls in full], note=note
        )


def achieved(arrivals: Sequence[float]) -> float:
    """Calls a second from the first arrival to the last."""
    return (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])


def fullest_second(arrivals: Sequence[float]) -> int:
    """The most arrivals in any sliding second, of which the end does not belong to it."""
    return max(bisect_left(arrivals, begin + 1.0) - place for place, begin in enumerate(arrivals))


def _arrivals(at: Bench, rate: int) -> list[float]:
    at.pool("--rate", f"{rate}/s")
    return at.arrived
