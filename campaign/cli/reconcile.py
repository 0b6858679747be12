"""reconcile: rows in doubt are settled by Brightcall's call reports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from campaign.cli import options, show
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.progress import watch
from campaign.core.errors import UsageError


@click.command(cls=CampaignCommand)
@click.argument("campaign", required=False, shell_complete=offers.campaigns)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="REPORT",
    shell_complete=offers.files(".json", ".jsonl", ".csv", ".xlsx"),
    help="A call report that you saved: .json, .csv or .xlsx, or webhooks as JSON lines.  [default: fetch it]",
)
@click.option(
    "--made-at",
    metavar="WHEN",
    help="When that report was made, such as 2026-11-25T15:30.  [default: the time of its last call]",
)
@click.option("--complete", is_flag=True, help="You know that the report is neither filtered nor cut.")
@click.option(
    "--reports",
    "url",
    metavar="URL",
    envvar="CAMPAIGN_REPORTS",
    help="Address of the call reports.  [default: CAMPAIGN_REPORTS, else on the host that took the calls]",
)
@click.option(
    "--key-in",
    type=options.Choice(("header", "query")),
    envvar="CAMPAIGN_REPORTS_KEY_IN",
    default="header",
    show_default=True,
    help="Where the account's key (BRIGHTCALL_ACCOUNT_KEY) is sent.",
)
@options.common
def reconcile(
    campaign: str | None,
    file: Path | None,
    made_at: str | None,
    complete: bool,
    url: str | None,
    key_in: Literal["header", "query"],
    home: Path | None,
    as_json: bool,
) -> int:
    """Settle the unknown rows of CAMPAIGN by Brightcall's call reports. Calls nobody.

    A row whose call stands in the report was called: it becomes accepted. A row whose call is proven missing was not:
    resume can send it. The report must cover the time, one hour more, and nearly all calls that Brightcall took in it;
    otherwise the row stays unknown. Exit status 0: no row is in doubt any more; 1: some are.

    What the phone did (answered, no answer, missed) is kept of every row whose call stands in the report, also where no
    row is in doubt and a report is named with --from or --reports.
    """
    from campaign.assembly.reconciling import Report, settle

    report = Report(file, _moment(made_at), complete, url, key_in)
    with watch() as progress:
        settled = settle(options.home_of(home), campaign, report, progress)
    return show.reconciliation(settled, file, as_json=as_json)


def _moment(text: str | None) -> datetime | None:
    """A moment as the person writes it; without a zone it is this machine's time."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise UsageError(f"--made-at: '{text}' is no moment.", "Write it like 2026-11-25T15:30.") from None
