"""A corrected file is taken into its campaign: in however many commits, with the same outcome, and nobody is called against it."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, number, record
from pool import Watcher

from campaign.adapters.journal import Journal
from campaign.adapters.sources import open_result
from campaign.assembly.desk import mapping_of
from campaign.assembly.prepare import make_screening
from campaign.core.errors import UsageError
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import MAY_HAVE_CALLED, WAITING, State
from campaign.core.limits import Limits
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.row_reader import RowReader
from campaign.core.outcome import Exchange, Verdict
from campaign.core.policy.suppression import SuppressionList
from campaign.core.record import Corrections, Judgement, LeadRecord
from campaign.core.result import ResultRow
from campaign.ports import Progress
from campaign.usecases.correcting import placing
from campaign.usecases.correcting.corrections import Correcting
from campaign.usecases.correcting.result_file import ResultFile

MAPPING = """\
version: 1
fields: {lc_number: Phone, lc_param_name: Name}
policy: {calling_window: off, skip_when: {column: DNC, equals: x}}
"""
RECORD = replace(record(header=("Name", "Phone", "DNC")), mapping_text=MAPPING)
SENT = {
    4: State.ACCEPTED,
    5: State.UNKNOWN,
    6: State.REJECTED,
    7: State.FAILED,
}  # what became of the rows that were sent
ROWS = range(2, 10)


def begin(journal: Journal) -> None:
    """A campaign with a row in each state: 2 and 3 are pending, 8 is invalid, 9 is suppressed."""
    journal.add_campaign(RECORD)
    with journal.atomic():
        journal.add_leads("c1", [lead(row) for row in ROWS])
    journal.open_campaign("c1")
    for due in journal.due("c1", 3, 4):
        with journal.atomic():
            assert journal.begin("c1", due.id, NOW, None) is None
        with journal.atomic():
            journal.finish(due.id, Verdict(SENT[due.number], "because"), Exchange(connected=True), NOW)


def lead(row: int) -> LeadRecord:
    """A row as it is entered."""
    if row == 8:
        return LeadRecord(row, ("Lead 8", "12", None), Judgement(State.INVALID, None, "too short", "too short"))
    wanted = CallRequest({"lc_number": number(row), "lc_param_name": f"Lead {row}"}, (Phone(number(row), "GB"),))
    judgement = Judgement(State.PENDING, wanted)
    if row == 9:
        judgement = Judgement(State.SUPPRESSED, wanted, "Not called.", "Not called.", objecting=wanted.numbers)
    return LeadRecord(row, (f"Lead {row}", number(row), "x" if row == 9 else None), judgement)


@dataclass(frozen=True)
class Line:
    """A row of the file: that of a lead, with the number of that lead or another one, marked or not, its row id kept or lost."""

    lead: int
    phone: str | None = None
    objects: bool = False
    has_id: bool = True

    def cells(self) -> tuple[str, ...]:
        """As it stands in the file."""
        phone = self.phone if self.phone is not None else "12" if self.lead == 8 else number(self.lead)
        mark = "x" if self.objects or self.lead == 9 else ""
        return f"Lead {self.lead}", phone, mark, f"c1-{self.lead}" if self.has_id else ""


LINES = st.builds(
    Line,
    st.sampled_from(ROWS),
    st.none() | st.sampled_from([*map(number, ROWS), number(700), number(701), "12", ""]),
    st.booleans(),
    st.booleans(),
)


def take(journal: Journal, folder: Path, lines: list[Line], progress: Progress | None = None) -> Corrections:
    """Take a file with these rows into the campaign."""
    file = folder / "results.csv"
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([("Name", "Phone", "DNC", "call_row_id"), *(line.cells() for line in lines)])
    loaded = mapping_of(RECORD)
    screening = make_screening(loaded, Columns(RECORD.header), SuppressionList(), folder)
    results, _ = open_result(file, Limits(rows=None))
    source = ResultFile(results, None, RECORD.header, journal, screening.objects)
    reader = RowReader(loaded, RECORD.header, file.name)
    return Correcting(RECORD, source, reader, screening, journal, NOW).take(progress or Watcher())


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Killer(Watcher):
    """Kills after so many batches of both passes."""

    after: int = 0

    def reading(self, rows: int, of: str = "") -> None:
        """Count down."""
        self.after -= 1
        if self.after < 0:
            raise Killed


def taken(folder: Path, lines: list[Line], together: int) -> tuple[Corrections | str, list[ResultRow]]:
    """What became of a file's rows, so many at a time, or the error; and the campaign afterwards."""
    with closing(Journal(folder / f"journal {together}.db")) as journal, pytest.MonkeyPatch.context() as patch:
        begin(journal)
        patch.setattr(placing, "_BATCH", together)
        outcome: Corrections | str
        try:
            outcome = take(journal, folder, lines)
        except UsageError as error:
            outcome = error.message
        return outcome, list(journal.results("c1"))


def must_be_safe(lines: list[Line], outcome: Corrections | str, rows: list[ResultRow]) -> None:
    """Nobody may be called by two rows, what is final stays, and nobody goes who objects in the file."""
    callable_by = Counter(row.phone for row in rows if row.state in MAY_HAVE_CALLED | WAITING)
    assert set(callable_by.values()) <= {1}
    states = {row.number: row.state for row in rows}
    assert (states[4], states[5], states[9]) == (State.ACCEPTED, State.UNKNOWN, State.SUPPRESSED)
    if isinstance(outcome, Corrections):
        phones = {row.number - 1: row.phone for row in rows}  # by their lead ids
        assert not {phones[lead] for lead in outcome.ready} & {line.cells()[1] for line in lines if line.cells()[2]}


@settings(max_examples=100)
@given(st.lists(LINES, max_size=12), st.integers(1, 3))
def test_the_outcome_rests_on_the_file_alone(lines: list[Line], together: int) -> None:
    """However many rows are looked up and committed together, each becomes what it becomes."""
    with TemporaryDirectory() as folder:
        outcome, rows = taken(Path(folder), lines, together)
        assert (outcome, rows) == taken(Path(folder), lines, 1_000)
    must_be_safe(lines, outcome, rows)


@settings(max_examples=60)
@given(st.lists(LINES, max_size=8), st.integers(0, 20))
def test_a_rerun_that_was_cut_off_may_be_given_again(lines: list[Line], after: int) -> None:
    """Wherever it was killed."""
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        closing(Journal(Path(folder) / "journal.db")) as journal,
    ):
        begin(journal)
        patch.setattr(placing, "_BATCH", 1)
        with suppress(Killed, UsageError):
            take(journal, Path(folder), lines, Killer(after=after))
        outcome: Corrections | str = ""
        with suppress(UsageError):
            outcome = take(journal, Path(folder), lines)
        must_be_safe(lines, outcome, list(journal.results("c1")))


def test_what_stands_as_it_is_needs_no_writing(journal: Journal, tmp_path: Path) -> None:
    """Of a million rows a person has corrected ten: the others, that are to be sent as they were, are not written anew."""
    begin(journal)
    before = journal._db.connection.total_changes
    ready = take(journal, tmp_path, [Line(2), Line(3), Line(4), Line(9)]).ready
    assert ready == {lead.id for lead in journal.due("c1", 0, 10)}
    assert journal._db.connection.total_changes == before
