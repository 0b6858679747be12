"""Help, schema, template, demo and sandbox, as a new user meets them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import pytest
from command import Campaign, leads, results

from campaign.adapters.mapping_file import parse_mapping
from campaign.cli import cli
from campaign.cli.commands import COMMANDS
from campaign.core.lifecycle import INITIAL, TRANSITIONS, State

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DELIVERY = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")


def command(name: str) -> click.Command:
    """The command of that name."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(campaign: Campaign, name: str) -> None:
    """A purpose, and a sentence for every option; the README names it."""
    done = campaign(name, "--help")
    assert done.code == 0
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
    assert f"campaign {name}" in README


def test_help_lists_every_command(campaign: Campaign) -> None:
    """With what it is for, and the exit codes."""
    done = campaign("--help")
    for name, (_, purpose) in COMMANDS.items():
        assert name in done.out
        assert purpose.split()[0] in done.out
    assert "Exit status" in done.out


@pytest.mark.parametrize(("words", "heading"), [((), "Send:"), (("suppress",), "Commands:")])
def test_a_command_without_its_second_word_shows_the_help(
    campaign: Campaign, words: tuple[str, ...], heading: str
) -> None:
    """As help, and not as an error; nothing was done, so the exit status is 2."""
    done = campaign(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: ")
    assert heading in done.err


SLOW = (
    "pandas",
    "numpy",
    "aiohttp",
    "openpyxl",
    "phonenumbers",
    "pydantic",
    "ruamel",
    "rich",
    "babel",
    "pycountry",
    "matplotlib",
)
"""What no command may wait for that does not use it."""


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("run", "--help"), ("status",), ("completion", "zsh")])
@pytest.mark.parametrize("begun", [False, True], ids=["no workspace yet", "with a campaign"])
def test_what_is_not_used_is_not_imported(campaign: Campaign, work: Path, words: tuple[str, ...], begun: bool) -> None:
    """The command line answers at once."""
    if begun:
        campaign("run", leads(work), "-m", "mapping.yaml", "--yes", "--endpoint", "http://127.0.0.1:1/", "--limit", "1")
        assert campaign("status", "--json").json["campaigns"]
    slow = {*SLOW, *(("asyncio",) if words[0] != "run" else ())}  # a run reports its progress from an event loop
    code = (
        f"import sys; sys.argv = ['campaign', *{words!r}]\n"
        "from campaign.cli import main\n"
        "try: main()\nexcept SystemExit as left: assert not left.code, left\n"
        f"slow = sorted({slow!r} & set(sys.modules))\n"
        "assert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_completion_imports_nothing_slow(campaign: Campaign, work: Path) -> None:
    """A person waits for it with a finger on the key."""
    code = (
        "import sys; from campaign.cli import cli; from click.shell_completion import ShellComplete\n"
        "for words in (['status', ''], ['run', 'x.csv', '-m', 'template:'], ['validate', ''], ['']):\n"
        "    ShellComplete(cli, {}, 'campaign', 'X').get_completions(words[:-1], words[-1])\n"
        f"slow = sorted(set({SLOW!r}) & set(sys.modules))\n"
        "assert not slow, slow"
    )
    campaign("run", leads(work), "-m", "mapping.yaml", "--yes", "--endpoint", "http://127.0.0.1:1/", "--limit", "1")
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_part_of_a_command_explains_itself(campaign: Campaign) -> None:
    """As the commands do."""
    parts = [(name, part) for name in COMMANDS for part in getattr(command(name), "commands", {}).values()]
    assert parts
    for name, part in parts:
        assert campaign(name, part.name, "--help").code == 0
        assert part.help
        for parameter in part.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {part.name} {parameter.opts}"


def test_a_name_that_the_shell_took_apart_wants_quotes(campaign: Campaign, work: Path) -> None:
    """A file with blanks in its name that was given without quotes is recognised; two words that are no file are not."""
    (work / "May leads, all.xlsx").touch()
    done = campaign("rerun", "May", "leads,", "all.xlsx", "--yes")
    assert done.code == 2
    assert "If 'May leads, all.xlsx' is meant, put the name in quotes." in done.err
    assert "quotes" not in campaign("rerun", "May", "leads").err


def test_the_schema_and_the_template_are_printed(campaign: Campaign) -> None:
    """The template is a mapping; the schema is JSON."""
    assert json.loads(campaign("schema").out)["title"] == "Mapping"
    template = campaign("schema", "--template", "brightcall").out
    assert parse_mapping(template, "t", Path()).mapping.fields["lc_number"].column == ("Phone",)
    assert campaign("schema", "--template", "brightcal").code == 2


def test_the_demo_does_the_whole_job(campaign: Campaign, work: Path) -> None:
    """In a new folder each time, with a workspace of its own; nobody is called twice."""
    done = campaign("demo")
    assert done.code == 0
    assert "0 people were called twice" in done.out
    rows = results(work / "campaign-demo" / "results.xlsx")
    assert len(rows) == 500
    assert {"accepted", "invalid", "duplicate", "suppressed", "rejected", "unknown"} <= {
        row["call_status"] for row in rows
    }
    assert all(row["call_reason"] for row in rows if row["call_status"] != "accepted")
    assert "no campaigns" in campaign("status").out


def test_the_sandbox_counts_calls(work: Path) -> None:
    """Started by hand, in a process of its own, it tells its addresses and what it received."""
    with subprocess.Popen(
        [sys.executable, "-m", "campaign", "sandbox", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        body = {"widget_key": "sandbox-widget", "api_key": "sandbox-api", "lc_number": "+12025550123"}
        request = urllib.request.Request(
            addresses["endpoint"], json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["success"] is True
        with urllib.request.urlopen(addresses["calls"]) as answer:
            assert json.load(answer)["per_person"] == {"+12025550123": {"arrivals": 1, "calls": 1}}
        process.terminate()


def test_the_state_diagram_is_the_transition_table() -> None:
    """Every arrow is a way that a row may go, and every state is on it and in the table below it."""
    diagram = DELIVERY.split("stateDiagram-v2")[1].split("```")[0]
    arrows = [re.match(r"\s+(\S+) --> (\w+)", line) for line in diagram.splitlines() if "-->" in line]
    ways = [(arrow[1], State(arrow[2])) for arrow in arrows if arrow]
    for origin, target in ways:
        assert target in (INITIAL if origin == "[*]" else TRANSITIONS[State(origin)]), (origin, target)
    assert {target for _, target in ways} == set(State)
    assert set(re.findall(r"^\| `(\w+)` \|", DELIVERY, re.MULTILINE)) >= set(State)
