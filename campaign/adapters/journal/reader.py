"""The journal as it is looked at: campaigns, where their rows stand, and whom they called. Nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from campaign.adapters.journal.database import Database
from campaign.adapters.journal.rows import (
    campaign_record,
    contact,
    doubt,
    due_lead,
    from_ms,
    from_ms_or_none,
    known,
    known_lead,
    result_row,
    to_ms,
)
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord, CampaignSummary, Contact, Doubt, DueLead, Known, KnownLead
from campaign.core.result import CampaignFacts, ResultRow


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

    def find_lead(self, row_id: str) -> KnownLead | None:
        """The row with that row id, of whatever campaign."""
        with self._db.explained():
            row = self._db.run("lead_by_row_id", (row_id,)).fetchone()
        return None if row is None else known_lead(row)

    def lead_at(self, campaign: str, number: int) -> KnownLead | None:
        """The campaign's row of that number."""
        with self._db.explained():
            row = self._db.run("lead_at", (campaign, number)).fetchone()
        return None if row is None else known_lead(row)

    def leads_with_number(self, campaign: str, digits: int) -> list[KnownLead]:
        """The campaign's rows that have a number, in the order of the file."""
        with self._db.explained():
            return [known_lead(row) for row in self._db.run("leads_by_number", (digits, campaign))]

    def last_number(self, campaign: str) -> int:
        """The highest row number of the campaign."""
        with self._db.explained():
            return self._db.number("last_number", (campaign,))

    def facts(self, campaign: str) -> CampaignFacts:
        """The campaign as its summary tells it."""
        with self._db.explained():
            row = self._db.run("campaign", (campaign,)).fetchone()
            first, last = self._db.run("submitted_span", (campaign,)).fetchone()
            reasons = [(State(state), cause, rows) for state, cause, rows in self._db.run("reasons", (campaign,))]
        record = campaign_record(row)
        return CampaignFacts(
            campaign=record.id,
            list_name=record.list_name,
            sheet=record.sheet,
            header=record.header,
            counts=self.counts(campaign),
            reasons=reasons,
            created_at=record.created_at,
            first_submitted_at=from_ms_or_none(first),
            last_submitted_at=from_ms_or_none(last),
            endpoint=record.endpoint,
            mapping_name=record.mapping_name,
            mapping_text=record.mapping_text,
            halted=row["halted"],
            forgotten_at=record.forgotten_at,
        )

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

    def doubts(self, campaign: str) -> list[Doubt]:
        """The campaign's rows that were sent and are not accepted, in the order of the file."""
        with self._db.explained():
            return [doubt(row) for row in self._db.run("doubts", (campaign,))]

    def taken(self, campaign: str) -> Iterator[Known]:
        """The campaign's accepted rows, in the order in which they were sent."""
        with self._db.explained():
            yield from map(known, self._db.run("taken", (campaign,)))
