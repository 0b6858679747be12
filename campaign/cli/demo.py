"""demo: the whole job on sample data, with no account."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import show
from campaign.cli.help import CampaignCommand
from campaign.cli.progress import watch


@click.command(cls=CampaignCommand)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the sample list, its mapping and the result go.  [default: campaign-demo in this folder]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one machine-readable object on stdout, nothing else there."
)
def demo(folder: Path | None, as_json: bool) -> int:
    """Show the whole job: a sample list of 500 leads, a local sandbox in place of Brightcall, and the result workbook.

    Nobody is called and no account is needed. Some rows are wrong on purpose, and the sandbox misbehaves now and then, so
    that the workbook has something to show.
    """
    from campaign.assembly.demo import run_demo

    with watch() as progress:
        shown = run_demo(folder, progress)
    show.run_result(shown.result, as_json=as_json, steps=False)
    if as_json:
        return 0
    click.echo(f"\nThe sandbox counted {shown.calls:,} calls; {shown.called_twice:,} people were called twice.")
    click.echo(
        f"\nOpen the result in Excel or LibreOffice: {shown.result.output}\n"
        f"The list, its mapping and the do-not-call list that made it are in {shown.folder}.\n"
        "\nYour own list:\n"
        "  campaign map leads.xlsx -o mapping.yaml                  then decide its CHECK lines\n"
        "  campaign validate leads.xlsx -m mapping.yaml              sends nothing\n"
        "  campaign run leads.xlsx -m mapping.yaml"
    )
    return 0
