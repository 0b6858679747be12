"""Why a campaign that was asked for can't be had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from campaign.core.errors import UsageError
from campaign.core.row_id import SIGNS

_MOST = 3  # names; more are no help
_ALL_BUT_ONE = (SIGNS - 1) / SIGNS  # of the last signs are right


def forgotten(campaign: str, at: datetime) -> UsageError:
    """Its personal data was erased."""
    return UsageError(
        f"Campaign {campaign} was forgotten on {at:%Y-%m-%d}: its rows are erased, so nothing of it can be sent or written.",
        f"campaign status {campaign} still has its counts.",
    )


def no_such_campaign(campaign: str, known: Sequence[str]) -> UsageError:
    """Nobody knows that campaign; maybe one of the `known` ones was meant, or a result file."""
    cure = "Those that it has: campaign status"
    if Path(campaign).is_file():
        cure = f'That is a file. To send what you corrected in it: campaign rerun "{campaign}"\n{cure}'
    elif near := _near(campaign.casefold(), known)[:_MOST]:
        cure = f"Did you mean {' or '.join(near)}? {cure}"
    return UsageError(f"This workspace has no campaign '{campaign}'.", cure)


def _near(typed: str, known: Sequence[str]) -> list[str]:
    """Those whose name has it in it; else those with nearly the same last signs, which tell the campaigns of a day apart."""
    signs = get_close_matches(typed[-SIGNS:], {name[-SIGNS:] for name in known}, _MOST, _ALL_BUT_ONE)
    return [name for name in known if typed in name] or [name for name in known if name[-SIGNS:] in signs]
