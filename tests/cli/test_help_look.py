"""How help looks, and what is said to a mistyped word."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command import Campaign, leads

from campaign.adapters.sandbox import Sandbox
from campaign.cli import cli
from campaign.cli.commands import COMMANDS, TASKS, load
from campaign.cli.help import GENERAL, CampaignCommand

if sys.platform != "win32":
    from terminal import terminal

HARD_TO_SEE = re.compile(r"\x1b\[(?:3[037]|9\d)m")
"""Black, yellow and white, and all bright colours: on one background or the other they vanish."""


def pages() -> Iterator[tuple[str, ...]]:
    """The words before --help, of every command and of their parts."""
    yield ()
    for name in COMMANDS:
        yield (name,)
        for part in getattr(load(name), "commands", {}):
            yield (name, part)


@pytest.fixture(params=pages(), ids=" ".join)
def page(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The words before --help."""
    words: tuple[str, ...] = request.param
    return words


def test_every_command_stands_in_one_task() -> None:
    """And says what it is for in a sentence."""
    assert Counter(name for task in TASKS.values() for name in task) == Counter(list(COMMANDS))
    assert all(entry.purpose.endswith(".") for entry in COMMANDS.values())


def test_help_is_grouped_by_task(campaign: Campaign) -> None:
    """Each task is a heading, and its commands follow."""
    out = campaign("--help").out
    for task, entries in TASKS.items():
        section = out.split(f"\n{task}:\n")[1].split("\n\n")[0]
        assert re.findall(r"^  (\w+)", section, re.MULTILINE) == list(entries)


def test_every_command_looks_alike() -> None:
    """A command of click's own class would have neither colours nor sections."""
    for words in pages():
        command: click.Command = cli
        for word in words:
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), word)
            assert found is not None
            command = found
        assert isinstance(command, CampaignCommand), words


def test_help_fits_a_terminal_of_80_columns(
    campaign: Campaign, page: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is broken by the terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in campaign(*page, "--help").out.splitlines() if len(line) > 80] == []


