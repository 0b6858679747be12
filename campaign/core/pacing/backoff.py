"""How long to wait before a row is tried again: exponential, capped, with full jitter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """`attempts` counts all attempts, the first included. `base` and `cap` are seconds. Raises `ValueError`."""

    attempts: int = 4
    base: float = 1.0
    factor: float = 2.0
    cap: float = 60.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.base <= 0 or self.factor < 1 or self.cap <= 0:
            raise ValueError("retries need at least 1 attempt, a base and a cap above 0, and a factor of 1 or more")

    def ceiling(self, attempt: int) -> float:
        """The longest wait after the `attempt`-th attempt (1 is the first), in seconds."""
        try:
            return min(self.cap, self.base * self.factor ** (attempt - 1))
        except OverflowError:
            return self.cap

    def delay(self, attempt: int, random: Callable[[], float]) -> float | None:
        """Seconds to wait after the `attempt`-th attempt failed, anything from 0 to the ceiling, so that the rows of
        one outage do not come back together; None when there are no more. `random` gives a number in [0, 1)."""
        return None if attempt >= self.attempts else random() * self.ceiling(attempt)
