"""run: the main job."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli import options, show
from campaign.cli.asking import agree, may_ask
from campaign.cli.progress import watch
from campaign.core.lifecycle import State

if TYPE_CHECKING:
    from campaign.assembly.prepare import Plan
    from campaign.core.keys import Keys


@click.command()
@options.leads_and_mapping
@options.output
@click.option("--dry-run", is_flag=True, help="The same as validate: check and show, send nothing.")
@options.sending
@click.option(
    "--test-number",
    metavar="N",
    help="Send one row's payload to your own phone N instead of the lead's, and nothing else.",
)
@options.endpoint
@options.common
def run(
    leads: Path,
    mapping: str,
    sheet: str | None,
    output: Path | None,
    force: bool,
    dry_run: bool,
    yes: bool,
    limit: int | None,
    concurrency: int | None,
    rate: str | None,
    test_number: str | None,
    endpoint: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Check LEADS, show what will happen, ask, send the calls, write the result workbook.

    The keys come from BRIGHTCALL_WIDGET_KEY and BRIGHTCALL_API_KEY (environment or .env). Ctrl-C stops safely: calls under
    way are finished, the workbook is written, and resume goes on.
    """
    from campaign.adapters.keys import load_keys
    from campaign.assembly.desk import run_plan
    from campaign.assembly.dry_run import dry_run as judge_all
    from campaign.assembly.prepare import load_mapping, make_plan, open_leads

    loaded = load_mapping(mapping)
    url = options.endpoint_of(endpoint)
    chosen = options.chosen(output, force, limit, rate, concurrency)
    if not dry_run and test_number is None:
        may_ask(yes)
    plan = make_plan(loaded, open_leads(leads, loaded, sheet))
    if dry_run:
        with watch() as progress:
            seen = judge_all(options.home_of(home), plan, progress)
        show.validation(seen, as_json=as_json)
        return 0 if seen.sendable == seen.total else 1
    keys = load_keys(loaded.mapping, (Path.cwd(), Path(loaded.folder)))
    if test_number is not None:
        return _test(plan, url, keys, test_number, as_json)
    with watch(limit) as progress:
        result = run_plan(
            options.home_of(home),
            plan,
            url,
            keys,
            chosen,
            str(leads.absolute()),
            lambda seen: agree(seen, yes),
            progress,
        )
    if result is None:
        click.echo("Nothing was sent.", err=True)
        return 2
    show.run_result(result, as_json=as_json)
    return result.exit_code


def _test(plan: Plan, url: str, keys: Keys, number: str, as_json: bool) -> int:
    from campaign.assembly.dry_run import send_test

    row, verdict, exchange = asyncio.run(send_test(plan, url, keys, number))
    answer = exchange.body.decode("utf-8", "replace")[:500]
    if as_json:
        show.print_json({"row": row, "status": verdict.state.value, "http_status": exchange.status, "response": answer})
    else:
        click.echo(f"Row {row}'s payload went to {number} instead: {verdict.state}. {verdict.halt or verdict.reason}")
        click.echo(f"Answer ({exchange.status}): {answer}")
    if verdict.halt:
        return 3
    return 0 if verdict.state is State.ACCEPTED else 1
