"""resume: go on with what was interrupted."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options, show
from campaign.cli.asking import Terminal, may_ask
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.progress import watch


@click.command(cls=CampaignCommand)
@click.argument("campaign", required=False, shell_complete=offers.campaigns)
@options.sending
@options.common
def resume(campaign: str | None, sending: options.Sending, home: Path | None, as_json: bool) -> int:
    """Go on with CAMPAIGN: its pending and failed rows, and its deferred rows whose time has come.

    With --wait it stays and sends all deferred rows when their time comes. Without a name, the only campaign that can
    go on. Rows that may have been called are never sent again.
    """
    from campaign.assembly import going_on

    may_ask(sending.yes)
    with watch(verbose=sending.verbose, log_file=sending.log_file) as progress:
        talk = Terminal(sending.yes, progress, wait=sending.options.wait)
        result = going_on.resume(
            options.home_of(home), campaign, sending.endpoint, None, sending.options, talk, progress
        )
    return show.run_result(result, as_json=as_json, outlook=talk.outlook)
