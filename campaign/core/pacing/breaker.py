"""The circuit breaker: pauses a campaign when not one row but all of it seems to fail."""

from __future__ import annotations

from collections import deque


class Breaker:
    """Watches the outcomes of calls. `consecutive` failures in a row break it, as does a share of `ratio` failures or
    more among the last `window` outcomes, once there are `least`. None switches a rule off."""

    def __init__(self, consecutive: int | None, ratio: float | None, window: int = 100, least: int = 20) -> None:
        self._consecutive = consecutive
        self._ratio = ratio
        self._least = least
        self._last: deque[bool] = deque(maxlen=window)
        self._in_a_row = 0

    def record(self, ok: bool) -> str | None:
        """Take in an outcome. Returns the reason to pause, a sentence with figures; only a failure gives one."""
        self._last.append(ok)
        self._in_a_row = 0 if ok else self._in_a_row + 1
        if ok:
            return None
        if self._consecutive is not None and self._in_a_row >= self._consecutive:
            calls = "call" if self._in_a_row == 1 else "calls"
            return f"{self._in_a_row} {calls} in a row failed (stop_after.consecutive is {self._consecutive})."
        seen, failed = len(self._last), self._last.count(False)
        if self._ratio is not None and seen >= self._least and failed >= self._ratio * seen:
            return f"{failed} of the last {seen} calls failed (stop_after.ratio is {self._ratio:g})."
        return None

    def reset(self) -> None:
        """Forget what was: a person has looked and goes on."""
        self._last.clear()
        self._in_a_row = 0
