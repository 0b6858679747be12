"""Where rows stand in the workbook: from a number on `Summary` a person is led to the first row that it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.core.lifecycle import State
from campaign.core.problem import without_numbers
from campaign.core.result import ResultRow


@dataclass(frozen=True, slots=True)
class FirstRow:
    """Where the first row of its kind stands on `Results`, and on `To correct` ("" if it does not). `cure` is that of its
    first wrong cell, if it has one."""

    results: str
    to_correct: str
    cure: str


class FirstRows:
    """The first row of each state, and of each of the `reasons`: a state, and the reason without a row's own values."""

    def __init__(self, reasons: Iterable[tuple[State, str]]) -> None:
        self._reasons = frozenset(reasons)
        self._of_reason: dict[tuple[State, str], FirstRow] = {}
        self._of_state: dict[State, FirstRow] = {}

    def add(self, row: ResultRow, results: str, to_correct: str) -> None:
        """A row that stands in those places."""
        kind = row.state, row.cause
        is_new = row.state not in self._of_state
        if is_new or (kind not in self._of_reason and kind in self._reasons):
            cure = without_numbers(row.problems[0].cure) if row.problems else ""
            first = FirstRow(results, to_correct, cure)
            self._of_state.setdefault(row.state, first)
            if kind in self._reasons:
                self._of_reason.setdefault(kind, first)

    def of_state(self, state: State) -> FirstRow | None:
        """The first row of that state."""
        return self._of_state.get(state)

    def of_reason(self, state: State, cause: str) -> FirstRow | None:
        """The first row of that state and reason."""
        return self._of_reason.get((state, cause))
