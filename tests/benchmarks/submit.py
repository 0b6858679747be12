"""Sending without a limit: the pool with its journal against a bare aiohttp loop, and against itself without.

Every call has a connection of its own, in both (see adapters/gateway/http.py for why ours must). The list of the workspace has an
entry, the mapping has hours and a rule about earlier calls, every fourth row has a second number: all that is asked of a row
at sending is asked here.

What the profile said (cProfile and processor time, two busy cores; microseconds of one row):
- the bare loop 310 to 370, of which connecting is half; our gateway as much. Trace hooks that prove whether a connection was in
  hand cost 40, a middleware against repeated requests 23: the connector knows both for 2.
- the pool without gateway and journal 270 before, 110 now. Rules were asked twice where no time had passed between (60 each,
  of which 24 to parse the number for its zones); hours were put into words for every row; a look at the workspace's own
  do-not-call list took two statements; an event was made for every row in case somebody waited for the quota.
- the journal 220 before, 60 now, half of it SQLite's. A savepoint around each write was four statements of ten, and stands
  now only where one of a commit fails; the writer was woken for every row, and is now for all of a turn of the loop.
- uvloop takes a quarter off the client; all events of tests/delivery/event_table.py hold under it. It is there for those who
  ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from measure import RUNS, Measured, ratios_of, share_of
from rig.bench import bench

ROWS = share_of(20_000)


def lines() -> Iterable[Measured]:
    """Rows a second against the bare loop, and what the journal costs."""
    with bench(ROWS) as at:
        rounds = [(at.bare(), at.pool(), at.pool(loop="uvloop"), at.pool("--unjournaled")) for _ in range(RUNS)]
    bare, ours, on_uvloop, unjournaled = zip(*rounds, strict=True)
    for what, took in ((f"submit {ROWS:,} rows, no limit, journal on", ours), ("the same on uvloop", on_uvloop)):
        ratios, note = ratios_of(took, bare, speed=True)
        yield Measured(what, "bare aiohttp loop, rows a second", 0.8, ratios, True, note)
    ratios, note = ratios_of(ours, unjournaled)
    yield Measured(f"cost of the journal: submit {ROWS:,} rows", "submit without it", 1.25, ratios, note=note)
