"""Runs the benchmarks and prints their table: `python tests/benchmarks/show.py`.

    --only NAME   only the benchmarks of these files (submit, kept_rate, ...)
    --long        with all the rows that the targets are meant for, not a fifth of them, and with what takes too long for every
                  day: a million rows, the slowest rivals

Seconds are this machine's; the ratios carry over. Returns 1 if a line falls short of its target or a benchmark fails.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
from measure import SHARE, Measured

_HERE = Path(__file__).resolve().parent
_NO_BENCHMARKS = {"measure", "show"}
_WIDTHS = (46, 34, 9, 22, 12)
_TITLES = ("what", "against", "target", "measured (spread)", "verdict")


def names() -> list[str]:
    """The names of all benchmarks: the files of this folder."""
    files = (path.stem for path in _HERE.glob("*.py"))
    return sorted(name for name in files if name not in _NO_BENCHMARKS and not name.startswith("test_"))


def load(name: str) -> ModuleType:
    """The module of a benchmark."""
    return import_module(name)


def row(measured: Measured) -> str:
    """A line of the table."""
    target = f"{'≥' if measured.at_least else '≤'} {measured.target:g}"
    found = ""
    if measured.ratios:
        found = f"{measured.median:.2f} ({min(measured.ratios):.2f} to {max(measured.ratios):.2f}) {measured.unit}"
    cells = (measured.what, measured.bare, target, found, measured.verdict)
    return f"{_aligned(cells)}  {measured.note}".rstrip()


def _aligned(cells: Sequence[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))


def _measure(name: str, *, long: bool) -> Iterator[Measured]:
    benchmark = load(name)
    yield from benchmark.lines()
    if long and hasattr(benchmark, "long_lines"):
        yield from benchmark.long_lines()


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--only", multiple=True, type=click.Choice(names()), help="Only these benchmarks.")
@click.option("--long", is_flag=True, help="Also what takes too long for every day.")
def main(only: Sequence[str], *, long: bool) -> None:
    """Measure, and print each line as soon as it is known."""
    if long:
        os.environ[SHARE] = "1"  # read by each benchmark as it is loaded
    began = time.monotonic()
    wrong = 0
    click.echo(_aligned(_TITLES))
    for name in only or names():
        try:
            for measured in _measure(name, long=long):
                wrong += measured.verdict == "short"
                click.echo(row(measured))
        except Exception as error:  # the others are measured all the same
            wrong += 1
            click.echo(f"{name}: failed: {error}")
    click.echo(f"{time.monotonic() - began:.0f} s in all; {wrong} short or failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
