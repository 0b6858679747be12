"""The journal: what was intended, what was sent, what became of it."""

from campaign.adapters.journal.commit import GroupCommit
from campaign.adapters.journal.opening import is_outdated
from campaign.adapters.journal.reader import JournalReader
from campaign.adapters.journal.store import Journal

__all__ = ["GroupCommit", "Journal", "JournalReader", "is_outdated"]
