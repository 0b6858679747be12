"""What commands print: for people on stderr and stdout, for programs one JSON object on stdout."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from campaign.cli import show_hours, show_outlook
from campaign.core.finding import NOTE
from campaign.core.lead import shortened
from campaign.core.lifecycle import WAITING, State
from campaign.core.result import iso
from campaign.core.state_words import MEANING, NEXT_STEP
from campaign.ports import rows_by_reason

if TYPE_CHECKING:
    from campaign.assembly.reconciling import Settled
    from campaign.core.finding import Group
    from campaign.core.outlook import Outlook
    from campaign.core.record import CampaignSummary, Corrections
    from campaign.core.result import CampaignFacts
    from campaign.core.run import Preview, RunResult
    from campaign.core.suggestion import Suggestion
    from campaign.ports import Skipped
    from campaign.usecases.validate import Validation

COLOURS = {
    State.ACCEPTED: "green",
    State.INVALID: "red",
    State.REJECTED: "red",
    State.FAILED: "red",
    State.UNKNOWN: "yellow",
    State.SENDING: "yellow",
    State.PENDING: "cyan",
    State.DEFERRED: "cyan",
}
_GROUPS = 20
_PLACES = 10
_FIRST = 10


def print_json(answer: MappingOf[str, Any]) -> None:
    """The one machine-readable object on stdout."""
    click.echo(json.dumps(answer, ensure_ascii=False))


def counts_json(counts: MappingOf[State, int]) -> dict[str, int]:
    """One number per state that occurs."""
    return {state.value: counts[state] for state in State if counts.get(state)}


def counts_table(counts: MappingOf[State, int], *, err: bool = False, meanings: bool = True) -> None:
    """A line per state that occurs: count, state, meaning."""
    for state in State:
        if count := counts.get(state, 0):
            name = click.style(f"{state:<10}", fg=COLOURS.get(state), bold=True)
            meaning = (
                textwrap.wrap(MEANING[state], max(30, shutil.get_terminal_size().columns - 26)) if meanings else [""]
            )
            click.echo(f"  {count:>9,}  {name}  {meaning[0]}".rstrip(), err=err)
            for line in meaning[1:]:
                click.echo(f"{'':25}{line}", err=err)


def preview(seen: Preview) -> None:
    """What will happen if the person says yes. On stderr: stdout is for the result."""
    echo = partial(click.echo, err=True)
    echo(f"\n{seen.list_name}: {counted(seen.total, 'row')}")
    counts_table(seen.counts, err=True)
    if seen.skipped:
        kinds = ", ".join(f"{count:,} {why}" for why, count in seen.skipped.items())
        echo(f"  Not called, because they are left out: {kinds} ({counted(sum(seen.skipped.values()), 'row')})")
    for warning in seen.warnings:
        echo(click.style(f"  Note: {warning}", fg="yellow"))
    if seen.first_payload and sys.stderr.isatty():
        echo(f"\nFirst call (row {seen.first_row}) to {seen.endpoint}:")
        for name, value in seen.first_payload.items():
            echo(f"  {name}: {value}")
    elif seen.first_payload:  # nobody is looking, and stderr may be a log: it names the row, not the person
        echo(f"\nFirst call: row {seen.first_row}, {shortened(seen.first_payload['lc_number'])}, to {seen.endpoint}")
    show_outlook.outlook(seen.outlook, wait=seen.wait)
    echo(f"\n{counted(seen.to_send, 'call')} at {seen.rate}: {duration(seen.seconds)}.  Campaign {seen.campaign}")


def run_result(result: RunResult | None, *, as_json: bool, steps: bool = True, outlook: Outlook | None = None) -> int:
    """How a run ended, where its result is, and (`steps`) what to do next. Returns the exit status; None is a no.

    `outlook` is what was shown before, for programs.
    """
    if result is None:
        click.echo("Nothing was sent.", err=True)
        return 2
    if as_json:
        print_json(
            {
                "campaign": result.campaign or None,
                "counts": counts_json(result.counts),
                "total": result.total,
                "output": str(result.output) if result.output else None,
                "halted": result.halted or None,
                "paused": result.paused or None,
                "next_allowed": iso(result.next_allowed),
                "seconds": round(result.seconds, 3),
                **({"preview": show_outlook.outlook_json(outlook)} if outlook is not None else {}),
            }
        )
        return result.exit_code
    if not result.campaign:
        return result.exit_code
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
    return result.exit_code


def _next_steps(result: RunResult, steps: Sequence[str]) -> None:
    # Where no result file was written now, the steps need one all the same.
    file = str(result.output or f"{result.campaign}.xlsx")
    if result.output is None and any("FILE" in step for step in steps):
        click.echo(f"The result file again: campaign export {result.campaign} -o {file}")
    for step in steps:
        click.echo(f"Next: {step.replace('FILE', file)}")


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
    if any(state in WAITING for state in facts.counts):
        click.echo(f"A run is going on ({running})." if running else f"Go on with: campaign resume {facts.campaign}")
    if facts.reasons:
        click.echo("Why:")
    for state, cause, count in facts.reasons[:_GROUPS]:
        click.echo(f"  {count:>9,}  {state:<10}  {cause}")


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
        click.echo(f"{c.id}  {c.created_at:%Y-%m-%d %H:%M}Z  {c.list_name}: {words}{mark}")


def corrections(taken: Corrections) -> None:
    """What became of the rows of a corrected file. On stderr: it comes before the result."""
    told: list[tuple[str, int, Sequence[int]]] = [
        ("ready to be sent", len(taken.ready), ()),
        ("still wrong", len(taken.still_wrong), taken.still_wrong),
        ("refused before and unchanged (--include-rejected sends them)", len(taken.refused), ()),
        ("maybe called already (--include-unknown sends them)", len(taken.unknown), ()),
        ("may have been called, and object now: not called again", len(taken.objecting), taken.objecting),
        ("changed in vain: called already, or not to be called", len(taken.changed_in_vain), taken.changed_in_vain),
        ("left alone: called already, or not to be called", taken.left_alone, ()),
        ("new", taken.added, ()),
        ("hidden or filtered out in the file, so not sent (show them and rerun)", len(taken.hidden), ()),
    ]
    for words, count, rows in told:
        if count:
            click.echo(f"  {count:>7,}  {words}{f': {_which(rows)}' if rows else ''}", err=True)
    if taken.unmatched:
        where = ", ".join(map(str, taken.unmatched[:10]))
        words = "can't be tied to a row of the campaign and can't be sent: rows of the file"
        click.echo(f"  {len(taken.unmatched):>7,}  {words} {where}", err=True)


def reconciliation(settled: Settled, *, as_json: bool) -> int:
    """What a report proved of the rows in doubt. Returns the exit status."""
    result, doubtful = settled.result, settled.counts.get(State.UNKNOWN, 0)
    code = 1 if doubtful else 0
    if as_json:
        print_json(
            {
                "campaign": result.campaign,
                "accepted": [{"row": row, "call_id": call} for row, call in result.accepted.items()],
                "released": result.released,
                "unknown": doubtful,
                "left": [{"why": why, "rows": rows} for why, rows in result.left.items()],
                "missing": result.missing,
                "again_at": iso(result.again_at),
                "counts": counts_json(settled.counts),
                "total": sum(settled.counts.values()),
            }
        )
        return code
    if not (result.calls or result.left):
        click.echo(f"Campaign {result.campaign} has no row in doubt.")
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
            click.echo(f"  {len(rows):>7,}  {words}: {_which(rows)}")
    for words, rows in (
        ("Called although the answer said that no call was started", result.surprises),
        ("Called more than once, by Brightcall's report", list(result.often)),
        ("Accepted, but not in the report (is the number on Brightcall's blocklist?)", result.missing),
    ):
        if rows:
            click.echo(click.style(f"{words}: {_which(rows)}", fg="yellow"))
    if result.released:
        click.echo(f"Next: campaign resume {result.campaign}")
    if result.again_at is not None:
        click.echo(
            f"Ask again after {result.again_at.astimezone():%Y-%m-%d %H:%M} (your time): campaign reconcile {result.campaign}"
        )
    return code


def _which(rows: Sequence[int]) -> str:
    return f"row{'s' if len(rows) != 1 else ''} {', '.join(map(str, rows[:10]))}{' ...' if len(rows) > 10 else ''}"


def validation(seen: Validation, warnings: Sequence[str], *, as_json: bool) -> int:
    """What the dry run found: alike problems as one line, then the first of them row by row. Returns the exit status."""
    code = 0 if seen.sendable == seen.total and not seen.hidden.undecided else 1
    for warning in warnings:
        click.echo(click.style(f"Note: {warning}", fg="yellow"), err=True)
    if as_json:
        print_json(
            {
                "list": seen.list_name,
                "counts": counts_json(seen.counts),
                "total": seen.total,
                "at": iso(seen.at),
                "preview": show_outlook.outlook_json(seen.outlook) if seen.outlook is not None else None,
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
        return code
    sheet = f", sheet {seen.sheet}" if seen.sheet else ""
    click.echo(f"{seen.list_name}{sheet}: {counted(seen.total, 'row')}, {seen.sendable:,} can be sent")
    counts_table(seen.counts)
    for line in left_out(seen.skipped):
        click.echo(f"  {line}")
    _groups("What holds rows back, and how often:", [group for group in seen.groups if group.alike.kind != NOTE])
    show_hours.deferred(seen)
    if seen.outlook is not None and seen.sendable:
        when = "now" if abs(seen.at - datetime.now(UTC)) < timedelta(minutes=5) else f"at {seen.at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"\nIf it were run {when}: {seen.outlook.now:,} calls at once, {seen.outlook.later:,} later.")
        show_outlook.outlook(seen.outlook, err=False, held=False)
    wrong = [finding for finding in seen.problems if finding.kind == State.INVALID]
    if wrong:
        click.echo("\nThe first wrong rows:")
        for finding in wrong[:_FIRST]:
            line = textwrap.shorten(f"row {finding.row}: {finding.text}", _width() - 2, placeholder=" ...")
            click.echo(f"  {line}")
    _groups("Left out or noted of rows that are sent:", [group for group in seen.groups if group.alike.kind == NOTE])
    _suggestions(seen.suggestions)
    if seen.first_payload:
        click.echo(f"\nFirst payload (row {seen.first_row}):")
        click.echo("  " + json.dumps(seen.first_payload, ensure_ascii=False, indent=2).replace("\n", "\n  "))
    return code


def left_out(skipped: Sequence[Skipped]) -> list[str]:
    """The rows that are not called because they are no leads or hidden: a line for each reason, with the first row numbers."""
    lines = []
    for why, count in rows_by_reason(skipped).items():
        places = [entry for entry in skipped if entry.why == why]
        where = ", ".join(f"{p.first}" if p.first == p.last else f"{p.first}-{p.last}" for p in places[:_PLACES])
        more = ", ..." if len(places) > _PLACES else ""
        rows = f"row {where}" if count == 1 else f"{count:,} rows: {where}{more}"
        lines.append(f"{'left out' if why == 'hidden' else 'not a lead'}: {rows} ({why})")
    return lines


def counted(number: int, what: str) -> str:
    """So many of them, in words: `1 row`, `1,200 rows`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


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
        _wrapped(f"{where}{alike.message}. {alike.cure}".rstrip())
        _wrapped(f'Row {group.row}: "{group.value}"' if group.value else f"Row {group.row}")
    if len(groups) > _GROUPS:
        click.echo(f"  and {len(groups) - _GROUPS:,} more kinds; --report FILE has them all")


