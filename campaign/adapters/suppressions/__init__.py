"""The workspace's own do-not-call list."""

from campaign.adapters.suppressions.store import OwnList

__all__ = ["OwnList"]
