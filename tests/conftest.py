"""What many tests share: a journal on disk, and the command line with a sandbox on loopback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import MAPPING, Campaign, Done
from hypothesis import settings

from campaign.adapters.journal import Journal
from campaign.adapters.sandbox import Sandbox, SandboxSettings, run_in_thread
from campaign.cli import main

settings.register_profile("campaign", deadline=None)  # a busy machine is no fault of the program
settings.load_profile("campaign")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A real journal in a temporary folder."""
    opened = Journal(tmp_path / "journal.db")
    yield opened
    opened.close()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, a workspace of its own, the sandbox's keys in the environment."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BRIGHTCALL_WIDGET_KEY", "sandbox-widget")
    monkeypatch.setenv("BRIGHTCALL_API_KEY", "sandbox-api")
    monkeypatch.delenv("CAMPAIGN_ENDPOINT", raising=False)
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


@pytest.fixture
def campaign(work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Campaign:
    """Run a command in this process."""

    def run(*args: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["campaign", *map(str, args)])
        # Else click takes the name of the program that runs the tests: python -m pytest.
        monkeypatch.setattr(sys.modules["__main__"], "__package__", None, raising=False)
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Done(int(left.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def server(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox without faults, as the endpoint."""
    with run_in_thread(SandboxSettings()) as running:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", running.url)
        yield running