def _suggestions(suggestions: Sequence[Suggestion]) -> None:
    """What would mend a whole column, if a person knows that it is so."""
    for suggestion in suggestions:
        told = f"{suggestion.sentence} If that is so, write in {suggestion.where}:"
        _wrapped(told, click.style("\nSuggestion: ", fg="cyan", bold=True), "  ")
        click.echo(f"\n    {suggestion.line}\n")
        for before, after in suggestion.examples:
            click.echo(f"  {before} -> {after}")
    if suggestions:
        several = len({suggestion.field for suggestion in suggestions}) < len(suggestions)
        more = " Of several for one field only one can be right." if several else ""
        _wrapped(f"Nothing is changed by itself.{more}", "  ", "  ")


def _wrapped(text: str, first: str = " " * 16, other: str = " " * 16) -> None:
    """A text in the width of the terminal, cut where a cell is endless."""
    shown = click.unstyle(first).lstrip("\n")
    lines = textwrap.wrap(
        textwrap.shorten(text, 600, placeholder=" ..."),
        _width(),
        initial_indent=" " * len(shown),
        subsequent_indent=other,
    )
    click.echo(first + "\n".join(lines or [shown])[len(shown) :])


def _width() -> int:
    """Columns of the terminal, as far as a person reads lines of that length."""
    return max(60, min(shutil.get_terminal_size().columns, 120))


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


def duration(seconds: float) -> str:
    """Seconds in words: `about 3 min`."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"about {seconds / 3600:.1f} hours"
    return f"about {seconds / 86_400:.0f} days"
