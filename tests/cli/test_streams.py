"""Streams as cron, daemons and pipes leave them: closed, full, or read by nobody. Calls and exit status are the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.adapters.sandbox import Sandbox

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.csv")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="closes and breaks streams as a POSIX shell does")


@pytest.fixture
def unread() -> Iterator[int]:
    """The writing end of a pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def command(work: Path, *args: str, shell: str = '"$@"', **streams: int) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, started by a line of shell."""
    line = ["/bin/sh", "-c", f"exec {shell}", "sh", sys.executable, "-m", "campaign", *args]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(line, cwd=work, text=True, check=False, **pipes)  # type: ignore[call-overload, no-any-return]


def sent(work: Path, server: Sandbox) -> bool:
    """Whether both people were called once, and the result written."""
    return sorted(server.ledger.calls_per_person().values()) == [1, 1] and (work / "out.csv").is_file()


def people(work: Path) -> None:
    """A list of two people who can be called."""
    (work / "leads.csv").write_text("Name,Phone\nA,+442079460001\nB,+442079460002\n", encoding="utf-8")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(work: Path, server: Sandbox, closed: str) -> None:
    """No file gets the number of one, and the answer stands on stdout if that is there."""
    people(work)
    done = command(work, *RUN, shell=f'"$@" {closed}')
    assert done.returncode == 0, done.stderr
    assert sent(work, server)
    if ">&-" not in closed.replace("2>&-", ""):
        assert json.loads(done.stdout)["counts"] == {"accepted": 2}


def test_nobody_can_be_asked_where_stdin_is_closed(work: Path, server: Sandbox) -> None:
    """Without --yes nothing is sent, as without a terminal."""
    people(work)
    done = command(work, *(word for word in RUN if word != "--yes"), shell='"$@" <&-')
    assert done.returncode == 2
    assert "--yes" in json.loads(done.stdout)["cure"]
    assert server.ledger.arrivals == ()


def test_news_that_nobody_reads(work: Path, server: Sandbox, unread: int) -> None:
    """What goes to stderr is news: a log that broke off stops no campaign."""
    people(work)
    done = command(work, *RUN, stderr=unread)
    assert done.returncode == 0
    assert json.loads(done.stdout)["counts"] == {"accepted": 2}
    assert sent(work, server)


def test_an_answer_that_nobody_reads(work: Path, server: Sandbox, unread: int) -> None:
    """The exit status is that of the run, whoever has read it."""
    people(work)
    for words in (RUN, ("validate", "leads.csv", "-m", "mapping.yaml", "--at", "2030-01-01T12:00Z", "--json")):
        assert command(work, *words, stdout=unread).returncode == 0
    assert sent(work, server)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_the_streams(work: Path, server: Sandbox) -> None:
    """On stderr it is no matter; on stdout it is told, and not with a status that says how a run has ended."""
    people(work)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        assert command(work, *RUN, stderr=full.fileno()).returncode == 0
        assert sent(work, server)
        done = command(work, "status", "--json", stdout=full.fileno())
    assert done.returncode == 5
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_an_encoding_that_lacks_a_sign(work: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """As on a Windows console, or with LANG=C: programs get the names as they are, so that they find the file."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    (work / "Łódź.csv").write_text("Name,Phone\nA,+442079460001\n", encoding="utf-8")
    for name in ("Łódź.csv", "Gdańsk.csv"):
        answer = json.loads(command(work, "validate", name, "-m", "mapping.yaml", "--json").stdout)
        assert name in answer.get("error", answer.get("list"))
