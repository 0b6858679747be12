"""hours: the calling-hour presets."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options, show
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand
from campaign.cli.show.hours import preset_json, presets_table


@click.command(cls=CampaignCommand)
@click.argument("preset", required=False, shell_complete=offers.presets)
@click.option(
    "-m",
    "--mapping",
    "mapping",
    metavar="MAPPING",
    shell_complete=offers.mappings,
    help="Take the presets in that this mapping names as its own, too.",
)
@click.option("--file", "as_file", is_flag=True, help="Print the shipped file, to start one of your own from.")
@options.common
def hours(preset: str | None, mapping: str | None, as_file: bool, home: Path | None, as_json: bool) -> int:
    """Show the calling hours of PRESET, by its name or code (US FL), or of all presets: hours, caps, sources, dates.

    `calling_window: auto` takes them by the person's country and state. Presets of your own go into calling_hours.yaml in
    the workspace, or into a file that a mapping names (policy: {calling_hours: FILE}), in the form of --file.
    """
    from campaign.adapters.calling_hours import shipped_text
    from campaign.assembly.prepare import load_mapping, presets_of
    from campaign.core.cells.country import read_country
    from campaign.core.errors import UsageError
    from campaign.core.policy.presets import NO_LEGAL_ADVICE

    if as_file:
        click.echo(shipped_text(), nl=False)
        return 0
    presets = presets_of(load_mapping(mapping) if mapping is not None else None, options.home_of(home))
    try:
        found = presets.in_force() if preset is None else [presets.find(preset)]
    except ValueError as error:
        if preset is not None and (country := read_country(preset)):
            raise UsageError(
                f"There is no calling-hour preset for {country}: people there are called at any hour.",
                "Hours of your own go into the mapping (policy: {calling_window: {hours: 9-18}}) or, for all lists, into "
                "calling_hours.yaml in the workspace: campaign hours --help. The presets that there are: campaign hours",
            ) from None
        said = str(error)
        raise UsageError(said[0].upper() + said[1:], "campaign hours lists them all.") from None
    if as_json:
        show.print_json({"presets": [preset_json(preset) for preset in found], "note": NO_LEGAL_ADVICE})
    else:
        presets_table(found)
        click.echo(f"\nLocal time of the person called. {NO_LEGAL_ADVICE}", err=True)
    return 0
