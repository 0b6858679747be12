"""A corrected result workbook comes back: its rows are matched with the journal's and judged anew.

The journal, not the workbook, says where a row stands: an accepted row stays accepted whatever the person's file claims.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from campaign.core.cells.cell import Cell
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import CORRECTABLE, MAY_HAVE_CALLED, WAITING, State
from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.screening import Screening, second_left_out
from campaign.core.reading import Reading
from campaign.core.record import CampaignRecord, Contact, Corrections, Judgement, KnownLead, LeadRecord
from campaign.ports import Progress
from campaign.usecases.correcting.placing import Placed, Placing, PlacingJournal
from campaign.usecases.correcting.result_file import ResultFile


class CorrectionJournal(PlacingJournal, Protocol):
    """What taking corrections asks of the journal."""

    def atomic(self) -> AbstractContextManager[None]:
        """All writes inside are committed together, durably, or not at all."""

    def contacts(self, digits: Sequence[int], since: datetime, besides: str) -> dict[int, Contact]:
        """Earlier contacts in other campaigns."""

    def correct(self, lead: int, cells: tuple[Cell, ...], judgement: Judgement) -> None:
        """Replace a row by its corrected cells. Inside `atomic`."""

    def withdraw(self, lead: int, cells: tuple[Cell, ...], now: datetime) -> None:
        """Keep that the person wants no call any more. Inside `atomic`."""

    def add_leads(self, campaign: str, records: Sequence[LeadRecord]) -> list[int]:
        """Enter rows. Returns their lead ids. Inside `atomic`."""


class Correcting:
    """Takes one result file's corrections into its campaign."""

    def __init__(
        self,
        record: CampaignRecord,
        source: ResultFile,
        reader: RowReader,
        screening: Screening,
        journal: CorrectionJournal,
        now: datetime,
    ) -> None:
        """`reader` is compiled for the header of the campaign's own list; rows are judged as of `now`."""
        self._record = record
        self._source = source
        self._reader = reader
        self._screening = screening
        self._journal = journal
        self._now = now
        self._contacts: MappingOf[int, Contact] = {}  # of the rows in hand
        self._result = Corrections()
        self._objecting_copies: set[int] = set()  # leads of which a copy in the file objects
        self._placing = Placing(record, source, reader, journal, self._result)

    def take(self, progress: Progress) -> Corrections:
        """Take every row's corrections. Raises `SourceError`, `UsageError`, `WorkspaceError`."""
        placing, looks = self._placing, self._screening.must_look
        for batch in placing.first():
            if looks:
                self._look(batch)
            progress.reading(placing.rows, self._source.name)
        self._result.alone = self._source.alone
        if looks:
            for batch in placing.aside():
                self._look(batch)
            self._withdraw()
            for batch in placing.aside():
                self._correct(self._objecting(batch))
        for batch in placing.again():
            self._correct(batch)
            progress.reading(placing.done)
        return self._result

    def _look(self, batch: Sequence[Placed]) -> None:
        for one in batch:
            if one.placed and not one.row.hidden:
                self._screening.look(one.row, self._reader, self._now)
            else:  # not to be sent, but who objects in it is called by no other row either
                self._screening.look_for_objection(one.row, self._reader, self._now)
            if one.copy_of is not None and self._screening.objects(one.row.cells):
                self._objecting_copies.add(one.copy_of.id)

    def _withdraw(self) -> None:
        """Who objects in the file is called by no row of the campaign either, be it in the file or not."""
        with self._journal.atomic():
            for digits in self._screening.objecting:
                for lead in self._journal.leads_with_number(self._record.id, digits):
                    if lead.state in CORRECTABLE or lead.state is State.UNKNOWN:
                        self._journal.withdraw(lead.id, lead.cells, self._now)

    def _correct(self, batch: Sequence[Placed]) -> None:
        """Take the corrections of some rows, in one commit."""
        readings = [self._reader.read(one.row) if self._is_judged(one) else None for one in batch]
        self._contacts = self._find_contacts([reading.request for reading in readings if reading and reading.request])
        with self._journal.atomic(), self._screening.at_once():
            for one, reading in zip(batch, readings, strict=True):
                if reading is not None:
                    self._take(one, reading)
                elif one.known is not None and not one.row.hidden:
                    # Accepted, or not to be called: that is final, and a person who edits such a row should hear of it.
                    self._in_vain(one.known, changed=one.changed)

    def _objects(self, one: Placed) -> bool:
        """Whether the person of a lead objects in its row of the file, or in a copy of it."""
        known = one.known
        return known is not None and (known.id in self._objecting_copies or self._screening.objects(one.row.cells))

    def _objecting(self, batch: Sequence[Placed]) -> list[Placed]:
        """Of rows that are not sent those that object, each lead once: a row that was copied has its original's id."""
        first: dict[int, Placed] = {}
        for one in batch:
            if one.known is not None and self._objects(one):
                first.setdefault(one.known.id, one)
        self._objecting_copies |= first.keys()
        return list(first.values())

    def _is_judged(self, one: Placed) -> bool:
        known = one.known
        # A row that the file hides is not sent and not changed; only what it says against being called counts.
        if one.row.hidden and not self._objects(one):
            return False
        return known is None or known.state in CORRECTABLE or known.state is State.UNKNOWN

    def _take(self, one: Placed, reading: Reading) -> None:
        known = one.known
        if known is None:
            self._add(reading)
        elif known.state is State.UNKNOWN:
            self._look_at_unknown(one, reading, known)
        elif one.row.hidden:
            self._journal.correct(known.id, reading.row.cells, self._judge(reading, known.id))
        else:
            self._take_correctable(one, reading, known)

    def _take_correctable(self, one: Placed, reading: Reading, known: KnownLead) -> None:
        if known.state is State.REJECTED and self._would_be_refused(one, reading, known):
            self._result.refused.add(known.id)
            return
        judgement = self._judge(reading, known.id)
        if judgement.state is State.INVALID:
            self._result.still_wrong.append(known.number)
        elif not self._will_go(known.id, judgement):
            self._result.left_alone += 1
        ready = known.state is judgement.state is State.PENDING
        if not ready or one.changed or _payload_of(judgement.request) != dict(known.payload):
            self._journal.correct(known.id, reading.row.cells, judgement)

    def _would_be_refused(self, one: Placed, reading: Reading, known: KnownLead) -> bool:
        """Whether the vendor would be sent what it has refused: it would refuse it again, unless the fault was elsewhere."""
        if _payload_of(reading.request) != dict(known.payload) or self._objects(one):
            return False
        return not self._screening.holds_back(reading, self._now)

    def _look_at_unknown(self, one: Placed, reading: Reading, known: KnownLead) -> None:
        """A row that may have been called stays as it was sent; the file only says whether it may be sent again."""
        if self._objects(one):
            # Whoever releases it later, it is not sent again.
            self._journal.withdraw(known.id, reading.row.cells, self._now)
            self._result.objecting[known.number] = None
            return
        judgement = self._judge(reading, known.id)
        as_sent = _payload_of(judgement.request) == dict(known.payload)
        if judgement.state is State.PENDING and (as_sent or not one.changed):
            self._result.unknown.add(known.id)
        else:
            self._in_vain(known, changed=one.changed)

    def _in_vain(self, known: KnownLead, *, changed: bool) -> None:
        if changed:
            self._result.changed_in_vain.append(known.number)
        else:
            self._result.left_alone += 1

    def _add(self, reading: Reading) -> None:
        """A row that the person added, or whose number is new: a further lead of the campaign."""
        judgement = self._judge(reading, None)
        record = LeadRecord(reading.row.number, reading.row.cells, judgement)
        [lead] = self._journal.add_leads(self._record.id, [record])
        self._result.added += 1
        self._will_go(lead, judgement)

    def _will_go(self, lead: int, judgement: Judgement) -> bool:
        """Keep whether the row goes now or waits. False if it does neither."""
        if judgement.state is State.PENDING:
            self._result.ready.add(lead)
        elif judgement.state is State.DEFERRED:
            self._result.deferred[lead] = judgement.next_allowed
        return judgement.state in WAITING

    def _judge(self, reading: Reading, lead: int | None) -> Judgement:
        request = reading.request
        if self._screening.objects(reading.row.cells):
            return self._screening.judge(reading, self._now, {})
        if lead in self._objecting_copies:
            reason = "Not called, a copy of this row objects."
            return Judgement(State.SUPPRESSED, request, reason, reason, objecting=reading.phones)
        if request is None:
            return self._screening.judge(reading, self._now, {})
        if (other := self._holder(request.phone, lead)) is not None:
            reason = f"Row {other.number} of this campaign has the same number {request.phone.e164}."
            if other.state is State.SUPPRESSED:
                return Judgement(State.SUPPRESSED, request, reason, "Another row of this person objects.")
            return Judgement(State.INVALID, None, reason, "The same number as another row of the campaign.")
        for phone in request.numbers[1:]:
            if (other := self._holder(phone, lead)) is not None:
                note = second_left_out(phone, f"row {other.number} has it", "another row has it")
                reading = reading._replace(request=request.without_second(), notes=(*reading.notes, note))
        return self._screening.judge(reading, self._now, self._contacts)

    def _find_contacts(self, requests: Sequence[CallRequest]) -> dict[int, Contact]:
        recontact = self._screening.recontact_after
        if recontact is None or not requests:
            return {}
        digits = [phone.digits for request in requests for phone in request.numbers]
        return self._journal.contacts(digits, min(self._now - recontact, self._record.created_at), self._record.id)

    def _holder(self, phone: Phone, lead: int | None) -> KnownLead | None:
        """Another row of the campaign that has the number: it may be called by that one, or the person objects there."""
        others = self._journal.leads_with_number(self._record.id, phone.digits, besides=lead)
        return next((other for other in others if self._holds(other)), None)

    def _holds(self, other: KnownLead) -> bool:
        if other.state is State.SUPPRESSED:
            return self._screening.objects(other.cells)
        return other.state in MAY_HAVE_CALLED or other.state in WAITING


def _payload_of(request: CallRequest | None) -> dict[str, str] | None:
    return dict(request.payload) if request is not None else None
