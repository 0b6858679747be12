"""What a dry run has to say about a row, and about rows that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from campaign.core.lifecycle import State
from campaign.core.problem import Code, Note, Problem, without_numbers
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


@dataclass(frozen=True, slots=True)
class Finding:
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


def findings(row: int, judgement: Judgement, problems: tuple[Problem, ...]) -> Iterator[Finding]:
    """Everything about a row that has these `problems` and was judged so; the first ones say why it is held back."""
    state = judgement.state
    if state is State.INVALID and problems:
        for problem in problems:
            yield _of_problem(row, state, problem, problem.sentence(), without_numbers(problem.message))
    elif judgement.rule is not None:
        yield _of_problem(row, state, judgement.rule, judgement.reason, judgement.cause.rstrip("."))
    elif judgement.reason:
        reason = judgement.reason
        yield Finding(row, state, None, "", "", "", reason, "", reason, judgement.cause or reason)
    for note in judgement.notes:
        yield _of_note(row, note)


def _of_problem(row: int, kind: str, problem: Problem, text: str, cause: str) -> Finding:
    cell = problem.field, problem.column, problem.value
    return Finding(row, kind, problem.code, *cell, problem.message, problem.cure, text, cause)


def _of_note(row: int, note: Note) -> Finding:
    return Finding(row, NOTE, note.code, note.field, note.column, note.value, note.text, "", note.text, note.cause)


def of_skipped(first: int, last: int, why: str) -> Finding:
    """Rows that are left out because they are no leads, or hidden."""
    text = f"{f'Row {first} is' if first == last else f'Rows {first} to {last} are'} left out: {why}."
    return Finding(first, SKIPPED, Code.SKIPPED, "", "", "", text, "", text, f"left out: {why}")


def of_hidden(row: int) -> Finding:
    """A row that the file does not show, and that is judged like the others."""
    text = "The row is hidden in the file"
    return Finding(row, NOTE, Code.HIDDEN, "", "", "", text, "", text, text)


@dataclass(frozen=True, slots=True)
class Alike:
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
        self._groups: dict[Alike, Group] = {}
        self._last: dict[Alike, int] = {}

    def add(self, row: int, found: Iterable[Finding]) -> None:
        """Count the findings of a row: a row with two alike ones counts once."""
        for finding in found:
            alike = _alike(finding)
            if alike not in self._groups and len(self._groups) >= self.MOST:
                alike = replace(alike, message="of further kinds", cure="The report names every one.")
            group = self._groups.get(alike)
            if group is None:
                self._groups[alike] = Group(alike, 1, row, finding.value)
            elif self._last[alike] != row:
                self._groups[alike] = replace(group, rows=group.rows + 1)
            self._last[alike] = row

    def ranked(self) -> list[Group]:
        """All groups: the wrong rows first, then those held back by a rule, then the notes; the most frequent first."""
        return sorted(self._groups.values(), key=lambda group: (_RANK.get(group.alike.kind, 1), -group.rows, group.row))


_RANK = {State.INVALID: 0, NOTE: 2}


def _alike(finding: Finding) -> Alike:
    code = finding.code.value if finding.code else ""
    column = finding.column or finding.field
    return Alike(finding.kind, code, column, finding.cause, without_numbers(finding.cure))
