"""Those who are told what happens in a run: the person who watches, the log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from campaign.core.event import Event
from campaign.core.standing import Standing
from campaign.ports import Onlooker, Progress


class Onlookers:
    """Nothing that goes wrong at one of them reaches the run, or another: a terminal that is gone must not make a call
    ambiguous."""

    def __init__(self, progress: Progress, *others: Onlooker) -> None:
        self._progress = progress
        self._all: tuple[Onlooker, ...] = (progress, *others)

    def sending(self, standing: Callable[[], Standing]) -> None:
        """Calls go out from now on. `standing` tells where the rows stand whenever it is asked, from any thread."""
        with suppress(Exception):
            self._progress.sending(standing)

    def happened(self, event: Event) -> None:
        """Tell all of them."""
        for onlooker in self._all:
            with suppress(Exception):
                onlooker.happened(event)
