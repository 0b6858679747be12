"""A command that kills its own process right before or right after its N-th commit. Nothing of it is in the product."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import time_machine

_IMPORTED = (
    "campaign.cli.run",
    "campaign.cli.resume",
    "campaign.cli.campaigns",
    "campaign.assembly.going_on",
    "campaign.adapters.results.workbook",
    "campaign.core.cells.phone",
    "holidays.countries",
)


class Side(StrEnum):
    """On which side of a commit the process dies."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Point:
    """The N-th commit of a process, counted from 1, and the side of it."""

    commit: int
    side: Side


def die_at(point: Point | None, evidence: Path) -> None:
    """From now on the process dies there. What was being committed is left in `evidence`: `after begin`."""
    from campaign.adapters.journal.database import Database
    from campaign.adapters.journal.store import Journal

    plain, doing, commits = Database.atomic, set[str](), 0

    def reached(side: Side) -> None:
        if point == Point(commits, side):
            evidence.write_text("\n".join(f"{side} {name}" for name in doing or {"other"}), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def atomic(database: Database) -> Iterator[None]:
        nonlocal commits
        with plain(database):
            yield
            commits += 1
            reached(Side.BEFORE)
        reached(Side.AFTER)
        doing.clear()

    def noted(name: str) -> None:
        method = getattr(Journal, name)

        def noting(journal: Journal, *args: Any) -> Any:
            if args[0]:  # some intents or outcomes, not none
                doing.add(name.removesuffix("_all"))
            return method(journal, *args)

        setattr(Journal, name, noting)

    Database.atomic = atomic  # type: ignore[method-assign, assignment] # in this process alone
    for name in ("begin_all", "finish_all", "open_campaign", "add_leads"):
        noted(name)


def run_and_die(
    command: list[str], folder: Path, env: dict[str, str], point: Point | None, ahead: timedelta = timedelta(0)
) -> int:
    """Run a command in a process of its own that dies at `point`. Returns its exit status, -9 if it died there. Its clock is
    `ahead` by so much."""
    context = multiprocessing.get_context("forkserver")
    # What a command imports is imported once, before the fork: hundreds of processes are started.
    context.set_forkserver_preload(list(_IMPORTED))
    process = context.Process(target=_run, args=(command, folder, env, point, ahead))
    process.start()
    process.join(60)
    if process.exitcode is None:
        process.kill()
        process.join()
    code = process.exitcode
    process.close()
    assert code is not None
    return code


def _run(command: list[str], folder: Path, env: dict[str, str], point: Point | None, ahead: timedelta) -> None:
    from campaign.cli import main

    os.chdir(folder)
    os.environ.update(env)
    with (folder / "said.txt").open("w", encoding="utf-8") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    die_at(point, folder / "died.txt")
    sys.argv = ["campaign", *command]
    if ahead:
        time_machine.travel(datetime.now(UTC) + ahead).start()
    main()
