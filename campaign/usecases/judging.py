"""From rows to decisions: what `validate` reports and `run` enters into the journal is decided here, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from campaign.core.lead import Reading
from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.screening import Screening
from campaign.core.record import Contact, Judgement
from campaign.ports import LeadSource, Progress

BATCH = 1_000  # rows that are held in memory, looked up and committed together

FindContacts = Callable[[Sequence[int]], dict[int, Contact]]
"""Takes numbers and gives the earlier contact, in other campaigns, of those that had one."""


def judged(
    source: LeadSource,
    reader: RowReader,
    screening: Screening,
    find_contacts: FindContacts,
    now: datetime,
    progress: Progress,
) -> Iterator[list[tuple[Reading, Judgement]]]:
    """Every row of the list with what was decided about it, in batches, in the order of the list."""
    if screening.must_look:
        for row in source.rows():
            screening.look(row, reader.read, now)
        for row in source.left_out():
            screening.look_for_objection(row, reader.read, now)
    rows, seen = source.rows(), 0
    while batch := [reader.read(row) for row in islice(rows, BATCH)]:
        digits = [phone.digits for reading in batch if reading.request for phone in reading.request.numbers]
        contacts = find_contacts(digits) if digits else {}
        yield [(reading, screening.judge(reading, now, contacts)) for reading in batch]
        seen += len(batch)
        progress.reading(seen)
