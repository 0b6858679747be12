"""Where campaigns stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.show.counts import counts_json, counts_table, print_json
from campaign.cli.show.words import counted, fitted, wrapped
from campaign.core.lifecycle import WAITING, State
from campaign.core.result import iso

if TYPE_CHECKING:
    from campaign.core.record import CampaignSummary
    from campaign.core.result import CampaignFacts
    from campaign.core.standing import Standing

_GROUPS = 20


def written(facts: CampaignFacts, output: Path, sentence: str, *, as_json: bool) -> None:
    """That a file about a campaign was written."""
    if as_json:
        counts = counts_json(facts.counts)
        print_json({"campaign": facts.campaign, "counts": counts, "total": facts.total, "output": str(output)})
    else:
        click.echo(f"Campaign {facts.campaign}: {sentence}")


def standing(facts: CampaignFacts, running: str, *, as_json: bool) -> None:
    """Where a campaign stands. `running` says which process holds the workspace, "" if none does."""
    if as_json:
        print_json(
            {
                "campaign": facts.campaign,
                "list": facts.list_name,
                "counts": counts_json(facts.counts),
                "total": facts.total,
                "halted": facts.halted or None,
                "forgotten_at": iso(facts.forgotten_at),
                "created_at": iso(facts.created_at),
                "first_submitted_at": iso(facts.first_submitted_at),
                "last_submitted_at": iso(facts.last_submitted_at),
            }
        )
        return
    click.echo(
        f"Campaign {facts.campaign}: {facts.list_name}, {counted(facts.total, 'row')}, made {facts.created_at:%Y-%m-%d %H:%M} UTC"
    )
    counts_table(facts.counts)
    if facts.forgotten_at is not None:
        click.echo(f"Its personal data was erased on {facts.forgotten_at:%Y-%m-%d %H:%M} UTC.")
        return
    if facts.halted:
        click.echo(click.style(f"Halted: {facts.halted}", fg="red"))
    if facts.counts.get(State.SENDING) and not running:
        click.echo(
            "No run is going on: what is 'sending' was cut off. Those people may have been called; the next run makes their rows "
            "'unknown'."
        )
    if any(state in WAITING for state in facts.counts):
        click.echo(f"A run is going on ({running})." if running else f"Go on with: campaign resume {facts.campaign}")
    if facts.reasons:
        click.echo("Why:")
    for state, cause, count in facts.reasons[:_GROUPS]:
        wrapped(cause, first=f"  {count:>9,}  {state:<10}  ", other=" " * 25)


def standing_json(seen: Standing) -> dict[str, Any]:
    """A run that goes on, for programs. Rates are calls a second, times UTC; null is: not known, no limit, or no run any more."""
    from campaign.core.standing import Phase  # not at the top: where no run is watched nothing needs it

    speed = seen.speed if seen.phase is not Phase.OVER else None
    return {
        "time": iso(seen.at),
        "campaign": seen.campaign,
        "list": seen.list_name,
        "phase": seen.phase.value,
        "counts": counts_json(seen.counts),
        "total": seen.total,
        "done": seen.done,
        "expected": seen.expected,
        "rate": _finite(speed.current) if speed else None,
        "allowed": _finite(speed.allowed) if speed else None,
        "waits_until": iso(seen.wait.until) if seen.wait else None,
        "waits_for": seen.wait.why if seen.wait else None,
        "ends_at": iso(seen.arrival.at) if seen.arrival else None,
        "problems": [
            {"row": row.row, "phone": row.phone, "status": row.status.value, "reason": row.reason}
            for row in seen.troubles
        ],
    }


def _finite(rate: float | None) -> float | None:
    return None if rate is None or math.isinf(rate) else round(rate, 4)


def campaigns(summaries: Sequence[CampaignSummary], *, as_json: bool) -> None:
    """All campaigns, a line each."""
    if as_json:
        print_json(
            {
                "campaigns": [
                    {
                        "campaign": c.id,
                        "list": c.list_name,
                        "created_at": iso(c.created_at),
                        "counts": counts_json(c.counts),
                        "total": sum(c.counts.values()),
                        "halted": c.halted or None,
                        "forgotten_at": iso(c.forgotten_at),
                    }
                    for c in summaries
                ]
            }
        )
        return
    if not summaries:
        click.echo("This workspace has no campaigns yet. Start with: campaign demo")
    for c in summaries:
        words = ", ".join(f"{count:,} {state}" for state, count in c.counts.items())
        mark = "  FORGOTTEN" if c.forgotten_at else "  HALTED" if c.halted else ""
        said = f"{c.id}  {c.created_at:%Y-%m-%d %H:%M} UTC  {c.list_name}: {words}{mark}"
        click.echo(fitted(said, err=False, below="  "))
