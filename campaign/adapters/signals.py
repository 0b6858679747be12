"""Ctrl-C, SIGTERM and a closed terminal: the first asks to finish what is under way, the second to leave at once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any


def _there(*names: str) -> tuple[int, ...]:
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


_SIGNALS = _there("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
_HANG_UPS = _there("SIGHUP")  # a terminal that closes sends several: they are one
_asked: list[int] = []  # the signals that have interrupted this command


class Stopped(KeyboardInterrupt):
    """A signal asked to stop.

    A class of its own, because Python takes note of a bare KeyboardInterrupt that leaves an `exec`, as dataclasses do while they
    are imported, and then dies of SIGINT at its end whatever exit status it was given.
    """


@contextmanager
def stop_signals(first: Callable[[], None], second: Callable[[], None]) -> Iterator[None]:
    """While open, the first signal calls `first` and every later one `second`, in the running event loop. Raises `Stopped` if
    one came before and nothing was seen of it.

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

    with _taken(_SIGNALS, handler):
        heed_a_stop()  # from here on none can be lost
        yield


@contextmanager
def interrupts_raised() -> Iterator[None]:
    """While open, Ctrl-C raises `KeyboardInterrupt` here, also where `asyncio.run` would cancel its task and wait. Outside the
    main thread it is left alone."""
    with _taken((signal.SIGINT,), signal.default_int_handler):
        yield


@contextmanager
def every_stop_an_interrupt() -> Iterator[None]:
    """While open, SIGTERM and a closed terminal raise `Stopped` as Ctrl-C does: half a file is removed whoever asks to stop.

    A library that is interrupted may make an error of its own of that, or nothing at all: see `stop_was_asked`.
    """
    _asked.clear()
    nobodys = [
        number for number in _SIGNALS if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler)
    ]
    complain, sys.unraisablehook = sys.unraisablehook, _complain_unless_stopped
    try:
        with _taken(nobodys, _interrupt):
            yield
    finally:
        sys.unraisablehook = complain


def stop_was_asked() -> bool:
    """Whether a signal has interrupted this command, also where nothing was seen of it."""
    return bool(_asked)


def heed_a_stop() -> None:
    """Raise `Stopped` if a stop was asked for and a library kept that to itself. To be called before what can't be taken back."""
    if _asked:
        raise Stopped


@contextmanager
def _taken(numbers: Sequence[int], handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """While open, these signals go to the handler, but for those that are ignored. Outside the main thread none can be taken."""
    before: dict[int, Any] = {}
    try:
        with suppress(ValueError):
            for number in numbers:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _asked.append(number)
    raise Stopped


def _complain_unless_stopped(lost: sys.UnraisableHookArgs) -> None:
    """Python can't raise out of a callback and says so: of an interrupt nobody needs to know that."""
    if not isinstance(lost.exc_value, Stopped):
        sys.__unraisablehook__(lost)
