"""A run as plain lines: for logs, pipes and terminals that can't move their cursor."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as MappingOf

import click

from campaign.cli.progress.display import Display, News
from campaign.cli.progress.words import arrival, speed, told, waiting
from campaign.core.event import Attempted, Event, Resumed, SlowedDown, Stopping, Waiting
from campaign.core.lifecycle import State
from campaign.core.standing import Phase, Standing

_EVERY = 5.0  # seconds between two lines about where the rows stand
_EVERY_QUIET = 900.0  # the same while nothing changes
_MOST_OF_A_KIND = 20  # lines; a log is not flooded by ten thousand failures


class Lines(Display):
    """A line every few seconds, and one for each row that a person should look at, as far as these are few."""

    def __init__(self, *, err: bool, verbose: bool) -> None:
        super().__init__()
        self._err = err
        self._verbose = verbose
        self._said: Counter[str] = Counter()
        self._last = time.monotonic()
        self._said_at = 0.0
        self._counts: MappingOf[State, int] = {}
        self._phase = Phase.SENDING

    def _is_shown(self, event: Event) -> bool:
        if self._verbose:
            return True
        if isinstance(event, Attempted):
            return event.grave
        return isinstance(event, SlowedDown | Waiting | Resumed | Stopping)

    def _show(self, news: list[News | str]) -> None:
        for each in news:
            if isinstance(each, str) or self._verbose or self._is_wanted(each.event):
                self._say(str(each))
        if self._standing is not None:
            self._show_standing(self._standing)
        elif self._read and self._is_due(_EVERY):
            self._say(f"{self._read:,} rows{f' of {self._read_of}' if self._read_of else ''} read")

    def _clear(self) -> None:
        """Lines are never in the way."""

    def _is_wanted(self, event: Event) -> bool:
        self._said[event.kind] += 1
        if self._said[event.kind] == _MOST_OF_A_KIND + 1:
            self._say(
                "Further lines of this kind are left out here: --log-file FILE keeps them, the result has all rows."
            )
        return self._said[event.kind] <= _MOST_OF_A_KIND

    def _is_due(self, every: float) -> bool:
        now = time.monotonic()
        if now - self._last < every:
            return False
        self._last = now
        return True

    def _say(self, text: str) -> None:
        if not self._gone:
            click.echo(text, err=self._err)

    def _show_standing(self, standing: Callable[[], Standing]) -> None:
        if not self._is_due(_EVERY):
            return
        seen = standing()
        now = time.monotonic()
        quiet = seen.counts == self._counts and seen.phase is self._phase
        if quiet and now - self._said_at < _EVERY_QUIET:
            return
        self._counts, self._phase, self._said_at = seen.counts, seen.phase, now
        stands = f"{seen.done:,} of {seen.expected:,} rows: {told(seen.counts)}"
        facts = (f"waits {waiting(seen)}" if seen.wait else speed(seen.speed), arrival(seen))
        self._say(f"{seen.at.astimezone():%H:%M:%S}  {'; '.join(filter(None, (stands, *facts)))}")
