"""What stands in a terminal in which a command runs: the terminal is the tests' own."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pyte.screens import Char

sys.path.append(str(Path(__file__).parents[2] / "tests" / "cli"))
from terminal import Terminal, terminal

__all__ = ["Screen", "Terminal", "screen", "screen_with", "terminal", "words"]

Screen = list[list[Char]]
"""The lines of a terminal, without blank ones before and after."""


def screen(seen: Terminal) -> Screen:
    """What stands there now."""
    shown = seen.screen
    lines = [[shown.buffer[line][column] for column in range(shown.columns)] for line in range(shown.lines)]
    filled = [n for n, line in enumerate(lines) if words(line)]
    return lines[filled[0] : filled[-1] + 1]


def screen_with(seen: Terminal, wanted: str) -> Screen:
    """What stands there as soon as a pattern is found in it."""
    taken: Screen = []

    def is_there(text: str) -> bool:
        if re.search(wanted, text, re.DOTALL) is None:
            return False
        taken[:] = screen(seen)  # now, before anything is drawn over it
        return True

    seen.wait_for(is_there)
    return taken


def words(line: list[Char]) -> str:
    """A line without its colours."""
    return "".join(cell.data for cell in line).rstrip()
