"""The long proof: hundreds of kills at random moments, and every commit of a run and of the resumes after it.

    .venv/bin/python tests/crash/long_job.py [--kills 300] [--rows 1000] [--seed S]

It calls nobody: the endpoint is the sandbox on loopback. Exit status 1 if anything is wrong.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS.parent), *(str(_TESTS / folder) for folder in ("", "cli", "crash"))]

import click  # noqa: E402 # the paths come first
from commit_points import FAULTS, points, walk  # noqa: E402
from crash_job import CrashJob, Moment, kill_over_and_over, misbehaving  # noqa: E402


@click.command()
@click.option("--kills", type=click.IntRange(1), default=300, show_default=True, help="Kills at random moments.")
@click.option("--rows", type=click.IntRange(10, 3000), default=1000, show_default=True, help="Rows of their list.")
@click.option("--seed", type=int, default=1, show_default=True, help="For faults and moments.")
@click.option("--commits/--no-commits", default=True, help="Also die at every commit.")
def long_job(kills: int, rows: int, seed: int, commits: bool) -> None:
    """Kill a campaign over and over, go on with it, and hold it against what the sandbox saw."""
    began = time.monotonic()
    wrong: list[str] = []

    def tell(text: str) -> None:
        click.echo(f"[{time.monotonic() - began:7.1f} s] {text}")

    with tempfile.TemporaryDirectory() as folder:
        with misbehaving(seed) as server:
            tally = kill_over_and_over(CrashJob(Path(folder) / "random", server, rows), kills, seed, tell)
        wrong += tally.wrong
        where = ", ".join(f"{tally.kills[moment]} while {moment}" for moment in Moment)
        states = ", ".join(f"{count} {state}" for state, count in sorted(tally.states.items()))
        tell(
            f"Random moments: {tally.kills.total()} kills ({where}), {tally.resumes} resumes, {tally.rows} rows ({states}), "
            f"{tally.started} calls started, {len(tally.twice)} people called twice, {tally.lost} rows lost."
        )
        for concurrency in (1, 3) if commits else ():
            with misbehaving(seed, FAULTS, latency=0.0) as server:
                seen = walk(Path(folder) / f"commits-{concurrency}", server, concurrency, points(), points, tell)
            wrong += seen.wrong
            died = ", ".join(f"{count} {what}" for what, count in sorted(seen.died.items()))
            tell(
                f"Every commit, {concurrency} at once: {seen.kills} kills ({died}), {seen.resumes} resumes, {seen.rows} rows, "
                f"{seen.unknown} unknown, {seen.twice} people called twice, {seen.lost} rows lost."
            )
    for sentence in wrong:
        click.echo(f"WRONG: {sentence}")
    tell("Something is wrong." if wrong else "All is well.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    long_job()
