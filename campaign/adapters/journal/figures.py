"""A campaign in figures: counted inside the journal's file, so that a million rows need no more memory than ten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from campaign.adapters.journal.database import Database
from campaign.adapters.journal.rows import pace_of, phones_of
from campaign.core.cells.cell import load_cells
from campaign.core.figures import (
    ACTED_ON,
    AnswerTimes,
    Breakdown,
    Figures,
    Funnel,
    WaitingRow,
    breakdown,
    funnel,
    told_without_values,
)
from campaign.core.lead import shortened
from campaign.core.lifecycle import State
from campaign.core.pacing.pace import Pace, allowed_calls
from campaign.core.timeline import Timeline

MOST_GROUPS = 25
MOST_WAITING = 50
"""Rows of one state, at most: a person who has more of them works in the result workbook."""


class FiguresReader:
    """Counts one campaign. What it reads is of one moment only inside `Database.snapshot`."""

    def __init__(self, db: Database, campaign: str) -> None:
        self._db = db
        self._campaign = campaign

    def read(self, timeline: Timeline, now: datetime) -> Figures:
        """All figures; a run that is going on is counted up to `now`."""
        return Figures(
            funnel=self._funnel(),
            timeline=timeline,
            allowed=allowed_calls(self._paces(), timeline, now),
            fastest=max((pace.allowed for pace in self._paces() if pace.allowed is not None), default=None),
            answer_times=AnswerTimes(tuple((ms, n) for ms, n in self._db.run("answer_times", (self._campaign,)))),
            dispositions=[(said, rows) for said, rows in self._db.run("dispositions", (self._campaign,))],
            countries=self._breakdown("by_country"),
            agents=self._breakdown("by_agent"),
            waiting=[row for state in ACTED_ON for row in self._waiting(state)],
        )

    def _paces(self) -> Iterator[Pace]:
        return map(pace_of, self._db.run("paces", (self._campaign,)))

    def _funnel(self) -> Funnel:
        rows = self._db.run("funnel", (self._campaign,))
        return funnel((State(row["state"]), bool(row["sent"]), row["rows"]) for row in rows)

    def _breakdown(self, query: str) -> Breakdown:
        rows = self._db.run(query, {"campaign": self._campaign, "most": MOST_GROUPS}).fetchall()
        groups = rows[0]["groups"] if rows else 0
        return breakdown(
            ((row["name"], State(row["state"]), row["rows"]) for row in rows), max(groups - MOST_GROUPS, 0)
        )

    def _waiting(self, state: State) -> list[WaitingRow]:
        return [_waiting_row(row) for row in self._db.run("waiting_rows", (self._campaign, state, MOST_WAITING))]


def _waiting_row(row: sqlite3.Row) -> WaitingRow:
    state, phones = State(row["state"]), phones_of(row["phones"])
    reason = told_without_values(state, row["reason"], row["cause"], load_cells(row["cells"]))
    return WaitingRow(row["number"], shortened(phones[0].e164) if phones else "", state, reason)
