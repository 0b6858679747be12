"""Sending without a limit: the pool with its journal against a bare aiohttp loop, and against itself without.

Every call has a connection of its own, in both (see adapters/gateway/http.py for why ours must). The list of the workspace has an
entry, the mapping has hours and a rule about earlier calls, every fourth row has a second number: all that is asked of a row
at sending is asked here.

What the profile said (processor time, two cores; microseconds of one row):
- the bare loop 300, of which connecting is half; our gateway 310. Trace hooks that prove whether a connection was in hand cost
  40, a middleware against repeated requests 23: the connector knows both for 2.
- the journal cost 235, and next to nothing now. Its thread ran six statements for each row, and at each of them it and the
  event loop took the interpreter from each other: thirteen context switches a row, 240,000 for 20,000 rows, each some 15 where
  the other processor has to be woken. A shorter switch interval halved them. Now one statement serves all rows of a batch, they
  run on the loop (24 a row, with the disk left out), the thread is there for the commit alone, with half a switch a row; and a
  commit waits up to 5 ms for more rows where many come: at 2 ms the same work took 650 instead of 480.
- the pool without gateway and journal 270 at first, 170 now: rules were asked twice where no time had passed between, hours put
  into words for every row, an event made for each. The workspace's do-not-call list was opened for every number, six system
  calls a row, and is now for every turn of the loop.
- uvloop takes a quarter off the client; all events of tests/delivery/event_table.py hold under it. It is there for those who
  ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from measure import RUNS, Measured, ratios_of, share_of
from rig.bench import bench

ROWS = share_of(20_000)


def lines() -> Iterable[Measured]:
    """Rows a second against the bare loop, and what the journal costs."""
    with bench(ROWS) as at:
        rounds = [(at.bare(), at.pool(), at.pool("--unjournaled")) for _ in range(RUNS)]
    bare, ours, unjournaled = zip(*rounds, strict=True)
    yield _speed(f"submit {ROWS:,} rows, no limit, journal on", ours, bare)
    ratios, note = ratios_of(ours, unjournaled)
    yield Measured(f"cost of the journal: submit {ROWS:,} rows", "submit without it", 1.25, ratios, note=note)


def long_lines() -> Iterable[Measured]:
    """Rows a second with the event loop that has to be asked for."""
    with bench(ROWS) as at:
        ours, bare = zip(*((at.pool(loop="uvloop"), at.bare()) for _ in range(RUNS)), strict=True)
    yield _speed(f"submit {ROWS:,} rows on uvloop", ours, bare)


def _speed(what: str, ours: Sequence[float], bare: Sequence[float]) -> Measured:
    ratios, note = ratios_of(ours, bare, speed=True)
    return Measured(what, "bare aiohttp loop, rows a second", 0.8, ratios, True, note)
