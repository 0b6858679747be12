"""The question before anything is sent."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from campaign.cli import show
from campaign.core.errors import UsageError

if TYPE_CHECKING:
    from campaign.core.run import Preview


def may_ask(yes: bool) -> None:
    """Raise `UsageError` where nobody can be asked and nobody said --yes."""
    if not yes and not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here (no terminal), so nothing was sent.", "Add --yes to send without asking."
        )


def ask(question: str, yes: bool) -> bool:
    """Show the question, and ask it unless `yes` has answered it already."""
    if yes:
        click.echo(question, err=True)
        return True
    return click.confirm(question, default=False, err=True)


def agree(preview: Preview, yes: bool) -> bool:
    """Show what will happen and ask. A list with nothing to send needs no answer: its result is written all the same."""
    show.preview(preview)
    if not preview.to_send:
        click.echo("No row can be sent now; the result says why.", err=True)
        return True
    return True if yes else click.confirm(f"\nSend {preview.to_send:,} calls?", default=False, err=True)
