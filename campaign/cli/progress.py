"""What a person watches on stderr: a live bar in a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager
from typing import Any

import click

from campaign.core.lifecycle import State
from campaign.ports import Progress

_EVERY = 5.0  # seconds between plain lines
_WAITING = (State.PENDING, State.SENDING)
_OUTCOMES = (
    State.ACCEPTED,
    State.REJECTED,
    State.FAILED,
    State.UNKNOWN,
)  # what changes while calls go out; fits 80 columns


@contextmanager
def watch(sending: int | None = None) -> Iterator[Progress]:
    """Progress for one run, in the form that stderr can show. `sending` is how many rows will be sent, if that is known."""
    if sys.stderr.isatty():
        with _Live(sending) as live:
            yield live
    else:
        yield _Lines(sending)


def tell(counts: MappingOf[State, int]) -> str:
    """Counts in words: `480 accepted, 3 unknown`."""
    return ", ".join(f"{count:,} {state}" for state, count in counts.items() if count) or "no rows"


class _Lines:
    """One line every few seconds."""

    def __init__(self, sending: int | None) -> None:
        self._sending = sending
        self._last = time.monotonic()

    def reading(self, rows: int) -> None:
        """A line now and then while a long list is read."""
        if self._due():
            click.echo(f"{rows:,} rows read", err=True)

    def sending(self, counts: MappingOf[State, int], total: int, rate: float) -> None:
        """A line now and then while calls go out."""
        if self._due():
            click.echo(f"{tell(counts)} of {total:,} rows; at most {rate:.3g} calls a second", err=True)

    def note(self, text: str) -> None:
        """Always a line."""
        click.echo(text, err=True)

    def rest(self) -> None:
        """Lines are never in the way."""

    def _due(self) -> bool:
        now = time.monotonic()
        if now - self._last < _EVERY:
            return False
        self._last = now
        return True


class _Live:
    """A bar with rate, counts and the time that is left."""

    def __init__(self, sending: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=10),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn("{task.fields[counts]}"),
            console=self._console,
            transient=True,
        )
        self._expected = sending
        self._task: Any = None
        self._settled_at_first = 0
        self._started = 0.0

    def __enter__(self) -> _Live:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def reading(self, rows: int) -> None:
        """How many rows are read; their total is not known before the end."""
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task("Checking rows", total=None, speed="", counts="")
        self._bar.update(self._task, completed=rows)

    def sending(self, counts: MappingOf[State, int], total: int, rate: float) -> None:
        """Where the rows stand."""
        waiting = sum(counts.get(state, 0) for state in _WAITING)
        settled = total - waiting - counts.get(State.DEFERRED, 0)
        if not self._started:
            self.rest()
            self._bar.start()
            self._started, self._settled_at_first = time.monotonic(), settled
            self._task = self._bar.add_task("Calling", total=None, speed="", counts="")
        done = settled - self._settled_at_first  # deferred rows come and go: they are neither done nor expected
        whole = min(done + waiting, self._expected or done + waiting)
        seconds = time.monotonic() - self._started
        speed = f"{done / seconds if seconds > 1 else rate:.3g}/s"
        told = {state: counts[state] for state in _OUTCOMES if counts.get(state)}
        self._bar.update(self._task, total=whole, completed=done, speed=speed, counts=tell(told))

    def rest(self) -> None:
        """Take the bar away; the next news brings it back."""
        self._bar.stop()
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None

    def note(self, text: str) -> None:
        """A line above the bar."""
        self._console.print(text, style="yellow", markup=False, highlight=False)
