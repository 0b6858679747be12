"""What a dry run has to say about a row, and about rows that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import NamedTuple

from campaign.core.lifecycle import State
from campaign.core.problem import Code, Problem, without_numbers
from campaign.core.record import Judgement
from campaign.core.result import TO_CORRECT

NOTE = "note"
"""The kind of a finding about a row that is sent all the same."""

SKIPPED = "skipped"
"""The kind of a finding about rows that are left out: no leads, or hidden. `row` is the first of them."""

COLUMNS = ("row", "status", "code", "field", "column", "value", "message", "cure")
"""The columns of a report, one line a finding."""


REPORT_SHEETS = ("Summary", "Problems", TO_CORRECT)
"""The sheets of a report workbook. The last one has the wrong rows, and is a list itself once they are corrected."""
REPORT_COLUMNS = ("report_row", "report_problem")
"""What stands before the list's own columns there: the row's number in the list, and what is to be corrected."""


class Finding(NamedTuple):
    """Something about a row that a person should know: a problem of a cell, a rule that holds the row back, or a note.

    `kind` is the state that it puts the row in, `NOTE` where the row is sent all the same, or `SKIPPED`. `text` is the
    whole sentence, `cause` the message without the row's own values. `code` is None where only a reason in words is known.
    """

    row: int
    kind: str
    code: Code | None
    field: str
    column: str
    value: str
    message: str
    cure: str
    text: str
    cause: str

    def line(self) -> dict[str, str | int | None]:
        """The finding by `COLUMNS`; None where a column says nothing."""
        said = (self.field, self.column, self.value, self.message, self.cure)
        code = self.code.value if self.code else None
        return dict(zip(COLUMNS, (self.row, self.kind, code, *(text or None for text in said)), strict=True))


_NO_COLUMNS: MappingOf[str, str] = {}


def findings(
    row: int, judgement: Judgement, problems: Sequence[Problem], columns: MappingOf[str, str] = _NO_COLUMNS
) -> list[Finding]:
    """Everything about a row that has these `problems` and was judged so; the first ones say why it is held back.

    `columns` are those of the fields: a rule knows numbers, and not where they stood.
    """
    state, reason, cause = judgement.state, judgement.reason, judgement.cause
    found: list[Finding] = []
    if state is State.INVALID and problems:
        for problem in problems:
            text, cause = problem.sentence(), without_numbers(problem.message)
            found.append(_of_problem(row, state, problem, text, cause, columns))
    elif judgement.rule is not None:
        found.append(_of_problem(row, state, judgement.rule, reason, cause.rstrip("."), columns))
    elif reason:
        found.append(Finding(row, state, None, "", "", "", reason, "", reason, cause or reason))
    for code, text, cause, field, column, value in judgement.notes:
        found.append(Finding(row, NOTE, code, field, column or columns.get(field, ""), value, text, "", text, cause))
    return found


def _of_problem(row: int, kind: str, problem: Problem, text: str, cause: str, columns: MappingOf[str, str]) -> Finding:
    code, field, column, value, message, cure = problem
    return Finding(row, kind, code, field, column or columns.get(field, ""), value, message, cure, text, cause)


def of_skipped(first: int, last: int, why: str) -> Finding:
    """Rows that are left out because they are no leads, or hidden."""
    text = f"{f'Row {first} is' if first == last else f'Rows {first} to {last} are'} left out: {why}."
    return Finding(first, SKIPPED, Code.SKIPPED, "", "", "", text, "", text, f"left out: {why}")


def of_hidden(row: int) -> Finding:
    """A row that the file does not show, and that is judged like the others."""
    text = "The row is hidden in the file"
    return Finding(row, NOTE, Code.HIDDEN, "", "", "", text, "", text, text)


class Alike(NamedTuple):
    """What rows are told of that have the same thing wrong in the same column: their values left out."""

    kind: str
    code: str
    column: str
    message: str
    cure: str


@dataclass(frozen=True, slots=True)
class Group:
    """So many rows of which the same is to be said; `row` is the first of them, `value` its cell."""

    alike: Alike
    rows: int
    row: int
    value: str


class Groups:
    """Counts rows of which the same is to be said, in bounded memory."""

    MOST = 1_000
    """Kinds that are told apart; whatever comes beyond them is counted by code and column alone."""

    def __init__(self) -> None:
        self._counts: dict[Alike, _Count] = {}

    def add(self, row: int, found: Iterable[Finding]) -> None:
        """Count the findings of a row: a row with two alike ones counts once."""
        counts = self._counts
        for finding in found:
            alike = _alike(finding)
            if alike not in counts and len(counts) >= self.MOST:
                alike = alike._replace(message="of further kinds", cure="The report names every one.")
            count = counts.get(alike)
            if count is None:
                counts[alike] = _Count(row, finding.value, row)
            elif count.last != row:
                count.rows += 1
                count.last = row

    def ranked(self) -> list[Group]:
        """All groups: the wrong rows first, then those held back by a rule, then the notes; the most frequent first."""
        groups = [Group(alike, count.rows, count.row, count.value) for alike, count in self._counts.items()]
        return sorted(groups, key=lambda group: (_RANK.get(group.alike.kind, 1), -group.rows, group.row))


@dataclass(slots=True)
class _Count:
    """So many rows; the first of them, its cell, and the last."""

    row: int
    value: str
    last: int
    rows: int = 1


_RANK = {State.INVALID: 0, NOTE: 2}


def _alike(finding: Finding) -> Alike:
    code = finding.code.value if finding.code else ""
    column = finding.column or finding.field
    return Alike(finding.kind, code, column, finding.cause, without_numbers(finding.cure))
