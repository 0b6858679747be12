"""Ctrl-C, SIGTERM and a closed terminal, at every stage of a run, on real processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from command import Campaign, leads, results
from processes import rows_of, started, wait_for_arrivals, wait_for_words, wait_until

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
STOPS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture(params=["asyncio", "uvloop"])
def each_loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs on both event loops."""
    if request.param == "uvloop":
        pytest.importorskip("uvloop", reason="needs uvloop, which Windows has not")
    monkeypatch.setenv("CAMPAIGN_EVENT_LOOP", request.param)


def long_list(work: Path, rows: int) -> None:
    """A list of so many rows, three of which can be called."""
    lines = ["Name,Phone", *(f"Person {n},+44207946{n:04d}" for n in range(3)), *["Nobody,n/a"] * (rows - 3)]
    (work / "leads.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.usefixtures("each_loop")
@pytest.mark.parametrize("number", [*STOPS, getattr(signal, "SIGHUP", 0)])
def test_one_signal_drains_and_resume_goes_on(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Exit 4, the workbook is there, nothing is unknown, and the command that goes on is printed."""
    leads(work, 300)
    with run_in_thread(SandboxSettings(latency=0.02)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with started(work, *RUN, "--rate", "100/s") as process:
            wait_for_arrivals(server, process, 20)
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 4, err
        assert "campaign resume" in out
        statuses = [row["call_status"] for row in results(work / "out.xlsx")]
        assert len(statuses) == 300
        assert set(statuses) == {"accepted", "pending", "invalid"}
        assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "accepted": 299}
        assert server.ledger.called_twice() == ()


def test_one_signal_stops_all_that_would_go_on(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several campaigns the one under way drains, and no other is begun; a further resume --all does the rest."""
    with run_in_thread(SandboxSettings(latency=0.02)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        for name, start in (("first.csv", 0), ("second.csv", 1000)):
            leads(work, 300, name, start)
            campaign("run", name, "-m", "mapping.yaml", "--yes", "--limit", "1")
        with started(work, "resume", "--all", "--yes", "--json", "--rate", "100/s") as process:
            wait_for_arrivals(server, process, 20)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 4, err
        assert len(out.splitlines()) == 1
        newest, oldest = campaign("status", "--json").json["campaigns"]
        assert newest["counts"] == {"pending": 298, "invalid": 1, "accepted": 1}
        assert oldest["counts"].keys() == {"pending", "invalid", "accepted"}
        done = campaign("resume", "--all", "--yes", "--json")
        assert done.code == 1
        assert len(done.out.splitlines()) == 2
        assert len(server.ledger.arrivals) == 598
        assert server.ledger.called_twice() == ()


@pytest.mark.usefixtures("each_loop")
@pytest.mark.parametrize("number", STOPS)
def test_the_second_signal_leaves_at_once(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """No answer is waited for: the calls under way are `unknown`, exit 4, the workbook and the command are there."""
    mapping = (work / "mapping.yaml").read_text(encoding="utf-8").replace("read: 2", "read: 600")
    (work / "mapping.yaml").write_text(mapping, encoding="utf-8")
    leads(work, 30)
    with run_in_thread(SandboxSettings(faults=parse_faults("hang:first=5"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with started(work, *RUN, "--concurrency", "5") as process:
            wait_for_arrivals(server, process, 5)
            process.send_signal(number)
            wait_for_words(process, "Stopping")
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 4, err
        assert "Traceback" not in err
        assert "campaign resume" in out
        called = {row["call_row_id"] for row in results(work / "out.xlsx") if row["call_status"] == "unknown"}
        assert called == {arrival.row_id for arrival in server.ledger.arrivals}
        assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "accepted": 24, "unknown": 5}
        assert server.ledger.called_twice() == ()


def test_a_terminal_that_closes_is_one_stop_however_often_it_says_so(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shell and the system both send a hang-up: calls under way are finished all the same."""
    leads(work, 200)
    with run_in_thread(SandboxSettings(latency=0.3)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with started(work, *RUN, "--concurrency", "5") as process:
            wait_for_arrivals(server, process, 5)
            process.send_signal(signal.SIGHUP)
            wait_for_words(process, "Stopping")
            process.send_signal(signal.SIGHUP)
            _, err = process.communicate(timeout=30)
        assert process.returncode == 4, err
        assert {row["call_status"] for row in results(work / "out.xlsx")} == {"accepted", "pending", "invalid"}


def test_nohup_is_respected(server: Sandbox, work: Path) -> None:
    """Who said that the run shall outlive the terminal gets that."""
    leads(work, 60)
    ignoring = partial(signal.signal, signal.SIGHUP, signal.SIG_IGN)
    with started(work, *RUN, "--rate", "50/s", preexec_fn=ignoring) as process:
        wait_for_arrivals(server, process, 5)
        process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 1, err
    assert len(server.ledger.calls_per_person()) == 59


@pytest.mark.parametrize("number", STOPS)
def test_stopped_while_the_list_is_read_nothing_was_and_nothing_will_be(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, number: int
) -> None:
    """Exit 4 and a sentence; no campaign and no row is left behind, and the same command starts anew."""
    long_list(work, 30_000)
    with started(work, *RUN) as process:
        wait_until(process, lambda: rows_of(tmp_path / "home", "lead") > 0)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (4, ""), err
    assert "Nothing was sent" in err
    assert "Traceback" not in err
    assert rows_of(tmp_path / "home", "lead") == rows_of(tmp_path / "home", "campaign") == 0
    assert server.ledger.arrivals == ()
    assert [path.name for path in work.iterdir() if "xlsx" in path.name] == []
    long_list(work, 5)
    assert campaign(*RUN, "--json").json["counts"] == {"invalid": 2, "accepted": 3}


def signalled_until_it_ends(process: subprocess.Popen[str], number: int) -> tuple[str, str]:
    """A signal in the instant before the terminal is read is noticed at the next one only, as with any Python program that
    asks: then a person presses Ctrl-C again."""
    try:
        for _ in range(10):
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=5)
    finally:
        process.kill()
    raise AssertionError("it does not end")


@pytest.mark.parametrize("number", STOPS)
def test_stopped_while_the_question_stands_is_a_no(server: Sandbox, work: Path, tmp_path: Path, number: int) -> None:
    """Exit 4, nothing was sent, and no campaign is left behind."""
    leads(work)
    ours, theirs = os.openpty()
    with started(work, "run", "leads.csv", "-m", "mapping.yaml", stdin=theirs) as process:
        wait_for_words(process, "Send 19 calls?")
        out, err = signalled_until_it_ends(process, number)
    os.close(ours)
    os.close(theirs)
    assert (process.returncode, out.strip()) == (4, ""), err
    assert "Nothing was sent" in err
    assert "Traceback" not in err
    assert rows_of(tmp_path / "home", "campaign") == 0
    assert server.ledger.arrivals == ()


@pytest.mark.parametrize("number", STOPS)
def test_stopped_while_the_workbook_is_written_nothing_is_lost(
    campaign: Campaign, server: Sandbox, work: Path, number: int
) -> None:
    """No half file, no traceback, exit 4: the command that writes it is named, and does."""
    long_list(work, 20_000)
    with started(work, *RUN) as process:
        wait_for_arrivals(server, process, 3)
        wait_until(process, lambda: bool(list(work.glob(".out.xlsx.*.tmp"))))
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 4, (out, err)
    assert "campaign export" in err
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert [path.name for path in work.iterdir() if "xlsx" in path.name] == []
    name = err.partition("campaign export ")[2].split()[0]
    assert campaign("export", name, "-o", "out.csv", "--json").json["counts"] == {"invalid": 19_997, "accepted": 3}
    assert len((work / "out.csv").read_text(encoding="utf-8-sig").splitlines()) == 20_001
    assert server.ledger.called_twice() == ()


def test_after_a_kill_with_all_rows_on_their_way_the_result_is_still_to_be_had(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`status` says that no run is going on and what becomes of the rows; `resume`, by the name or without, writes the
    result that the run did not, calls nobody, and its exit status says that not every row is accepted."""
    leads(work, 10)
    with run_in_thread(SandboxSettings(faults=parse_faults("hang:first=9"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with started(work, *RUN) as process:
            wait_for_arrivals(server, process, 9)
            process.kill()
        for copy in ("copy", "third"):
            shutil.copytree(work.parent / "home", work.parent / copy)
    name = campaign("status", "--json").json["campaigns"][0]["campaign"]
    told = " ".join(campaign("status", name).out.split())
    assert "No run is going on: what is 'sending' was cut off" in told
    cut_off = f"9 calls were on their way when the run of campaign {name} was cut off: they are 'unknown' now."
    for named, home in (((), "home"), ((name,), "copy")):
        done = campaign("resume", *named, "--yes", "--json", "-o", f"{home}.xlsx", "--home", str(work.parent / home))
        assert done.code == 1
        assert done.json["counts"] == {"invalid": 1, "unknown": 9}
        assert done.json["output"] == f"{home}.xlsx"
        assert cut_off in done.err
        statuses = [row["call_status"] for row in results(work / f"{home}.xlsx")]
        assert sorted(statuses) == ["invalid"] + ["unknown"] * 9
    again = campaign(*RUN, "--json", "--home", str(work.parent / "third"))
    assert again.json["counts"] == {"invalid": 1, "duplicate": 9}
    assert cut_off in again.err
    assert len(server.ledger.arrivals) == 9
    assert campaign("resume", "--yes", "--json").json["campaign"] is None
    assert "No run is going on" not in campaign("status", name).out
