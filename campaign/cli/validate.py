"""validate: the dry run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli import options, show
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.progress import watch

if TYPE_CHECKING:
    from campaign.ports import HiddenChoice


@click.command(cls=CampaignCommand)
@options.leads_and_mapping
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    shell_complete=offers.files(".xlsx", ".csv", ".json"),
    help="Every finding, as .xlsx, .csv or .json.",
)
@click.option(
    "--payloads",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    shell_complete=offers.files(".jsonl"),
    help="Every payload that would be sent, keys redacted.",
)
@click.option("--force", is_flag=True, help="Overwrite the report and payload files if they exist.")
@click.option(
    "--at",
    metavar="TIME",
    help="Ask the rules for this moment instead of now: 2026-07-03T07:30-04:00, or with Z for UTC.",
)
@options.common
def validate(
    leads: Path,
    mapping: str,
    sheet: str | None,
    hidden_rows: HiddenChoice | None,
    report: Path | None,
    payloads: Path | None,
    force: bool,
    at: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Check every row of LEADS and send nothing.

    Shows what run would do with each row, and every problem with its row, column, value and cure. Needs no keys.
    With --at, calling hours, recontact_after and all other rules are asked for that moment: who would be held back, why,
    and until when.

    Exit status 0: every row can be sent; 1: some can't, or the list hides rows and nobody said what to do with them.
    """
    from campaign.assembly.dry_run import dry_run
    from campaign.assembly.prepare import load_mapping, make_plan, open_leads

    loaded = load_mapping(mapping)
    moment = _moment(at) if at is not None else None
    folder = options.home_of(home)
    with watch() as progress:
        plan = make_plan(loaded, open_leads(leads, loaded, sheet, hidden_rows), folder, progress)
        seen = dry_run(folder, plan, progress, at=moment, report=report, payloads=payloads, force=force)
    for path in filter(None, (report, payloads)):
        click.echo(f"Written: {path}", err=True)
    return show.validation(seen, plan.warnings, as_json=as_json)


def _moment(text: str) -> datetime:
    from campaign.core.errors import UsageError

    cure = "Write date, time and offset: 2026-07-03T07:30-04:00, or 2026-07-03T11:30Z."
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--at: '{text}' is no moment.", cure) from None
    if moment.tzinfo is None:
        raise UsageError(f"--at: '{text}' has no offset from UTC, so it is a different moment in every place.", cure)
    return moment.astimezone(UTC)
