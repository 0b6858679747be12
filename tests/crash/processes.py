"""Commands in processes of their own, and waiting for what they do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from campaign.adapters.sandbox import Sandbox


def started(work: Path, *args: str, **more: Any) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen(
        [sys.executable, "-m", "campaign", *args], cwd=work, env=dict(os.environ), text=True, **pipes
    )


def wait_until(process: subprocess.Popen[str], happened: Callable[[], bool], seconds: float = 30.0) -> None:
    """Until it has happened. Fails if the process ends before that, or takes too long."""
    end = time.monotonic() + seconds
    while not happened():
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise AssertionError(f"it did not happen; the process said: {process.communicate()}")
        time.sleep(0.001)


def wait_for_arrivals(server: Sandbox, process: subprocess.Popen[str], count: int) -> None:
    """Until so many requests have arrived."""
    wait_until(process, lambda: len(server.ledger.arrivals) >= count)


def wait_for_words(process: subprocess.Popen[str], words: str) -> str:
    """Until it has said these words on stderr. Returns all that it said there so far."""
    assert process.stderr is not None
    said = ""
    while words not in said:
        sign = process.stderr.read(1)
        assert sign, f"it ended without a word of that: {said}"
        said += sign
    return said


def rows_of(home: Path, table: str) -> int:
    """How many rows a table of the journal has, drafts too; 0 where there is no journal yet."""
    if not (home / "journal.db").exists():
        return 0
    with closing(sqlite3.connect(f"{(home / 'journal.db').as_uri()}?mode=ro", uri=True)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
