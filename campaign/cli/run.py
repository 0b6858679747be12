"""run: the main job."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli import options, show
from campaign.cli.asking import Terminal, about_hidden, may_ask
from campaign.cli.help import CampaignCommand, option
from campaign.cli.progress import watch
from campaign.core.errors import OutputError
from campaign.core.lifecycle import State

if TYPE_CHECKING:
    from campaign.assembly.prepare import Plan
    from campaign.core.keys import Keys
    from campaign.ports import HiddenChoice


@click.command(cls=CampaignCommand)
@options.leads_and_mapping
@option("--dry-run", is_flag=True, section="Trying out", help="The same as validate: check and show, send nothing.")
@option(
    "--test-number",
    metavar="N",
    section="Trying out",
    help="Send one row's payload to your own phone N instead of the lead's, and nothing else.",
)
@options.sending
@options.common
def run(
    leads: Path,
    mapping: str,
    sheet: str | None,
    hidden_rows: HiddenChoice | None,
    dry_run: bool,
    test_number: str | None,
    sending: options.Sending,
    home: Path | None,
    as_json: bool,
) -> int:
    """Check LEADS, show what will happen, ask, send the calls, write the result workbook.

    The keys come from BRIGHTCALL_WIDGET_KEY and BRIGHTCALL_API_KEY (environment or .env). Ctrl-C stops safely: calls under
    way are finished, the workbook is written, and resume goes on.

    With --wait it stays until the calling hours of all rows have opened; Ctrl-C leaves them deferred.
    """
    from campaign.adapters.keys import load_keys
    from campaign.assembly.prepare import load_mapping, make_plan, open_leads
    from campaign.assembly.starting import run_plan
    from campaign.core.endpoint import VENDOR_ENDPOINT, check_endpoint

    loaded = load_mapping(mapping)
    url = check_endpoint(sending.endpoint or VENDOR_ENDPOINT)
    if not dry_run and test_number is None:
        may_ask(sending.yes)
    refuse_the_list_itself(sending.options.output, leads)
    with watch() as progress:
        plan = make_plan(loaded, open_leads(leads, loaded, sheet, hidden_rows), options.home_of(home), progress)
    if dry_run:
        from campaign.assembly.dry_run import dry_run as judge_all

        with watch() as progress:
            seen = judge_all(options.home_of(home), plan, progress)
        return show.validation(seen, plan.warnings, as_json=as_json)
    if test_number is None and plan.source.hidden.undecided and not sending.yes:
        choice = about_hidden(plan.source)
        if choice is None:
            return show.run_result(None, as_json=as_json)
        plan = replace(plan, source=plan.source.decided(choice))
    keys = load_keys(loaded.mapping, (Path.cwd(), Path(loaded.folder)))
    if test_number is not None:
        return _test(options.home_of(home), plan, url, keys, test_number, as_json)
    with watch(verbose=sending.verbose, log_file=sending.log_file) as progress:
        talk = Terminal(sending.yes, progress, wait=sending.options.wait)
        list_path = str(leads.absolute())
        result = run_plan(options.home_of(home), plan, url, keys, sending.options, list_path, talk.agree_to, progress)
    return show.run_result(result, as_json=as_json, outlook=talk.outlook)


def refuse_the_list_itself(output: Path | None, leads: Path) -> None:
    """Raise `OutputError` if the result would take the place of the list."""
    if output is not None and output.exists() and leads.exists() and output.samefile(leads):
        raise OutputError(f"{output} is the list itself: the result would take its place.", "Choose another name.")


def _test(home: Path, plan: Plan, url: str, keys: Keys, number: str, as_json: bool) -> int:
    from campaign.assembly.trial_call import send_test

    row, verdict, exchange = asyncio.run(send_test(home, plan, url, keys, number))
    answer = exchange.body.decode("utf-8", "replace")[:500]
    if as_json:
        show.print_json({"row": row, "status": verdict.state.value, "http_status": exchange.status, "response": answer})
    else:
        click.echo(f"Row {row}'s payload went to {number} instead: {verdict.state}. {verdict.halt or verdict.reason}")
        click.echo(f"Answer ({exchange.status}): {answer}")
    if verdict.halt:
        return 3
    return 0 if verdict.state is State.ACCEPTED else 1
