"""What the dry run found."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.show.counts import counts_json, counts_table, print_json
from campaign.cli.show.hours import deferred
from campaign.cli.show.outlook import outlook as show_outlook
from campaign.cli.show.outlook import outlook_json
from campaign.cli.show.words import counted, no_rows, note, width, wrapped
from campaign.cli.streams import read_or_not
from campaign.core.lifecycle import State
from campaign.core.result import iso

if TYPE_CHECKING:
    from campaign.core.finding import Group
    from campaign.core.suggestion import Suggestion
    from campaign.ports import Skipped
    from campaign.usecases.validate import Validation

_GROUPS = 20
_PLACES = 10
_FIRST = 10


def validation(seen: Validation, warnings: Sequence[str], *, as_json: bool) -> int:
    """What the dry run found: alike problems as one line, then the first of them row by row. Returns the exit status."""
    with read_or_not():  # the exit status holds all the same
        _findings(seen, warnings, as_json=as_json)
    return 0 if seen.sendable == seen.total and not seen.hidden.undecided else 1


def _findings(seen: Validation, warnings: Sequence[str], *, as_json: bool) -> None:
    for warning in warnings:
        note(warning)
    if not seen.total:
        note(no_rows(seen.list_name))
    if as_json:
        print_json(
            {
                "list": seen.list_name,
                "counts": counts_json(seen.counts),
                "total": seen.total,
                "at": iso(seen.at),
                "preview": outlook_json(seen.outlook) if seen.outlook is not None else None,
                "problems": [finding.line() for finding in seen.problems],
                "deferred": [{"row": row, "call_next_allowed": iso(opens)} for row, opens in seen.deferred],
                "groups": [_group_json(group) for group in seen.groups],
                "suggestions": [_suggestion_json(suggestion) for suggestion in seen.suggestions],
                "skipped": [{"first": s.first, "last": s.last, "why": s.why} for s in seen.skipped],
                "hidden": {
                    "rows": seen.hidden.count,
                    "first": seen.hidden.first,
                    "filter": seen.hidden.filtered,
                    "choice": seen.hidden.choice,
                },
            }
        )
        return
    from campaign.core.finding import NOTE  # not at the top: every command imports this file

    sheet = f", sheet {seen.sheet}" if seen.sheet else ""
    click.echo(f"{seen.list_name}{sheet}: {counted(seen.total, 'row')}, {seen.sendable:,} can be sent")
    counts_table(seen.counts)
    for line in left_out(seen.skipped):
        click.echo(f"  {line}")
    _groups("What holds rows back, and how often:", [group for group in seen.groups if group.alike.kind != NOTE])
    deferred(seen)
    if seen.outlook is not None and seen.sendable:
        when = "now" if abs(seen.at - datetime.now(UTC)) < timedelta(minutes=5) else f"at {seen.at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"\nIf it were run {when}:")
        show_outlook(seen.outlook, err=False, held=False)
    wrong = [finding for finding in seen.problems if finding.kind == State.INVALID]
    if wrong:
        click.echo("\nThe first wrong rows:")
        for finding in wrong[:_FIRST]:
            line = textwrap.shorten(f"row {finding.row}: {finding.text}", width() - 2, placeholder=" ...")
            click.echo(f"  {line}")
    _groups("Left out or noted of rows that are sent:", [group for group in seen.groups if group.alike.kind == NOTE])
    _suggestions(seen.suggestions)
    if seen.first_payload:
        click.echo(f"\nFirst payload (row {seen.first_row}):")
        click.echo("  " + json.dumps(seen.first_payload, ensure_ascii=False, indent=2).replace("\n", "\n  "))


def left_out(skipped: Sequence[Skipped]) -> list[str]:
    """The rows that are not called because they are no leads or hidden: a line for each reason, with the first row numbers."""
    from campaign.ports import rows_by_reason

    lines = []
    for why, count in rows_by_reason(skipped).items():
        places = [entry for entry in skipped if entry.why == why]
        where = ", ".join(f"{p.first}" if p.first == p.last else f"{p.first}-{p.last}" for p in places[:_PLACES])
        more = ", ..." if len(places) > _PLACES else ""
        rows = f"row {where}" if count == 1 else f"{count:,} rows: {where}{more}"
        lines.append(f"{'left out' if why == 'hidden' else 'not a lead'}: {rows} ({why})")
    return lines


def _groups(title: str, groups: Sequence[Group]) -> None:
    """Rows of which the same is to be said, with their number, cure and an example."""
    if not groups:
        return
    click.echo(f"\n{title}")
    for group in groups[:_GROUPS]:
        alike = group.alike
        code = click.style(alike.code or alike.kind, bold=True)
        click.echo(f"  {group.rows:>7,} row{'s' if group.rows != 1 else ' '}  {code}")
        where = f"{alike.column}: " if alike.column and alike.kind == State.INVALID else ""
        wrapped(f"{where}{alike.message}. {alike.cure}".rstrip())
        wrapped(f'Row {group.row}: "{group.value}"' if group.value else f"Row {group.row}")
    if len(groups) > _GROUPS:
        click.echo(f"  and {len(groups) - _GROUPS:,} more kinds; --report FILE has them all")


def _suggestions(suggestions: Sequence[Suggestion]) -> None:
    """What would mend a whole column, if a person knows that it is so."""
    for suggestion in suggestions:
        told = f"{suggestion.sentence} If that is so, write in {suggestion.where}:"
        wrapped(told, click.style("\nSuggestion: ", fg="cyan", bold=True), "  ")
        click.echo(f"\n    {suggestion.line}\n")
        for before, after in suggestion.examples:
            click.echo(f"  {before} -> {after}")
    if suggestions:
        several = len({suggestion.field for suggestion in suggestions}) < len(suggestions)
        more = " Of several for one field only one can be right." if several else ""
        wrapped(f"Nothing is changed by itself.{more}", "  ", "  ")


def _group_json(group: Group) -> dict[str, str | int | None]:
    alike = group.alike
    return {
        "rows": group.rows,
        "status": alike.kind,
        "code": alike.code or None,
        "column": alike.column or None,
        "message": alike.message,
        "cure": alike.cure or None,
        "first_row": group.row,
        "example": group.value or None,
    }


def _suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "field": suggestion.field,
        "column": suggestion.column,
        "rows": suggestion.rows,
        "line": suggestion.line,
        "where": suggestion.where,
        "examples": [{"before": before, "after": after} for before, after in suggestion.examples],
    }
