"""What a run will do, and how it ended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.show.counts import counts_json, counts_table, print_json
from campaign.cli.show.outlook import outlook as show_outlook
from campaign.cli.show.outlook import outlook_json
from campaign.cli.show.words import counted, duration, no_rows, note
from campaign.cli.streams import read_or_not
from campaign.core.lead import shortened
from campaign.core.lifecycle import State
from campaign.core.result import iso
from campaign.core.state_words import NEXT_STEP, quoted

if TYPE_CHECKING:
    from campaign.core.errors import UsageError
    from campaign.core.outlook import Outlook
    from campaign.core.run import Preview, RunResult


def preview(seen: Preview) -> None:
    """What will happen if the person says yes. On stderr: stdout is for the result."""
    echo = partial(click.echo, err=True)
    echo(f"\n{seen.list_name}: {counted(seen.total, 'row')}")
    counts_table(seen.counts, err=True)
    if seen.skipped:
        kinds = ", ".join(f"{count:,} {why}" for why, count in seen.skipped.items())
        echo(f"  Not called, because they are left out: {kinds} ({counted(sum(seen.skipped.values()), 'row')})")
    for warning in (*seen.warnings, *([no_rows(seen.list_name)] if not seen.total else [])):
        note(warning, indent="  ")
    if seen.first_payload and sys.stderr.isatty():
        echo(f"\nFirst call (row {seen.first_row}) to {seen.endpoint}:")
        for name, value in seen.first_payload.items():
            echo(f"  {name}: {value}")
    elif seen.first_payload:  # nobody is looking, and stderr may be a log: it names the row, not the person
        echo(f"\nFirst call: row {seen.first_row}, {shortened(seen.first_payload['lc_number'])}, to {seen.endpoint}")
    show_outlook(seen.outlook, wait=seen.wait)
    sends = f"{counted(seen.to_send, 'call')} at {seen.rate}: {duration(seen.seconds)}.  " if seen.to_send else ""
    echo(f"\n{sends}Campaign {seen.campaign}")


def run_result(result: RunResult | None, *, as_json: bool, steps: bool = True, outlook: Outlook | None = None) -> int:
    """How a run ended, where its result is, and (`steps`) what to do next. Returns the exit status; None is a no.

    `outlook` is what was shown before, for programs.
    """
    if result is None:
        click.echo("Nothing was sent.", err=True)
        return 2
    with read_or_not():  # the exit status holds all the same
        if as_json:
            print_json(_as_json(result, outlook))
        elif result.campaign:
            _ending(result, steps=steps)
    return result.exit_code


def could_not_go_on(campaign: str, error: UsageError, *, as_json: bool) -> int:
    """Why one of several campaigns could not go on. Returns the exit status."""
    if as_json:
        print_json({"campaign": campaign, "error": error.message, "cure": error.cure, "exit_code": error.exit_code})
    else:
        click.echo(click.style(f"\nCampaign {campaign} can't go on: {error.message}", fg="red", bold=True), err=True)
        click.echo(error.cure, err=True)
    return error.exit_code


def _as_json(result: RunResult, outlook: Outlook | None) -> dict[str, Any]:
    return {
        "campaign": result.campaign or None,
        "counts": counts_json(result.counts),
        "total": result.total,
        "output": str(result.output) if result.output else None,
        "halted": result.halted or None,
        "paused": result.paused or None,
        "next_allowed": iso(result.next_allowed),
        "seconds": round(result.seconds, 3),
        **({"preview": outlook_json(outlook)} if outlook is not None else {}),
    }


def _ending(result: RunResult, *, steps: bool) -> None:
    took = f", {duration(result.seconds)}" if result.seconds else ""  # nothing was sent: it took no time
    click.echo(f"\nCampaign {result.campaign}: {counted(result.total, 'row')}{took}")
    counts_table(result.counts)
    if result.output:
        click.echo(f"\nResult: {result.output}")
    if result.halted:
        click.echo(click.style(f"\nHalted: {result.halted}", fg="red", bold=True), err=True)
    if result.paused:
        click.echo(click.style(f"\nPaused: {result.paused}", fg="yellow", bold=True), err=True)
    if result.interrupted:
        click.echo("\nStopped as you asked.", err=True)
    if result.next_allowed is not None:
        when = result.next_allowed.astimezone()
        click.echo(f"The first deferred row may be called from {when:%Y-%m-%d %H:%M} (your time).")
        click.echo(f"Then: campaign resume {result.campaign} (or now, with --wait: it stays until then)")
    if result.counts.get(State.PENDING):
        click.echo(f"Go on with: campaign resume {result.campaign}")
    elif steps:
        named = [NEXT_STEP[state] for state in State if result.counts.get(state) and state is not State.DEFERRED]
        _next_steps(result, [step for step in dict.fromkeys(named) if not step.startswith("Nothing")])


def _next_steps(result: RunResult, steps: Sequence[str]) -> None:
    # Where no result file was written now, the steps need one all the same.
    file = quoted(str(result.output or f"{result.campaign}.xlsx"))
    if result.output is None and any("FILE" in step for step in steps):
        click.echo(f"The result file again: campaign export {result.campaign} -o {file}")
    for step in steps:
        # With its name: where several campaigns wait, a command without one asks which is meant.
        named = step.replace("campaign reconcile", f"campaign reconcile {result.campaign}")
        click.echo(f"Next: {named.replace('FILE', file)}")
