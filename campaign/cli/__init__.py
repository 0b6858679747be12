"""The command line: commands parse, call one use case, print. This file is the one boundary that turns errors into exit codes."""

from __future__ import annotations

import json
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

import click

from campaign.adapters.signals import every_stop_an_interrupt
from campaign.core.errors import CampaignError

# Commands are imported when they are called: `--help` and `status` must not wait for pandas and aiohttp.
_COMMANDS = {
    "demo": ("campaign.cli.demo", "The whole job on sample data against the built-in sandbox; no account needed."),
    "map": ("campaign.cli.map", "Propose a mapping for a list: which column is what, and how sure that is."),
    "hours": ("campaign.cli.hours", "Show the calling hours that are kept: by country and state, with their sources."),
    "schema": ("campaign.cli.schema", "Print the JSON Schema of mapping files, or a template to start from."),
    "validate": ("campaign.cli.validate", "Dry run: check every row of a list, send nothing."),
    "run": ("campaign.cli.run", "Check a list, show what will happen, ask, send the calls, write the workbook."),
    "resume": ("campaign.cli.resume", "Go on with a campaign that was interrupted or has failed rows."),
    "rerun": ("campaign.cli.rerun", "Send the failed rows, and the wrong ones as corrected in the result workbook."),
    "reconcile": ("campaign.cli.reconcile", "Settle unknown rows by Brightcall's call reports."),
    "cancel": ("campaign.cli.campaigns", "Take the rows that were not sent yet out of a campaign."),
    "status": ("campaign.cli.campaigns", "What stands in the journal: all campaigns, or one."),
    "export": ("campaign.cli.campaigns", "Write a campaign's result file again."),
    "report": ("campaign.cli.campaigns", "Write a page with charts about a campaign: one HTML file."),
    "forget": ("campaign.cli.campaigns", "Erase a finished campaign's personal data from the journal."),
    "suppress": (
        "campaign.cli.suppress",
        "The workspace's own do-not-call list: add, remove, import, export, list, check.",
    ),
    "sandbox": ("campaign.cli.sandbox", "A local Brightcall look-alike that keeps what it received."),
}


class CampaignGroup(click.Group):
    """Imports a command's module when it is asked for, and knows the nearest name of a mistyped one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which an operator meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        if name not in _COMMANDS:
            return None
        return _command_of(import_module(_COMMANDS[name][0]), name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their short help, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a mistyped one."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


def _command_of(module: ModuleType, name: str) -> click.Command:
    # A command whose name is a builtin's has a trailing underscore in its module.
    command: click.Command = getattr(module, f"{name}_", None) or getattr(module, name)
    return command


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
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console of another code page must not stop a campaign
            stream.reconfigure(errors="replace")
    try:
        with every_stop_an_interrupt():
            code = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt) as stopped:
        _complain(_how_it_stopped(stopped), "", 4)
    except click.ClickException as error:
        _complain(error.format_message(), _usage_hint(error), error.exit_code)
    except CampaignError as error:
        _complain(error.message, error.cure, error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("CAMPAIGN_DEBUG"):
            raise
        _complain(
            f"Internal error: {type(error).__name__}: {error}",
            "This is a fault of campaign, please report it. Nothing is lost: `campaign status` shows where the rows stand; "
            "CAMPAIGN_DEBUG=1 shows where it happened.",
            5,
        )
    sys.exit(code if isinstance(code, int) else 0)


def _how_it_stopped(stopped: BaseException) -> str:
    if isinstance(stopped, click.exceptions.Abort):
        if stopped.__cause__ is None:  # at a question: click makes an Abort of every other interrupt, too
            return "Stopped. Nothing was sent."
        stopped = stopped.__cause__
    return str(stopped) or "Stopped. Nothing more is sent; `campaign status` shows where the rows stand."


def _complain(message: str, cure: str, code: int) -> NoReturn:
    if "--json" in sys.argv:
        answer: dict[str, Any] = {"error": message, "cure": cure, "exit_code": code}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(click.style(f"Error: {message}" if code != 4 else message, fg="red", bold=True), err=True)
        if cure:
            click.echo(cure, err=True)
    sys.exit(code)


def _usage_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.get_usage()}\nMore: {context.command_path} --help" if context else ""
