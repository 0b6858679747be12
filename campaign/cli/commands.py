"""The commands, by what a person wants to do. A new one is one line here, in its task."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from campaign.cli.help import Group

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Entry(NamedTuple):
    """Where a command is, and what it is for: known without importing it, because `--help` must not wait for pandas."""

    module: str
    purpose: str


TASKS: dict[str, dict[str, Entry]] = {
    "Prepare a list": {
        "map": Entry("campaign.cli.map", "Propose a mapping for a list: which column is what, and how sure that is."),
        "validate": Entry("campaign.cli.validate", "Dry run: check every row of a list, send nothing."),
    },
    "Send": {
        "run": Entry(
            "campaign.cli.run", "Check a list, show what will happen, ask, send the calls, write the workbook."
        ),
        "resume": Entry("campaign.cli.resume", "Go on with a campaign that was interrupted or has failed rows."),
        "rerun": Entry(
            "campaign.cli.rerun", "Send the failed rows, and the wrong ones as corrected in the result workbook."
        ),
    },
    "Look and correct": {
        "status": Entry("campaign.cli.campaigns", "What stands in the journal: all campaigns, or one."),
        "export": Entry("campaign.cli.campaigns", "Write a campaign's result file again."),
        "report": Entry("campaign.cli.campaigns", "Write a page with charts about a campaign: one HTML file."),
        "reconcile": Entry("campaign.cli.reconcile", "Settle unknown rows by Brightcall's call reports."),
        "cancel": Entry("campaign.cli.campaigns", "Take the rows that were not sent yet out of a campaign."),
        "forget": Entry("campaign.cli.campaigns", "Erase a finished campaign's personal data from the journal."),
    },
    "Do not call, and when to call": {
        "suppress": Entry(
            "campaign.cli.suppress", "The workspace's own do-not-call list: add, remove, import, export, list, check."
        ),
        "hours": Entry(
            "campaign.cli.hours", "Show the calling hours that are kept: by country and state, with their sources."
        ),
    },
    "Try out and set up": {
        "demo": Entry(
            "campaign.cli.demo", "The whole job on sample data against the built-in sandbox; no account needed."
        ),
        "sandbox": Entry("campaign.cli.sandbox", "A local Brightcall look-alike that keeps what it received."),
        "schema": Entry("campaign.cli.schema", "Print the JSON Schema of mapping files, or a template to start from."),
        "doctor": Entry("campaign.cli.doctor", "Check the set-up: keys, endpoint, workspace, versions. Calls nobody."),
        "completion": Entry(
            "campaign.cli.completion", "Let the shell complete commands, options, campaigns and files."
        ),
    },
}

COMMANDS: dict[str, Entry] = {name: entry for task in TASKS.values() for name, entry in task.items()}


class CampaignGroup(Group):
    """Imports a command's module when it is asked for, and knows the nearest name of a mistyped one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """By task, in the order in which an operator meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        return load(name) if name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by task with what they are for, without importing any."""
        widest = max(map(len, COMMANDS))
        for task, entries in TASKS.items():
            with formatter.section(task):
                formatter.write_dl([(name.ljust(widest), entry.purpose) for name, entry in entries.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a mistyped one."""
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise click.NoSuchCommand(args[0], f"There is no command '{args[0]}'.", possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing any; else options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=COMMANDS[name].purpose) for name in COMMANDS if name.startswith(incomplete)]
        return found or click.Command.shell_complete(self, ctx, incomplete)


def load(name: str) -> click.Command:
    """The command of that name, imported now. One whose name is a builtin's has a trailing underscore in its module."""
    module = import_module(COMMANDS[name].module)
    command: click.Command = getattr(module, f"{name}_", None) or getattr(module, name)
    return command
