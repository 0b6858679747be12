"""--log-file and -v: every attempt and event, as JSON lines and as lines for people."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import MAPPING, Campaign, leads

import campaign as library
from campaign.adapters.event_log import LOGGER
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.core.event import Attempted, Event
from campaign.core.lifecycle import State

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "--force")
LOGGED = (*RUN, "--log-file", "run.jsonl")


def lines(path: Path) -> list[dict[str, Any]]:
    """What a log has."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def kinds(found: list[dict[str, Any]]) -> list[str]:
    """The events in their order, attempts left out."""
    return [line["event"] for line in found if line["event"] != "attempt"]


def test_a_run_and_its_resume_go_into_one_log(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Begun and ended, an attempt a call, appended to what was there; nobody's number, no key."""
    leads(work)
    campaign(*LOGGED, "--limit", "5")
    first = (work / "run.jsonl").read_text(encoding="utf-8")
    done = campaign("resume", "--yes", "--log-file", "run.jsonl", "--json")
    assert (work / "run.jsonl").read_text(encoding="utf-8").startswith(first)
    found = lines(work / "run.jsonl")
    assert kinds(found) == ["started", "finished", "started", "finished"]
    assert {line["campaign"] for line in found} == {done.json["campaign"]}
    attempts = [line for line in found if line["event"] == "attempt"]
    assert [(line["row_id"], line["status"], line["http_status"]) for line in attempts] == [
        (arrival.row_id, "accepted", 200) for arrival in server.ledger.arrivals
    ]
    assert found[-1]["counts"] == done.json["counts"]
    assert found[0]["limit"] == 5
    assert found[0]["rate"] == "500/s"
    assert all(line["time"].endswith("Z") for line in found)
    assert not any(secret in first for secret in ("+44", "442079", "Person", "sandbox-widget", "sandbox-api"))


def test_rerun_has_it_too(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Every command that sends."""
    leads(work)
    campaign(*LOGGED, "--limit", "5")
    campaign("rerun", "out.xlsx", "--yes", "--log-file", "run.jsonl", "-o", "again.xlsx")
    assert kinds(lines(work / "run.jsonl")) == ["started", "finished", "started", "finished"]


def test_a_halt_stands_in_the_log(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its reason, and the end after it."""
    monkeypatch.setenv("BRIGHTCALL_API_KEY", "wrong")
    leads(work)
    assert campaign(*LOGGED, "--concurrency", "1").code == 3
    found = lines(work / "run.jsonl")
    assert kinds(found) == ["started", "halted", "finished"]
    assert "401" in found[-2]["reason"]
    assert found[-1]["halted"] == found[-2]["reason"]


@pytest.mark.parametrize("name", ["no-such-folder/run.jsonl", "leads.csv", "mapping.yaml"])
def test_a_log_that_can_not_be_opened_or_is_none_stops_before_anything_is_sent(
    campaign: Campaign, server: Sandbox, work: Path, name: str
) -> None:
    """Exit 2; a list or a mapping that was named by mistake stays as it was."""
    leads(work)
    before = {path: path.read_bytes() for path in work.iterdir()}
    done = campaign(*RUN, "--log-file", name)
    assert done.code == 2
    assert name in done.err
    assert "Nothing was sent" in done.err
    assert server.ledger.arrivals == ()
    assert {path: path.read_bytes() for path in work.iterdir()} == before


def test_a_log_that_can_not_be_opened_leaves_no_traceback_at_the_exit(server: Sandbox, work: Path) -> None:
    """The message is the last that a person reads."""
    leads(work)
    command = [sys.executable, "-m", "campaign", *RUN, "--log-file", str(work / "nowhere" / "run.log")]
    done = subprocess.run(command, cwd=work, env=dict(os.environ), capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert server.ledger.arrivals == ()


def test_what_sends_nothing_leaves_no_log(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Nobody could be asked, or nothing was left to be sent. A file that was there stays as it was, also an empty one."""
    leads(work)
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--log-file", "run.jsonl").code == 2
    assert not (work / "run.jsonl").exists()
    name = campaign(*LOGGED, "--json").json["campaign"]
    assert campaign("resume", name, "--yes", "--log-file", "again.jsonl").code == 1
    assert not (work / "again.jsonl").exists()
    (work / "mine.jsonl").touch()
    logged = (work / "run.jsonl").read_bytes()
    for log in ("mine.jsonl", "run.jsonl"):
        assert campaign("resume", name, "--yes", "--log-file", log).code == 1
    assert (work / "mine.jsonl").read_bytes() == b""
    assert (work / "run.jsonl").read_bytes() == logged


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_is_full_costs_the_log_and_nothing_else(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """It is told once, and every row goes out."""
    leads(work, 200)
    done = campaign(*RUN, "--log-file", "/dev/full", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 199}
    assert done.err.count("/dev/full") == 1
    assert "No space left on device" in done.err
    assert "Traceback" not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file from being moved")
def test_a_log_that_is_rotated_is_begun_anew_at_its_place(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As logrotate does: moved away in the middle of a run, not a line is lost."""
    leads(work, 60)
    moved: list[Path] = []

    def rotate(_self: object, event: Event) -> None:
        if isinstance(event, Attempted) and event.row == 30:
            moved.append((work / "run.jsonl").rename(work / "run.jsonl.1"))

    monkeypatch.setattr("campaign.cli.progress.lines.Lines.happened", rotate)
    assert campaign(*LOGGED, "--concurrency", "1").code == 1
    before, after = lines(moved[0]), lines(work / "run.jsonl")
    rows = [line["row_id"] for line in before + after if line["event"] == "attempt"]
    assert rows == [arrival.row_id for arrival in server.ledger.arrivals]
    assert after[-1]["event"] == "finished"


def test_a_program_attaches_its_own_handler(work: Path, server: Sandbox) -> None:
    """The logger is `campaign`, as for any library: records with the event, warnings for rows to look at."""
    kept: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record)

    handler = Keeping()
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    try:
        with run_in_thread(SandboxSettings(faults=parse_faults("refuse:first=1"))) as faulty:
            outcome = library.run(leads(work), "mapping.yaml", endpoint=faulty.url, concurrency=1)
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(logging.NOTSET)
    events = [record.__dict__["event"] for record in kept]
    attempts = [event for event in events if isinstance(event, Attempted)]
    assert len(attempts) == 19
    assert [event.kind for event in (events[0], events[-1])] == ["started", "finished"]
    assert {record.__dict__["campaign"] for record in kept} == {outcome.campaign}
    assert [record.levelname for record in kept if record.__dict__["event"] in attempts].count("WARNING") == 1
    assert kept[1].getMessage().startswith("Row 2, …0000: rejected (")


def test_without_handlers_nothing_is_printed(
    work: Path, server: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python prints warnings that nobody handles, and a library must not."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:first=3"))) as faulty:
        library.run(leads(work), "mapping.yaml", endpoint=faulty.url)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")


def test_verbose_tells_every_attempt(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """As lines on stderr; stdout stays one object."""
    leads(work)
    done = campaign(*RUN, "-v", "--json")
    assert done.json["counts"][State.ACCEPTED] == 19
    assert done.err.count(": accepted (200, ") == 19
    assert "Started: 19 rows of leads.csv are ready, at most 500/s" in done.err


def test_ten_thousand_failures_do_not_flood_a_log(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some are named as they come, then it says that there are more, and the counts go on."""
    (work / "mapping.yaml").write_text(
        MAPPING.replace("rate: 500/s", "rate: 5000/s, concurrency: 20, stop_after: {consecutive: null, ratio: null}"),
        encoding="utf-8",
    )
    leads(work, 3000)
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:all"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        done = campaign(*RUN)
    told = [line for line in done.err.splitlines() if ": rejected (" in line]
    assert len(told) == 20
    assert done.err.count("Further lines of this kind are left out here") == 1
    assert "2,999  rejected" in done.out
