"""status --watch: the run of another process, followed from the journal."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command import MAPPING, Campaign, leads
from processes import started, wait_for_arrivals

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

if sys.platform != "win32":
    from terminal import terminal

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "--json")
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


@contextmanager
def faulty(monkeypatch: pytest.MonkeyPatch, faults: str) -> Iterator[Sandbox]:
    """A sandbox with these faults, as the endpoint."""
    with run_in_thread(SandboxSettings(faults=parse_faults(faults) if faults else (), seed=2)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        yield server


def paced(work: Path, rate: str, rows: int) -> None:
    """A list that takes a while."""
    (work / "mapping.yaml").write_text(MAPPING.replace("500/s", rate), encoding="utf-8")
    leads(work, rows)


def test_it_tells_each_change_to_programs_and_ends_with_the_run(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of JSON each; the last one says that the run is over, with the counts that the run itself tells."""
    paced(work, "20/s", 100)
    with faulty(monkeypatch, "refuse:20%") as server, started(work, *RUN) as run:
        wait_for_arrivals(server, run, 5)
        done = campaign("status", "--watch", "--json")
        out, _ = run.communicate(timeout=60)
    told = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0
    assert len(told) >= 3
    assert [line["phase"] for line in told] == ["sending"] * (len(told) - 1) + ["over"]
    assert {line["campaign"] for line in told} == {json.loads(out)["campaign"]}
    assert told[0]["allowed"] == 20
    assert (told[-1]["rate"], told[-1]["allowed"]) == (None, None)
    assert told[0]["ends_at"] > told[0]["time"]
    assert [line["done"] for line in told] == sorted(line["done"] for line in told)
    assert told[-1]["counts"] == json.loads(out)["counts"]
    assert {problem["status"] for problem in told[-1]["problems"]} == {"rejected"}
    assert all(problem["phone"].startswith("…") for problem in told[-1]["problems"])
    assert "+4420" not in done.out


def test_without_a_run_it_ends_at_once(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Finished or only paused: it shows what status shows. Without a campaign there is nothing to follow."""
    assert campaign("status", "--watch").code == 2
    leads(work)
    known = campaign(*RUN, "--limit", "5").json["campaign"]
    done = campaign("status", "--watch", known)
    assert done.code == 0
    assert done.out == campaign("status", known).out
    assert done.err == "No run of this campaign is going on.\n"
    over = campaign("status", "--watch", known, "--json").json
    assert (over["phase"], over["rate"], over["allowed"]) == ("over", None, None)
    assert campaign("status", "--watch", "nobody").code == 2


@posix
def test_it_shows_what_the_run_shows_and_ctrl_c_ends_it_alone(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same view in another terminal; the run goes on, and holds its workspace all the time."""
    paced(work, "20/s", 400)
    with faulty(monkeypatch, "429:first=1:retry-after=2,refuse:20%") as server, started(work, *RUN) as run:
        wait_for_arrivals(server, run, 1)
        with terminal(work, "status", "--watch") as seen:
            shown = seen.wait_for(lambda text: " now, " in text and text.count("rejected") >= 4)
            seen.press_ctrl_c()
            assert seen.ends() == 0
        assert run.poll() is None
        before = len(server.ledger.arrivals)
        wait_for_arrivals(server, run, before + 20)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
    assert "Calling  leads.csv" in shown
    assert "20/s allowed" in shown or "allowed (slowed down from 20/s)" in shown
    assert "Ctrl-C   ends this view; the run goes on" in shown
    assert "Problems row" in shown
    assert run.returncode == 4


@posix
def test_it_says_that_a_run_waits(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the endpoint, which asked to slow down."""
    paced(work, "20/s", 50)
    with faulty(monkeypatch, "429:all:retry-after=600") as server, started(work, *RUN) as run:
        wait_for_arrivals(server, run, 1)
        with started(work, "status", "--watch", "--json") as watch:
            assert watch.stdout is not None
            while (line := json.loads(watch.stdout.readline()))["phase"] != "waiting":
                pass
            watch.send_signal(signal.SIGINT)
            watch.communicate(timeout=60)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
    assert "slow down" in line["waits_for"]
    assert line["waits_until"] > line["time"]
    assert watch.returncode == 0


def test_a_run_that_died_is_no_run(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut, say: the journal knows of no end, and the watch ends all the same."""
    paced(work, "20/s", 100)
    with faulty(monkeypatch, "") as server, started(work, *RUN) as run:
        wait_for_arrivals(server, run, 3)
        run.kill()
        run.wait()
    done = campaign("status", "--watch", "--json")
    assert done.code == 0
    [line] = [json.loads(line) for line in done.out.splitlines()]
    assert line["phase"] == "over"


def test_it_follows_no_other_campaign(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that waits while another is sent has no run of its own."""
    leads(work, 30)
    with faulty(monkeypatch, "") as server:
        waiting = campaign(*RUN, "--limit", "3").json["campaign"]
        paced(work, "20/s", 200)
        leads(work, 100, start=200)
        with started(work, *RUN, "--force") as run:
            wait_for_arrivals(server, run, 10)
            other = campaign("status", "--watch", waiting, "--json")
            assert run.poll() is None
            run.kill()
            run.wait()
    [line] = [json.loads(line) for line in other.out.splitlines()]
    assert (line["campaign"], line["phase"]) == (waiting, "over")
