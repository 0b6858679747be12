"""rerun: what failed, and what a person has corrected."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options, show
from campaign.cli.asking import Terminal, may_ask
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.progress import watch


@click.command(cls=CampaignCommand)
@click.argument("what", metavar="RESULTS|CAMPAIGN", shell_complete=offers.campaigns_or_results)
@click.option(
    "--include-unknown", is_flag=True, help="Also send rows that may have been called already: says how many, and asks."
)
@click.option(
    "--include-rejected",
    is_flag=True,
    help="Also send refused rows that are unchanged: the fault was with the account.",
)
@click.option(
    "--campaign",
    "named",
    metavar="CAMPAIGN",
    shell_complete=offers.campaigns,
    help="The campaign, where the file has lost its call_row_id column.",
)
@options.sending
@options.common
def rerun(
    what: str,
    include_unknown: bool,
    include_rejected: bool,
    named: str | None,
    sending: options.Sending,
    home: Path | None,
    as_json: bool,
) -> int:
    """Send the failed rows of a campaign again, and the invalid and rejected ones as corrected in RESULTS.

    RESULTS is the result workbook (or CSV) with your corrections: its rows are sent, and no others; sort, filter or
    remove rows as you like. A row that the file hides or filters out is not sent. With the name of a campaign its
    failed and unsent rows are sent. An accepted row is never sent again, whatever the file says.

    In a workbook you may correct a row on the sheet Results or on To correct: a cell that you changed on either counts;
    changed on both, to different values, it is refused. Results says which rows are meant: one that is removed there, or
    hidden on either sheet, is not sent.
    """
    from campaign.assembly import going_on

    may_ask(sending.yes)
    with watch(verbose=sending.verbose, log_file=sending.log_file) as progress:
        talk = Terminal(sending.yes, progress, wait=sending.options.wait)
        result = going_on.rerun(
            options.home_of(home),
            what,
            going_on.Wishes(named, include_unknown, include_rejected),
            sending.endpoint,
            None,
            sending.options,
            talk,
            progress,
        )
    return show.run_result(result, as_json=as_json)
