"""A stop that comes while a library is at work: it may keep the interrupt to itself, or make an error of its own of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Campaign, leads
from processes import rows_of

from campaign.adapters.sandbox import Sandbox
from campaign.assembly import pool, starting

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")


def kept_to_itself() -> None:
    """As a library with a bare `except`."""
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        return


def lost_in_a_callback() -> None:
    """As where Python can't raise."""

    class Collected:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    Collected()


def made_an_error_of() -> None:
    """As a library that explains whatever goes wrong inside of it."""
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException as error:
        raise ValueError(f"Error building the serializer: {error!r}") from None


def at(monkeypatch: pytest.MonkeyPatch, module: object, name: str, what: Callable[[], None]) -> None:
    """Let it happen before that function of the program begins."""
    function = getattr(module, name)

    def then(*args: object, **more: object) -> object:
        what()
        return function(*args, **more)

    monkeypatch.setattr(module, name, then)


@pytest.mark.parametrize("library", [kept_to_itself, lost_in_a_callback, made_an_error_of])
def test_while_the_list_is_read_nothing_is_sent(
    campaign: Campaign,
    server: Sandbox,
    work: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    library: Callable[[], None],
) -> None:
    """Exit 4, a sentence and no traceback; nothing is left behind, and the same command starts anew."""
    leads(work, 3)
    with monkeypatch.context() as patched:
        at(patched, starting, "ingest", library)
        done = campaign(*RUN)
    assert (done.code, done.out) == (4, "")
    assert "Stopped" in done.err
    assert "Traceback" not in done.err
    assert "Exception ignored" not in done.err
    assert rows_of(tmp_path / "home", "campaign") == 0
    assert server.ledger.arrivals == ()
    assert campaign(*RUN, "--json").json["counts"] == {"invalid": 1, "accepted": 2}


@pytest.mark.parametrize("library", [kept_to_itself, lost_in_a_callback, made_an_error_of])
def test_right_before_the_first_call_nothing_is_sent(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch, library: Callable[[], None]
) -> None:
    """Exit 4; the rows wait for resume."""
    leads(work, 3)
    with monkeypatch.context() as patched:
        at(patched, pool, "quota_of", library)
        assert campaign(*RUN).code == 4
    assert server.ledger.arrivals == ()
    assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "accepted": 2}


@pytest.mark.skipif(sys.platform == "win32", reason="there a process that is sent a signal is ended by the system")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_of_an_exec_changes_no_exit_status(tmp_path: Path, number: int) -> None:
    """Whoever runs `python -m campaign` while it is imported gets 4, too: of a bare KeyboardInterrupt Python would die."""
    (tmp_path / "stopped.py").write_text(
        "import sys\n"
        "from campaign.adapters.signals import every_stop_an_interrupt\n"
        "try:\n"
        "    with every_stop_an_interrupt():\n"
        f"        exec('import signal; signal.raise_signal({int(number)})')\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(4)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "stopped"]
    paths = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    assert subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=False).returncode == 4