def test_colours_are_for_terminals_that_want_them(
    campaign: Campaign, page: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Piped and with NO_COLOR there are none; where there are, all can be seen on black and on white, and change no word."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    plain = campaign(*page, "--help").out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = campaign(*page, "--help").out
    assert "\x1b[36m" in coloured
    assert not HARD_TO_SEE.search(coloured)
    assert click.unstyle(coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert campaign(*page, "--help").out == plain


def test_many_options_stand_in_sections(campaign: Campaign, page: tuple[str, ...]) -> None:
    """Every option once, the general ones last; few options stand in one list."""
    out = campaign(*page, "--help").out
    sections = re.findall(r"^(\S.*):\n((?:  .*\n)+)", out, re.MULTILINE)
    listed = {title: re.findall(r"^  (?:-\w, )?(--[\w-]+)", body, re.MULTILINE) for title, body in sections}
    titles = [title for title, options in listed.items() if options]
    options = [option for found in listed.values() for option in found]
    assert len(options) == len(set(options))
    if len(options) > 8:
        assert titles[-1] == GENERAL
        assert len(titles) > 1
        assert listed[GENERAL][-1] == "--help"
    else:
        assert titles == ["Options"]


NEAREST = {
    ("vaildate",): "Did you mean 'validate'?",
    ("statsu",): "Did you mean 'status'?",
    ("suppress", "ad", "+12025550123"): "Did you mean 'add'?",
    ("run", "leads.csv", "-m", "mapping.yaml", "--ouput", "x.xlsx"): "Did you mean '--output'?",
    ("run", "leads.csv", "-m", "mapping.yaml", "--hidden-rows", "calls"): "Did you mean 'call'?",
    ("reconcile", "--key-in", "heder"): "Did you mean 'header'?",
    ("completion", "bahs"): "Did you mean 'bash'?",
    ("validate", "leads.csv", "-m", "template:hubspt"): "Did you mean template:hubspot?",
    ("validate", "leads.csv", "-m", "hubspot"): "Did you mean template:hubspot?",
    ("schema", "--template", "zho"): "Did you mean template:zoho?",
    ("hours", "US Florda"): "did you mean 'US Florida'?",
}


@pytest.mark.parametrize(("words", "said"), NEAREST.items(), ids=[" ".join(words) for words in NEAREST])
def test_the_nearest_of_a_mistyped_word_is_named(campaign: Campaign, words: tuple[str, ...], said: str) -> None:
    """Commands, options, their values, templates, presets: exit status 2, also for programs."""
    done = campaign(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    if words[0] == "schema":  # prints a schema or a template, and has no --json
        return
    answer = campaign(*words, "--json")
    assert (answer.code, answer.json["exit_code"]) == (2, 2)
    assert said in answer.json["error"] + answer.json["cure"]


NEAR_FILES = {
    "map leads.xls": "leads.xlsx",
    "map leads": "leads.csv",
    "map laeds.csv": "leads.csv",
    "map archive/leads": "archive/leads.csv.gz",
    "validate leads.xlsx -m maping.yaml": "mapping.yaml",
    "validate leads.xlsx -m mapping": "mapping.yaml",
    "map a.csv": "",
    "map mapping.csv": "",
    "map gone/leads.csv": "",
    "validate leads.xlsx -m leads.yaml": "",
}


@pytest.mark.parametrize(("line", "near"), NEAR_FILES.items(), ids=NEAR_FILES)
def test_the_nearest_file_of_that_kind_is_named(campaign: Campaign, work: Path, line: str, near: str) -> None:
    """In the same folder: a list for a list, a mapping for a mapping."""
    (work / "archive").mkdir()
    for name in ("leads.csv", "leads.xlsx", "b.csv", "archive/leads.csv.gz"):
        (work / name).touch()
    done = campaign(*line.split())
    error, cure, *_ = done.err.splitlines()
    assert done.code == 2
    assert error.startswith("Error: There is no ")
    assert cure.startswith(f"Did you mean {Path(near)}? Check" if near else "Check")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    "line",
    ["validate leads.csv -m mapping.yaml", "validate leads.csv -m wrong.yaml", "map a-list-that-is-not-there.csv"],
    ids=["notes", "an error", "another"],
)
@pytest.mark.parametrize("columns", [61, 67, 80])
def test_a_terminal_shows_whole_words(campaign: Campaign, work: Path, line: str, columns: int) -> None:
    """A note or an error is broken between words. What it says to do is left as it is: commands in it are copied."""
    leads(work, 3)
    mapping = (work / "mapping.yaml").read_text(encoding="utf-8")
    (work / "mapping.yaml").write_text(mapping.replace("policy: {calling_window: off}", ""), encoding="utf-8")
    (work / "wrong.yaml").write_text(mapping.replace("Name", "Names of people"), encoding="utf-8")
    with terminal(work, *line.split(), columns=columns, lines=90) as seen:
        code = seen.ends()
        shown = seen.shown
    piped = campaign(*line.split())
    assert code == piped.code
    told = " ".join(" ".join(piped.err.splitlines()[:2]).split())  # below an error's two lines stands what to do
    assert told
    assert told in " ".join(shown.split())


MISPLACED = {
    ("--home", "my X"): '--home goes after a command, and none is named: campaign COMMAND --home "my X"',
    ("suppress", "--json"): "--json goes after a command, and none is named: campaign suppress COMMAND --json",
    ("--home", "X", "status"): "--home goes after the command: campaign status --home X",
    ("-m", "my mapping.yaml", "run", "l.csv"): '-m goes after the command: campaign run l.csv -m "my mapping.yaml"',
    ("--json", "suppress", "list"): "--json goes after the command: campaign suppress list --json",
    ("suppress", "--home=X", "list"): "--home goes after the command: campaign suppress list --home=X",
}


@pytest.mark.parametrize(("words", "said"), MISPLACED.items(), ids=[" ".join(words) for words in MISPLACED])
def test_an_option_before_its_command_is_told_its_place(campaign: Campaign, words: tuple[str, ...], said: str) -> None:
    """With the whole line in the right order, to be copied."""
    done = campaign(*words)
    assert done.code == 2
    assert said in (done.json["error"] if "--json" in words else done.err)


@pytest.mark.parametrize("words", [("--foo", "status"), ("--yes", "status"), ("--foo", "X")], ids=" ".join)
def test_an_option_of_no_command_that_is_given_has_no_place(campaign: Campaign, words: tuple[str, ...]) -> None:
    """Such an option is not known, and nothing is said of its place."""
    done = campaign(*words)
    assert done.code == 2
    assert f"No such option '{words[0]}'." in done.err
    assert "goes after" not in done.err


def test_a_word_like_none_is_answered_without_a_guess(campaign: Campaign) -> None:
    """A wrong guess costs more than none."""
    done = campaign("xyzzy")
    assert done.code == 2
    assert "There is no command 'xyzzy'." in done.err
    assert "Did you mean" not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_answer_that_does_not_come_changes_nothing(campaign: Campaign, work: Path) -> None:
    """Ctrl-D at the question: it says what did not happen."""
    campaign("suppress", "add", "+442079460001")
    with terminal(work, "suppress", "remove", "+442079460001") as seen:
        seen.wait_for(lambda text: "may go out again?" in text)
        seen.press_ctrl_d()  # a signal in the instant before the terminal is read would be noticed at the next one only
        assert seen.ends() == 4
        assert "Stopped. Nothing was changed." in seen.shown
    assert campaign("suppress", "check", "+442079460001").code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_list_of_campaigns_is_fitted_into_the_terminal(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Each begins on a line of its own, and what does not fit stands further in."""
    leads(work, 3)
    for _ in range(2):
        campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    with terminal(work, "status", columns=60) as seen:
        assert seen.ends() == 0
        lines = [line for line in seen.shown.splitlines() if line.strip()]
    assert sum(not line.startswith(" ") for line in lines) == 2
    assert len(lines) > 2
