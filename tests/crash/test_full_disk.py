"""The disk is full or read-only: before a run, while calls go out, and when the result is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Campaign, leads, results
from small_disk import SmallDisk, fill_at, small_disk

from campaign.adapters.sandbox import Sandbox, SandboxSettings, run_in_thread

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
ALL = {"invalid": 1, "accepted": 199}


@pytest.fixture
def disk(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """A small disk that holds the workspace."""
    with small_disk(tmp_path / "disk") as mounted:
        monkeypatch.setenv("CAMPAIGN_HOME", str(mounted.folder / "home"))
        yield mounted


@pytest.mark.parametrize("left", [0, 1, 8, 60], ids="{} KiB left".format)
def test_full_before_the_run(campaign: Campaign, server: Sandbox, work: Path, disk: SmallDisk, left: int) -> None:
    """Exit 2, nothing was sent, the cure is room; with room the same command does the job."""
    leads(work, 200)
    spared = disk.folder / "spared"
    spared.write_bytes(b"x" * left * 1024)
    disk.fill()
    spared.unlink()
    done = campaign(*RUN)
    assert done.code == 2
    assert "space" in done.err
    assert "Traceback" not in done.err
    assert server.ledger.arrivals == ()
    assert not (work / "out.xlsx").exists()
    disk.make_room()
    assert campaign(*RUN, "--json").json["counts"] == ALL


@pytest.mark.parametrize("arrivals", [1, 20, 60])
@pytest.mark.parametrize("concurrency", [1, 5])
def test_full_while_calls_go_out(
    campaign: Campaign, server: Sandbox, work: Path, disk: SmallDisk, arrivals: int, concurrency: int
) -> None:
    """Exit 3: no request leaves without its intent on disk, outcomes that were written are known, resume sends the rest."""
    leads(work, 200)
    fill_at(server, arrivals, disk)
    done = campaign(*RUN, "--concurrency", concurrency)
    assert done.code == 3, done.err
    assert "disk is full" in done.err
    assert "campaign resume" in done.err
    sent = len(server.ledger.arrivals)
    assert arrivals <= sent <= arrivals + concurrency
    assert campaign("resume", "--yes").code == 2  # there is still no room
    assert len(server.ledger.arrivals) == sent
    disk.make_room()
    first = campaign("status", "--json").json["campaigns"][0]["counts"]
    assert first.get("accepted", 0) + first["sending"] == sent
    assert first["sending"] <= concurrency
    done = campaign("resume", "--yes", "--json", "-o", "out.xlsx")
    assert done.code == 1, done.out
    rest = done.json["counts"]
    assert rest == {"invalid": 1, "accepted": 199 - first["sending"], "unknown": first["sending"]}
    assert len(results(work / "out.xlsx")) == 200
    assert server.ledger.called_twice() == ()
    assert len(server.ledger.calls_per_person()) == 199


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_full_when_the_result_is_written(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, ending: str
) -> None:
    """Exit 3 with the command that writes it later; the journal is whole, no half file stands there, and the command works."""
    leads(work, 200)
    with small_disk(tmp_path / "results") as disk:
        out = disk.folder / f"out{ending}"
        fill_at(server, 199, disk)
        done = campaign(*RUN[:-1], out, "--json")
        assert done.code == 3
        assert done.json["counts"] == ALL
        assert done.json["output"] is None
        command = done.json["halted"].partition("campaign export ")[2].split()
        assert command[:2] == [done.json["campaign"], "-o"]
        assert [path.name for path in disk.folder.iterdir()] == ["filler"]
        assert campaign("export", command[0], "-o", out).code == 2
        disk.make_room()
        assert campaign("export", command[0], "-o", out, "--json").json["counts"] == ALL
        assert out.exists()
    assert server.ledger.called_twice() == ()


def test_no_room_for_temporary_files_when_the_workbook_is_written(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's folder for temporary files is on another disk, and that one is full: told in the same way."""
    leads(work, 200)
    with small_disk(tmp_path / "temporary") as disk:
        monkeypatch.setattr("tempfile.tempdir", str(disk.folder))
        fill_at(server, 199, disk)
        done = campaign(*RUN, "--json")
        assert done.code == 3
        assert "campaign export" in done.json["halted"]
        assert [path.name for path in work.iterdir() if "xlsx" in path.name] == []
        disk.make_room()
        assert campaign("export", done.json["campaign"], "-o", "out.xlsx", "--json").json["counts"] == ALL


def test_a_read_only_disk(campaign: Campaign, work: Path, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2 with the cure before anything is sent; status and export still show what is there."""
    leads(work)
    with run_in_thread(SandboxSettings()) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        name = campaign(*RUN, "--limit", "3", "--json").json["campaign"]
        disk.read_only()
        for command in (("resume", "--yes"), RUN, ("rerun", name, "--yes"), ("cancel", name, "--yes")):
            done = campaign(*command, *(["--force"] if command is RUN else []))
            assert done.code == 2
            assert "Read-only" in done.err
            assert "--home FOLDER" in done.err
        assert len(server.ledger.arrivals) == 3
        assert campaign("status", name, "--json").json["counts"] == {"invalid": 1, "pending": 16, "accepted": 3}
        assert campaign("export", name, "-o", "again.xlsx").code == 0


def test_a_read_only_folder_to_work_in(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the result could not be written, though nobody has named its place: told before the list is entered, so that the
    same command does the job from elsewhere."""
    leads(work)
    run = ("run", work / "leads.csv", "-m", work / "mapping.yaml", "--yes")
    with small_disk(tmp_path / "disk") as disk:
        disk.read_only()
        monkeypatch.chdir(disk.folder)
        done = campaign(*run)
        assert done.code == 2
        assert "nothing can be written in the folder" in done.err
        assert campaign("status", "--json").json == {"campaigns": []}
        monkeypatch.chdir(work)
    assert server.ledger.arrivals == ()
    assert campaign(*run, "--json").json["counts"] == {"invalid": 1, "accepted": 19}


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX rights")
def test_a_workspace_without_the_right_to_write(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path
) -> None:
    """Exit 2 with the cure before anything is sent."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere: for root there is the read-only disk")
    leads(work)
    (tmp_path / "home").mkdir(mode=0o500)
    done = campaign(*RUN)
    assert done.code == 2
    assert "--home FOLDER" in done.err
    assert server.ledger.arrivals == ()
