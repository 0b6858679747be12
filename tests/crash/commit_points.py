"""Every commit of a run, and of the resumes after it, as a place to die."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from crash_job import CrashJob
from killed_at_commit import Point, Side, run_and_die

from campaign.adapters.sandbox import Sandbox
from campaign.core.lifecycle import State

ROWS = 4
FAULTS = "503:20%,drop-after:20%,500:10%,refuse:10%"


@dataclass
class Walk:
    """What a walk over the commit points has come to. `died` counts deaths by what was being committed."""

    kills: int = 0
    resumes: int = 0
    rows: int = 0
    unknown: int = 0
    lost: int = 0
    twice: int = 0
    died: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def points(first: int = 1, step: int = 1) -> Iterator[Point]:
    """Both sides of every `step`-th commit, without end."""
    for commit in count(first, step):
        yield Point(commit, Side.BEFORE)
        yield Point(commit, Side.AFTER)


def walk(
    folder: Path,
    server: Sandbox,
    concurrency: int,
    places: Iterator[Point],
    resumes: Callable[[], Iterator[Point]],
    tell: Callable[[str], None] = lambda _text: None,
) -> Walk:
    """Let a run die at each of `places`, until one ends by itself; let every resume after it die at its own points.

    `resumes` gives the points of the first, second, ... resume of one campaign.
    """
    seen = Walk()
    for place in places:
        server.ledger.reset()
        job = CrashJob(folder / f"{place.commit}-{place.side}", server, ROWS)
        if not _dies(job, place, concurrency, seen):
            break
        for point in resumes():
            if job.finished or not _dies(job, point, concurrency, seen):
                break
        _check(job, seen, f"{concurrency} at once, {place}")
        tell(f"{concurrency} at once, the run died {place.side} commit {place.commit}: {seen.kills} kills so far")
    return seen


def _dies(job: CrashJob, point: Point, concurrency: int, seen: Walk) -> bool:
    """Whether the next command died at its point. Else it has ended as it should."""
    command = job.next_command()
    seen.resumes += command[0] == "resume"
    code = run_and_die([*command, "--concurrency", str(concurrency)], job.folder, job.env, point)
    if code == -9:
        seen.kills += 1
        seen.died.update((job.folder / "died.txt").read_text(encoding="utf-8").splitlines())
        return True
    assert code in (0, 1), job.said()
    return False


def _check(job: CrashJob, seen: Walk, where: str) -> None:
    job.book.unlink(missing_ok=True)
    while not (job.finished and job.book.exists()):
        command = job.next_command()
        seen.resumes += command[0] == "resume"
        code = run_and_die(command, job.folder, job.env, None)
        assert code in (0, 1), job.said()
    tally = job.held_against_the_ledger()
    seen.rows += tally.rows
    seen.unknown += tally.states[State.UNKNOWN]
    seen.lost += tally.lost
    seen.twice += len(tally.twice)
    seen.wrong += [f"{where}: {wrong}" for wrong in tally.wrong]
