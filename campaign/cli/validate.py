"""validate: the dry run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli import options, show
from campaign.cli.progress import watch

if TYPE_CHECKING:
    from campaign.ports import HiddenChoice


@click.command()
@options.leads_and_mapping
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Every finding, as .xlsx, .csv or .json.",
)
@click.option(
    "--payloads",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help="Every payload that would be sent, keys redacted.",
)
@click.option("--force", is_flag=True, help="Overwrite the report and payload files if they exist.")
@options.common
def validate(
    leads: Path,
    mapping: str,
    sheet: str | None,
    hidden_rows: HiddenChoice | None,
    report: Path | None,
    payloads: Path | None,
    force: bool,
    home: Path | None,
    as_json: bool,
) -> int:
    """Check every row of LEADS and send nothing.

    Shows what run would do with each row, and every problem with its row, column, value and cure. Needs no keys.
    Exit status 0: every row can be sent; 1: some can't, or the list hides rows and nobody said what to do with them.
    """
    from campaign.assembly.dry_run import dry_run
    from campaign.assembly.prepare import load_mapping, make_plan, open_leads

    loaded = load_mapping(mapping)
    plan = make_plan(loaded, open_leads(leads, loaded, sheet, hidden_rows))
    with watch() as progress:
        seen = dry_run(options.home_of(home), plan, progress, report=report, payloads=payloads, force=force)
    for path in filter(None, (report, payloads)):
        click.echo(f"Written: {path}", err=True)
    return show.validation(seen, plan.warnings, as_json=as_json)
