"""Keys and numbers stay where they belong: not in messages, not in the process list, not in what may be a log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from command import MAPPING, Campaign, leads

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.cli import cli
from campaign.cli.commands import COMMANDS

KEYS = ("sandbox-widget", "sandbox-api")
FAULTS = "500:8%,drop-after:8%,drop-before:8%,malformed:8%,cut:8%,refuse:8%,422:8%,hang:4%,429:4%:retry-after=0"


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_no_message_shows_a_key_or_a_whole_number(work: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """Whatever goes wrong, with debugging on: GET has the keys in its address, and errors like to name addresses."""
    mapping = MAPPING.replace("{rate", f"{{method: {method}, stop_after: {{consecutive: null, ratio: null}}, rate")
    (work / "mapping.yaml").write_text(mapping.replace("read: 2", "read: 0.5"), encoding="utf-8")
    leads(work, 120)
    with run_in_thread(SandboxSettings(faults=parse_faults(FAULTS), seed=4)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        command = ["run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "-v", "--log-file", "run.jsonl"]
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "campaign", *command],
            cwd=work,
            env=dict(os.environ) | {"CAMPAIGN_DEBUG": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        numbers = [arrival.person for arrival in server.ledger.arrivals if arrival.person]
    assert done.returncode == 1, done.stderr
    assert "unknown" in done.stdout
    log = (work / "run.jsonl").read_text(encoding="utf-8")
    assert log.count("\n") > len(numbers)
    for said in (done.stdout, done.stderr, log):
        assert not any(key in said for key in KEYS)
        assert not any(number in said for number in numbers)
    assert "First call: row 2, …0000" in done.stderr


def test_a_halt_names_the_endpoint_without_the_keys(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect of a GET repeats its query, and that holds both keys."""
    (work / "mapping.yaml").write_text(MAPPING.replace("{rate", "{method: GET, rate"), encoding="utf-8")
    leads(work, 3)
    with run_in_thread(SandboxSettings(faults=parse_faults("redirect-307:all"))) as server:
        done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--endpoint", server.url)
    assert done.code == 3
    assert "has moved" in done.err
    assert not any(key in done.err + done.out for key in KEYS)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"sandbox"}))
def test_no_command_takes_a_key_as_an_option(name: str) -> None:
    """The process list shows every option to everyone on the machine: keys come from the environment or `.env`."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}
    assert not {option for option in options if "key" in option} - {"--key-in"}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads the process list from /proc")
def test_the_process_list_shows_no_key(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While calls are on their way."""
    leads(work, 200)
    with run_in_thread(SandboxSettings(latency=0.05)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        command = [sys.executable, "-m", "campaign", "run", "leads.csv", "-m", "mapping.yaml", "--yes"]
        with subprocess.Popen(command, cwd=work, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            wait_for_a_call(server, process)
            shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            process.kill()
    assert b"leads.csv" in shown
    assert not any(key.encode() in shown for key in KEYS)


def wait_for_a_call(server: Sandbox, process: subprocess.Popen[bytes]) -> None:
    """Until a request has arrived, or the process has ended."""
    while not server.ledger.arrivals and process.poll() is None:
        pass


def test_an_address_in_env_is_refused_and_not_ignored(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes the sandbox's address beside the keys believes to call nobody; doctor says so, too."""
    leads(work, 3)
    (work / ".env").write_text(f"CAMPAIGN_ENDPOINT={server.url}\n", encoding="utf-8")
    run = ("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert campaign(*run).code == 1  # the environment has it as well: the row without a number is all that is wrong
    monkeypatch.delenv("CAMPAIGN_ENDPOINT")
    for command in (run, ("doctor", "--endpoint", server.url)):
        done = campaign(*command)
        assert done.code == 2
        assert "sets CAMPAIGN_ENDPOINT" in " ".join((done.out + done.err).split())
