"""The journal is in use: by another run, or by another program that knows SQLite."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command import MAPPING, Campaign, leads, results
from processes import started, wait_for_arrivals, wait_until

from campaign.adapters.sandbox import Sandbox, SandboxSettings, run_in_thread
from campaign.core.event import Attempted, Event
from campaign.core.lifecycle import State

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")


@pytest.fixture
def slow(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that takes its time."""
    with run_in_thread(SandboxSettings(latency=0.1)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        yield server


def test_one_process_delivers_the_others_may_look(campaign: Campaign, slow: Sandbox, work: Path) -> None:
    """While a run goes on, whatever would change the journal exits 2 and says who holds it; status and export work."""
    leads(work, 200)
    with started(work, *RUN, "--rate", "5/s") as process:
        wait_for_arrivals(slow, process, 3)
        [known] = campaign("status", "--json").json["campaigns"]
        name = known["campaign"]
        wait_until(process, lambda: "accepted" in campaign("status", name, "--json").json["counts"])
        for command in (("resume", "--yes"), ("rerun", name, "--yes"), ("cancel", name, "--yes"), RUN):
            done = campaign(*command)
            assert done.code == 2
            assert f"process {process.pid}" in done.err
            assert "campaign status" in done.err
        assert f"process {process.pid}" in campaign("status", name).out
        assert campaign("status", name, "--json").json["total"] == 200
        done = campaign("export", name, "-o", "meanwhile.xlsx", "--json")
        assert done.json["total"] == 200
        assert {row["call_status"] for row in results(work / "meanwhile.xlsx")} >= {"accepted", "pending"}
        assert process.poll() is None
        process.kill()
    assert campaign("resume", "--yes", "--json", "--rate", "500/s").json["total"] == 200
    assert slow.ledger.called_twice() == ()


def locked_by_another_program(journal: Path) -> sqlite3.Connection:
    """Somebody has opened the journal in a database program and begun to change it."""
    other = sqlite3.connect(journal, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_another_program_holds_the_journal(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waited for, then exit 2 before anything is sent; when it has let go, resume goes on."""
    monkeypatch.setattr("campaign.adapters.journal.opening._PATIENCE", 0.05)
    leads(work)
    campaign(*RUN, "--limit", "2")
    with closing(locked_by_another_program(tmp_path / "home" / "journal.db")):
        done = campaign("resume", "--yes")
        assert done.code == 2
        assert "in use by another program" in done.err
        assert campaign("status").code == 0
    assert len(server.ledger.arrivals) == 2
    assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "accepted": 19}


def test_another_program_takes_the_journal_while_calls_go_out(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 3: nothing is sent without an intent on disk, and nobody is called twice afterwards."""
    monkeypatch.setattr("campaign.adapters.journal.opening._PATIENCE", 0.05)
    (work / "mapping.yaml").write_text(MAPPING.replace("rate: 500/s", "rate: 500/s, concurrency: 3"), encoding="utf-8")
    leads(work, 100)
    taken: list[sqlite3.Connection] = []

    accepted: list[Attempted] = []

    def take(event: Event) -> None:
        if isinstance(event, Attempted) and event.status is State.ACCEPTED:
            accepted.append(event)
        if len(accepted) >= 10 and not taken:
            taken.append(locked_by_another_program(tmp_path / "home" / "journal.db"))

    monkeypatch.setattr("campaign.cli.progress.lines.Lines.happened", lambda _self, event: take(event))
    try:
        done = campaign(*RUN)
    finally:
        taken[0].close()
    assert done.code == 3
    assert "in use by another program" in done.err
    assert "campaign resume" in done.err
    sent = len(server.ledger.arrivals)
    assert 10 <= sent <= 14
    rest = campaign("resume", "--yes", "--json").json["counts"]
    assert rest["accepted"] + rest.get("unknown", 0) == 99
    assert rest.get("unknown", 0) <= 4
    assert server.ledger.called_twice() == ()


def test_another_program_takes_the_journal_when_all_is_sent(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too late to say that nothing was sent: exit 3 and the command that goes on."""
    monkeypatch.setattr("campaign.adapters.journal.opening._PATIENCE", 0.05)
    monkeypatch.setenv("BRIGHTCALL_API_KEY", "wrong")  # halts at the first answer, and the reason is to be written down
    leads(work)
    taken: list[sqlite3.Connection] = []

    def take(event: Event) -> None:
        if isinstance(event, Attempted):  # the first call went out, its outcome is committed
            taken.append(locked_by_another_program(tmp_path / "home" / "journal.db"))

    monkeypatch.setattr("campaign.cli.progress.lines.Lines.happened", lambda _self, event: take(event))
    try:
        done = campaign(*RUN, "--concurrency", "1")
    finally:
        taken[0].close()
    assert done.code == 3
    assert "in use by another program" in done.err
    assert "campaign resume" in done.err
    assert campaign("status", "--json").json["campaigns"][0]["counts"] == {"invalid": 1, "pending": 19}


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_lock_dies_with_its_process(campaign: Campaign, slow: Sandbox, work: Path) -> None:
    """Nobody has to remove a lock file by hand after a crash."""
    leads(work, 50)
    with started(work, *RUN) as process:
        wait_for_arrivals(slow, process, 3)
        process.kill()
        process.wait()
    [known] = campaign("status", "--json").json["campaigns"]
    assert "process" not in campaign("status", known["campaign"]).out
    assert campaign("resume", "--yes", "--json").json["total"] == 50
