"""The rows that wait for their turn: in the journal's order, and retries as soon as their wait is over."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from itertools import count

from campaign.core.record import DueLead

_FETCHED = 500  # rows that are read from the journal at a time

Fetch = Callable[[DueLead | None, int], Awaitable[list[DueLead]]]
"""Takes a row and a limit, and gives the next due rows after that one; from the first on if None."""


class Line:
    """Hands each row to one worker. It ends when no row waits, none waits for a retry, and none is under way; rows that
    have become due since are found after `anew`."""

    def __init__(self, fetch: Fetch, limit: int | None, only: Collection[int] | None) -> None:
        """`limit` is how many rows may be sent, `only` are the lead ids that may be; the rest stays pending."""
        self._fetch = fetch
        self._only = only
        self._left = limit
        self._after: DueLead | None = None
        self._in_hand: set[int] = set()
        self._tried: set[int] = set()
        self._ready: deque[DueLead] = deque()
        self._retries: list[tuple[float, int, DueLead]] = []
        self._order = count()
        self._more = True
        self._closed = False
        self._changed = asyncio.Condition()

    async def next(self) -> DueLead | None:
        """The next row, waiting for one if need be; None when the line has ended. Follow it with `done`."""
        async with self._changed:
            while not self._closed:
                now = asyncio.get_running_loop().time()
                if self._retries and self._retries[0][0] <= now:
                    return heapq.heappop(self._retries)[2]
                if not self._ready and self._more and not self.used_up:
                    await self._refill()
                if self._ready and not self.used_up:
                    return self._taken(self._ready.popleft())
                if not self._in_hand:
                    break
                wait = self._retries[0][0] - now if self._retries else None
                try:
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                except TimeoutError:
                    continue
            self._changed.notify_all()
            return None

    async def take(self, most: int) -> list[DueLead]:
        """Rows to be held back that are ready now, without waiting for any, up to `most`. Follow each with `done`, not sent."""
        async with self._changed:
            if not self._ready and self._more and not self._closed:
                await self._refill()
            some = min(most, len(self._ready)) if not self._closed else 0
            return [self._taken(self._ready.popleft()) for _ in range(some)]

    async def done(self, lead: DueLead, retry: bool = False, wait: float = 0.0, *, sent: bool = True) -> None:
        """A row that was given is dealt with; `retry` puts it back for `wait` seconds later. One that was never sent gives
        its place within the limit back."""
        async with self._changed:
            if not retry:
                self._in_hand.discard(lead.id)
                if self._left is not None and not sent and lead.id not in self._tried:
                    self._left += 1
                self._tried.discard(lead.id)
            else:
                self._tried.add(lead.id)
                when = asyncio.get_running_loop().time() + wait
                heapq.heappush(self._retries, (when, next(self._order), lead))
            self._changed.notify_all()

    async def close(self) -> None:
        """Admit no further row."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    async def anew(self) -> None:
        """Rows have become due: read the journal from its first one on."""
        async with self._changed:
            self._ready.clear()
            self._after, self._more = None, True
            self._changed.notify_all()

    @property
    def used_up(self) -> bool:
        """Whether as many rows as may be were sent, or are under way."""
        return self._left is not None and self._left <= 0

    def _taken(self, lead: DueLead) -> DueLead:
        self._in_hand.add(lead.id)
        if self._left is not None:
            self._left -= 1
        return lead

    async def _refill(self) -> None:
        """Read on in the journal until there is a row for this run, or no more."""
        while self._more and not self._ready:
            rows = await self._fetch(self._after, _FETCHED)
            self._more = len(rows) == _FETCHED
            if rows:
                self._after = rows[-1]
            self._ready.extend(row for row in rows if self._is_wanted(row))

    def _is_wanted(self, lead: DueLead) -> bool:
        return lead.id not in self._in_hand and (self._only is None or lead.id in self._only)
