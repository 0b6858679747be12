"""status, export, report, cancel and forget: what stands in the journal."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import options, show
from campaign.cli.asking import confirmed, may_ask
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand


@click.command(cls=CampaignCommand)
@click.argument("campaign", required=False, shell_complete=offers.campaigns)
@click.option(
    "--watch", is_flag=True, help="Follow the run of another terminal until it ends; Ctrl-C ends this view alone."
)
@options.common
def status(campaign: str | None, watch: bool, home: Path | None, as_json: bool) -> int:
    """Show where CAMPAIGN stands, or list all campaigns of the workspace. Works while another command is sending.

    With --watch it stays and shows what the run itself shows, of CAMPAIGN or else of the one that is being sent; with --json
    it prints a line whenever something changes. What the run was started with (--stop-at, --limit) it does not know. It ends
    by itself, with exit status 0 as after Ctrl-C, once no run is going on.
    """
    from campaign.assembly import lookup

    folder = options.home_of(home)
    if watch:
        from campaign.cli.following import follow  # not at the top: what only looks once needs none of it

        campaign = follow(folder, campaign, as_json=as_json)
        if as_json:
            return 0
    if campaign is not None:
        show.standing(lookup.facts(folder, campaign), lookup.running(folder), as_json=as_json)
    else:
        show.campaigns(lookup.campaigns(folder), as_json=as_json)
    return 0


@click.command(cls=CampaignCommand)
@click.argument("campaign", shell_complete=offers.campaigns)
@options.written_to("Result file, .xlsx or .csv.", offers.results)
@options.common
def export(campaign: str, output: Path, force: bool, home: Path | None, as_json: bool) -> int:
    """Write the result file of CAMPAIGN again, from the journal."""
    from campaign.assembly import lookup
    from campaign.cli.progress import watch

    with watch() as progress:
        facts = lookup.export(options.home_of(home), campaign, output, force=force, progress=progress)
    show.written(facts, output, f"{facts.total:,} rows written to {output}", as_json=as_json)
    return 0


@click.command(cls=CampaignCommand)
@click.argument("campaign", shell_complete=offers.campaigns)
@options.written_to("The page, .html.", offers.files(".html"))
@options.common
def report(campaign: str, output: Path, force: bool, home: Path | None, as_json: bool) -> int:
    """Write a page about CAMPAIGN: how far its rows came, outcomes and rate over time, reasons, countries, agents, and the
    rows to act on.

    It is one file that loads nothing and runs no script, for a browser, for mail or for paper. It names no lead and no whole
    number. Works while another command is sending.
    """
    from campaign.assembly.reporting import write_report

    facts = write_report(options.home_of(home), campaign, output, force=force)
    show.written(facts, output, f"the report of {facts.total:,} rows is written to {output}", as_json=as_json)
    return 0


@click.command(cls=CampaignCommand)
@click.argument("campaign", shell_complete=offers.campaigns)
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.common
def cancel(campaign: str, yes: bool, home: Path | None, as_json: bool) -> int:
    """Take the rows of CAMPAIGN that were not sent yet out of it: nobody more is called."""
    from campaign.assembly.desk import open_desk

    may_ask(yes, "cancelled", "cancel")
    with open_desk(options.home_of(home)) as desk:
        record = desk.find(campaign)
        if not confirmed(f"Take the unsent rows of campaign {record.id} ({record.list_name}) out for good?", yes):
            return 2
        taken = desk.cancel(record)
        facts = desk.journal.facts(record.id)
    if as_json:
        show.print_json(
            {"campaign": record.id, "cancelled": taken, "counts": show.counts_json(facts.counts), "total": facts.total}
        )
    else:
        click.echo(f"{taken:,} rows were taken out of campaign {record.id}.")
        show.counts_table(facts.counts)
    return 0


@click.command(cls=CampaignCommand)
@click.argument("campaign", shell_complete=offers.campaigns)
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.common
def forget(campaign: str, yes: bool, home: Path | None, as_json: bool) -> int:
    """Erase the personal data of a finished CAMPAIGN from the journal, for good.

    Names, numbers, cells, answers and the mapping go. What stays: how many rows had which status, and a keyed hash of the
    numbers that may have been called, so that nobody is called again. Your lists, result files and Brightcall keep what
    they have.
    """
    from campaign.assembly.forgetting import forget as erase
    from campaign.core.record import CampaignRecord

    may_ask(yes, "erased", "erase")

    def agreed(record: CampaignRecord, unknown: int) -> bool:
        if unknown:
            click.echo(
                f"{unknown:,} rows are unknown: whether those people were called can't be found out afterwards. "
                f"To find out before: campaign reconcile {record.id}",
                err=True,
            )
        question = (
            f"Erase the personal data of campaign {record.id} ({record.list_name}) from the journal for good? "
            "Its result can't be written again, and none of its rows can be rerun or reconciled."
        )
        return confirmed(question, yes)

    done = erase(options.home_of(home), campaign, agreed)
    if done is None:
        click.echo("Nothing was erased.", err=True)
        return 2
    if as_json:
        show.print_json({"campaign": done.campaign, "forgotten": done.rows, "guarded": done.guarded})
    else:
        click.echo(
            f"{done.rows:,} rows of campaign {done.campaign} are erased from the journal; {done.guarded:,} numbers are still "
            "kept from a second call, by a keyed hash.\n"
            "Not touched: your list, result workbooks, reports and do-not-call lists, and what Brightcall has."
        )
    return 0
