"""How a run ends: because all is sent, a person stops it, its goal is reached, every row would fare the same, or an error."""

from __future__ import annotations

from campaign.core.errors import CampaignError
from campaign.core.event import Halted, Paused, Stopping
from campaign.usecases.sending.line import Line
from campaign.usecases.sending.patience import Patience
from campaign.usecases.sending.stay import Stay
from campaign.usecases.sending.tally import Tally


class RunEnd:
    """Stops all who wait or are about to send. The first reason of each kind is kept."""

    def __init__(self, line: Line, stay: Stay, patience: Patience, tally: Tally) -> None:
        self._line = line
        self._stay = stay
        self._patience = patience
        self._tally = tally
        self.stopping = False
        self.halted = ""
        self.paused = ""
        self.interrupted = False
        self.failure: CampaignError | None = None

    async def halt(self, reason: str) -> None:
        """Every further row would fare the same."""
        if not self.halted:
            self.halted = reason
            self._tally.happened(Halted(reason))
        await self._stop()

    async def pause(self, reason: str) -> None:
        """What was asked for is reached: nothing is wrong."""
        if not self.paused:
            self.paused = reason
            self._tally.happened(Paused(reason))
        await self._stop()

    async def fail(self, error: CampaignError) -> None:
        """The journal, or what the rules rest on, can't be relied on any more."""
        self.note_failure(error)
        await self._stop()

    def note_failure(self, error: CampaignError) -> None:
        """Keep an error that the other rows need not stop for."""
        if self.failure is None:
            self.failure = error
            self._tally.happened(Halted(error.message))

    async def drain(self) -> None:
        """A person asked to stop: admit no further row, let those under way finish."""
        self.interrupted = True
        self._tally.happened(Stopping())
        await self._stop()

    def leave(self) -> None:
        """A person asked to stop at once: whoever is cancelled from now on is meant to be."""
        self.interrupted = self.stopping = True
        self._stay.stop()
        self._patience.leave()
        self._tally.happened(Stopping(at_once=True))

    async def _stop(self) -> None:
        self.stopping = True
        self._stay.stop()
        self._patience.end()
        await self._line.close()
