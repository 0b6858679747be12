"""Checks of the set-up, a line each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.show.words import width

if TYPE_CHECKING:
    from campaign.core.checkup import Check

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}
_INDENT = " " * 11


def check_line(check: Check) -> None:
    """A check as it comes, with its cure below it."""
    mark = click.style(f"{check.health.value:<9}", fg=_COLOURS[check.health.value])
    lines = textwrap.wrap(f"{check.name}: {check.said}", width() - len(_INDENT), break_on_hyphens=False)
    if check.cure:
        lines += textwrap.wrap(f"-> {check.cure}", width() - len(_INDENT), break_on_hyphens=False)
    click.echo(f"  {mark}{lines[0]}")
    for line in lines[1:]:
        click.echo(f"{_INDENT}{line}")


def checks_json(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Checks for programs."""
    return [{"name": c.name, "health": c.health.value, "said": c.said, "cure": c.cure} for c in checks]
