"""Sending 20,000 rows without a limit: the pool with its journal against a bare aiohttp loop, and against itself without."""

from __future__ import annotations

from collections.abc import Iterable

from measure import RUNS, Measured, ratios_of
from rig.bench import bench

ROWS = 20_000


def lines() -> Iterable[Measured]:
    """Rows a second against the bare loop, and what the journal costs."""
    with bench(ROWS) as at:
        rounds = [(at.bare(), at.pool(), at.pool("--unjournaled")) for _ in range(RUNS)]
    bare, ours, unjournaled = zip(*rounds, strict=True)
    ratios, note = ratios_of(ours, bare, speed=True)
    yield Measured("submit 20k rows, no limit, journal on", "bare aiohttp loop, rows a second", 0.8, ratios, True, note)
    ratios, note = ratios_of(ours, unjournaled)
    yield Measured("cost of the journal: submit 20k rows", "submit without it", 1.25, ratios, note=note)
