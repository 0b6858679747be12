"""The journal as it is looked at: campaigns, where their rows stand, and whom they called. Nothing here writes."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.adapters.journal.database import Database
from campaign.adapters.journal.rows import (
    NEVER,
    campaign_record,
    contact,
    doubt,
    due_lead,
    from_ms,
    from_ms_or_none,
    known,
    known_lead,
    pace_of,
    phones_of,
    result_row,
    to_ms,
    trouble,
)
from campaign.core.lifecycle import State
from campaign.core.record import (
    CampaignRecord,
    CampaignSummary,
    Contact,
    Doubt,
    DueLead,
    EarlierCall,
    Known,
    KnownLead,
    Trouble,
)
from campaign.core.result import CampaignFacts, ResultRow
from campaign.core.timeline import NOTHING_ATTEMPTED, Timeline, start_of, stretch_width, timeline

if TYPE_CHECKING:
    from campaign.core.figures import Figures
    from campaign.core.pacing.forecast import Group
    from campaign.core.pacing.pace import Pace
    from campaign.core.policy.quota import Call


class JournalReader:
    """The journal's file, only to be read, also while another process writes it. Raises `WorkspaceError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = self._open(path)

    def _open(self, path: Path) -> Database:
        return Database(path, readonly=True)

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self._db.close()

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read inside is of one moment, whatever another process writes meanwhile."""
        return self._db.snapshot()

    def campaign(self, campaign: str) -> CampaignRecord | None:
        """The campaign of that id."""
        with self._db.explained():
            row = self._db.run("campaign", (campaign,)).fetchone()
        return None if row is None else campaign_record(row)

    def campaigns(self) -> list[CampaignSummary]:
        """All campaigns, the newest first."""
        with self._db.explained():
            rows = self._db.run("campaigns").fetchall()
            return [
                CampaignSummary(
                    row["id"],
                    row["list_name"],
                    from_ms(row["created_at"]),
                    self.counts(row["id"]),
                    row["halted"],
                    from_ms_or_none(row["forgotten_at"]),
                )
                for row in rows
            ]

    def campaigns_of_list(self, sha256: str) -> list[str]:
        """The campaigns that were made of a list with this content, the newest first."""
        with self._db.explained():
            return [row["id"] for row in self._db.run("campaigns_of_list", (sha256,))]

    def counts(self, campaign: str) -> dict[State, int]:
        """Rows by state, in the order of `State`."""
        with self._db.explained():
            found = {State(row[0]): row[1] for row in self._db.run("counts", (campaign,))}
        return {state: found[state] for state in State if state in found}

    def contacts(self, digits: Sequence[int], since: datetime, besides: str) -> dict[int, Contact]:
        """The latest contact since `since` to each of the numbers that had one, in other campaigns than `besides`."""
        with self._db.explained():
            rows = self._db.run("contacts", (json.dumps(digits), to_ms(since), besides)).fetchall()
        return {row["digits"]: contact(row) for row in rows}

    def calls(self, digits: Sequence[int], since: datetime) -> dict[int, list[EarlierCall]]:
        """The calls since `since` to each of the numbers that had one, in all campaigns, forgotten ones too."""
        found: dict[int, list[EarlierCall]] = {}
        with self._db.explained():
            for row in self._db.run("calls", (json.dumps(digits), to_ms(since))):
                call = EarlierCall(row["lead"], row["n"], from_ms(row["started_at"]))
                found.setdefault(row["digits"], []).append(call)
        return found

    def count_calls(self, campaign: str) -> int:
        """How many calls of the campaign were made, or may have been."""
        with self._db.explained():
            return self._db.number("count_calls", (campaign,))

    def calls_since(self, campaign: str, since: datetime) -> Iterator[tuple[Call, datetime]]:
        """The campaign's calls since `since` that were made or may have been, and when."""
        with self._db.explained():
            for row in self._db.run("calls_since", {"campaign": campaign, "since": to_ms(since)}):
                yield _call(row), from_ms(row["started_at"])

    def reasons(self, campaign: str) -> list[tuple[State, str, int]]:
        """Rows by state and reason, the most frequent first."""
        with self._db.explained():
            return [(State(state), cause, rows) for state, cause, rows in self._db.run("reasons", (campaign,))]

    def troubles(self, campaign: str, most: int) -> tuple[Trouble, ...]:
        """The rows that were sent last of those that a person should look at, the latest first."""
        with self._db.explained():
            return tuple(map(trouble, self._db.run("troubles", (campaign, most))))

    def dispositions(self, campaign: str) -> list[tuple[str, int]]:
        """Rows by what the phone did, as far as reports have told it, the most frequent first."""
        with self._db.explained():
            return [(said, rows) for said, rows in self._db.run("dispositions", (campaign,))]

    def openings(
        self, campaign: str, only: Collection[int] | None = None, released: Collection[int] = ()
    ) -> list[Group]:
        """The rows that are pending, deferred or failed, of `only`, and those of `released`, by when they may be called, to
        the quarter of an hour."""
        with self._db.explained():
            rows = self._db.run("openings", _wanted(campaign, only, released))
            return [_group(row, row["rows"]) for row in rows]

    def openings_by_call(
        self, campaign: str, only: Collection[int] | None = None, released: Collection[int] = ()
    ) -> list[tuple[Group, Call]]:
        """The same by what the calls are counted by too."""
        found: Counter[tuple[Group, Call]] = Counter()
        with self._db.explained():
            for row in self._db.run("openings_by_call", _wanted(campaign, only, released)):
                found[_group(row, 0), _call(row)] += 1
        return [(replace(group, rows=rows), call) for (group, call), rows in found.items()]

    def waiting(self, campaign: str, only: Collection[int] | None) -> tuple[datetime | None, int]:
        """When the first deferred row that knows its moment may be called, and how many such rows there are; of `only`."""
        with self._db.explained():
            values = {"campaign": campaign, "only": None if only is None else json.dumps(sorted(only))}
            first, rows = self._db.run("waiting", values).fetchone()
            return from_ms_or_none(first), rows

    def find_lead(self, row_id: str) -> KnownLead | None:
        """The row with that row id, of whatever campaign."""
        with self._db.explained():
            row = self._db.run("lead_by_row_id", (row_id,)).fetchone()
        return None if row is None else known_lead(row)

    def find_leads(self, row_ids: Sequence[str]) -> dict[str, KnownLead]:
        """`find_lead` for many: those that there are, by their row ids."""
        with self._db.explained():
            found = self._db.run("leads_by_row_ids", (json.dumps(row_ids),))
            return {row["row_id"]: known_lead(row) for row in found}

    def leads_at(self, campaign: str, numbers: Sequence[int]) -> dict[int, KnownLead]:
        """The campaign's rows of these numbers, by them."""
        with self._db.explained():
            found = self._db.run("leads_at", (campaign, json.dumps(numbers)))
            return {row["number"]: known_lead(row) for row in found}

    def leads_with_number(self, campaign: str, digits: int, besides: int | None = None) -> list[KnownLead]:
        """The campaign's rows that have a phone number, without the lead `besides`, in the order of the file."""
        with self._db.explained():
            return [known_lead(row) for row in self._db.run("leads_by_number", (digits, besides, campaign))]

    def last_number(self, campaign: str) -> int:
        """The highest row number of the campaign."""
        with self._db.explained():
            return self._db.number("last_number", (campaign,))

    def facts(self, campaign: str, *, over_time: bool = False) -> CampaignFacts:
        """The campaign as its summary tells it; its attempts over time only where they are asked for, as counting them takes a
        while."""
        with self._db.explained():
            row = self._db.run("campaign", (campaign,)).fetchone()
            first, last = self._db.run("submitted_span", (campaign,)).fetchone()
        record = campaign_record(row)
        return CampaignFacts(
            campaign=record.id,
            list_name=record.list_name,
            sheet=record.sheet,
            header=record.header,
            counts=self.counts(campaign),
            reasons=self.reasons(campaign),
            created_at=record.created_at,
            first_submitted_at=from_ms_or_none(first),
            last_submitted_at=from_ms_or_none(last),
            endpoint=record.endpoint,
            mapping_name=record.mapping_name,
            mapping_text=record.mapping_text,
            halted=row["halted"],
            forgotten_at=record.forgotten_at,
            timeline=self.timeline(campaign) if over_time else NOTHING_ATTEMPTED,
        )

    def timeline(self, campaign: str) -> Timeline:
        """The campaign's attempts over time, of forgotten campaigns too."""
        with self._db.explained():
            first, last = self._db.run("attempt_span", (campaign,)).fetchone()
            if first is None:
                return NOTHING_ATTEMPTED
            width = stretch_width(from_ms(first), from_ms(last))
            values = {
                "campaign": campaign,
                "origin": to_ms(start_of(0, width)),
                "width": width // timedelta(milliseconds=1),
            }
            rows = self._db.run("attempts_by_stretch", values)
            return timeline(width, ((row["stretch"], State(row["state"]), row["attempts"]) for row in rows))

    def figures(self, campaign: str, now: datetime) -> Figures:
        """The campaign in figures, of forgotten campaigns too; a run that is going on is counted up to `now`."""
        from campaign.adapters.journal.figures import FiguresReader  # most commands count nothing

        with self._db.explained():
            return FiguresReader(self._db, campaign).read(self.timeline(campaign), now)

    def results(self, campaign: str) -> Iterator[ResultRow]:
        """Every row of the campaign in the order of the file, streamed."""
        with self._db.explained():
            yield from map(result_row, self._db.run("results", (campaign,)))

    def count_due_deferred(self, campaign: str, now: datetime) -> int:
        """How many rows `release_deferred` would release."""
        with self._db.explained():
            return self._db.number("count_due_deferred", (campaign, to_ms(now)))

    def next_allowed(self, campaign: str) -> datetime | None:
        """When the first deferred row may be called; None if none is deferred."""
        with self._db.explained():
            return from_ms_or_none(self._db.run("next_allowed", (campaign,)).fetchone()[0])

    def last_moment(self, campaign: str) -> datetime:
        """The latest moment at which a row of the campaign was sent or, before that, the campaign was entered."""
        with self._db.explained():
            return from_ms(self._db.number("last_moment", (campaign,)))

    def leads_in(self, campaign: str, state: State) -> set[int]:
        """The lead ids of the campaign's rows in `state`."""
        with self._db.explained():
            return {row["id"] for row in self._db.run("leads_in", (campaign, state))}

    def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """The next pending rows, in the order of the file, after row number `after`."""
        with self._db.explained():
            return [due_lead(row) for row in self._db.run("due", (campaign, after, limit))]

    def due_by_closing(self, campaign: str, after: DueLead | None, limit: int) -> list[DueLead]:
        """The next pending rows after `after`, those first whose calling hours close soonest."""
        closing, number = (-1, 0) if after is None else (_closing(after), after.number)
        with self._db.explained():
            return [due_lead(row) for row in self._db.run("due_by_closing", (campaign, closing, number, limit))]

    def closed_by(self, campaign: str, now: datetime, limit: int) -> list[DueLead]:
        """Pending rows whose calling hours, as they were judged, have closed."""
        with self._db.explained():
            return [due_lead(row) for row in self._db.run("closed_by", (campaign, to_ms(now), limit))]

    def paces(self, campaign: str) -> Iterator[Pace]:
        """How fast the campaign's calls could go, in the order of time, streamed."""
        with self._db.explained():
            yield from map(pace_of, self._db.run("paces", (campaign,)))

    def last_pace(self, campaign: str) -> Pace | None:
        """The last of `paces`; None if nothing was ever sent."""
        with self._db.explained():
            row = self._db.run("last_pace", (campaign,)).fetchone()
        return None if row is None else pace_of(row)

    def being_sent(self) -> list[str]:
        """The campaigns of which calls can go, as far as the journal knows; the one that changed its pace last comes first."""
        with self._db.explained():
            return [row["campaign"] for row in self._db.run("being_sent")]

    def doubts(self, campaign: str) -> list[Doubt]:
        """The campaign's rows that were sent and are not accepted, in the order of the file."""
        with self._db.explained():
            return [doubt(row) for row in self._db.run("doubts", (campaign,))]

    def taken(self, campaign: str) -> Iterator[Known]:
        """The campaign's accepted rows, in the order in which they were sent."""
        with self._db.explained():
            yield from map(known, self._db.run("taken", (campaign,)))


def _closing(lead: DueLead) -> int:
    closes = to_ms(lead.closes_at)
    return NEVER if closes is None else closes


def _wanted(campaign: str, only: Collection[int] | None, released: Collection[int]) -> dict[str, str | None]:
    listed = None if only is None else json.dumps(sorted(only))
    return {"campaign": campaign, "only": listed, "released": json.dumps(sorted(released))}


# Forecasts and quotas are imported where they are used: `status` and completion must not wait for them.


def _call(row: sqlite3.Row) -> Call:
    from campaign.core.policy.quota import Call

    return Call.of(json.loads(row["payload"]) if row["payload"] else {}, phones_of(row["phones"]))


def _group(row: sqlite3.Row, rows: int) -> Group:
    from campaign.core.pacing.forecast import Group

    return Group(from_ms_or_none(row["opens"]), from_ms_or_none(row["closes"]), rows, row["state"] != State.DEFERRED)
