"""Options that several commands share, as decorators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
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
    """What the options of a sending command ask for. `endpoint` None is the campaign's own, else Brightcall's."""

    options: Options
    yes: bool
    endpoint: str | None


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
    click.option("--yes", is_flag=True, help="Send without asking."),
    click.option(
        "--endpoint",
        metavar="URL",
        envvar="CAMPAIGN_ENDPOINT",
        help="Address of the call API.  [default: CAMPAIGN_ENDPOINT, else the campaign's own, else Brightcall's]",
    ),
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
        yes: bool,
        endpoint: str | None,
        **others: Any,
    ) -> int:
        from campaign.core.run import Options

        asked = Options(output, force, limit, _rate(rate) if rate is not None else None, concurrency)
        return command(sending=Sending(asked, yes, endpoint), **others)

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


def home_of(home: Path | None) -> Path:
    """The workspace folder that `--home` and the environment give."""
    from campaign.adapters.workspace import home_folder

    return home_folder(home)
