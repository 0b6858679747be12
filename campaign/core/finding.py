"""What a dry run has to say about a row."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.core.problem import Problem

NOTE = "note"
"""The kind of a finding about a row that is sent all the same."""

SKIPPED = "skipped"
"""The kind of a finding about rows that are left out: no leads, or hidden. `row` is the first of them."""

COLUMNS = ("row", "status", "code", "field", "column", "value", "message", "cure")
"""The columns of a report, one line a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a row that a person should know: a problem of a cell, a row held back by a rule, or a note.

    `kind` is the state that it puts the row in, `NOTE` where the row is sent all the same, or `SKIPPED`. `text` is the
    whole sentence.
    """

    row: int
    kind: str
    problem: Problem | None
    text: str

    def line(self) -> dict[str, str | int | None]:
        """The finding by `COLUMNS`; None where a column says nothing."""
        problem = self.problem
        if problem is None:
            return dict.fromkeys(COLUMNS) | {"row": self.row, "status": self.kind, "message": self.text}
        return {
            "row": self.row,
            "status": self.kind,
            "code": problem.code.value,
            "field": problem.field,
            "column": problem.column,
            "value": problem.value,
            "message": problem.message,
            "cure": problem.cure,
        }
