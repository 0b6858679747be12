"""suppress: the workspace's own do-not-call list."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from campaign.cli import options
from campaign.cli.asking import confirmed
from campaign.cli.completing import offers
from campaign.cli.help import Group
from campaign.cli.progress import watch
from campaign.cli.show import print_json, print_json_list
from campaign.core.errors import UsageError

if TYPE_CHECKING:
    from campaign.assembly.own_list import Added
    from campaign.core.policy.own_entry import OwnEntry

F = TypeVar("F", bound=Callable[..., Any])

_COUNTRY = click.option(
    "--country", metavar="C", help="Country of numbers that are written without + and country code, such as US."
)


def _remarks(command: F) -> F:
    command = click.option(
        "--until", metavar="DATE", help="Last day on which it counts: 2027-12-31.  [default: for good]"
    )(command)
    command = click.option(
        "--source", default="", metavar="S", help="Where it comes from: a mail, an agent, a register."
    )(command)
    return click.option(
        "--reason", default="", metavar="R", help="Why: stands in the result of every row it holds back."
    )(command)


@click.group(cls=Group)
def suppress() -> None:
    """People who asked not to be called, by any campaign of this workspace.

    The list is heeded by validate and run without being named in a mapping, and looked up again before every call: what is
    added now counts for a run that is under way. It takes numbers, and prefixes such as '+974*'.
    """


@suppress.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@_remarks
@_COUNTRY
@options.common
def add(
    numbers: tuple[str, ...],
    reason: str,
    source: str,
    until: str | None,
    country: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Put each NUMBER, or prefix such as '+974*', on the list. All of them, or none if one can't be read."""
    from campaign.assembly import own_list

    added = own_list.add(options.home_of(home), numbers, country, own_list.wish(reason, source, until))
    return _added(added, as_json)


