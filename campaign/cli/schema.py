"""schema: what a mapping file may hold."""

from __future__ import annotations

import json

import click

from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand


@click.command(cls=CampaignCommand)
@click.option(
    "--template",
    metavar="NAME",
    shell_complete=offers.templates,
    help="Print this annotated template instead: brightcall (every key), calendly, gohighlevel, hubspot, meta, pipedrive, "
    "salesforce, typeform, zoho.",
)
def schema(template: str | None) -> None:
    """Print the JSON Schema of mapping files, or a template to start from.

    Editors complete and check a mapping that begins with the line

    \b
      # yaml-language-server: $schema=mapping.schema.json

    when the schema was saved beside it: campaign schema > mapping.schema.json
    """
    if template is not None:
        from campaign.adapters.shipped import template_text

        click.echo(template_text(template), nl=False)
        return
    from campaign.core.mapping.document import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
