"""Numbers, rows and times in words, fitted into the terminal."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from datetime import datetime

import click


def counted(number: int, what: str) -> str:
    """So many of them, in words: `1 row`, `1,200 rows`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def no_rows(list_name: str) -> str:
    """What a person may want to know of a list that has no leads. It is no error: a day may bring none."""
    return f"{list_name} has no leads. If it should, export it again, or name another sheet with --sheet."


def which(rows: Sequence[int]) -> str:
    return f"row{'s' if len(rows) != 1 else ''} {', '.join(map(str, rows[:10]))}{' ...' if len(rows) > 10 else ''}"


def duration(seconds: float) -> str:
    """Seconds in words: `about 3 min`."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"about {seconds / 3600:.1f} hours"
    return f"about {seconds / 86_400:.0f} days"


def clock(moment: datetime, now: datetime, *, seconds: bool = False) -> str:
    """A moment on the clock of this machine, with its day unless that is today: `14:32`, `Fri 27 Nov 08:00`."""
    local = moment.astimezone()
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return time if local.date() == now.astimezone().date() else f"{local:%a %d %b} {time}"


def wrapped(text: str, first: str = " " * 16, other: str = " " * 16) -> None:
    """A text in the width of the terminal, cut where a cell is endless."""
    shown = click.unstyle(first).lstrip("\n")
    lines = textwrap.wrap(
        textwrap.shorten(text, 600, placeholder=" ..."),
        width(),
        initial_indent=" " * len(shown),
        subsequent_indent=other,
    )
    click.echo(first + "\n".join(lines or [shown])[len(shown) :])


def fitted(text: str, *, err: bool, below: str = "") -> str:
    """A line for stderr (`err`) or stdout: in a terminal broken between words, the rest below its beginning, or `below` further
    in; elsewhere as it is, for whoever searches a log."""
    if not (sys.stderr if err else sys.stdout).isatty():
        return text
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.fill(
        text, width(), subsequent_indent=indent + below, break_long_words=False, break_on_hyphens=False
    )


def note(text: str, indent: str = "") -> None:
    """Something that a person should know, on stderr."""
    click.echo(click.style(fitted(f"{indent}Note: {text}", err=True), fg="yellow"), err=True)


def width() -> int:
    """Columns of the terminal, as far as a person reads lines of that length."""
    return max(60, min(columns(), 120))


def columns() -> int:
    """Columns of the terminal."""
    from shutil import get_terminal_size  # not at the top: it brings archives and compression

    return get_terminal_size().columns
