"""What `map` prints: each choice with its evidence and samples, and what is left to a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.show.counts import print_json
from campaign.cli.show.words import counted, fitted, note
from campaign.core.proposal.annotated import flow
from campaign.core.proposal.confidence import Confidence
from campaign.core.proposal.proposal import FieldChoice
from campaign.core.state_words import quoted

if TYPE_CHECKING:
    from campaign.assembly.proposal import Mapped

_COLOURS = {Confidence.SURE: "green", Confidence.LIKELY: "cyan", Confidence.UNSURE: "yellow"}


def proposal(mapped: Mapped, leads: str, output: Path | None, *, as_json: bool) -> int:
    """The proposal: explained on stderr if the mapping goes to stdout, else on stdout. Returns the exit status."""
    made = mapped.proposal
    for known in mapped.notes:
        note(known)
    if as_json:
        print_json(_as_data(mapped, output))
        return 0
    explain(mapped, err=output is None)
    if output is None:
        click.echo("", err=True)
        click.echo(made.yaml, nl=False)
        click.echo(f"\nTo keep it: campaign map {quoted(leads)} -o mapping.yaml", err=True)
    else:
        click.echo(f"\nWritten: {output}")
        first = "Decide its CHECK lines, then: " if made.checks else "Next: "
        click.echo(f"{first}campaign validate {quoted(leads)} -m {quoted(str(output))}")
    return 0


def explain(mapped: Mapped, *, err: bool) -> None:
    """Each choice: what, from which column, how sure, why, and what its values look like."""
    made = mapped.proposal

    def echo(text: str, sure: Confidence | None = None, **style: Any) -> None:
        shown = fitted(text, err=err)  # before there is colour, which has no width
        click.secho(_coloured(shown, sure) if sure is not None else shown, err=err, **style)

    sheet = f", sheet {made.sheet}" if made.sheet else ""
    echo(f"{made.list_name}{sheet}: read as {mapped.form}, header in row {mapped.header_row}.")
    echo(f"{counted(made.rows_seen, 'row')} looked at. Overall: {made.confidence}", made.confidence)
    if made.export:
        echo(
            f"This looks like a {made.export.name} (there is a template for these, too: template:{made.export.template})"
        )
    echo("")
    for choice in made.fields:
        columns = " + ".join(choice.columns) if "template" in choice.spec else ", then ".join(choice.columns)
        _choice(echo, choice.field, columns, choice.confidence, choice.evidence, choice.samples, choice.check)
        if choice.instead:
            echo(f"      or  {choice.field}: {flow(choice.instead)}")
    for place in made.places:
        what = f"calling hours by {place.field.replace('_', ' ')}"
        _choice(echo, what, ", then ".join(place.columns), place.confidence, place.evidence, place.samples, place.check)
    for rule in made.rules:
        what = "not called if" if rule.active else "(left to you) not called if"
        _choice(echo, what, rule.column, rule.confidence, rule.evidence, rule.samples, rule.check)
    for consent in made.consents:
        what = "called only if" if consent.active else "(left to you) called only if"
        _choice(echo, what, consent.column, Confidence.UNSURE, consent.evidence, consent.samples, consent.check)
    if made.agent:
        columns = f"{made.agent.name} + {made.agent.phone}"
        _choice(echo, "(left to you) agents", columns, Confidence.UNSURE, (), made.agent.samples, made.agent.check)
    if made.home:
        where = made.home.region or "open"
        reasons = "; ".join(made.home.evidence)
        echo(f"  Numbers without a country code: {where} ({made.home.confidence}): {reasons}", made.home.confidence)
    for remark in made.remarks:
        echo(f"  {remark}")
    if made.unused:
        more = f" and {len(made.unused) - 20} more" if len(made.unused) > 20 else ""
        echo(f"  Not used: {', '.join(made.unused[:20])}{more}")
    if made.check_of_answers:
        echo(f"  CHECK: {made.check_of_answers}", fg="yellow")


def _choice(
    echo: Any,
    what: str,
    columns: str,
    confidence: Confidence,
    evidence: Sequence[str],
    samples: Sequence[str],
    check: str,
) -> None:
    echo(f"  {what} <- {columns}  [{confidence}]", confidence)
    for reason in evidence:
        echo(f"      {reason}")
    if samples:
        echo(f"      such as: {' | '.join(samples)}")
    if check:
        echo(f"      CHECK: {check}", fg="yellow")


def _as_data(mapped: Mapped, output: Path | None) -> dict[str, Any]:
    made = mapped.proposal
    return {
        "list": made.list_name,
        "read_as": mapped.form,
        "header_row": mapped.header_row,
        "rows_seen": made.rows_seen,
        "confidence": made.confidence.value,
        "export": made.export and {"name": made.export.name, "template": made.export.template},
        "fields": [_field(choice) for choice in made.fields],
        "place": [_field(choice) for choice in made.places],
        "country": made.home
        and {
            "region": made.home.region or None,
            "confidence": made.home.confidence.value,
            "evidence": list(made.home.evidence),
            "candidates": list(made.home.rivals),
        },
        "opt_outs": [
            {
                "column": rule.column,
                "test": rule.test,
                "values": list(rule.values) if rule.test != "blank" else False,
                "active": rule.active,
                "confidence": rule.confidence.value,
                "evidence": list(rule.evidence),
                "samples": list(rule.samples),
                "check": rule.check or None,
            }
            for rule in made.rules
        ],
        "consent": [
            {
                "column": consent.column,
                "accept": list(consent.accept),
                "active": consent.active,
                "evidence": list(consent.evidence),
                "samples": list(consent.samples),
                "check": consent.check,
            }
            for consent in made.consents
        ],
        "agents": made.agent and {"name": made.agent.name, "phone": made.agent.phone, "check": made.agent.check},
        "unused": list(made.unused),
        "remarks": list(made.remarks),
        "yaml": made.yaml,
        "output": str(output) if output else None,
    }


def _field(choice: FieldChoice) -> dict[str, Any]:
    return {
        "field": choice.field,
        "columns": list(choice.columns),
        "mapping": {key: list(v) if isinstance(v, tuple) else v for key, v in choice.spec.items()},
        "confidence": choice.confidence.value,
        "evidence": list(choice.evidence),
        "samples": list(choice.samples),
        "check": choice.check or None,
    }


def _coloured(text: str, sure: Confidence) -> str:
    """The text with the word of how sure that is in colour."""
    styled = click.style(sure.value, fg=_COLOURS[sure], bold=True)
    return re.sub(rf"\[{sure}\]|\({sure}\)|(?<=: ){sure}$", lambda seen: seen[0].replace(sure, styled), text, count=1)
