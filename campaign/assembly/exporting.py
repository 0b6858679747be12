"""A campaign's result file, written from the journal."""

from __future__ import annotations

from campaign.adapters.journal import JournalReader
from campaign.assembly.desk import mapping_of
from campaign.core.errors import MappingError
from campaign.core.mapping.row_reader import RowReader
from campaign.core.record import CampaignRecord
from campaign.core.result import CampaignFacts
from campaign.ports import Progress, ResultWriter
from campaign.usecases.export import export


def write_result(
    journal: JournalReader, campaign: str, writer: ResultWriter, progress: Progress | None = None
) -> CampaignFacts:
    """Write the result of a campaign that the journal has. Raises `OutputError`."""
    record = journal.campaign(campaign)
    assert record is not None, campaign
    return export(campaign, journal, _reader(record), writer, progress)


def _reader(record: CampaignRecord) -> RowReader | None:
    """Reads rows as the campaign's mapping did; None if this version can't read that: a result must be had all the same."""
    try:
        return RowReader(mapping_of(record), record.header, record.list_name)
    except MappingError:
        return None
