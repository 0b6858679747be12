"""rerun: what failed, and what a person has corrected."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options, show
from campaign.cli.asking import ask, may_ask
from campaign.cli.progress import watch
from campaign.core.lifecycle import State


@click.command()
@click.argument("what", metavar="RESULTS|CAMPAIGN")
@click.option(
    "--include-unknown", is_flag=True, help="Also send rows that may have been called already: says how many, and asks."
)
@click.option(
    "--campaign", "named", metavar="CAMPAIGN", help="The campaign, where the file has lost its call_row_id column."
)
@options.output
@options.sending
@options.endpoint
@options.common
def rerun(
    what: str,
    include_unknown: bool,
    named: str | None,
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
    """Send the failed rows of a campaign again, and the invalid and rejected ones as corrected in RESULTS.

    RESULTS is the result workbook (or CSV) with your corrections; rows may be sorted, filtered or removed. With the name of
    a campaign only its failed rows are sent. An accepted row is never sent again, whatever the file says.
    """
    from campaign.adapters.keys import load_keys
    from campaign.assembly.desk import mapping_of, open_desk

    chosen = options.chosen(output, force, limit, rate, concurrency)
    may_ask(yes)
    with open_desk(options.home_of(home)) as desk:
        file = Path(what)
        record = desk.find(named) if named else desk.find_by_file(file) if file.is_file() else desk.find(what)
        mapping = mapping_of(record)
        url = options.endpoint_of(endpoint, record.endpoint)
        keys = load_keys(mapping.mapping, (Path.cwd(), Path(mapping.folder)))
        desk.check_output(chosen)
        if file.is_file():
            show.corrections(desk.correct(file, record))
        unknown = desk.journal.counts(record.id).get(State.UNKNOWN, 0) if include_unknown else 0
        if unknown and not ask(
            f"{unknown:,} people may have been called already and could be called twice. Send them all the same?", yes
        ):
            unknown = 0
        ready = desk.ready(record) + unknown
        if not ready:
            click.echo(f"Campaign {record.id} has nothing to send.", err=True)
            show.standing(desk.journal.facts(record.id), as_json=as_json)
            return show.standing_code(desk.journal.counts(record.id))
        if not ask(f"Send {ready:,} rows of campaign {record.id} ({record.list_name}) to {url}?", yes):
            click.echo("Nothing was sent. The corrections are kept.", err=True)
            return 2
        desk.release(record, include_unknown=bool(unknown))
        with watch(limit) as progress:
            result = desk.send(record, url, keys, chosen, progress)
    show.run_result(result, as_json=as_json)
    return result.exit_code
