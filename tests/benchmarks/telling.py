"""What it costs to tell of a run at 2,000 rows a second: the counts alone, with a log, and with the live view in a terminal."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from measure import RUNS, Measured
from rich.console import Console

from campaign.adapters.clock import SystemClock
from campaign.adapters.event_log import EventLog, log_to
from campaign.cli.progress.live import Live
from campaign.core.course import Course
from campaign.core.event import Attempted
from campaign.core.lifecycle import State
from campaign.core.pacing.forecast import Group, Pace
from campaign.core.pacing.rate import Rate
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.tally import Tally

RATE, SECONDS, CHUNK = 2_000, 3, 100
_ROWS = RATE * SECONDS
_Around = Callable[[Live], AbstractContextManager[object]]


def lines() -> Iterable[Measured]:
    """The share of one processor that telling takes, which leaves the rest for the calls."""
    for what, target, around in (
        ("telling: counts and events", 0.03, _nothing),
        ("telling: with a log", 0.12, _log),
        ("telling: with the live view", 0.08, _view),
    ):
        shares = [_share(around) for _ in range(RUNS)]
        note = f"{min(shares) / RATE * 1e6:.0f} µs a row at {RATE:,} rows a second"
        yield Measured(what, "one processor", target, shares, note=note)


def _share(around: _Around) -> float:
    """Processor seconds a second, with the rows coming in small batches as answers do."""
    display = Live(err=True, verbose=False, own=True)
    display._console = Console(file=io.StringIO(), width=80, height=24, force_terminal=True, legacy_windows=False)
    course = Course("c1", "leads.csv", {State.PENDING: _ROWS}, (Group(None, None, _ROWS, now=True),), Pace(RATE))
    tally = Tally(course, Onlookers(display, EventLog("c1")), Pacer(Rate(RATE, 1)), SystemClock())
    with around(display):
        if around is _view:
            tally.show()
        processor, began = time.process_time(), time.monotonic()
        for row in range(_ROWS):
            tally.moved(State.PENDING, State.SENDING)
            tally.attempted(Attempted(row, f"c1-{row}", 1, "…0001", State.ACCEPTED, 200, "", 98.7))
            tally.moved(State.SENDING, State.ACCEPTED)
            if row % CHUNK == 0:
                time.sleep(max(0.0, began + row / RATE - time.monotonic()))
        return (time.process_time() - processor) / (time.monotonic() - began)


@contextmanager
def _nothing(_display: Live) -> Iterator[None]:
    yield


@contextmanager
def _log(_display: Live) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, log_to(Path(folder) / "run.jsonl", print):
        yield


@contextmanager
def _view(display: Live) -> Iterator[None]:
    try:
        yield
    finally:
        display.close()
