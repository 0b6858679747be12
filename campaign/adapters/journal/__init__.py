"""The journal: what was intended, what was sent, what became of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from campaign.adapters.journal.opening import is_outdated
from campaign.adapters.journal.reader import JournalReader

if TYPE_CHECKING:
    from campaign.adapters.journal.commit import GroupCommit
    from campaign.adapters.journal.store import Journal

__all__ = ["GroupCommit", "Journal", "JournalReader", "is_outdated"]

_WRITERS = {"GroupCommit": "campaign.adapters.journal.commit", "Journal": "campaign.adapters.journal.store"}


def __getattr__(name: str) -> Any:
    """Import what writes when it is first used: who only looks must not wait for the rules of sending."""
    if name not in _WRITERS:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(_WRITERS[name]), name)
