"""A time in which an endpoint slows the calls down again and again: what comes through is what can be reckoned with."""

from __future__ import annotations

import math

_LEAST_SECONDS = 30.0  # what is left of one 429 by then is nothing
_LEAST_TIMES = 3


class SlowSpell:
    """Is told now and then what is done and what is allowed, and knows how much comes through. Moments are seconds of a clock
    that nobody sets."""

    def __init__(self) -> None:
        self._began: tuple[float, int] | None = None
        self._allowed = math.inf
        self._times = 0

    def see(self, now: float, done: int, allowed: float, asked: float) -> float | None:
        """Take in how many rows are done until now. Returns the rows a second since the spell began; None out of a spell, and as
        long as it may be a single 429, after which the rate comes back."""
        if allowed >= asked:
            self._began, self._allowed, self._times = None, math.inf, 0
            return None
        self._began = self._began or (now, done)
        self._times += allowed < self._allowed
        self._allowed = allowed
        since, before = self._began
        if self._times < _LEAST_TIMES or now - since < _LEAST_SECONDS:
            return None
        return (done - before) / (now - since)
