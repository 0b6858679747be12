"""Help that is read at a glance: names of commands and options in colour, many options in sections.

Of the sixteen colours only cyan is used, and never its bright form: it can be read on black and on white. All of it is
taken out where the output is no terminal (by click) and where NO_COLOR is set (by `colour`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

GENERAL = "Everywhere"
"""The section of the options that every command has; it comes last."""
_OTHER = "Options"
_FEW = 8
"""So many options are read faster in one list than in sections."""
_COLUMN = 30
"""So wide may a term be that its meaning stands beside it."""

_NAMES = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")


def colour() -> bool | None:
    """Whether terminals get colours: None leaves it to what the output is. Sources: no-color.org, force-color.org."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


class SectionedOption(click.Option):
    """An option that stands in a named section of a long help."""

    def __init__(self, *args: Any, section: str = _OTHER, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


def option(*names: str, section: str, **attributes: Any) -> Callable[[F], F]:
    """click's decorator, for an option in a section of the help."""
    return click.option(*names, cls=SectionedOption, section=section, **attributes)


class CampaignFormatter(click.HelpFormatter):
    """click's layout, with headings in bold and names in colour."""

    def write_heading(self, heading: str) -> None:
        """A heading."""
        self.write(f"{'':>{self.current_indent}}{click.style(f'{heading}:', bold=True)}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _COLUMN, col_spacing: int = 2) -> None:
        """Terms and what they mean."""
        super().write_dl([(_coloured(term), meaning) for term, meaning in rows], col_max, col_spacing)


def _coloured(term: str) -> str:
    cyan = partial(click.style, fg="cyan")
    if term.startswith("-"):
        return _NAMES.sub(lambda name: cyan(name.group()), term)
    name = term.rstrip()
    return cyan(name) + term[len(name) :]


class CampaignContext(click.Context):
    """A context whose help is coloured."""

    formatter_class = CampaignFormatter


class CampaignCommand(click.Command):
    """A command whose help is coloured, and whose options stand in sections where they are many."""

    context_class = CampaignContext

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options in sections, in the order in which these begin; general ones last."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections.setdefault(_section_of(parameter), []).append(record)
        general = sections.pop(GENERAL, [])
        if sum(map(len, sections.values())) + len(general) <= _FEW:
            sections = {_OTHER: [record for section in sections.values() for record in section] + general}
        else:
            sections[GENERAL] = general
        widest = max(len(term) for records in sections.values() for term, _ in records if len(term) <= _COLUMN)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl([(term.ljust(widest), meaning) for term, meaning in records])


class Group(CampaignCommand, click.Group):
    """A command with commands of its own."""

    command_class = CampaignCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click does. Raises `click.UsageError` for an option that stands before its command, and says where it belongs."""
        words = tuple(args)  # click takes away what it has read
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if said := _misplaced(self, ctx, error.option_name, words):
                raise click.UsageError(said, ctx) from None
            raise

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, then the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)


def _misplaced(group: click.Group, ctx: click.Context, option: str, words: Sequence[str]) -> str:
    """Where the option of a command belongs that stands before it; "" if it is not that."""
    from campaign.core.state_words import quoted  # not at the top: every command begins here, and few go wrong

    if meant := _in_order(group, ctx, option, words):
        return f"{option} goes after the command: {ctx.command_path} {meant}"
    named = any(group.get_command(ctx, word) for word in words)
    if named or not _is_of_a_command(group, ctx, option):
        return ""
    rest = " ".join(map(quoted, words))
    return f"{option} goes after a command, and none is named: {ctx.command_path} COMMAND {rest}"


def _in_order(group: click.Group, ctx: click.Context, option: str, words: Sequence[str]) -> str:
    """The words of a command line with the command of the `group` that has the `option` before the rest; "" if none has."""
    from campaign.core.state_words import quoted

    for place, name in enumerate(words):
        command = group.get_command(ctx, name)
        if command is None:
            continue
        rest = [*words[place + 1 :], *words[:place]]
        if isinstance(command, click.Group) and (meant := _in_order(command, ctx, option, rest)):
            return f"{name} {meant}"
        takes = any(option in parameter.opts for parameter in command.params)
        return " ".join((name, *map(quoted, rest))) if takes else ""
    return ""


def _is_of_a_command(group: click.Group, ctx: click.Context, option: str) -> bool:
    """Whether any command of the `group` has the `option`."""
    commands = filter(None, (group.get_command(ctx, name) for name in group.list_commands(ctx)))
    return any(option in parameter.opts for command in commands for parameter in command.params)


def _section_of(parameter: click.Parameter) -> str:
    if isinstance(parameter, SectionedOption):
        return parameter.section
    return GENERAL if "--help" in parameter.opts else _OTHER
