"""Completion: what is offered, and how the real shells take it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.shell_completion import ShellComplete
from command import Campaign, leads
from keyboard import Keyboard

from campaign.adapters.journal import Journal
from campaign.adapters.sandbox import Sandbox
from campaign.cli import cli
from campaign.cli.commands import COMMANDS
from campaign.cli.completing import VARIABLE

SCRIPTS = Path(sys.executable).parent


def offered(*words: str) -> list[str]:
    """What is offered for the last word, where the others stand before it."""
    asked = ShellComplete(cli, {}, "campaign", VARIABLE)
    return [item.value for item in asked.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def there(campaign: Campaign, server: Sandbox, work: Path) -> str:
    """A campaign in the workspace, and files of all kinds in this folder. The campaign's id."""
    leads(work)
    name: str = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "--json").json["campaign"]
    (work / "Spring expo").mkdir()
    (work / "Spring expo" / "two words.xlsx").touch()
    for file in ("notes.pdf", ".hidden.csv", "LOUD.CSV"):
        (work / file).touch()
    return name


def test_commands_and_options(work: Path) -> None:
    """All commands at first; those of a group; options once a dash is typed."""
    assert offered("") == list(COMMANDS)
    assert offered("re") == ["resume", "rerun", "report", "reconcile"]
    assert offered("suppress", "re") == ["remove"]
    assert offered("run", "--hid") == ["--hidden-rows"]
    assert offered("run", "--hidden-rows", "") == ["call", "skip"]
    assert offered("--ver") == ["--version"]


def test_campaigns_of_the_workspace(there: str, work: Path) -> None:
    """Wherever one is asked for, also of the workspace that --home names; a draft is none."""
    for command in ("status", "resume", "export", "cancel", "forget", "reconcile"):
        assert offered(command, there[:4]) == [there]
    assert offered("rerun", "--campaign", "") == [there]
    assert there in offered("rerun", "")
    assert "out.xlsx" in offered("rerun", "")
    assert offered("status", "--home", str(work / "elsewhere"), "") == []


def test_files_with_a_fitting_ending(there: str) -> None:
    """And the folders on the way to them; what is hidden only when its dot is typed."""
    inside = f"Spring expo{os.sep}"
    assert offered("validate", "") == ["LOUD.CSV", inside, "leads.csv", "out.xlsx"]
    assert offered("validate", f"{inside}t") == [f"{inside}two words.xlsx"]
    assert offered("validate", ".h") == [".hidden.csv"]
    assert offered("validate", "leads.csv", "-m", "ma") == ["mapping.yaml"]
    assert offered("run", "leads.csv", "-o", "o") == ["out.xlsx"]
    assert offered("validate", str(Path("gone") / "x")) == []


def test_templates(work: Path) -> None:
    """Where a mapping is asked for they have their prefix."""
    assert offered("run", "x.csv", "-m", "template:hub") == ["template:hubspot"]
    assert offered("run", "x.csv", "--mapping=template:hub") == ["template:hubspot"]
    assert offered("schema", "--template", "hub") == ["hubspot"]


def test_presets(work: Path) -> None:
    """Calling hours by their names."""
    assert offered("hours", "US Flor") == ["US Florida"]


def test_sheets_of_the_list(work: Path) -> None:
    """In their order, without hidden ones; none for a text file or a broken workbook."""
    book = openpyxl.Workbook()
    book.create_sheet("Leads & more")
    book.create_sheet("Secret").sheet_state = "hidden"
    book.save(work / "book.xlsx")
    (work / "broken.xlsx").write_bytes(b"PK")
    assert offered("validate", "book.xlsx", "--sheet", "") == ["Sheet", "Leads & more"]
    assert offered("map", "book.xlsx", "--sheet", "L") == ["Leads & more"]
    assert offered("validate", "leads.csv", "--sheet", "") == []
    assert offered("validate", "broken.xlsx", "--sheet", "") == []


def test_nothing_is_made_and_nothing_fails(there: str, work: Path, tmp_path: Path) -> None:
    """No workspace, a mistyped command, a journal that is damaged or held by a writer: something or nothing is offered."""
    home = tmp_path / "home"
    assert offered("status", "--home", str(tmp_path / "none"), "") == []
    assert not (tmp_path / "none").exists()
    assert offered("vaildate", "x") == []
    for leftover in home.glob("journal.db-*"):
        leftover.unlink()
    before = sorted(home.iterdir())
    assert offered("status", "") == [there]
    assert sorted(home.iterdir()) == before
    journal = Journal(home / "journal.db")
    with journal.atomic():
        assert offered("status", "") == [there]
    journal.close()
    (home / "journal.db").write_bytes(b"\xa5" * 5000)
    assert offered("status", "") == []


