"""What comes back: the columns that the result workbook adds to the person's own, and the facts of its summary."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from campaign.core.cells.cell import Cell
from campaign.core.lifecycle import State
from campaign.core.problem import Problem
from campaign.core.timeline import NOTHING_ATTEMPTED, Timeline

CALL_COLUMNS = (
    "call_status",
    "call_reason",
    "call_phone",
    "call_attempts",
    "call_http_status",
    "call_response",
    "call_submitted_at",
    "call_next_allowed",
    "call_row_id",
)
"""The columns that we add, in their order: a contract."""

RESULT_SHEETS = ("Results", "Summary", "Mapping")
"""The sheets that every result workbook has. The first one has the rows."""


def sheet_title(title: str, n: int) -> str:
    """The title of the n-th sheet, from 1, on which rows go on that are too many for one: `Results`, `Results 2`."""
    return title if n == 1 else f"{title} {n}"


TO_CORRECT = "To correct"
"""The sheet with the rows that a person has to correct, in results and in reports. Results of earlier versions don't have
it."""
AS_WRITTEN = "call_as_written"
"""The column of that sheet with the marks of the cells as they were written (see `as_written`)."""
CORRECTED = frozenset({State.INVALID, State.REJECTED})
"""The states of its rows. Those of unknown ones are no mistake in the row: the calls have to be looked up."""


class ResultRow(NamedTuple):
    """One row of the result: the person's cells, and what became of the call. Times are UTC. A named tuple, as a `SourceRow` is.

    `cause` is the reason without the row's own values, `problems` are those of an invalid row as far as cells are to blame.
    """

    number: int
    cells: tuple[Cell, ...]
    state: State
    reason: str
    phone: str
    attempts: int
    http_status: int | None
    response: str
    submitted_at: datetime | None
    next_allowed: datetime | None
    row_id: str
    cause: str = ""
    problems: tuple[Problem, ...] = ()

    def call_cells(self) -> tuple[Cell, ...]:
        """Our cells, in the order of `CALL_COLUMNS`. Times as ISO 8601 text with a `Z`."""
        return (
            self.state.value,
            self.reason or None,
            self.phone or None,
            self.attempts,
            self.http_status,
            self.response or None,
            iso(self.submitted_at),
            iso(self.next_allowed),
            self.row_id,
        )


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign as its summary tells it. `counts` has one number per state that occurs; `reasons` counts rows by
    state and reason, the most frequent first. Moments are UTC."""

    campaign: str
    list_name: str
    sheet: str
    header: tuple[str, ...]
    counts: MappingOf[State, int]
    reasons: Sequence[tuple[State, str, int]]
    created_at: datetime
    first_submitted_at: datetime | None
    last_submitted_at: datetime | None
    endpoint: str
    mapping_name: str
    mapping_text: str
    halted: str
    forgotten_at: datetime | None = None
    timeline: Timeline = NOTHING_ATTEMPTED

    @property
    def total(self) -> int:
        """All rows of the campaign."""
        return sum(self.counts.values())


def result_header(header: Sequence[str]) -> tuple[str, ...]:
    """The list's header followed by ours; a name that the list has already gets a suffix (`call_status_2`)."""
    return (*header, *_unique(CALL_COLUMNS, header))


def correction_header(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before the list's own columns on `To correct`, and after them; named as in `result_header`."""
    ours = dict(zip(CALL_COLUMNS, _unique(CALL_COLUMNS, header), strict=True))
    row, written = _unique(("call_row", AS_WRITTEN), header)
    return (row, ours["call_status"], ours["call_reason"]), (ours["call_row_id"], written)


def _unique(names: Sequence[str], header: Sequence[str]) -> list[str]:
    taken = {name.casefold() for name in header}
    ours: list[str] = []
    for name in names:
        unique, n = name, 2
        while unique.casefold() in taken:
            unique, n = f"{name}_{n}", n + 1
        taken.add(unique.casefold())
        ours.append(unique)
    return ours


def iso(moment: datetime | None) -> str | None:
    """A UTC moment as `2026-11-23T10:15:04Z`, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
