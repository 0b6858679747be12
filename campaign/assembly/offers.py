"""What there is to choose from while a command is typed. Nothing here writes, locks or waits; what can't be read is not offered."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from campaign.core.errors import CampaignError


def campaigns(home: Path) -> list[tuple[str, str]]:
    """The newest campaigns of the workspace: id, and the name of its list."""
    from campaign.adapters.journal.glance import campaign_names
    from campaign.adapters.workspace import Workspace

    with suppress(CampaignError, OSError):
        return campaign_names(Workspace(home).journal_path)
    return []


def presets(home: Path) -> list[str]:
    """The names of the calling-hour presets that hold in the workspace."""
    from campaign.assembly.prepare import presets_of

    with suppress(CampaignError):
        return [preset.name for preset in presets_of(None, home).in_force()]
    return []


def sheets(leads: Path) -> list[str]:
    """The sheets of a list; empty where it has none or they can't be told cheaply."""
    from campaign.adapters.sources.sheets.names import sheet_names

    return sheet_names(leads)
