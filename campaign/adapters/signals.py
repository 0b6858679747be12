"""Ctrl-C, SIGTERM and a closed terminal: the first asks to finish what is under way, the second to leave at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any


def _there(*names: str) -> tuple[int, ...]:
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


_SIGNALS = _there("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
_HANG_UPS = _there("SIGHUP")  # a terminal that closes sends several: they are one


@contextmanager
def stop_signals(first: Callable[[], None], second: Callable[[], None]) -> Iterator[None]:
    """While open, the first signal calls `first` and every later one `second`, in the running event loop.

    Outside the main thread (a notebook, a web server) signals belong to someone else and are left alone, and so is one
    that is ignored (nohup).
    """
    import asyncio  # not at the top: every command imports this file, and few have a loop

    loop = asyncio.get_running_loop()
    asked = 0

    def stop(number: int) -> None:
        nonlocal asked
        if asked and number in _HANG_UPS:
            return
        asked += 1
        (first if asked == 1 else second)()

    def handler(number: int, _frame: FrameType | None) -> None:
        # Works on Windows too, where event loops take no signal handlers; the self-pipe wakes the loop.
        loop.call_soon_threadsafe(stop, number)

    before: dict[int, Any] = {}
    try:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, handler)
    except ValueError:
        before.clear()
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextmanager
def interrupts_raised() -> Iterator[None]:
    """While open, Ctrl-C raises `KeyboardInterrupt` here, also where `asyncio.run` would cancel its task and wait. Outside the
    main thread it is left alone."""
    before: Any = None
    with suppress(ValueError):
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


@contextmanager
def every_stop_an_interrupt() -> Iterator[None]:
    """While open, SIGTERM and a closed terminal raise `KeyboardInterrupt` as Ctrl-C does: half a file is removed whoever
    asks to stop."""
    before: dict[int, Any] = {}
    with suppress(ValueError):  # not in the main thread
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