def asked(shell: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The program as a shell's script asks it."""
    return subprocess.run(
        [sys.executable, "-m", "campaign"],
        env={**os.environ, VARIABLE: f"{shell}_complete", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_prompt_is_no_place_for_an_error(work: Path) -> None:
    """What a shell's script never says is met by silence."""
    for done in (asked("bash"), asked("tcsh"), asked("zsh", COMP_WORDS="campaign", COMP_CWORD="x")):
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_powershell_is_answered(work: Path) -> None:
    """Three lines for each: kind, value, meaning. In click's own way."""
    done = asked("powershell", COMP_WORDS="campaign\nstat", COMP_CWORD="1")
    assert done.stdout.splitlines() == ["plain", "status", COMMANDS["status"].purpose]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_is_printed_for_each_shell(campaign: Campaign, shell: str) -> None:
    """Alone, so that it can be kept in a file; with --json what to do with it stands beside it."""
    done = campaign("completion", shell)
    assert done.code == 0
    assert done.err == "" or shutil.which("bash") is None  # click asks bash for its version
    assert f"{shell}_complete" in done.out
    answer = campaign("completion", shell, "--json").json
    assert answer["script"] == done.out
    assert f"campaign completion {shell}" in answer["install"]


def test_the_steps_for_the_shell_in_use(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a shell's name it says what to do; a mistyped one is answered with the nearest."""
    monkeypatch.setenv("SHELL", "/usr/local/bin/fish")
    assert "campaign completion fish >" in campaign("completion").out
    done = campaign("completion", "zhs")
    assert done.code == 2
    assert "Did you mean 'zsh'?" in done.err


TYPED = {
    "campaign stat": "campaign status ",
    "campaign status {half}": "campaign status {id} ",
    "campaign validate lea": "campaign validate leads.csv ",
    "campaign validate Spr": "campaign validate Spring\\ expo/",
    "campaign validate Spring\\ expo/": "campaign validate Spring\\ expo/two\\ words.xlsx ",
    'campaign validate "Spring expo/t': 'campaign validate "Spring expo/two words.xlsx" ',
    "campaign run leads.csv -m template:hub": "campaign run leads.csv -m template:hubspot ",
    "campaign run leads.csv --mapping=template:hub": "campaign run leads.csv --mapping=template:hubspot ",
    "campaign run leads.csv --hidden-rows=sk": "campaign run leads.csv --hidden-rows=skip ",
    "campaign suppress im": "campaign suppress import ",
}
START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source {script}"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -u -D; source {script}"),
}


def needed(shell: str) -> str:
    """Where the shell is, or skip and say what is missing."""
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    if shutil.which("campaign", path=SCRIPTS) is None:
        pytest.skip("the script `campaign` is not installed")
    return found


@pytest.mark.parametrize("shell", START)
def test_the_tab_key_in_a_real_shell(campaign: Campaign, there: str, tmp_path: Path, shell: str) -> None:
    """Names with blanks are quoted, a folder is gone on with, colons and equals signs are no ends of words."""
    needed(shell)
    script = tmp_path / f"campaign.{shell}"
    script.write_text(campaign("completion", shell).out)
    command, setup = START[shell]
    with Keyboard(command, {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb"}) as keyboard:
        keyboard.enter(setup.format(script=script))
        for typed, completed in TYPED.items():
            wanted = completed.format(id=there)
            assert keyboard.tab(typed.format(half=there[:10]), wanted) == wanted


def test_bash_shows_a_folder_with_one_slash(campaign: Campaign, there: str, work: Path, tmp_path: Path) -> None:
    """In its list, and behind a colon, where bash does not see that it is a folder."""
    (work / "May:June" / "leads").mkdir(parents=True)
    script = tmp_path / "campaign.bash"
    script.write_text(campaign("completion", "bash").out)
    env = {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb", "INPUTRC": os.devnull}
    with Keyboard([needed("bash"), "--norc", "--noprofile", "-i"], env) as keyboard:
        keyboard.enter(f"source {script}")
        for typed, shown in (
            ("campaign validate \t", "Spring expo/ "),
            ("campaign validate May:June/l", "campaign validate May:June/leads/"),
        ):
            assert keyboard.tab(typed, shown) == shown


def test_fish_is_told_what_to_offer(campaign: Campaign, there: str, tmp_path: Path) -> None:
    """fish itself says what it would offer for a line, with the meaning behind a tab."""
    script = tmp_path / "campaign.fish"
    script.write_text(campaign("completion", "fish").out)

    def offers(line: str) -> list[str]:
        done = subprocess.run(
            [needed("fish"), "--no-config", "-c", f"source {script}; complete -C '{line}'"],
            env={**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    assert offers("campaign stat") == ["status"]
    assert offers(f"campaign status {there[:10]}") == [there]
    assert offers("campaign validate Spring\\ expo/") == ["Spring expo/two words.xlsx"]
    assert offers("campaign run leads.csv --mapping=template:hub") == ["--mapping=template:hubspot"]
