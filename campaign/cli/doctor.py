"""doctor: whether the set-up would carry a run."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.progress import watch


@click.command(cls=CampaignCommand)
@click.option(
    "-m",
    "--mapping",
    "mapping",
    metavar="MAPPING",
    shell_complete=offers.mappings,
    help="Check this mapping too, the keys that it names and its do-not-call lists.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    envvar="CAMPAIGN_ENDPOINT",
    help="Address of the call API.  [default: CAMPAIGN_ENDPOINT, else Brightcall's]",
)
@options.common
def doctor(mapping: str | None, endpoint: str | None, home: Path | None, as_json: bool) -> int:
    """Check what a run needs: versions, keys, workspace, journal, endpoint. Makes nothing and calls nobody.

    The endpoint is connected to, encryption and certificate included, and left without a request: only a request starts a
    call. Keys are never shown, only where they were found. Checking a mapping against the columns of a list is validate's.

    Exit status 0: nothing would stop a run, though there may be warnings; 2: something would.
    """
    from campaign.assembly.checkup import check_set_up
    from campaign.cli.show import print_json
    from campaign.cli.show.checkup import check_line, checks_json
    from campaign.core.checkup import would_run

    checks = []
    with watch() as progress:
        for check in check_set_up(options.home_of(home), endpoint, mapping, progress):
            progress.rest()
            checks.append(check)
            if not as_json:
                check_line(check)
    good = would_run(checks)
    if as_json:
        print_json({"ok": good, "checks": checks_json(checks)})
    elif not good:
        click.echo("\nSomething would stop a run: see the lines marked 'problem'.")
    return 0 if good else 2
