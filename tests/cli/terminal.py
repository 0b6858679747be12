"""A command in a terminal of its own, and what a person would see there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyte
from keyboard import TAKE_TERMINAL


class Terminal:
    """A pseudo-terminal in which a command runs. `paused`: nobody reads what it writes, as after Ctrl-S. `program`: what
    Python runs."""

    def __init__(
        self, work: Path, *args: str, columns: int, lines: int, paused: bool, program: Sequence[str], **env: str
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=2_000)
        self._stream = pyte.ByteStream(self.screen)
        self._changed = threading.Condition()
        self._ended = self._closing = False
        self._fd, theirs = os.openpty()
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        # What readline, which pytest imports, leaves in the environment is the size of another terminal.
        around = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self._process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, sys.executable, *program, *args],
            cwd=work,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**around, "TERM": "xterm-256color", **env},
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        if not paused:
            self.read_on()

    def read_on(self) -> None:
        """Let the terminal take what is written."""
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # how Linux says that the other side has gone
            while not self._closing and (data := os.read(self._fd, 65_536)):
                with self._changed:
                    self._stream.feed(data)
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def shown(self) -> str:
        """What is on the screen now."""
        with self._changed:
            return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, is_there: Callable[[str], bool], seconds: float = 60.0) -> str:
        """Until the screen shows it. Returns the screen as it was then."""
        end = time.monotonic() + seconds
        with self._changed:
            while not is_there(shown := "\n".join(line.rstrip() for line in self.screen.display)):
                assert not self._ended, f"it ended: {shown}"
                assert self._changed.wait(max(end - time.monotonic(), 0)), f"not seen in time: {shown}"
        return shown

    def colours(self) -> set[str]:
        """The colours of what is on the screen now."""
        with self._changed:
            rows = [self.screen.buffer[line] for line in range(self.screen.lines)]
            return {cell.fg for row in rows for cell in row.values()} | {
                cell.bg for row in rows for cell in row.values()
            }

    def type(self, keys: str) -> None:
        """As a person does."""
        os.write(self._fd, keys.encode())

    def press_ctrl_c(self) -> None:
        """As a person does: the terminal makes a signal of it."""
        self.type("\x03")

    def press_ctrl_d(self) -> None:
        """As a person does: no answer comes."""
        self.type("\x04")

    def ends(self, seconds: float = 120.0) -> int:
        """Wait for the end of the command. Returns its exit status."""
        code = self._process.wait(seconds)
        if self._reader.ident is not None:
            self._reader.join()
        return code

    def close_window(self) -> None:
        """As a person does: the command gets a signal, and nowhere to write any more."""
        self._closing = True
        self._reader.join()
        os.close(self._fd)
        self._fd = -1

    def close(self) -> None:
        """Leave nothing running."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._fd >= 0:
            os.close(self._fd)


@contextlib.contextmanager
def terminal(
    work: Path,
    *args: str,
    columns: int = 80,
    lines: int = 24,
    paused: bool = False,
    program: Sequence[str] = ("-m", "campaign"),
    **env: str,
) -> Iterator[Terminal]:
    """Run a command in a terminal of that size, with more in its environment if need be."""
    opened = Terminal(work, *args, columns=columns, lines=lines, paused=paused, program=program, **env)
    try:
        yield opened
    finally:
        opened.close()
