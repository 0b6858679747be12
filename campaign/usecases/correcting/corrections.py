"""A corrected result workbook comes back: its rows are matched with the journal's and judged anew.

The journal, not the workbook, says where a row stands: an accepted row stays accepted whatever the person's file claims.
Rows are matched by `call_row_id`, else by number, never by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from campaign.core.cells.cell import Cell, shown, text
from campaign.core.cells.formula_guard import unguarded
from campaign.core.errors import UsageError
from campaign.core.lead import CallRequest, Phone, Reading, SourceRow
from campaign.core.lifecycle import CORRECTABLE, MAY_HAVE_CALLED, WAITING, State
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.screening import Screening, second_left_out
from campaign.core.record import CampaignRecord, Contact, Corrections, Judgement, KnownLead, LeadRecord
from campaign.usecases.correcting.result_file import ResultFile, row_ids


class CorrectionJournal(Protocol):
    """What taking corrections asks of the journal."""

    def find_lead(self, row_id: str) -> KnownLead | None:
        """The row with that row id."""

    def lead_at(self, campaign: str, number: int) -> KnownLead | None:
        """The campaign's row of that row number."""

    def leads_with_number(self, campaign: str, digits: int) -> list[KnownLead]:
        """The campaign's rows that have a number."""

    def contacts(self, digits: Sequence[int], since: datetime, besides: str) -> dict[int, Contact]:
        """Earlier contacts in other campaigns."""

    def correct(self, lead: int, cells: tuple[Cell, ...], judgement: Judgement) -> None:
        """Replace a row by its corrected cells."""

    def withdraw(self, lead: int, cells: tuple[Cell, ...], now: datetime) -> None:
        """Keep that the person wants no call any more."""

    def add_leads(self, campaign: str, records: Sequence[LeadRecord]) -> list[int]:
        """Enter rows. Returns their lead ids."""

    def last_number(self, campaign: str) -> int:
        """The highest row number of the campaign."""


