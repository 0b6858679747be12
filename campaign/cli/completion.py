"""completion: the shell completes commands, options, campaigns and files."""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from textwrap import indent

import click

from campaign.cli import options
from campaign.cli.help import CampaignCommand

_INSTALL = {
    "bash": "mkdir -p ~/.local/share/bash-completion/completions\n"
    "campaign completion bash > ~/.local/share/bash-completion/completions/campaign",
    "zsh": "mkdir -p ~/.zfunc\ncampaign completion zsh > ~/.zfunc/_campaign",
    "fish": "mkdir -p ~/.config/fish/completions\ncampaign completion fish > ~/.config/fish/completions/campaign.fish",
    "powershell": "New-Item -Force -ItemType Directory (Split-Path $PROFILE)\ncampaign completion powershell >> $PROFILE",
}
_NOTES = {
    "bash": "It takes bash 4.4 or later and the package bash-completion. Without the package, put this line into ~/.bashrc:\n"
    '  eval "$(campaign completion bash)"',
    "zsh": "~/.zshrc must have this line, before any other compinit:\n  fpath+=~/.zfunc; autoload -Uz compinit; compinit",
    "fish": "",
    "powershell": "",
}


@click.command(cls=CampaignCommand)
@click.argument("shell", type=options.Choice(tuple(_INSTALL)), required=False)
@options.json_output
def completion(shell: str | None, as_json: bool) -> int:
    """Print what makes SHELL (bash, zsh, fish or powershell) complete commands, options, campaigns, files and templates.

    Without SHELL it says how to install that for the shell that you use.
    """
    from campaign.cli import cli
    from campaign.cli.completing.shells import script
    from campaign.cli.show import print_json

    asked = shell or _mine()
    install = indent(_INSTALL[asked], "  ")
    steps = f"Install it once, then open a new {asked}:\n{install}\n{_NOTES[asked]}".rstrip()
    if as_json:
        print_json({"shell": asked, "script": script(asked, cli), "install": _INSTALL[asked], "note": _NOTES[asked]})
    elif shell is None:
        click.echo(steps)
    else:
        click.echo(script(shell, cli).encode(), nl=False)  # as bytes: Windows would end lines as no shell takes them
        if sys.stdout.isatty():  # somebody looks at the script instead of keeping it
            click.echo(f"\n{steps}", err=True)
    return 0


def _mine() -> str:
    """The shell of this session, as far as the environment tells; bash where it does not."""
    name = PurePath(os.environ.get("SHELL", "")).stem
    if name in _INSTALL:
        return name
    return "powershell" if os.name == "nt" else "bash"
