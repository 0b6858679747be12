"""A process that dies right before or right after its N-th commit, for every N there is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from commit_points import FAULTS, points, walk
from crash_job import misbehaving
from killed_at_commit import Point, Side

from campaign.adapters.sandbox import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and fork")


@pytest.fixture
def erring() -> Iterator[Sandbox]:
    """A sandbox that misbehaves with more than half of the requests."""
    with misbehaving(5, FAULTS, latency=0.0) as server:
        yield server


@pytest.mark.parametrize("half", [0, 1], ids=["one half", "other half"])
@pytest.mark.parametrize("side", Side)
def test_every_commit_of_a_run_is_a_safe_place_to_die(tmp_path: Path, erring: Sandbox, side: Side, half: int) -> None:
    """One call at a time, each commit on each side; the resume after it dies in its turn, a commit later every time."""
    places = (Point(commit, side) for commit in count(1) if commit // 2 % 2 == half)  # intents and outcomes in both
    turns = count(1)
    seen = walk(tmp_path, erring, 1, places, lambda: iter([Point(next(turns) % 12 + 1, side)]))
    assert seen.wrong == []
    assert (seen.twice, seen.lost) == (0, 0)
    assert seen.kills >= 12
    # In between lie the two places that matter most: no byte has left yet, and an answer that nobody has written down.
    assert f"{side} begin" in seen.died
    assert f"{side} finish" in seen.died


def test_commits_that_several_calls_share_are_safe_places_to_die(tmp_path: Path, erring: Sandbox) -> None:
    """Three calls at a time, every third commit of the run."""
    seen = walk(tmp_path, erring, 3, points(first=2, step=3), lambda: iter([Point(6, Side.BEFORE)]))
    assert seen.wrong == []
    assert (seen.twice, seen.lost) == (0, 0)
    assert seen.kills >= 8


def test_a_resume_may_die_at_each_of_its_own_commits(tmp_path: Path, erring: Sandbox) -> None:
    """A run that dies with its intent written, then a resume that dies at its first commit, one at its second, and so on."""
    first_intent = Point(9, Side.AFTER)
    seen = walk(tmp_path, erring, 1, iter([first_intent]), lambda: islice(points(), 24))
    assert seen.wrong == []
    assert (seen.twice, seen.lost) == (0, 0)
    assert seen.kills > 10
    assert seen.died["after begin"] >= 1
