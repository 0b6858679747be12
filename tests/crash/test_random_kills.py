"""SIGKILL at random moments, over and over: held against the sandbox's ledger at the end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from crash_job import CrashJob, kill_over_and_over, misbehaving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@pytest.mark.parametrize("seed", range(3))
def test_killed_over_and_over_nobody_is_called_twice_and_no_row_is_lost(tmp_path: Path, seed: int) -> None:
    """Eight kills anywhere from start-up to the workbook: what may have been sent is `unknown`, every row is there once."""
    with misbehaving(seed) as server:
        job = CrashJob(tmp_path, server, rows=60)
        tally = kill_over_and_over(job, kills=8, seed=seed)
    assert tally.wrong == []
    assert (tally.twice, tally.lost, tally.kills.total()) == ((), 0, 8)
    assert tally.started > 20