@suppress.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", shell_complete=offers.lists)
@click.option("--column", metavar="C", help="Column of the numbers.  [default: found by itself]")
@_remarks
@_COUNTRY
@options.common
def import_(
    file: Path,
    column: str | None,
    reason: str,
    source: str,
    until: str | None,
    country: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Put the numbers of FILE (CSV, Excel, or text with a number a line) on the list.

    A reason and a date that the file has stay with each number. Exit status 1: some entries can't be read and are named;
    more than a few, and nothing is changed.
    """
    from campaign.assembly import own_list

    asked = own_list.wish(reason, source, until)
    with watch() as progress:
        added = own_list.add_file(options.home_of(home), file, column, country, asked, progress)
    return _added(added, as_json)


@suppress.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_COUNTRY
@options.common
def remove(numbers: tuple[str, ...], yes: bool, country: str | None, home: Path | None, as_json: bool) -> int:
    """Take each NUMBER off the list, so that it may be called again. Exit status 1: not all of them stood there."""
    from campaign.assembly import own_list

    if not yes and not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here (no terminal), so nothing was taken off.", "Add --yes if you mean it."
        )

    def agreed(there: list[str]) -> bool:
        what = there[0] if len(there) == 1 else f"{len(there):,} numbers"
        question = f"Take {what} off the do-not-call list, so that calls may go out again?"
        return confirmed(question, yes)

    done = own_list.remove(options.home_of(home), numbers, country, agreed)
    if done is None:
        click.echo("Nothing was taken off.", err=True)
        return 2
    if as_json:
        still = {number: found.said for number, found in done.still}
        print_json({"removed": list(done.removed), "missing": list(done.missing), "still_suppressed": still})
    else:
        click.echo(f"{len(done.removed):,} taken off the do-not-call list.")
        for number in done.missing:
            click.echo(f"{number} did not stand there.")
        for number, found in done.still:
            click.echo(f"{number} is not called all the same: it is {found.said}.")
    return 1 if done.missing else 0


@suppress.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    shell_complete=offers.results,
    default=Path("do_not_call.csv"),
    show_default=True,
    help="Where to, .csv or .xlsx.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@options.common
def export(output: Path, force: bool, home: Path | None, as_json: bool) -> int:
    """Write the whole list to a file, expired entries too."""
    from campaign.assembly import own_list

    with watch() as progress:
        count = own_list.export(options.home_of(home), output, force=force, progress=progress)
    if as_json:
        print_json({"entries": count, "output": str(output)})
    else:
        click.echo(f"{count:,} entries written to {output}")
    return 0


@suppress.command("list")
@click.option("--search", default="", metavar="DIGITS", help="Only numbers with these digits in a row.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="Show N, the newest."
)
@options.common
def list_(search: str, limit: int, home: Path | None, as_json: bool) -> int:
    """Show the list, the newest entries first."""
    from campaign.assembly import own_list

    with own_list.search(options.home_of(home), search, limit) as found:
        if as_json:
            entries = (_as_json(entry, expired=expired) for entry, expired in found.entries)
            print_json_list({"total": found.total}, "entries", entries)
            return 0
        for entry, expired in found.entries:
            click.echo(_line(entry, expired=expired))
    if not found.total:
        click.echo(
            "No number of the list has these digits." if search else "Nobody is on this workspace's do-not-call list."
        )
    elif found.total > limit:
        click.echo(
            f"{found.total - limit:,} more: --search DIGITS, --limit N, or campaign suppress export.",
            err=True,
        )
    return 0


@suppress.command()
@click.argument("number", metavar="NUMBER")
@click.option(
    "-m",
    "--mapping",
    metavar="MAPPING",
    shell_complete=offers.mappings,
    help="Look into the do-not-call lists of this mapping too.",
)
@_COUNTRY
@options.common
def check(number: str, mapping: str | None, country: str | None, home: Path | None, as_json: bool) -> int:
    """Tell whether NUMBER is suppressed, by which list, and why. Exit status 0: it is not; 1: it is."""
    from campaign.assembly import own_list

    with watch() as progress:
        seen = own_list.check(options.home_of(home), number, country, mapping, progress)
    if as_json:
        lists = [
            {
                "list": found.list_name,
                "entry": found.entry or seen.number,
                "row": found.row or None,
                "why": list(found.remarks),
            }
            for found in seen.suppressions
        ]
        expired = _as_json(seen.expired, expired=True) if seen.expired else None
        print_json({"number": seen.number, "suppressed": bool(lists), "lists": lists, "expired": expired})
    else:
        for found in seen.suppressions:
            click.echo(f"{seen.number} is not called: it is {found.said}.")
        if seen.expired:
            click.echo(f"Its entry in this workspace's do-not-call list ended after {seen.expired.until}.")
        if not seen.suppressions:
            click.echo(f"{seen.number} is on no do-not-call list{'' if mapping else ' of this workspace'}.")
    return 1 if seen.suppressions else 0


def _added(added: Added, as_json: bool) -> int:
    if as_json:
        print_json({"new": added.new, "known": added.known, "unread": list(added.unread)})
    else:
        known = f", {added.known:,} stood there already" if added.known else ""
        click.echo(f"{added.new:,} new on the do-not-call list{known}.")
        if added.unread:
            shown = "; ".join(added.unread[:5]) if sys.stderr.isatty() else "--json names them"
            click.echo(f"{len(added.unread):,} entries can't be read as numbers and were left out: {shown}", err=True)
    return 1 if added.unread else 0


def _line(entry: OwnEntry, *, expired: bool) -> str:
    ends = f"{'expired after' if expired else 'until'} {entry.until}" if entry.until else ""
    said = (entry.reason, f"from {entry.source}" if entry.source else "", ends)
    return f"{entry.number:<18}{entry.added_at:%Y-%m-%d}  {', '.join(filter(None, said))}".rstrip()


def _as_json(entry: OwnEntry, *, expired: bool) -> dict[str, Any]:
    return {
        "number": entry.number,
        "reason": entry.reason,
        "source": entry.source,
        "added": entry.added_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "until": entry.until.isoformat() if entry.until else None,
        "expired": expired,
    }
