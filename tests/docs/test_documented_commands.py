"""Every command line that the pages show is one that can be typed."""

from __future__ import annotations

import click
import pytest
from pages import PAGES, Page

from campaign.cli import cli


def fault_of(words: list[str], *, whole: bool) -> str:
    """What the command line would say against it; "" if nothing. Nothing is run."""
    try:
        _understand(cli, words, click.Context(cli, info_name="campaign"))
    except click.exceptions.Exit:
        return ""
    except click.MissingParameter as error:
        return error.format_message() if whole else ""
    except click.ClickException as error:
        return error.format_message()
    return ""


def _understand(command: click.Command, words: list[str], parent: click.Context) -> None:
    if not isinstance(command, click.Group) or not words:
        if words or not isinstance(command, click.Group):
            command.make_context(command.name, list(words), parent=parent)
        return
    if words[0].startswith("-"):
        command.make_context(command.name, list(words))
        return
    below = command.get_command(parent, words[0])
    if below is None:
        raise click.UsageError(f"there is no command '{words[0]}'")
    _understand(below, words[1:], click.Context(below, info_name=words[0], parent=parent))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_the_page_parses(page: Page) -> None:
    """By the real commands: their names, their options, what an option takes, and whether a command is whole."""
    for words, whole in page.commands():
        said = fault_of(words, whole=whole)
        assert not said, f"{page.name}: campaign {' '.join(words)}: {said}"


def test_the_pages_are_searched() -> None:
    """The guides show every command at work, and a wrong line would be found."""
    shown = {words[0] for page in PAGES if page.path.name != "commands.md" for words, _ in page.commands()}
    assert set(cli.list_commands(click.Context(cli))) <= shown
    assert "no such option" in fault_of(["run", "a.csv", "-m", "m.yaml", "--yess"], whole=True).lower()
    assert "no such option" in fault_of(["suppress", "add", "--resaon", "x"], whole=False).lower()
    assert "missing" in fault_of(["run", "a.csv"], whole=True).lower()
    assert fault_of(["run", "a.csv", "-m", "m.yaml", "--limit", "many"], whole=False)
    assert fault_of(["rum"], whole=False)
    assert not fault_of(["run"], whole=False)
