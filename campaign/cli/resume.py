"""resume: go on with what was interrupted."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options, show
from campaign.cli.asking import ask, may_ask
from campaign.cli.progress import watch


@click.command()
@click.argument("campaign", required=False)
@options.output
@options.sending
@options.endpoint
@options.common
def resume(
    campaign: str | None,
    output: Path | None,
    force: bool,
    yes: bool,
    limit: int | None,
    concurrency: int | None,
    rate: str | None,
    endpoint: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Go on with CAMPAIGN: its pending and failed rows, and its deferred rows whose time has come.

    Without a name, the only campaign that can go on. Rows that may have been called are never sent again.
    """
    from campaign.adapters.keys import load_keys
    from campaign.assembly.desk import mapping_of, open_desk

    chosen = options.chosen(output, force, limit, rate, concurrency)
    may_ask(yes)
    with open_desk(options.home_of(home)) as desk:
        record = desk.find(campaign)
        mapping = mapping_of(record)
        url = options.endpoint_of(endpoint, record.endpoint)
        if desk.recovered:
            click.echo(
                f"{desk.recovered:,} calls were on their way when the last run was cut off: they are 'unknown' now.",
                err=True,
            )
        ready = desk.ready(record)
        if not ready:
            click.echo(f"Campaign {record.id} has nothing to send now.", err=True)
            show.standing(desk.journal.facts(record.id), as_json=as_json)
            return show.standing_code(desk.journal.counts(record.id))
        keys = load_keys(mapping.mapping, (Path.cwd(), Path(mapping.folder)))
        desk.check_output(chosen)
        if not ask(f"Send {ready:,} rows of campaign {record.id} ({record.list_name}) to {url}?", yes):
            click.echo("Nothing was sent.", err=True)
            return 2
        desk.release(record)
        with watch(limit) as progress:
            result = desk.send(record, url, keys, chosen, progress)
    show.run_result(result, as_json=as_json)
    return result.exit_code
