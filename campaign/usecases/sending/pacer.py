"""The pacer: every call passes it, one at a time, before its intent is written."""

from __future__ import annotations

import asyncio
import math

from aiolimiter import AsyncLimiter

from campaign.core.pacing.rate import Rate, burst
from campaign.core.pacing.throttle import Throttle, recovered, slowed


class Pacer:
    """Lets calls go at a rate (None: no limit), evenly and in the order in which they asked.

    In any sliding second at most 1.02 times the allowed rate and one call go, whatever happened before. After a 429
    none goes for the time that the endpoint asked for, and then at half the rate, which comes back by and by. Its clock is
    the event loop's: a wall clock that is set back or forward makes no wait longer or shorter.
    """

    def __init__(self, rate: Rate | None) -> None:
        self._throttle = Throttle.at(rate.per_second if rate else math.inf)
        # One waiter at a time stands at the bucket, so that a change of rate holds from the very next turn.
        self._turn = asyncio.Lock()
        self._asking = 0
        self._bucket: AsyncLimiter | None = None
        self._bucket_rate = 0.0
        self._fresh = True

    @property
    def allowed(self) -> float:
        """Calls a second that may go now; `inf` without a limit."""
        return self._throttle.allowed

    @property
    def wait(self) -> float:
        """Seconds for which no call may go, because a 429 asked for it; 0 when one may."""
        return self._throttle.wait(_now())

    async def turn(self) -> float:
        """Return when one call may go, with that moment of the loop's clock, which `slow_down` likes to know."""
        self._asking += 1
        try:
            async with self._turn:
                while True:
                    await self._wait_out()
                    await self._pass_bucket()
                    now = _now()
                    # A 429 may have come while this call stood at the bucket: then it waits like all others.
                    if self._throttle.wait(now) <= 0:
                        return now
        finally:
            self._asking -= 1

    async def turn_at_once(self) -> float | None:
        """The same, if one call may go without any wait: then nothing else happens before this returns. Else None."""
        now = _now()
        if self._asking or self._throttle.wait(now) > 0 or not self._has_room():
            return None
        await self._pass_bucket()
        return now

    def slow_down(self, retry_after: float, granted: float | None = None) -> bool:
        """After a 429: nothing goes for `retry_after` seconds, then half the rate. `granted` is what `turn` returned
        for the refused call; with it, late answers from before the wait do not halve the rate a second time.

        Returns whether this is news: False for a further answer of a burst that has slowed the campaign down already.
        """
        before = self._throttle.slowed_at
        self._throttle = slowed(self._throttle, _now(), retry_after, granted)
        return self._throttle.slowed_at != before

    def speed_up(self) -> bool:
        """After an accepted call: a step back towards the asked rate. Returns whether that is reached again by it."""
        before = self._throttle
        self._throttle = recovered(before, _now())
        return before.allowed < before.asked == self._throttle.allowed

    def _has_room(self) -> bool:
        rate = self._throttle.allowed
        if math.isinf(rate) or self._fresh:
            return True
        return self._bucket is not None and self._bucket_rate == rate and self._bucket.has_capacity()

    async def _wait_out(self) -> None:
        while (seconds := self._throttle.wait(_now())) > 0:  # noqa: ASYNC110 - a 429 may prolong the wait meanwhile
            await asyncio.sleep(seconds)

    async def _pass_bucket(self) -> None:
        rate = self._throttle.allowed
        if math.isinf(rate):
            return
        if self._bucket is None or rate != self._bucket_rate:
            size = burst(rate)
            self._bucket, self._bucket_rate = AsyncLimiter(size, size / rate), rate
            # A new bucket would let a burst go: at once as a run begins, or on top of what the last one let go. Start with a
            # full one; only the very first call need not wait.
            await self._bucket.acquire(size - 1 if self._fresh else size)
        self._fresh = False
        await self._bucket.acquire()


def _now() -> float:
    return asyncio.get_running_loop().time()
