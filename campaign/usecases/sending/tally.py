"""Where the rows of a run stand, kept up as they move, and shown to the person who watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as MappingOf
from contextlib import suppress

from campaign.core.lifecycle import State
from campaign.ports import Progress
from campaign.usecases.sending.pacer import Pacer


class Tally:
    """Counts rows by state. Nothing that goes wrong at the display reaches the run: a terminal that is gone must not make
    a call ambiguous."""

    def __init__(self, counts: MappingOf[State, int], progress: Progress, pacer: Pacer) -> None:
        """`counts` are the campaign's rows by state as the run begins."""
        self._counts = Counter(counts)
        self._total = sum(counts.values())
        self._progress = progress
        self._pacer = pacer

    def moved(self, origin: State, target: State, rows: int = 1) -> None:
        """Rows went from one state to another."""
        self._counts[origin] -= rows
        self._counts[target] += rows
        with suppress(Exception):
            self._progress.sending(+self._counts, self._total, self._pacer.allowed)

    def note(self, text: str) -> None:
        """Something a person should know now."""
        with suppress(Exception):
            self._progress.note(text)
