"""Waiting for a moment of the wall clock, however that clock is set meanwhile, until a person stops it."""

from __future__ import annotations

import asyncio
from datetime import datetime

from campaign.ports import Clock

LONGEST_REST = 60.0
"""Seconds after which the wall clock is looked at again: it may have been set, or the machine may have slept."""


class Stay:
    """Lets a run stay until a moment comes. Rests are of the event loop's clock, moments of the wall clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Wake all who wait: nothing is waited for any more."""
        self._stopped.set()

    async def rest(self, seconds: float = LONGEST_REST) -> bool:
        """Rest for so long, a minute at most. False if it was stopped."""
        try:
            async with asyncio.timeout(min(max(seconds, 0.001), LONGEST_REST)):
                await self._stopped.wait()
        except TimeoutError:
            return True
        return False

    async def until(self, moment: datetime) -> bool:
        """Wait until the wall clock shows the moment. False if it was stopped before."""
        while (left := (moment - self._clock.now()).total_seconds()) > 0:
            if not await self.rest(left):
                return False
        return not self._stopped.is_set()
