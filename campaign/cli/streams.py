"""The three standard streams, as whoever started the command has left them: closed, full, or read by nobody any more."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO


class _News:
    """Stderr that is no terminal. What stands there is news, on which nothing depends: a log on a full disk, or a reader who
    has gone, stops no campaign and changes no exit status."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if that can be done."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if that can be done."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def make_good() -> None:
    """Take care that each stream is there, and that only stdout, which has the result, can fail."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # in this order it gets its own number, which no file opened later may have
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console of another code page must not stop a campaign
            stream.reconfigure(errors="replace")
    if not sys.stderr.isatty() and not isinstance(sys.stderr, _News):
        sys.stderr = _News(sys.stderr)


@contextmanager
def read_or_not() -> Iterator[None]:
    """While open, whoever reads stdout may leave, as `head` does: what comes then is said to nobody."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
