"""How fast calls go right now: those of the last seconds, not of the whole run."""

from __future__ import annotations

from collections import deque

LEAST_SECONDS = 10.0
"""The time that is looked back on,"""
_MOST_SECONDS = 300.0  # at a very slow rate, where ten seconds may have no call,
_CALLS = 5  # as much as so many calls take
_APART = 0.5  # seconds between two counts that are kept


class Recent:
    """Is told the count of calls now and then, and knows the rate of the last of them. Moments are seconds of a clock that
    nobody sets."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, now: float, calls: int, allowed: float) -> float | None:
        """Take in the count of all calls until now. Returns the calls a second; None as long as too little time was seen.

        `allowed` calls a second is what may go: the slower, the longer is looked back.
        """
        back = min(max(LEAST_SECONDS, _CALLS / allowed if allowed > 0 else 0.0), _MOST_SECONDS)
        if not self._seen or now - self._seen[-1][0] >= _APART:
            self._seen.append((now, calls))
        while len(self._seen) > 1 and self._seen[1][0] <= now - back:
            self._seen.popleft()
        since, before = self._seen[0]
        return (calls - before) / (now - since) if now - since >= back / 2 else None
