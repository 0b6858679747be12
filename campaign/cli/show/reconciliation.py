"""What a report proved of the rows in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli.show.counts import counts_json, print_json
from campaign.cli.show.words import which
from campaign.core.lifecycle import State
from campaign.core.moment import your_time
from campaign.core.result import iso
from campaign.core.state_words import quoted

if TYPE_CHECKING:
    from campaign.assembly.reconciling import Settled


def reconciliation(settled: Settled, file: Path | None, *, as_json: bool) -> int:
    """What a report proved of the rows in doubt; it is that of `file` if one was named. Returns the exit status."""
    result, doubtful = settled.result, settled.counts.get(State.UNKNOWN, 0)
    code = 1 if doubtful else 0
    if as_json:
        print_json(
            {
                "campaign": result.campaign or None,
                "accepted": [{"row": row, "call_id": call} for row, call in result.accepted.items()],
                "released": result.released,
                "unknown": doubtful,
                "left": [{"why": why, "rows": rows} for why, rows in result.left.items()],
                "missing": result.missing,
                "dispositions": result.told,
                "again_at": iso(result.again_at),
                "counts": counts_json(settled.counts),
                "total": sum(settled.counts.values()),
            }
        )
        return code
    if not (result.calls or result.left):
        named = f"Campaign {result.campaign} has no row" if result.campaign else "No campaign has rows"
        click.echo(f"{named} in doubt.")
        return code
    span = ""
    if result.since is not None and result.until is not None:
        span = f", from {result.since:%Y-%m-%d %H:%M} to {result.until:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Campaign {result.campaign}: {result.calls:,} calls in the report{span}")
    told = [("called: now accepted, and never sent again", list(result.accepted))]
    told += [("not called: now pending, resume can send them", result.released)]
    told += [(f"still unknown: {why}", rows) for why, rows in result.left.items()]
    for words, rows in told:
        if rows:
            click.echo(f"  {len(rows):>7,}  {words}: {which(rows)}")
    if result.told:
        click.echo(f"  {result.told:>7,}  what the phone did is known now: it stands in the report of the campaign")
    for words, rows in (
        ("Called although the answer said that no call was started", result.surprises),
        ("Called more than once, by Brightcall's report", list(result.often)),
        ("Accepted, but not in the report (is the number on Brightcall's blocklist?)", result.missing),
    ):
        if rows:
            click.echo(click.style(f"{words}: {which(rows)}", fg="yellow"))
    if result.released:
        click.echo(f"Next: campaign resume {result.campaign}")
    if result.again_at is not None:
        when, again = your_time(result.again_at), f"campaign reconcile {result.campaign}"
        if file is None:
            click.echo(f"Ask again after {when}: {again}")
        else:
            click.echo(f"Export the calls again after {when}, then: {again} --from {quoted(str(file))}")
    return code
