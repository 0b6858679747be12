"""map: a list in, a proposed mapping out."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.show.proposal import proposal


@click.command("map", cls=CampaignCommand)
@click.argument("leads", type=click.Path(path_type=Path), metavar="LEADS", shell_complete=offers.lists)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    shell_complete=offers.files(".yaml", ".yml"),
    help="Mapping file to write, such as mapping.yaml.  [default: print it on stdout]",
)
@click.option("--sheet", shell_complete=offers.sheets, help="Sheet to read.  [default: the first with data]")
@click.option("--force", is_flag=True, help="Overwrite the mapping file if it exists.")
@options.json_output
def map_(leads: Path, output: Path | None, sheet: str | None, force: bool, as_json: bool) -> int:
    """Propose a mapping for LEADS, a list that was never seen before.

    Looks at the column names, in many languages, and at the values of the first rows, and says of each choice why it was
    made and how sure it is. What only you can know is marked CHECK in the file. Sends nothing.

    \b
      campaign map leads.xlsx -o mapping.yaml
      campaign validate leads.xlsx -m mapping.yaml

    Exit status 2: no column can be taken for the phone numbers, or nothing can be written there.
    """
    from campaign.assembly.proposal import map_list

    mapped = map_list(leads, sheet, output, force=force)
    return proposal(mapped, str(leads), output, as_json=as_json)
