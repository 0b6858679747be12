"""An event loop whose clock jumps to the next timer: hours of pacing pass in a moment, and always in the same way."""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
TICK = 1e-6  # what a turn of the loop costs; without it, a timer that is due a rounding error too early would spin


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: it moves the clock. Timers wake on multiples of `grain`, seconds."""

    def __init__(self, grain: float) -> None:
        super().__init__()
        self.now = 0.0
        self.grain = grain

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let `timeout` pass."""
        assert timeout is not None, "the loop would wait for ever"
        if timeout > 0 and self.grain:
            self.now = math.ceil((self.now + timeout) / self.grain) * self.grain
        else:
            self.now += max(timeout, TICK)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop on the jumping clock."""

    def __init__(self, grain: float = 0.0) -> None:
        self._jumping = _Jumping(grain)
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the loop began."""
        return self._jumping.now


def run_virtually(main: Coroutine[Any, Any, T], grain: float = 0.0) -> T:
    """Run `main` to its end in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(grain)) as runner:
        return runner.run(main)
