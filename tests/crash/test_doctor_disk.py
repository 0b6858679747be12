"""doctor on a disk that is full or read-only: told with its cure, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Campaign, Done, leads
from small_disk import SmallDisk, small_disk

from campaign.adapters.journal.opening import SCHEMA_VERSION
from campaign.adapters.sandbox import Sandbox


@pytest.fixture
def disk(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """A small disk that holds the workspace."""
    with small_disk(tmp_path / "disk") as mounted:
        monkeypatch.setenv("CAMPAIGN_HOME", str(mounted.folder / "home"))
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", "http://127.0.0.1:1/")
        yield mounted


def workspace(done: Done) -> dict[str, str]:
    """What was said of the workspace."""
    found: dict[str, str] = next(check for check in done.json["checks"] if check["name"] == "workspace")
    return found


@pytest.mark.parametrize("begun", [True, False], ids=["with a workspace", "before the first run"])
def test_a_full_disk(campaign: Campaign, disk: SmallDisk, begun: bool) -> None:
    """A run would fail there, now or when it makes its workspace."""
    if begun:
        assert campaign("suppress", "add", "+12025550123").code == 0
    disk.fill()
    said = workspace(campaign("doctor", "--json"))
    assert said["health"] == "problem"
    assert "No space left" in said["said"]
    assert "Free some space" in said["cure"]
    disk.make_room()
    assert workspace(campaign("doctor", "--json"))["health"] == "ok"


def test_a_read_only_disk(campaign: Campaign, server: Sandbox, work: Path, disk: SmallDisk) -> None:
    """The journal can still be looked at, and is."""
    leads(work)
    assert (
        campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "--endpoint", server.url).code
        == 1
    )
    disk.read_only()
    done = campaign("doctor", "--json")
    assert done.code == 2
    assert workspace(done)["health"] == "problem"
    assert "--home FOLDER" in workspace(done)["cure"]
    assert f"whole, format {SCHEMA_VERSION}, campaigns: 1" in done.out
