"""The dry run: everything that `run` would decide, and nothing sent or entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import datetime

from campaign.core.finding import NOTE, SKIPPED, Finding
from campaign.core.lead import ROW_ID_FIELD
from campaign.core.lifecycle import State
from campaign.core.mapping.row_reader import RowReader
from campaign.core.outlook import Ahead, Outlook
from campaign.core.policy.screening import Screening
from campaign.core.problem import Problem
from campaign.core.record import Judgement
from campaign.ports import HiddenRows, LeadSource, Progress, Skipped
from campaign.usecases.judging import FindCalls, FindContacts, judged

FIRST_PROBLEMS = 50
SENDABLE = frozenset({State.PENDING, State.DEFERRED})
DRY_RUN = "dry-run"


@dataclass(slots=True)
class Validation:
    """What the dry run found, as of the moment `at`. `problems` are the first; `groups` count alike ones (column and
    message, without values); `deferred` are the first rows whose calling window is closed, with when each may be called;
    `ahead` is what the rows mean for the hours to come, and `outlook` what becomes of that at the campaign's pace.
    """

    list_name: str
    sheet: str
    at: datetime
    counts: Counter[State] = field(default_factory=Counter)
    problems: list[Finding] = field(default_factory=list)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)
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

    def add(self, number: int, judgement: Judgement, findings: list[Finding]) -> None:
        """Count a row."""
        self.counts[judgement.state] += 1
        self.ahead.add(judgement)
        if judgement.cause:
            self.groups[judgement.state.value, judgement.cause] += 1
        for finding in findings:
            if finding.kind != NOTE and len(self.problems) < FIRST_PROBLEMS:
                self.problems.append(finding)
        if judgement.state is State.DEFERRED and len(self.deferred) < FIRST_PROBLEMS:
            self.deferred.append((number, judgement.next_allowed))
        if self.first_payload is None and judgement.request and judgement.state in SENDABLE:
            self.first_payload, self.first_row = (
                redacted_payload(judgement.request.payload, f"{DRY_RUN}-{number}"),
                number,
            )


def validate(
    source: LeadSource,
    reader: RowReader,
    screening: Screening,
    find_contacts: FindContacts,
    find_calls: FindCalls,
    now: datetime,
    progress: Progress,
    on_finding: Callable[[Finding], None] = lambda _finding: None,
    on_payload: Callable[[int, dict[str, str]], None] = lambda _row, _payload: None,
) -> Validation:
    """Judge every row. `on_finding` sees every finding, `on_payload` every payload that would be sent, keys redacted.

    Raises `SourceError`.
    """
    result = Validation(source.name, source.sheet, now)
    for batch in judged(source, reader, screening, find_contacts, find_calls, now, progress):
        for reading, judgement in batch:
            number = reading.row.number
            findings = list(_findings(number, judgement, reading.problems))
            if reading.row.hidden:
                findings.append(Finding(number, NOTE, None, "The row is hidden in the file"))
            result.add(number, judgement, findings)
            for finding in findings:
                on_finding(finding)
            if judgement.request is not None and judgement.state in SENDABLE:
                on_payload(number, redacted_payload(judgement.request.payload, f"{DRY_RUN}-{number}"))
    result.skipped, result.hidden = source.skipped(), source.hidden
    for entry in result.skipped:
        on_finding(_left_out(entry))
    return result


def _left_out(entry: Skipped) -> Finding:
    rows = f"Row {entry.first} is" if entry.first == entry.last else f"Rows {entry.first} to {entry.last} are"
    return Finding(entry.first, SKIPPED, None, f"{rows} left out: {entry.why}.")


def redacted_payload(payload: MappingOf[str, str], row_id: str) -> dict[str, str]:
    """The payload as it would be sent, with the keys' names in place of the keys."""
    return {"widget_key": "[widget_key]", "api_key": "[api_key]", **payload, ROW_ID_FIELD: row_id}


def _findings(number: int, judgement: Judgement, problems: tuple[Problem, ...]) -> Iterator[Finding]:
    if judgement.state is State.INVALID and problems:
        for problem in problems:
            yield Finding(number, judgement.state, problem, problem.sentence())
    elif judgement.reason:
        yield Finding(number, judgement.state, None, judgement.reason)
    for note in judgement.notes:
        yield Finding(number, NOTE, None, note)
