"""Options that several commands share, as decorators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from campaign.cli.completing import offers
from campaign.cli.help import GENERAL, option

if TYPE_CHECKING:
    from campaign.core.mapping.delivery_part import GoalSpec
    from campaign.core.pacing.rate import Rate
    from campaign.core.run import Options

F = TypeVar("F", bound=Callable[..., Any])

# Sections of a long help.
_LIST = "The list"
_SEND = "Sending"
_WHEN = "When"
_RESULT = "The result"
_WATCH = "Watching it"


class Choice(click.Choice[str]):
    """One of some words. For a mistyped one the nearest is named."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """What click says, and the nearest word."""
        from difflib import get_close_matches

        near = get_close_matches(str(value), self.choices, n=1)
        said = super().get_invalid_choice_message(value, ctx)
        return f"{said} Did you mean '{near[0]}'?" if near else said


def common(command: F) -> F:
    """`--home` and `--json`, which every command has."""
    command = option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        section=GENERAL,
        help="Workspace folder with the journal.  [default: CAMPAIGN_HOME, else your user data folder]",
    )(command)
    return json_output(command)


def written_to(what: str, complete: Callable[..., Any]) -> Callable[[F], F]:
    """`--output` and `--force` of a command that writes one file: `what` it is, and how its name is completed."""

    def decorate(command: F) -> F:
        command = click.option("--force", is_flag=True, help="Overwrite the output file if it exists.")(command)
        place = click.Path(path_type=Path, dir_okay=False)
        return click.option(
            "-o", "--output", required=True, type=place, metavar="OUT", shell_complete=complete, help=what
        )(command)

    return decorate


def json_output(command: F) -> F:
    """`--json`."""
    return option(
        "--json",
        "as_json",
        is_flag=True,
        section=GENERAL,
        help="Print one machine-readable object on stdout, nothing else there.",
    )(command)


def leads_and_mapping(command: F) -> F:
    """The list, its mapping, the sheet to read, and what to do with rows that it hides."""
    command = option(
        "--hidden-rows",
        type=Choice(("call", "skip")),
        section=_LIST,
        help="Rows that the workbook hides or filters out: call them too, or leave them out.  [default: the mapping's, else asked]",
    )(command)
    command = option(
        "--sheet",
        section=_LIST,
        shell_complete=offers.sheets,
        help="Sheet to read.  [default: the mapping's, else the first with data]",
    )(command)
    command = option(
        "-m",
        "--mapping",
        "mapping",
        required=True,
        metavar="MAPPING",
        section=_LIST,
        shell_complete=offers.mappings,
        help="Column mapping: a YAML file, or template:NAME for one that is shipped.",
    )(command)
    return click.argument("leads", type=click.Path(path_type=Path), metavar="LEADS", shell_complete=offers.lists)(
        command
    )


@dataclass(frozen=True, slots=True)
class Sending:
    """What the options of a sending command ask for. `endpoint` None is the campaign's own, else Brightcall's; `verbose` and
    `log_file` are who is told of every call."""

    options: Options
    yes: bool
    endpoint: str | None
    verbose: bool = False
    log_file: Path | None = None


_SENDING = (
    option("--yes", is_flag=True, section=_SEND, help="Send without asking."),
    option(
        "--rate",
        metavar="R",
        section=_SEND,
        help="Calls at most, such as 5/s, 60/min or 2000/day.  [default: the mapping's]",
    ),
    option(
        "--concurrency",
        type=click.IntRange(1, 500),
        metavar="N",
        section=_SEND,
        help="Requests under way at once, at most.",
    ),
    option(
        "--limit",
        type=click.IntRange(1),
        metavar="N",
        section=_SEND,
        help="Send N rows now and leave the rest for resume.",
    ),
    option(
        "--endpoint",
        metavar="URL",
        envvar="CAMPAIGN_ENDPOINT",
        section=_SEND,
        help="Address of the call API.  [default: CAMPAIGN_ENDPOINT, else the campaign's own, else Brightcall's]",
    ),
    option(
        "--wait",
        is_flag=True,
        section=_WHEN,
        help="Stay and send deferred rows too, when their calling hours open.",
    ),
    option(
        "--start-at",
        metavar="WHEN",
        section=_WHEN,
        help="Send nothing before: 14:30, 2026-11-26T08:00, or 08:00 America/New_York.",
    ),
    option(
        "--stop-at",
        metavar="WHEN",
        section=_WHEN,
        help="Send nothing from then on; what is left stays pending.",
    ),
    option(
        "--stop-when",
        metavar="GOAL",
        section=_WHEN,
        help="In place of the mapping's: accepted=500, cost=20, at=2026-12-01T18:00, several with commas, or off.",
    ),
    option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="OUT",
        section=_RESULT,
        shell_complete=offers.results,
        help="Result file, .xlsx or .csv.  [default: LIST-CAMPAIGN.xlsx in this folder]",
    ),
    option("--force", is_flag=True, section=_RESULT, help="Overwrite the output file if it exists."),
    option(
        "--log-file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        section=_WATCH,
        help="Append a JSON line for every attempt and event: no keys, numbers shortened.",
    ),
    option("-v", "--verbose", is_flag=True, section=_WATCH, help="Show every attempt and event as a line."),
)


def sending(command: Callable[..., int]) -> Callable[..., int]:
    """How to send: the command gets all of it as one `Sending`. A rate that is none raises `UsageError`."""

    @wraps(command)
    def bundled(
        output: Path | None,
        force: bool,
        rate: str | None,
        concurrency: int | None,
        limit: int | None,
        wait: bool,
        start_at: str | None,
        stop_at: str | None,
        stop_when: str | None,
        yes: bool,
        endpoint: str | None,
        log_file: Path | None,
        verbose: bool,
        **others: Any,
    ) -> int:
        from campaign.core.run import Options

        begins, ends = _moments(start_at, stop_at)
        asked = Options(
            output=output,
            force=force,
            limit=limit,
            rate=_rate(rate) if rate is not None else None,
            concurrency=concurrency,
            wait=wait,
            start_at=begins,
            stop_at=ends,
            stop_when=_goal(stop_when) if stop_when is not None else None,
        )
        return command(sending=Sending(asked, yes, endpoint, verbose, log_file), **others)

    for decorated in reversed(_SENDING):
        bundled = decorated(bundled)
    return bundled


def _rate(text: str) -> Rate:
    from campaign.core.errors import UsageError
    from campaign.core.pacing.rate import Rate

    try:
        return Rate.parse(text)
    except ValueError as error:
        raise UsageError(f"--rate: {error}.", "Leave it out to send at the mapping's rate.") from None


def _moments(start_at: str | None, stop_at: str | None) -> tuple[datetime | None, datetime | None]:
    from campaign.assembly.bounds import refuse_no_time

    if start_at is None and stop_at is None:
        return None, None
    now = datetime.now(UTC)
    begins = _moment("--start-at", start_at, now) if start_at is not None else None
    ends = _moment("--stop-at", stop_at, max(now, begins or now)) if stop_at is not None else None
    refuse_no_time(begins, ends)
    return begins, ends


def _moment(option: str, text: str, after: datetime) -> datetime:
    from campaign.core.errors import UsageError
    from campaign.core.moment import parse_moment

    try:
        return parse_moment(text, after)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.", "A time without a date is the next such time.") from None


def _goal(text: str) -> GoalSpec:
    from campaign.assembly.bounds import read_stop_when

    return read_stop_when(text)


def home_of(home: Path | None) -> Path:
    """The workspace folder that `--home` and the environment give."""
    from campaign.adapters.workspace import home_folder

    return home_folder(home)
