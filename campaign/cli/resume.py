"""resume: go on with what was interrupted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli import options, show
from campaign.cli.asking import Terminal, may_ask
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand, option
from campaign.cli.progress import watch
from campaign.core.errors import UsageError, WorkspaceError

if TYPE_CHECKING:
    from campaign.core.run import RunResult


@click.command(cls=CampaignCommand)
@click.argument("campaign", required=False, shell_complete=offers.campaigns)
@option(
    "--all",
    "every",
    is_flag=True,
    section="Which",
    help="Every campaign that can go on, one after the other, the oldest first.",
)
@options.sending
@options.common
def resume(campaign: str | None, every: bool, sending: options.Sending, home: Path | None, as_json: bool) -> int:
    """Go on with CAMPAIGN: its pending and failed rows, and its deferred rows whose time has come.

    With --wait it stays and sends all deferred rows when their time comes. Without a name, the only campaign that can
    go on. Rows that may have been called are never sent again.

    With --all each campaign is gone on with as if it were named, with the same options; one that can't go on keeps none of the
    others. --json prints a line for each, and the exit status is the highest of theirs; 0 where none can go on.
    """
    from campaign.assembly import going_on

    may_ask(sending.yes)
    folder = options.home_of(home)
    if every:
        _refuse_what_is_for_one(campaign, sending)
        return _resume_all(folder, sending, as_json=as_json)
    _, code = _watched(sending, partial(going_on.resume, folder, campaign), as_json=as_json)
    return code


def _resume_all(home: Path, sending: options.Sending, *, as_json: bool) -> int:
    """Go on with each. Returns the highest exit status."""
    from campaign.assembly import going_on

    highest = 0
    with going_on.every_open_one(home, partial(click.echo, err=True)) as (desk, names):
        for name in names:
            result = None
            try:
                result, code = _watched(sending, partial(going_on.go_on, desk, name), as_json=as_json)
            except WorkspaceError:
                raise  # it is that of them all
            except UsageError as error:
                code = show.could_not_go_on(name, error, as_json=as_json)
            highest = max(highest, code)
            if result is not None and result.interrupted:
                break
    return highest


def _watched(
    sending: options.Sending, go_on: Callable[..., RunResult | None], *, as_json: bool
) -> tuple[RunResult | None, int]:
    """Go on with one and show how it ends. Returns that, and the exit status."""
    with watch(verbose=sending.verbose, log_file=sending.log_file) as progress:
        talk = Terminal(sending.yes, progress, wait=sending.options.wait)
        result = go_on(sending.endpoint, None, sending.options, talk, progress)
    return result, show.run_result(result, as_json=as_json, outlook=talk.outlook)


def _refuse_what_is_for_one(campaign: str | None, sending: options.Sending) -> None:
    """Raise `UsageError` for what makes no sense of several campaigns: a name, one result file, or to stay with the first."""
    asked = sending.options
    given = {"CAMPAIGN": campaign, "-o": asked.output, "--limit": asked.limit, "--wait": asked.wait}
    if wrong := [what for what, value in given.items() if value]:
        raise UsageError(
            f"--all goes on with every campaign, one after the other: it can't be given together with {', '.join(wrong)}.",
            "For one alone, name it: campaign resume CAMPAIGN.",
        )
