"""From rows to decisions: what `validate` reports and `run` enters into the journal is decided here, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from campaign.core.lead import SourceRow
from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.person_caps import longest
from campaign.core.policy.screening import Screening
from campaign.core.reading import Reading, ReadsRows
from campaign.core.record import Contact, EarlierCall, Judgement
from campaign.ports import LeadSource, Progress
from campaign.usecases.counting import counted

BATCH = 1_000  # rows that are held in memory, looked up and committed together

FindContacts = Callable[[Sequence[int]], dict[int, Contact]]
"""Takes numbers and gives the earlier contact, in other campaigns, of those that had one."""

ReadMany = Callable[[ReadsRows, Iterator[SourceRow], int], Iterator[list[Reading]]]
"""Takes a reader, rows and a size, and gives the rows, read, in batches of that size: by whichever process."""

FindCalls = Callable[[Sequence[int], datetime], dict[int, list[EarlierCall]]]
"""Takes numbers and a moment, and gives the calls to each since then, in all campaigns."""


def read_here(reader: ReadsRows, rows: Iterator[SourceRow], size: int) -> Iterator[list[Reading]]:
    """The rows, read in this process."""
    while batch := reader.read_all(islice(rows, size)):
        yield batch


def judged(
    source: LeadSource,
    reader: RowReader,
    screening: Screening,
    find_contacts: FindContacts,
    find_calls: FindCalls,
    now: datetime,
    progress: Progress,
    read_many: ReadMany = read_here,
) -> Iterator[list[tuple[Reading, Judgement]]]:
    """Every row of the list with what was decided about it, in batches, in the order of the list."""
    if screening.must_look:
        for row in counted(source.rows(), progress, source.name):
            screening.look(row, reader, now)
        for row in source.left_out():
            screening.look_for_objection(row, reader, now)
    seen = 0
    for batch in read_many(screening.reader(reader, now), source.rows(), BATCH):
        digits = [phone.digits for reading in batch if reading.request for phone in reading.request.numbers]
        contacts = find_contacts(digits) if digits else {}
        calls = _calls(batch, find_calls, now)
        with screening.at_once():
            decided = [(reading, screening.judge(reading, now, contacts, calls)) for reading in batch]
        yield decided
        seen += len(batch)
        progress.reading(seen)


def _calls(batch: Sequence[Reading], find_calls: FindCalls, now: datetime) -> dict[int, list[EarlierCall]]:
    """The earlier calls, by number, to the people who may be called only so often."""
    digits: list[int] = []
    back = timedelta(0)
    for _, request, _, _, _, terms in batch:
        if request and terms and terms.caps and (within := longest(terms.caps)) is not None:
            digits += [phone.digits for phone in request.numbers]
            back = max(back, within)
    return find_calls(digits, now - back) if digits else {}
