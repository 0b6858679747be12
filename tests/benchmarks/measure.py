"""How a benchmark measures: ours and the bare work in turns within one run, and the ratio of each pair.

What a machine does besides hits both of a pair alike, so the median of the ratios carries over to other machines where
seconds don't. Time is the processor's where one process works alone, and the clock's where several do or one waits.

A benchmark is a file beside this one. Its `lines()` measures and yields a `Measured` for each line of the table;
`long_lines()`, if it has that, measures what takes too long for every day. `show.py` finds them by their files.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5
SHARE = "BENCHMARK_SHARE"
"""The variable that says which part of its rows a benchmark takes: 5 for a fifth, as every day, 1 for all of them."""


def share_of(rows: int) -> int:
    """So many of the rows that a target is meant for as there is time for."""
    return rows // int(os.environ.get(SHARE) or 5)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took: seconds by the clock, seconds of all processors with those of its children, MiB at its peak."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table: `what` was held against `bare`, the ratio of every pair, and the `target` that its median must
    not exceed (`at_least`: not fall short of). `note` has the figures behind it, or why it could not be measured: then there
    are no ratios."""

    what: str
    bare: str
    target: float
    ratios: Sequence[float]
    at_least: bool = False
    note: str = ""
    unit: str = ""

    @property
    def median(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.median >= self.target if self.at_least else self.median <= self.target

    @property
    def verdict(self) -> str:
        """`pass` or `short`; `not measured` where there is nothing to judge."""
        if not self.ratios:
            return "not measured"
        return "pass" if self.reached else "short"


def in_turns(ours: Callable[[], float], bare: Callable[[], float], runs: int = RUNS) -> tuple[list[float], str]:
    """Run both in turns; each returns what it took. The ratios, and the medians behind them in words."""
    return ratios_of(*zip(*((ours(), bare()) for _ in range(runs)), strict=True))


def ratios_of(ours: Sequence[float], bare: Sequence[float], *, speed: bool = False) -> tuple[list[float], str]:
    """The ratio of each pair of times, and the medians behind them in words. With `speed` it says how many times as fast ours
    was, else how many times as long it took."""
    pairs = list(zip(ours, bare, strict=True))
    ratios = [other / mine if speed else mine / other for mine, other in pairs]
    return ratios, f"{statistics.median(ours):.2f} s against {statistics.median(bare):.2f} s"


def processor_seconds(work: Callable[[], object]) -> float:
    """Seconds of processor that the call takes in this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def child(
    arguments: Sequence[str | Path],
    *,
    env: dict[str, str] | None = None,
    accept: Sequence[int] = (0,),
    folder: Path = ROOT,
) -> Usage:
    """Run a command in a folder to its end and tell what it took. Bytecode is kept, as pip compiles what it installs: else every
    run would compile the checkout anew. Raises `RuntimeError` with what it said if its exit status is none of those accepted.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    said = process.stderr.read() if process.stderr is not None else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accept:
        raise RuntimeError(f"{arguments} ended with {process.returncode}: {said.decode(errors='replace')[-2000:]}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def python(*arguments: str | Path) -> list[str | Path]:
    """The command that runs this Python with arguments."""
    return [sys.executable, *arguments]


def ours(*arguments: str | Path) -> list[str | Path]:
    """The command that runs `campaign` of this checkout with arguments."""
    return python("-m", "campaign", *arguments)
