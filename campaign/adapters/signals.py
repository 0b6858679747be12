"""Ctrl-C and SIGTERM: the first asks to finish what is under way, the second to leave at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


@contextmanager
def stop_signals(first: Callable[[], None], second: Callable[[], None]) -> Iterator[None]:
    """While open, the first signal calls `first` and every later one `second`, in the running event loop.

    Outside the main thread (a notebook, a web server) signals belong to someone else and are left alone.
    """
    loop = asyncio.get_running_loop()
    asked = 0

    def stop() -> None:
        nonlocal asked
        asked += 1
        (first if asked == 1 else second)()

    def handler(_number: int, _frame: FrameType | None) -> None:
        # Works on Windows too, where event loops take no signal handlers; the self-pipe wakes the loop.
        loop.call_soon_threadsafe(stop)

    before: dict[int, Any] = {}
    try:
        for number in _SIGNALS:
            before[number] = signal.signal(number, handler)
    except ValueError:
        before.clear()
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
