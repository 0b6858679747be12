"""Options that several commands share, as decorators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from campaign.core.run import Options

F = TypeVar("F", bound=Callable[..., Any])


def common(command: F) -> F:
    """`--home` and `--json`, which every command has."""
    command = click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help="Workspace folder with the journal.  [default: CAMPAIGN_HOME, else your user data folder]",
    )(command)
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one machine-readable object on stdout, nothing else there."
    )(command)


def leads_and_mapping(command: F) -> F:
    """The list, its mapping, and the sheet to read."""
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


def endpoint(command: F) -> F:
    """Where the calls are handed to."""
    return click.option(
        "--endpoint",
        metavar="URL",
        envvar="CAMPAIGN_ENDPOINT",
        help="Address of the call API.  [default: CAMPAIGN_ENDPOINT, else Brightcall's]",
    )(command)


def output(command: F) -> F:
    """The result file."""
    command = click.option("--force", is_flag=True, help="Overwrite the output file if it exists.")(command)
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="OUT",
        help="Result file, .xlsx or .csv.  [default: LIST-CAMPAIGN.xlsx in this folder]",
    )(command)


def sending(command: F) -> F:
    """How fast, how many, and whether to ask."""
    command = click.option("--yes", is_flag=True, help="Send without asking.")(command)
    command = click.option(
        "--limit", type=click.IntRange(1), metavar="N", help="Send N rows now and leave the rest for resume."
    )(command)
    command = click.option(
        "--concurrency", type=click.IntRange(1, 500), metavar="N", help="Requests under way at once, at most."
    )(command)
    return click.option(
        "--rate", metavar="R", help="Calls at most, such as 5/s, 60/min or 2000/day.  [default: the mapping's]"
    )(command)


def home_of(home: Path | None) -> Path:
    """The workspace folder that `--home` and the environment give."""
    from campaign.adapters.workspace import home_folder

    return home_folder(home)


def endpoint_of(url: str | None, earlier: str | None = None) -> str:
    """The checked endpoint: as given, else the campaign's earlier one, else Brightcall's. Raises `UsageError`."""
    from campaign.core.endpoint import VENDOR_ENDPOINT, check_endpoint

    return check_endpoint(url or earlier or VENDOR_ENDPOINT)


def chosen(output: Path | None, force: bool, limit: int | None, rate: str | None, concurrency: int | None) -> Options:
    """The options of a sending command. Raises `UsageError` for a rate that is none."""
    from campaign.core.errors import UsageError
    from campaign.core.pacing.rate import Rate
    from campaign.core.run import Options

    try:
        parsed = Rate.parse(rate) if rate is not None else None
    except ValueError as error:
        raise UsageError(f"--rate: {error}.", "Write it like 5/s, 60/min or 2000/day.") from None
    return Options(output=output, force=force, limit=limit, rate=parsed, concurrency=concurrency)
