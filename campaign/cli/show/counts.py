"""How many rows stand where: a table for people, an object for programs."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from typing import Any

import click

from campaign.cli.show.words import columns
from campaign.core.lifecycle import State
from campaign.core.state_words import MEANING

COLOURS = {
    State.ACCEPTED: "green",
    State.INVALID: "red",
    State.REJECTED: "red",
    State.FAILED: "red",
    State.UNKNOWN: "magenta",
    State.SENDING: "blue",
    State.PENDING: "cyan",
    State.DEFERRED: "cyan",
}
"""Of the colours that every terminal has, those that can be read on black and on white; yellow can't."""


def print_json(answer: MappingOf[str, Any]) -> None:
    """The one machine-readable object on stdout. In ASCII: the encoding of stdout is for people, and may lack a sign of a name."""
    click.echo(json.dumps(answer))


def print_json_list(first: MappingOf[str, Any], name: str, items: Iterable[MappingOf[str, Any]]) -> None:
    """The same, of which the last value is a list too long to be held in memory: what comes `first`, then the items."""
    write = sys.stdout.write  # not echo, which would flush a million times
    encode = json.JSONEncoder().encode  # not dumps, which would make an encoder for each
    write(f'{encode(first)[:-1]}, "{name}": [')
    for number, item in enumerate(items):
        write(f"{', ' if number else ''}{encode(item)}")
    click.echo("]}")


def counts_json(counts: MappingOf[State, int]) -> dict[str, int]:
    """One number per state that occurs."""
    return {state.value: counts[state] for state in State if counts.get(state)}


def counts_table(counts: MappingOf[State, int], *, err: bool = False, meanings: bool = True) -> None:
    """A line per state that occurs: count, state, meaning."""
    for state in State:
        if count := counts.get(state, 0):
            name = click.style(f"{state:<10}", fg=COLOURS.get(state), bold=True)
            meaning = textwrap.wrap(MEANING[state], max(30, columns() - 26)) if meanings else [""]
            click.echo(f"  {count:>9,}  {name}  {meaning[0]}".rstrip(), err=err)
            for line in meaning[1:]:
                click.echo(f"{'':25}{line}", err=err)