class Correcting:
    """Takes one result file's corrections into its campaign."""

    def __init__(
        self,
        record: CampaignRecord,
        source: ResultFile,
        reader: RowReader,
        screening: Screening,
        journal: CorrectionJournal,
    ) -> None:
        """`reader` is compiled for the header of the campaign's own list."""
        self._record = record
        self._source = source
        self._reader = reader
        self._screening = screening
        self._journal = journal
        columns = Columns(source.header)
        self._places = [columns.find(name) for name in record.header]
        self._row_ids = row_ids(source.header)
        self._is_text = not source.sheet
        self._result = Corrections()

    def take(self, now: datetime) -> Corrections:
        """Take every row's corrections. Raises `SourceError`, `WorkspaceError`."""
        numbers = self._place()
        self._result.alone = self._source.alone
        if self._screening.must_look:
            for row in self._source.aside():
                seen = SourceRow(row.number, self._cells(row, self._named(row)))
                self._screening.look_for_objection(seen, self._reader, now)
            for row, number in zip(self._source.rows(), numbers, strict=True):
                known = self._journal.lead_at(self._record.id, number) if number is not None else None
                seen = SourceRow(number or row.number, self._cells(row, known))
                if row.hidden:
                    self._screening.look_for_objection(seen, self._reader, now)
                elif number is not None:
                    self._screening.look(seen, self._reader, now)
        for row in self._source.aside():
            self._pass_over(row, self._named(row), now)
        for row, number in zip(self._source.rows(), numbers, strict=True):
            if number is None:
                continue
            known = self._journal.lead_at(self._record.id, number)
            if row.hidden:
                self._pass_over(row, known, now)
            elif known is not None:
                self._correct(row, known, now)
            else:
                self._add(row, number, now)
        return self._result

    def _place(self) -> list[int | None]:
        """For each row of the file the row of the campaign that it stands for: an earlier one, a new one, or none.

        Decided for all rows before anything is changed, so that every pass sees the same.
        """
        places: list[int | None] = []
        taken: set[int] = set()
        slipped: list[int] = []
        new = self._journal.last_number(self._record.id)
        for row in self._source.rows():
            if row.hidden:
                self._result.hidden.append(row.number)
            known = self._match(row, taken, slipped)
            if known is not None and known.number in taken:
                self._result.left_alone += 1  # the same person once more: the first row of the file speaks for them
                places.append(None)
            elif known is not None:
                taken.add(known.number)
                places.append(known.number)
            elif row.hidden:
                places.append(None)
            elif self._read(row, row.number, None).request is None:
                self._result.unmatched.append(row.number)
                places.append(None)
            else:
                new += 1
                places.append(new)
        if len(slipped) > 1:  # one may be a correction; several are columns that were sorted without the others
            raise UsageError(
                f"In {self._source.name} the call_row_id of {len(slipped):,} rows belongs to another person than their number "
                f"(rows {', '.join(map(str, slipped[:10]))}{' ...' if len(slipped) > 10 else ''}): columns were sorted apart. "
                "Nothing was changed or sent.",
                "Sort whole rows, or remove the column call_row_id: the rows are then known by their numbers "
                f"(campaign rerun FILE --campaign {self._record.id}).",
            )
        return places

    def _match(self, row: SourceRow, taken: set[int], slipped: list[int]) -> KnownLead | None:
        known = self._named(row)
        # A row that was copied in the spreadsheet carries its original's id: it is matched by its number.
        if known is not None and known.number not in taken:
            if self._has_another_s_number(row, known):
                slipped.append(row.number)
            return known
        request = self._read(row, row.number, None).request
        same = self._journal.leads_with_number(self._record.id, request.phone.digits) if request else []
        # Of several rows with the number, the one that was sent counts: the person must not be called again.
        sent = next((lead for lead in same if lead.state in MAY_HAVE_CALLED | WAITING), None)
        return sent or next((lead for lead in same if lead.number not in taken), None)

    def _named(self, row: SourceRow) -> KnownLead | None:
        """The row of this campaign whose id stands in the row."""
        row_id = text(row.cells[self._row_ids]) if self._row_ids is not None else ""
        known = self._journal.find_lead(row_id) if row_id else None
        return known if known is not None and known.campaign == self._record.id else None

    def _has_another_s_number(self, row: SourceRow, known: KnownLead) -> bool:
        if not known.payload or self._cells(row, known) == known.cells:
            return False
        request = self._read(row, row.number, None).request
        if request is None or request.phone.e164 == known.payload["lc_number"]:
            return False
        others = self._journal.leads_with_number(self._record.id, request.phone.digits)
        return any(other.number != known.number for other in others)

    def _correct(self, row: SourceRow, known: KnownLead, now: datetime) -> None:
        reading = self._read(row, known.number, known)
        changed = reading.row.cells != known.cells
        if known.state is State.UNKNOWN:
            self._look_at_unknown(reading, known, changed, now)
            return
        if known.state not in CORRECTABLE:
            # Accepted, or not to be called: that is final, and a person who edits such a row should hear of it.
            self._in_vain(known, changed)
            return
        same = reading.request is not None and dict(reading.request.payload) == dict(known.payload)
        if known.state is State.REJECTED and same and not self._screening.holds_back(reading, now):
            self._result.refused.add(known.id)  # the vendor would refuse it again, unless the fault was elsewhere
            return
        judgement = self._judge(reading, known.id, now)
        if judgement.state is State.INVALID:
            self._result.still_wrong.append(known.number)
        elif not self._will_go(known.id, judgement):
            self._result.left_alone += 1
        self._journal.correct(known.id, reading.row.cells, judgement)

    def _pass_over(self, row: SourceRow, known: KnownLead | None, now: datetime) -> None:
        """A row that the file hides is not sent and not changed; only what it says against being called counts."""
        if known is None:
            return
        reading = self._read(row, known.number, known)
        if not self._screening.objects(reading.row.cells):
            return
        if known.state in CORRECTABLE:
            self._journal.correct(known.id, reading.row.cells, self._judge(reading, known.id, now))
        elif known.state is State.UNKNOWN:
            self._withdraw(reading, known, now)

    def _look_at_unknown(self, reading: Reading, known: KnownLead, changed: bool, now: datetime) -> None:
        """A row that may have been called stays as it was sent; the file only says whether it may be sent again."""
        if self._screening.objects(reading.row.cells):
            self._withdraw(reading, known, now)
            return
        judgement = self._judge(reading, known.id, now)
        as_sent = judgement.request is not None and dict(judgement.request.payload) == dict(known.payload)
        if judgement.state is State.PENDING and (as_sent or not changed):
            self._result.unknown.add(known.id)
        else:
            self._in_vain(known, changed)

    def _withdraw(self, reading: Reading, known: KnownLead, now: datetime) -> None:
        """The person objects in a row that may have been called: whoever releases it later, it is not sent again."""
        self._journal.withdraw(known.id, reading.row.cells, now)
        self._result.objecting.append(known.number)

    def _in_vain(self, known: KnownLead, changed: bool) -> None:
        if changed:
            self._result.changed_in_vain.append(known.number)
        else:
            self._result.left_alone += 1

    def _add(self, row: SourceRow, number: int, now: datetime) -> None:
        """A row that the person added, or whose number is new: a further lead of the campaign."""
        reading = self._read(row, number, None)
        judgement = self._judge(reading, None, now)
        [lead] = self._journal.add_leads(self._record.id, [LeadRecord(number, reading.row.cells, judgement)])
        self._result.added += 1
        self._will_go(lead, judgement)

    def _will_go(self, lead: int, judgement: Judgement) -> bool:
        """Keep whether the row goes now or waits. False if it does neither."""
        if judgement.state is State.PENDING:
            self._result.ready.add(lead)
        elif judgement.state is State.DEFERRED:
            self._result.deferred[lead] = judgement.next_allowed
        return judgement.state in WAITING

    def _read(self, row: SourceRow, number: int, known: KnownLead | None) -> Reading:
        return self._reader.read(SourceRow(number, self._cells(row, known)))

    def _cells(self, row: SourceRow, known: KnownLead | None) -> tuple[Cell, ...]:
        """The row in the order of the campaign's own columns.

        A column that the person removed keeps its earlier cell, and so does a cell that looks as it did: a CSV knows no
        types, and the workbook that is written next should. Cells beyond the header, for which a result has no column, stay
        until the row is edited: it is still too long.
        """
        before = known.cells if known else ()
        cells: list[Cell] = []
        for index, place in enumerate(self._places):
            old = before[index] if index < len(before) else None
            new = self._own(row.cells[place]) if place is not None else old
            cells.append(old if known and shown(new) == shown(old) else new)
        width = len(cells)
        return before if len(before) > width and tuple(cells) == before[:width] else tuple(cells)

    def _own(self, cell: Cell) -> Cell:
        """The person's cell, without the apostrophe that our own CSV puts before what would run as a formula."""
        return unguarded(cell) if self._is_text and isinstance(cell, str) else cell

    def _judge(self, reading: Reading, lead: int | None, now: datetime) -> Judgement:
        request = reading.request
        if request is None:
            return self._screening.judge(reading, now, {})
        if (other := self._holder(request.phone, lead)) is not None:
            reason = f"Row {other.number} of this campaign has the same number {request.phone.e164}."
            if other.state is State.SUPPRESSED:
                return Judgement(State.SUPPRESSED, request, reason, "Another row of this person objects.")
            return Judgement(State.INVALID, None, reason, "The same number as another row of the campaign.")
        for phone in request.numbers[1:]:
            if (other := self._holder(phone, lead)) is not None:
                note = second_left_out(phone, f"row {other.number} has it", "another row has it")
                reading = reading._replace(request=request.without_second(), notes=(*reading.notes, note))
        return self._screening.judge(reading, now, self._contacts(request, now))

    def _contacts(self, request: CallRequest, now: datetime) -> dict[int, Contact]:
        recontact = self._screening.recontact_after
        if recontact is None:
            return {}
        since = min(now - recontact, self._record.created_at)
        return self._journal.contacts([phone.digits for phone in request.numbers], since, self._record.id)

    def _holder(self, phone: Phone, lead: int | None) -> KnownLead | None:
        """Another row of the campaign that has the number: it may be called by that one, or the person objects there."""
        return next(
            (
                other
                for other in self._journal.leads_with_number(self._record.id, phone.digits)
                if other.id != lead
                and (
                    other.state in MAY_HAVE_CALLED | WAITING
                    or (other.state is State.SUPPRESSED and self._screening.objects(other.cells))
                )
            ),
            None,
        )
