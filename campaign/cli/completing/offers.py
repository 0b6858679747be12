"""What is offered for a value that is being typed: campaigns, lists, mappings, templates, sheets, presets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Offer: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"
"""What click asks for the values that begin as the person has begun."""

_LISTS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".gz")
_MAPPINGS = (".yaml", ".yml")


def campaigns(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Campaigns of the workspace, the newest first, with the names of their lists."""
    from campaign.adapters.workspace import home_folder
    from campaign.assembly import offers

    return _beginning(offers.campaigns(home_folder(ctx.params.get("home"))), incomplete)


def files(*endings: str) -> Offer:
    """Files with these endings, and the folders on the way to them."""

    def offer(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _files(incomplete, endings)

    return offer


lists = files(*_LISTS)
results = files(".xlsx", ".csv")


def campaigns_or_results(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Campaigns, and files with corrections."""
    return [*campaigns(ctx, param, incomplete), *results(ctx, param, incomplete)]


def mappings(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Mapping files, and templates as `template:NAME`."""
    from campaign.adapters.shipped import template_names

    named = ((f"template:{name}", "") for name in template_names())
    return [*_files(incomplete, _MAPPINGS), *_beginning(named, incomplete)]


def templates(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Templates by their names."""
    from campaign.adapters.shipped import template_names

    return _beginning(((name, "") for name in template_names()), incomplete)


def presets(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Calling-hour presets."""
    from campaign.adapters.workspace import home_folder
    from campaign.assembly import offers

    return _beginning(((name, "") for name in offers.presets(home_folder(ctx.params.get("home")))), incomplete)


def sheets(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Sheets of the list that was typed before."""
    from campaign.assembly import offers

    # While --sheet has no value yet, click stops before it knows what the other words are.
    leads = ctx.params.get("leads") or next(iter(ctx.args), None)
    return _beginning(((name, "") for name in offers.sheets(Path(leads).expanduser())), incomplete) if leads else []


def _beginning(offered: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(value, help=told or None) for value, told in offered if value.startswith(incomplete)]


def _files(incomplete: str, endings: tuple[str, ...]) -> list[CompletionItem]:
    """The files and folders that begin so. `path` marks them for shells that quote names themselves."""
    from click.shell_completion import CompletionItem

    begun = os.path.basename(incomplete)  # noqa: PTH119 - pathlib would take a slash at the end away
    typed = incomplete.removesuffix(begun)
    try:
        with os.scandir(Path(typed).expanduser()) as entries:
            there = [(entry.name, entry.is_dir()) for entry in entries]
    except (OSError, RuntimeError, ValueError):
        return []
    return [
        CompletionItem(f"{typed}{name}{os.sep if folder else ''}", path=True)
        for name, folder in sorted(there)
        if name.startswith(begun) and (folder or name.lower().endswith(endings)) and (begun or not name.startswith("."))
    ]
