"""A list enters the journal: every row with its decision, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.screening import Screening
from campaign.core.record import CampaignRecord, Contact, EarlierCall, LeadRecord
from campaign.ports import LeadSource, Progress
from campaign.usecases.judging import ReadMany, judged, read_here


class EntryJournal(Protocol):
    """What entering a campaign asks of the journal."""

    def add_campaign(self, record: CampaignRecord) -> None:
        """Enter a campaign as a draft."""

    def atomic(self) -> AbstractContextManager[None]:
        """All writes inside are committed together, durably, or not at all."""

    def add_leads(self, campaign: str, records: Sequence[LeadRecord]) -> list[int]:
        """Enter rows. Returns their lead ids. Inside `atomic`."""

    def contacts(self, digits: Sequence[int], since: datetime, besides: str) -> dict[int, Contact]:
        """The latest contact since `since` to each number that had one, in other campaigns than `besides`."""

    def calls(self, digits: Sequence[int], since: datetime) -> dict[int, list[EarlierCall]]:
        """The calls since `since` to each of the numbers, in all campaigns."""


def ingest(
    record: CampaignRecord,
    source: LeadSource,
    reader: RowReader,
    screening: Screening,
    journal: EntryJournal,
    progress: Progress,
    read_many: ReadMany = read_here,
) -> None:
    """Enter the campaign as a draft with all its rows. Raises `SourceError`, `WorkspaceError`."""
    now = record.created_at
    recontact = screening.recontact_after

    def find_contacts(digits: Sequence[int]) -> dict[int, Contact]:
        return {} if recontact is None else journal.contacts(digits, now - recontact, record.id)

    journal.add_campaign(record)
    for batch in judged(source, reader, screening, find_contacts, journal.calls, now, progress, read_many):
        records = [LeadRecord(reading.row.number, reading.row.cells, judgement) for reading, judgement in batch]
        with journal.atomic():
            journal.add_leads(record.id, records)
