"""doctor: what a run needs is looked at, each thing on its line; nothing is made, and nobody is called."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from command import Campaign, Done, leads
from event_servers import certified

from campaign.adapters.journal.opening import SCHEMA_VERSION
from campaign.adapters.sandbox import Sandbox
from campaign.adapters.workspace import Workspace
from campaign.core.checkup import Check, Health, ok, problem, warning, would_run

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")


@pytest.fixture
def server(server: Sandbox) -> Iterator[Sandbox]:
    """The sandbox of other tests, which here is met last by a connection that says nothing: it must have seen its end."""
    yield server
    with urllib.request.urlopen(f"{server.base_url}/") as page:
        page.read()


def check(done: Done, name: str) -> dict[str, str]:
    """The check of that name."""
    found: dict[str, str] = next(check for check in done.json["checks"] if check["name"] == name)
    return found


def everything(folder: Path) -> dict[Path, bytes | None]:
    """All files and folders below, with what stands in them."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_a_set_up_that_would_carry_a_run(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """All is well before the first run and after it, and the endpoint has got no request for a call."""
    for _ in range(2):
        done = campaign("doctor", "-m", "mapping.yaml", "--json")
        assert done.code == 0
        assert done.json["ok"] is True
        assert {one["health"] for one in done.json["checks"]} == {"ok"}
        arrived = len(server.ledger.arrivals)
        leads(work)
        campaign(*RUN, "--force")
    assert arrived == 19, "only the run between the two looks has called"
    assert check(done, "journal")["said"] == f"whole, format {SCHEMA_VERSION}, campaigns: 1"


def test_people_read_a_line_for_each_check(campaign: Campaign, server: Sandbox) -> None:
    """How it stands comes first; a cure stands below what needs one."""
    lines = campaign("doctor").out.splitlines()
    assert lines[0].startswith("  ok       versions: campaign ")
    assert all(len(line) <= 80 for line in lines)
    assert "no request was sent" in " ".join(" ".join(lines).split())


def test_nothing_is_there_and_nothing_is_made(
    campaign: Campaign, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No workspace, no keys, nobody at the endpoint: three cures at the most, no traceback, no new file."""
    for name in ("BRIGHTCALL_WIDGET_KEY", "BRIGHTCALL_API_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("CAMPAIGN_ENDPOINT", "http://127.0.0.1:1/")
    before = everything(tmp_path)
    done = campaign("doctor", "--json")
    assert done.code == 2
    problems = {one["name"] for one in done.json["checks"] if one["health"] == "problem"}
    assert problems == {"keys", "endpoint"}
    assert all(one["cure"] for one in done.json["checks"] if one["health"] != "ok")
    assert "campaign sandbox" in check(done, "endpoint")["cure"]
    assert everything(tmp_path) == before


def test_keys_are_placed_and_never_shown(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment goes before a .env; a mapping may name other variables, and has a .env beside it."""
    monkeypatch.delenv("BRIGHTCALL_API_KEY")
    (work / ".env").write_text("BRIGHTCALL_API_KEY=s3cret-api\nBRIGHTCALL_WIDGET_KEY=s3cret-other\n")
    done = campaign("doctor", "--json")
    said = check(done, "keys")["said"]
    assert said == f"BRIGHTCALL_WIDGET_KEY from the environment; BRIGHTCALL_API_KEY from {work / '.env'}"
    assert "s3cret" not in done.out
    assert "sandbox-widget" not in done.out
    beside = work / "spring"
    beside.mkdir()
    (beside / "mapping.yaml").write_text("version: 1\nwidget_key: {env: SPRING_KEY}\nfields: {lc_number: Phone}\n")
    assert "SPRING_KEY" in check(campaign("doctor", "-m", "spring/mapping.yaml", "--json"), "keys")["said"]
    (beside / ".env").write_text("SPRING_KEY=s3cret-spring\n")
    done = campaign("doctor", "-m", "spring/mapping.yaml", "--json")
    assert f"SPRING_KEY from {Path('spring') / '.env'}" in check(done, "keys")["said"]
    assert "s3cret" not in done.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: 1\nfields: {lc_numbr: Phone}\n", "lc_number"),
        ("version: 1\nfields: {lc_number: Phone}\npolicy: {suppress: [gone.csv]}\n", "gone.csv"),
        ("version: 1\nfields: {lc_number: Phone}\npolicy: {calling_window: US Florda}\n", "US Florida"),
    ],
)
def test_a_mapping_that_would_stop_a_run(campaign: Campaign, server: Sandbox, work: Path, text: str, told: str) -> None:
    """Told as a run would tell it."""
    (work / "wrong.yaml").write_text(text)
    done = campaign("doctor", "-m", "wrong.yaml", "--json")
    assert done.code == 2
    assert check(done, "mapping")["health"] == "problem"
    assert told in f"{check(done, 'mapping')}"


@pytest.mark.parametrize("url", ["http://brightcall.example/", "ftp://x/", "https://"])
def test_an_address_that_no_run_would_take(campaign: Campaign, url: str) -> None:
    """Not even connected to."""
    done = campaign("doctor", "--endpoint", url, "--json")
    assert (done.code, check(done, "endpoint")["health"]) == (2, "problem")


def test_a_server_that_speaks_no_tls_is_no_matter_of_certificates(campaign: Campaign, server: Sandbox) -> None:
    """At an https address on this machine, where plain http will do."""
    told = check(campaign("doctor", "--endpoint", server.url.replace("http:", "https:"), "--json"), "endpoint")
    assert told["health"] == "problem"
    assert "does not speak TLS" in told["said"]
    assert "http://" in told["cure"]
    assert "certificate" not in f"{told}"


def test_a_server_that_wants_tls_is_not_well_at_a_plain_address(campaign: Campaign) -> None:
    """It takes the connection, and would take no call."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as secured:
        secured.socket = certified("127.0.0.1", trusted=False).wrap_socket(secured.socket, server_side=True)
        serving = threading.Thread(target=secured.serve_forever, args=(0.01,))
        serving.start()
        told = check(campaign("doctor", "--endpoint", f"http://127.0.0.1:{secured.server_port}/", "--json"), "endpoint")
        secured.shutdown()
        serving.join()
    assert told["health"] == "problem"
    assert "the server speaks TLS there" in told["said"]
    assert "https://" in told["cure"]


def test_a_damaged_journal_is_told_and_kept(campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path) -> None:
    """With the cure that a run would give."""
    leads(work)
    campaign(*RUN)
    path = tmp_path / "home" / "journal.db"
    with path.open("r+b") as file:
        file.write(b"\xa5" * 60)
    before = everything(tmp_path)
    done = campaign("doctor", "--json")
    assert done.code == 2
    assert "damaged" in check(done, "journal")["said"]
    assert "backup" in check(done, "journal")["cure"]
    assert everything(tmp_path) == before


def test_a_journal_that_has_gone_or_lost_its_key(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path
) -> None:
    """It knows who was called, so it is not taken for a new one."""
    leads(work)
    campaign(*RUN)
    home = tmp_path / "home"
    (home / "journal.key").rename(home / "kept.key")
    assert "key" in check(campaign("doctor", "--json"), "journal")["said"]
    (home / "kept.key").rename(home / "journal.key")
    for path in home.glob("journal.db*"):
        path.unlink()
    done = campaign("doctor", "--json")
    assert done.code == 2
    assert "is gone" in check(done, "journal")["said"]


def test_a_clock_that_stands_before_the_newest_campaign(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path
) -> None:
    """Calling hours are kept by it."""
    leads(work)
    campaign(*RUN)
    with closing(sqlite3.connect(tmp_path / "home" / "journal.db")) as db:
        db.execute("UPDATE campaign SET created_at = created_at + 86400000")
        db.commit()
    done = campaign("doctor", "--json")
    assert (done.code, check(done, "clock")["health"]) == (2, "problem")


def test_a_do_not_call_list_that_has_gone(campaign: Campaign, server: Sandbox, tmp_path: Path) -> None:
    """It is never taken for an empty one."""
    assert campaign("suppress", "add", "+12025550123").code == 0
    assert check(campaign("doctor", "--json"), "do-not-call list")["said"] == "whole, entries: 1"
    for path in (tmp_path / "home").glob("suppressions.db*"):
        path.unlink()
    done = campaign("doctor", "--json")
    assert (done.code, check(done, "do-not-call list")["health"]) == (2, "problem")


def test_a_workspace_in_use_is_a_warning(campaign: Campaign, server: Sandbox, tmp_path: Path) -> None:
    """With the process that holds it: nothing is wrong, but a run would have to wait."""
    workspace = Workspace(tmp_path / "home")
    workspace.create()
    with workspace.sole_use():
        done = campaign("doctor", "--json")
    assert (done.code, check(done, "in use")["health"]) == (0, "warning")
    assert f"process {os.getpid()}" in check(done, "in use")["said"]


def test_leftovers_are_named(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Those that our own writing leaves when the machine goes down, and no other file."""
    (work / ".results.xlsx.0a1b2c3d.tmp").touch()
    (work / ".mine.tmp").touch()
    done = campaign("doctor", "--json")
    assert (done.code, check(done, "leftovers")["health"]) == (0, "warning")
    assert ".results.xlsx.0a1b2c3d.tmp" in check(done, "leftovers")["said"]
    assert ".mine.tmp" not in done.out


def test_a_workspace_below_a_file(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Or would lie below one."""
    (work / "file").touch()
    done = campaign("doctor", "--home", "file/below", "--json")
    assert (done.code, check(done, "workspace")["health"]) == (2, "problem")


def test_a_terminal_of_few_letters_is_a_warning(server: Sandbox) -> None:
    """Python's own switch makes such a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "campaign", "doctor", "--json"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"name": "terminal", "health": "warning"' in done.stdout


def test_only_a_problem_stops_a_run() -> None:
    """A warning does not."""
    assert would_run([ok("a", "fine"), warning("b", "beware", "look")])
    assert not would_run([ok("a", "fine"), problem("b", "broken", "mend")])
    assert Check("a", Health.OK, "fine").cure == ""
