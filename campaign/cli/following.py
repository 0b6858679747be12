"""status --watch: the run of another terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from campaign.cli.progress import shown
from campaign.cli.show import print_json, standing_json
from campaign.core.course import Speed
from campaign.core.standing import Phase, Standing

_EVERY = 1.0  # seconds between two looks into the journal,
_SHARE = 20  # or so many times what a look takes, where that is more


def follow(home: Path, campaign: str | None, *, as_json: bool) -> str:
    """Show the run until it ends or a person has seen enough. Returns the campaign's id.

    Raises `UsageError` if there is no such campaign.
    """
    from campaign.assembly import following

    with following.follow(home, campaign) as followed:
        with suppress(KeyboardInterrupt):
            (_print_changes if as_json else _show)(_looks(followed.standing))
        return followed.campaign


def _looks(look: Callable[[], Standing]) -> Iterator[Standing]:
    """How it stands, now and again, until the run is over."""
    while True:
        began = time.monotonic()
        standing = look()
        yield standing
        if standing.phase is Phase.OVER:
            return
        time.sleep(max(_EVERY, _SHARE * (time.monotonic() - began)))


def _show(looks: Iterator[Standing]) -> None:
    last = next(looks)
    if last.phase is Phase.OVER:
        click.echo("No run of this campaign is going on.", err=True)
    with shown(err=False, own=False) as display:
        if last.phase is not Phase.OVER:
            display.sending(lambda: last)
        for standing in looks:
            last = standing


def _print_changes(looks: Iterator[Standing]) -> None:
    last = None
    for standing in looks:
        # The time goes on by itself, and what is foreseen with it.
        lasting = replace(standing, at=standing.at.min, arrival=None, speed=Speed(0, standing.speed.allowed))
        if lasting != last:
            print_json(standing_json(standing))
        last = lasting
