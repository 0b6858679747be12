"""Which row of its campaign each row of a result file stands for: told by `call_row_id`, else by number, never by position."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, Protocol, TypeVar

from campaign.core.cells.cell import text
from campaign.core.errors import UsageError
from campaign.core.lead import SourceRow
from campaign.core.lifecycle import MAY_HAVE_CALLED, WAITING
from campaign.core.mapping.row_reader import RowReader
from campaign.core.record import CampaignRecord, Corrections, KnownLead
from campaign.usecases.correcting.own_cells import OwnCells
from campaign.usecases.correcting.result_file import ResultFile, row_ids

T = TypeVar("T")
_BATCH = 1_000  # rows that are held in memory, looked up and committed together
_NONE = 0  # the number of no row


class PlacingJournal(Protocol):
    """What placing asks of the journal."""

    def find_leads(self, row_ids: Sequence[str]) -> dict[str, KnownLead]:
        """The rows with these row ids, by them."""

    def leads_at(self, campaign: str, numbers: Sequence[int]) -> dict[int, KnownLead]:
        """The campaign's rows of these row numbers, by them."""

    def leads_with_number(self, campaign: str, digits: int, besides: int | None = None) -> list[KnownLead]:
        """The campaign's rows that have a phone number, without the lead `besides`."""

    def last_number(self, campaign: str) -> int:
        """The highest row number of the campaign."""


class Placed(NamedTuple):
    """A row of the file in the columns of the list. Its number is that of the campaign's row for which it stands: `known`, or a
    new one (None). Where it stands for none (`placed` is False), it is the file's. `copy_of` is the lead whose id it carries
    without standing for it."""

    row: SourceRow
    known: KnownLead | None
    placed: bool = True
    copy_of: KnownLead | None = None

    @property
    def changed(self) -> bool:
        """Whether a person has changed a cell of the row."""
        return self.known is not None and self.row.cells is not self.known.cells


class Placing:
    """Places the rows of one file: all of them in a first pass, before anything is changed, so that a later one sees the same."""

    def __init__(
        self,
        record: CampaignRecord,
        source: ResultFile,
        reader: RowReader,
        journal: PlacingJournal,
        result: Corrections,
    ) -> None:
        """`result` is told of the rows that stand for none, or are hidden."""
        self._record = record
        self._source = source
        self._reader = reader
        self._journal = journal
        self._result = result
        self._row_ids = row_ids(source.header)
        self._own = OwnCells(source.header, record.header, is_text=not source.sheet)
        self._numbers = array("q")  # of the campaign's rows, for each row of the file
        self._slipped: list[int] = []
        self.done = 0
        """How many rows `again` has given."""

    @property
    def rows(self) -> int:
        """How many rows the first pass has seen."""
        return len(self._numbers)

    def first(self) -> Iterator[list[Placed]]:
        """All rows, in batches. Raises `SourceError`, and `UsageError` where columns were sorted without the others."""
        last = new = self._journal.last_number(self._record.id)
        taken = bytearray(last + 1)
        for batch in _batches(self._source.rows()):
            named = self._named(batch)
            placed: list[Placed] = []
            for row in batch:
                one = self._place(row, named.get(self._row_id(row)), taken, new + 1)
                placed.append(one)
                self._numbers.append(one.row.number if one.placed else _NONE)
                if one.known is not None:
                    taken[one.known.number] = True
                elif one.placed:
                    new = one.row.number
            yield placed
        self._must_not_have_slipped()

    def again(self) -> Iterator[list[Placed]]:
        """The rows that stand for one of the campaign, in batches, with what the journal knows of them by now."""
        for batch in _batches(zip(self._source.rows(), self._numbers, strict=True)):
            known = self._journal.leads_at(self._record.id, [number for _, number in batch if number != _NONE])
            self.done += len(batch)
            yield [self._placed(row, number, known.get(number)) for row, number in batch if number != _NONE]

    def aside(self) -> Iterator[list[Placed]]:
        """Rows that are not sent, and of which only an objection counts, in batches. Known after the first pass."""
        for batch in _batches(self._source.aside()):
            named = self._named(batch)
            found = [(row, named.get(self._row_id(row))) for row in batch]
            yield [self._placed(row, known.number if known else row.number, known) for row, known in found]

    def _place(self, row: SourceRow, named: KnownLead | None, taken: bytearray, new: int) -> Placed:
        """The place of a row that carries the id of `named`; `new` is the number of the next new row. What has none is told."""
        if row.hidden:
            self._result.hidden.append(row.number)
        # A row that was copied in the spreadsheet carries its original's id: it is matched by its number.
        if named is not None and not taken[named.number]:
            one = self._placed(row, named.number, named)
            if one.changed and self._has_another_s_number(one.row, named):
                self._slipped.append(row.number)
            return one
        request = self._reader.read(SourceRow(row.number, self._own.of(row, None))).request
        known = self._with_number(request.phone.digits, taken) if request is not None else None
        if known is not None and not taken[known.number]:
            return self._placed(row, known.number, known, copy_of=named)
        if known is not None:
            self._result.left_alone += 1  # the same person once more: the first row of the file speaks for them
        elif not row.hidden and request is not None:
            return self._placed(row, new, None, copy_of=named)
        elif not row.hidden:
            self._result.unmatched.append(row.number)
        return self._placed(row, row.number, None, placed=False, copy_of=named)

    def _with_number(self, digits: int, taken: bytearray) -> KnownLead | None:
        same = self._journal.leads_with_number(self._record.id, digits)
        # Of several rows with the number, the one that was sent counts: the person must not be called again.
        sent = (lead for lead in same if lead.state in MAY_HAVE_CALLED | WAITING)
        free = (lead for lead in same if not taken[lead.number])
        return next(chain(sent, free, same), None)

    def _has_another_s_number(self, row: SourceRow, known: KnownLead) -> bool:
        request = self._reader.read(row).request if known.payload else None
        if request is None or request.phone.e164 == known.payload["lc_number"]:
            return False
        return bool(self._journal.leads_with_number(self._record.id, request.phone.digits, besides=known.id))

    def _must_not_have_slipped(self) -> None:
        if len(self._slipped) < 2:  # one may be a correction; several are columns that were sorted without the others
            return
        rows = ", ".join(map(str, self._slipped[:10])) + (" ..." if len(self._slipped) > 10 else "")
        raise UsageError(
            f"In {self._source.name} the call_row_id of {len(self._slipped):,} rows belongs to another person than their number "
            f"(rows {rows}): columns were sorted apart. Nothing was changed or sent.",
            "Sort whole rows, or remove the column call_row_id: the rows are then known by their numbers "
            f"(campaign rerun FILE --campaign {self._record.id}).",
        )

    def _placed(
        self,
        row: SourceRow,
        number: int,
        known: KnownLead | None,
        *,
        placed: bool = True,
        copy_of: KnownLead | None = None,
    ) -> Placed:
        return Placed(SourceRow(number, self._own.of(row, known), row.hidden), known, placed, copy_of)

    def _named(self, rows: Iterable[SourceRow]) -> dict[str, KnownLead]:
        """The rows of this campaign whose ids stand in the rows."""
        found = self._journal.find_leads([row_id for row in rows if (row_id := self._row_id(row))])
        return {row_id: known for row_id, known in found.items() if known.campaign == self._record.id}

    def _row_id(self, row: SourceRow) -> str:
        return text(row.cells[self._row_ids]) if self._row_ids is not None else ""


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    return iter(lambda: list(islice(rest, _BATCH)), [])
