"""Options that several commands share, as decorators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from campaign.core.mapping.delivery_part import GoalSpec
    from campaign.core.pacing.rate import Rate
    from campaign.core.run import Options

F = TypeVar("F", bound=Callable[..., Any])


def common(command: F) -> F:
    """`--home` and `--json`, which every command has."""
    command = click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help="Workspace folder with the journal.  [default: CAMPAIGN_HOME, else your user data folder]",
    )(command)
    return json_output(command)


def json_output(command: F) -> F:
    """`--json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one machine-readable object on stdout, nothing else there."
    )(command)


def leads_and_mapping(command: F) -> F:
    """The list, its mapping, the sheet to read, and what to do with rows that it hides."""
    command = click.option(
        "--hidden-rows",
        type=click.Choice(("call", "skip")),
        help="Rows that the workbook hides or filters out: call them too, or leave them out.  [default: the mapping's, else asked]",
    )(command)
    command = click.option("--sheet", help="Sheet to read.  [default: the mapping's, else the first with data]")(
        command
    )
    command = click.option(
        "-m",
        "--mapping",
        "mapping",
        required=True,
        metavar="MAPPING",
        help="Column mapping: a YAML file, or template:NAME for one that is shipped.",
    )(command)
    return click.argument("leads", type=click.Path(path_type=Path), metavar="LEADS")(command)


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
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="OUT",
        help="Result file, .xlsx or .csv.  [default: LIST-CAMPAIGN.xlsx in this folder]",
    ),
    click.option("--force", is_flag=True, help="Overwrite the output file if it exists."),
    click.option(
        "--rate", metavar="R", help="Calls at most, such as 5/s, 60/min or 2000/day.  [default: the mapping's]"
    ),
    click.option(
        "--concurrency", type=click.IntRange(1, 500), metavar="N", help="Requests under way at once, at most."
    ),
    click.option("--limit", type=click.IntRange(1), metavar="N", help="Send N rows now and leave the rest for resume."),
    click.option("--wait", is_flag=True, help="Stay and send deferred rows too, when their calling hours open."),
    click.option(
        "--start-at", metavar="WHEN", help="Send nothing before: 14:30, 2026-11-26T08:00, or 08:00 America/New_York."
    ),
    click.option("--stop-at", metavar="WHEN", help="Send nothing from then on; what is left stays pending."),
    click.option(
        "--stop-when",
        metavar="GOAL",
        help="In place of the mapping's: accepted=500, cost=20, at=2026-12-01T18:00, several with commas, or off.",
    ),
    click.option("--yes", is_flag=True, help="Send without asking."),
    click.option(
        "--endpoint",
        metavar="URL",
        envvar="CAMPAIGN_ENDPOINT",
        help="Address of the call API.  [default: CAMPAIGN_ENDPOINT, else the campaign's own, else Brightcall's]",
    ),
    click.option(
        "--log-file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Append a JSON line for every attempt and event: no keys, numbers shortened.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show every attempt and event as a line."),
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

    for option in reversed(_SENDING):
        bundled = option(bundled)
    return bundled


def _rate(text: str) -> Rate:
    from campaign.core.errors import UsageError
    from campaign.core.pacing.rate import Rate

    try:
        return Rate.parse(text)
    except ValueError as error:
        raise UsageError(f"--rate: {error}.", "Write it like 5/s, 60/min or 2000/day.") from None


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
