"""The dry run: everything that `run` would decide, and nothing sent or entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import datetime

from campaign.core.finding import NOTE, Finding, Group, Groups, findings, of_hidden, of_skipped
from campaign.core.lead import ROW_ID_FIELD
from campaign.core.lifecycle import State
from campaign.core.mapping.row_reader import RowReader
from campaign.core.mapping.suggestions import Suggestions
from campaign.core.outlook import Ahead, Outlook
from campaign.core.policy.screening import Screening
from campaign.core.reading import Reading
from campaign.core.record import Judgement
from campaign.core.suggestion import Suggestion
from campaign.ports import HiddenRows, LeadSource, Progress, Report, Skipped
from campaign.usecases.judging import FindCalls, FindContacts, ReadMany, judged, read_here

FIRST_PROBLEMS = 50
SENDABLE = (State.PENDING, State.DEFERRED)
DRY_RUN = "dry-run"


@dataclass(slots=True)
class Validation:
    """What the dry run found, as of the moment `at`. `problems` are the first; `groups` count alike ones, without the rows'
    own values; `suggestions` are lines for the mapping, which a person may want; `deferred` are the first rows whose
    calling window is closed, with when each may be called; `ahead` is what the rows mean for the hours to come, and
    `outlook` what becomes of that at the campaign's pace."""

    list_name: str
    sheet: str
    at: datetime
    counts: Counter[State] = field(default_factory=Counter)
    problems: list[Finding] = field(default_factory=list)
    groups: tuple[Group, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    hidden: HiddenRows = field(default_factory=HiddenRows)
    first_payload: dict[str, str] | None = None
    first_row: int = 0
    deferred: list[tuple[int, datetime | None]] = field(default_factory=list)
    ahead: Ahead = field(default_factory=Ahead)
    outlook: Outlook | None = None

    @property
    def total(self) -> int:
        """All rows of the list."""
        return sum(self.counts.values())

    @property
    def sendable(self) -> int:
        """Rows that would be sent now, or when their calling window opens."""
        return sum(self.counts[state] for state in SENDABLE)

    def add(self, number: int, judgement: Judgement, found: list[Finding]) -> None:
        """Count a row."""
        state = judgement.state
        self.counts[state] += 1
        self.ahead.add(judgement)
        for finding in found:
            if finding.kind != NOTE and len(self.problems) < FIRST_PROBLEMS:
                self.problems.append(finding)
        if state is State.DEFERRED and len(self.deferred) < FIRST_PROBLEMS:
            self.deferred.append((number, judgement.next_allowed))
        if self.first_payload is None and judgement.request and state in SENDABLE:
            self.first_payload, self.first_row = (
                redacted_payload(judgement.request.payload, f"{DRY_RUN}-{number}"),
                number,
            )


def validate(
    source: LeadSource,
    reader: RowReader,
    screening: Screening,
    suggestions: Suggestions,
    find_contacts: FindContacts,
    find_calls: FindCalls,
    now: datetime,
    progress: Progress,
    report: Report | None = None,
    on_payload: Callable[[int, dict[str, str]], None] | None = None,
    *,
    by_call: bool = False,
    read_many: ReadMany = read_here,
) -> Validation:
    """Judge every row. `report` gets every row of which something is to be said, `on_payload` every payload that would be
    sent, keys redacted. `by_call`: what lies ahead depends on whose agents and countries the calls are.

    Raises `SourceError`, and `OutputError` from the report.
    """
    result, groups = Validation(source.name, source.sheet, now, ahead=Ahead(by_call)), Groups()
    for batch in judged(source, reader, screening, find_contacts, find_calls, now, progress, read_many):
        for reading, judgement in batch:
            number = reading.row.number
            found = _found(reading, judgement, reader)
            result.add(number, judgement, found)
            if found:
                groups.add(number, found)
            suggestions.look(reading)
            if report is not None and found:
                report.row(reading.row.cells, found, objects=_objects(reading, judgement, screening))
            if on_payload is not None and judgement.request is not None and judgement.state in SENDABLE:
                on_payload(number, redacted_payload(judgement.request.payload, f"{DRY_RUN}-{number}"))
    result.groups, result.suggestions = tuple(groups.ranked()), suggestions.found()
    result.skipped, result.hidden = source.skipped(), source.hidden
    if report is not None:
        for entry in result.skipped:
            report.row((), [of_skipped(entry.first, entry.last, entry.why)], objects=False)
    return result


def _objects(reading: Reading, judgement: Judgement, screening: Screening) -> bool:
    """Whether the row says of a number that its person must not be called, by this row or any other."""
    suppressed = judgement.state is State.SUPPRESSED and reading.request is not None
    return suppressed and screening.objects(reading.row.cells)


def redacted_payload(payload: MappingOf[str, str], row_id: str) -> dict[str, str]:
    """The payload as it would be sent, with the keys' names in place of the keys."""
    return {"widget_key": "[widget_key]", "api_key": "[api_key]", **payload, ROW_ID_FIELD: row_id}


def _found(reading: Reading, judgement: Judgement, reader: RowReader) -> list[Finding]:
    row = reading.row
    found = findings(row.number, judgement, reading.problems, reader.columns)
    return [*found, of_hidden(row.number)] if row.hidden else found
