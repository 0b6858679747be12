"""The command line: commands parse, call one use case, print. This file is the one boundary that turns errors into exit codes."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click

from campaign.adapters.cycles import look_for_cycles_less_often
from campaign.adapters.signals import Stopped, every_stop_an_interrupt, stop_was_asked
from campaign.cli.commands import CampaignGroup
from campaign.cli.completing import VARIABLE
from campaign.cli.help import colour
from campaign.cli.streams import make_good
from campaign.core.errors import CampaignError


@click.group(
    cls=CampaignGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 every row accepted (validate: sendable), 1 finished but some rows are not, 2 usage or set-up error, "
    "nothing sent, 3 halted, 4 interrupted, 5 internal error.",
)
@click.version_option(package_name="campaign", prog_name="campaign")
def cli() -> None:
    """Turn a lead list (CSV, Excel) and a column mapping into Brightcall calls, and get a result workbook back.

    \b
    First look:     campaign demo
    Your own list:  campaign map leads.xlsx -o mapping.yaml
                    (then decide the lines that it marks CHECK)
                    campaign validate leads.xlsx -m mapping.yaml
                    campaign run leads.xlsx -m mapping.yaml
    Afterwards:     correct the wrong cells in the result workbook, then
                    campaign rerun RESULTS.xlsx
    """


def main() -> NoReturn:
    """Run the command line and exit with the status that the epilog promises."""
    make_good()
    look_for_cycles_less_often()
    if VARIABLE in os.environ:
        from campaign.cli.completing.shells import answer

        sys.exit(answer(cli))
    try:
        with every_stop_an_interrupt():
            code = cli.main(standalone_mode=False, color=colour())
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True, color=colour())
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt) as stopped:
        _complain(_how_it_stopped(stopped), "", 4)
    except Exception as error:
        if stop_was_asked():  # SQLite, say, makes an error of its own of an interrupt
            _complain(_how_it_stopped(Stopped()), "", 4)
        _explain(error)
    gc.freeze()  # the exit would look for cycles in all that is loaded, which takes as long as reading a thousand rows
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> NoReturn:
    if isinstance(error, click.ClickException):
        _complain(error.format_message(), _usage_hint(error), error.exit_code)
    if isinstance(error, CampaignError):
        _complain(error.message, error.cure, error.exit_code)
    if os.environ.get("CAMPAIGN_DEBUG"):
        raise error
    _complain(
        f"Internal error: {type(error).__name__}: {error}",
        "This is a fault of campaign, please report it. Nothing is lost: `campaign status` shows where the rows stand; "
        "CAMPAIGN_DEBUG=1 shows where it happened.",
        5,
    )


def _how_it_stopped(stopped: BaseException) -> str:
    if isinstance(stopped, click.exceptions.Abort):
        if stopped.__cause__ is None:  # at a question: click makes an Abort of every other interrupt, too
            return "Stopped. Nothing was sent."
        stopped = stopped.__cause__
    return str(stopped) or "Stopped. Nothing more is sent; `campaign status` shows where the rows stand."


def _complain(message: str, cure: str, code: int) -> NoReturn:
    from campaign.cli.show.words import fitted  # not at the top: few commands end with a complaint

    answer: dict[str, Any] = {"error": message, "cure": cure, "exit_code": code}
    if "--json" not in sys.argv or not _printed(answer):
        told = (f"Error: {message}" if code != 4 else message).splitlines()
        said = "\n".join(fitted(line, err=True) for line in told)
        click.echo(click.style(said, fg="red", bold=True), err=True, color=colour())
        if cure:
            click.echo(cure, err=True)
    sys.exit(code)


def _printed(answer: Mapping[str, Any]) -> bool:
    """Print a complaint for programs; False where stdout is what fails."""
    try:
        click.echo(json.dumps(answer))
    except OSError:
        return False
    return True


def _usage_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    if context is None:
        return ""
    name = _without_quotes(sys.argv[1:])
    quotes = f"If '{name}' is meant, put the name in quotes.\n" if name else ""
    return f"{quotes}{context.get_usage()}\nMore: {context.command_path} --help"


def _without_quotes(arguments: Sequence[str]) -> str:
    """The name of a file with blanks in it that the shell took apart; "" if there is none."""
    pieces = range(len(arguments))
    names = (" ".join(arguments[first : last + 1]) for first in pieces for last in pieces[first + 1 :])
    return next(filter(os.path.isfile, names), "")
