"""The rows that wait for their turn: the file's order first, and retries as soon as their wait is over."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from itertools import count

from campaign.core.record import DueLead

_FETCHED = 500  # rows that are read from the journal at a time

Fetch = Callable[[int, int], Awaitable[list[DueLead]]]
"""Takes a row number and a limit, and gives the next due rows after that number."""


class Line:
    """Hands each row to one worker. It ends when no row waits, none waits for a retry, and none is under way."""

    def __init__(self, fetch: Fetch, limit: int | None, only: Collection[int] | None) -> None:
        """`limit` is how many rows are admitted, `only` are the lead ids that may be; the rest stays pending."""
        self._fetch = fetch
        self._only = only
        self._left = limit
        self._after = 0
        self._ready: deque[DueLead] = deque()
        self._retries: list[tuple[float, int, DueLead]] = []
        self._order = count()
        self._more = True
        self._under_way = 0
        self._closed = False
        self._changed = asyncio.Condition()

    async def next(self) -> DueLead | None:
        """The next row, waiting for one if need be; None when the line has ended. Follow it with `done`."""
        async with self._changed:
            while not self._closed:
                now = asyncio.get_running_loop().time()
                if self._retries and self._retries[0][0] <= now:
                    return self._taken(heapq.heappop(self._retries)[2])
                if not self._ready and self._more:
                    await self._refill()
                if self._ready:
                    return self._taken(self._ready.popleft())
                if not self._retries and not self._under_way:
                    break
                wait = self._retries[0][0] - now if self._retries else None
                try:
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                except TimeoutError:
                    continue
            self._changed.notify_all()
            return None

    async def done(self, retry: DueLead | None = None, wait: float = 0.0) -> None:
        """A row that `next` gave is dealt with; `retry` puts it back for `wait` seconds later."""
        async with self._changed:
            self._under_way -= 1
            if retry is not None:
                when = asyncio.get_running_loop().time() + wait
                heapq.heappush(self._retries, (when, next(self._order), retry))
            self._changed.notify_all()

    async def close(self) -> None:
        """Admit no further row."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _taken(self, lead: DueLead) -> DueLead:
        self._under_way += 1
        return lead

    async def _refill(self) -> None:
        """Read on in the journal until there is a row for this run, or no more."""
        while self._more and not self._ready:
            rows = await self._fetch(self._after, _FETCHED)
            self._more = len(rows) == _FETCHED
            if rows:
                self._after = rows[-1].number
            wanted = rows if self._only is None else [row for row in rows if row.id in self._only]
            self._ready.extend(wanted if self._left is None else wanted[: self._left])
            if self._left is not None:
                self._left -= len(self._ready)
                self._more = self._more and self._left > 0
