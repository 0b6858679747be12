"""A person at a shell: types on a pseudo-terminal, and reads what stands there then."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

import pytest

_PATIENCE = 60.0  # seconds until a shell that says nothing is given up
_KILL_LINE = b"\x15"


TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal that a process was given its own. Not by forking here: threads may be running."""


class Keyboard:
    """An interactive shell. Skips the test where there are no pseudo-terminals."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        if sys.platform == "win32":
            pytest.skip("Windows has no pseudo-terminals")
        self._command = command
        self._env = {**os.environ, **env}
        self._asked = 0

    def __enter__(self) -> Self:
        self._terminal, theirs = os.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *self._command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=self._env,
            start_new_session=True,
        )
        os.close(theirs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._terminal)  # the shell is told that its terminal has gone
        self._process.wait()

    def enter(self, line: str) -> None:
        """Give a line, and return once it was carried out."""
        self._asked += 1
        self._write(f"{line}; echo done-$((0+{self._asked}))\n".encode())
        self._read_until(f"done-{self._asked}\r\n")

    def tab(self, typed: str, wanted: str) -> str:
        """Type, and press the tab key: the line once it is as wanted, or as it stands when nothing more comes. It is cleared
        again."""
        self._write(typed.encode() + b"\t")
        line = self._read_until(wanted)
        self._write(_KILL_LINE)
        self.enter("true")
        return wanted if wanted in line else line

    def _write(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def _read_until(self, wanted: str) -> str:
        shown = b""
        ends = time.monotonic() + _PATIENCE
        while wanted.encode() not in shown and (left := ends - time.monotonic()) > 0:
            if select.select([self._terminal], [], [], left)[0]:
                shown += os.read(self._terminal, 65536)
        return shown.decode(errors="replace")
