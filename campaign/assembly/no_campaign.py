"""Why a campaign that was asked for can't be had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from campaign.core.errors import UsageError


def forgotten(campaign: str, at: datetime) -> UsageError:
    """Its personal data was erased."""
    return UsageError(
        f"Campaign {campaign} was forgotten on {at:%Y-%m-%d}: its rows are erased, so nothing of it can be sent or written.",
        f"campaign status {campaign} still has its counts.",
    )


def no_such_campaign(campaign: str, known: Sequence[str] = ()) -> UsageError:
    """Nobody knows that campaign; maybe the nearest of the `known` ones was meant, or a result file."""
    cure = "Those that it has: campaign status"
    if Path(campaign).is_file():
        cure = f'That is a file. To send what you corrected in it: campaign rerun "{campaign}"\n{cure}'
    elif near := get_close_matches(campaign, known, n=1):
        cure = f"Did you mean {near[0]}? {cure}"
    return UsageError(f"This workspace has no campaign '{campaign}'.", cure)
