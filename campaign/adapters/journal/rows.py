"""Rows of the journal's tables as the values that the rest of the program knows, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from campaign.core.cells.cell import load_cells
from campaign.core.lead import Phone, shortened
from campaign.core.lifecycle import State
from campaign.core.pacing.pace import Pace
from campaign.core.places.place import NOWHERE, Place
from campaign.core.record import CampaignRecord, Contact, Doubt, DueLead, Judgement, Known, KnownLead, Trouble
from campaign.core.result import ResultRow

NEVER = 2**63 - 1
"""Milliseconds; later than any clock says."""
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def judgement_values(judgement: Judgement) -> tuple[Any, ...]:
    """A judgement's part of a row: payload, phones, place, state, reason, cause, notes, next allowed, valid until, closes at."""
    request = judgement.request
    return (
        _as_json(dict(request.payload)) if request else None,
        dump_phones(request.numbers if request else ()),
        _dumped(request.place) if request else "",
        judgement.state,
        judgement.reason,
        judgement.cause,
        _as_json([note.text for note in judgement.notes]),
        to_ms(judgement.next_allowed),
        to_ms(judgement.valid_until),
        NEVER if judgement.closes_at is None else to_ms(judgement.closes_at),
    )


def campaign_record(row: sqlite3.Row) -> CampaignRecord:
    """A row of `campaign`."""
    return CampaignRecord(
        id=row["id"],
        created_at=from_ms(row["created_at"]),
        list_name=row["list_name"],
        list_path=row["list_path"],
        list_sha256=row["list_sha256"],
        sheet=row["sheet"],
        header=tuple(json.loads(row["header"])),
        mapping_name=row["mapping_name"],
        mapping_text=row["mapping_text"],
        mapping_folder=row["mapping_folder"],
        endpoint=row["endpoint"],
        widget=row["widget"],
        forgotten_at=from_ms_or_none(row["forgotten_at"]),
    )


def known_lead(row: sqlite3.Row) -> KnownLead:
    """A row of `lead`, to be matched with a corrected one."""
    payload = json.loads(row["payload"]) if row["payload"] else {}
    return KnownLead(row["id"], row["campaign"], row["number"], State(row["state"]), load_cells(row["cells"]), payload)


def contact(row: sqlite3.Row) -> Contact:
    """A row of `contacts` or `conflict`."""
    return Contact(row["campaign"], row["row"], State(row["state"]), from_ms(row["submitted_at"]))


def dump_phones(phones: Sequence[Phone]) -> str:
    """The numbers of a row as JSON; `phones_of` gives them back."""
    return json.dumps([[phone.e164, phone.region] for phone in phones])


def phones_of(text: str) -> tuple[Phone, ...]:
    """The numbers of a row."""
    return tuple(Phone(e164, region) for e164, region in json.loads(text))


def digits_of(text: str) -> tuple[str, ...]:
    """The numbers of a row, digits alone."""
    return tuple(phone.e164[1:] for phone in phones_of(text))


def doubt(row: sqlite3.Row) -> Doubt:
    """A row of `doubts`."""
    return Doubt(
        row["id"],
        row["number"],
        State(row["state"]),
        digits_of(row["phones"]),
        from_ms(row["sent_at"]),
        _expected_at(row),
        row["target"],
    )


def known(row: sqlite3.Row) -> Known:
    """A row of `taken`."""
    return Known(row["number"], digits_of(row["phones"]), _expected_at(row), row["target"])


def _expected_at(row: sqlite3.Row) -> datetime | None:
    """When the call of a row that was sent was to be made."""
    from campaign.core.reconciliation import (
        expected_at,  # not at the top: it brings statistics, and only reconcile asks
    )

    return expected_at(json.loads(row["payload"]) if row["payload"] else {}, from_ms(row["submitted_at"]))


def trouble(row: sqlite3.Row) -> Trouble:
    """A row of `troubles`."""
    phones = phones_of(row["phones"])
    return Trouble(row["number"], shortened(phones[0].e164) if phones else "", State(row["state"]), row["cause"])


def pace_values(pace: Pace) -> tuple[Any, ...]:
    """A pace's part of a row: at, allowed, waits until."""
    return to_ms(pace.at), pace.allowed, to_ms(pace.waits_until)


def pace_of(row: sqlite3.Row) -> Pace:
    """A row of `pace`."""
    return Pace(from_ms(row["at"]), row["allowed"], from_ms_or_none(row["waits_until"]))


def _sentence(note: str) -> str:
    return note if note.endswith(".") else f"{note}."


def to_ms(moment: datetime | None) -> int | None:
    """A moment as the journal keeps it."""
    return None if moment is None else int(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The moment that the journal keeps."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def from_ms_or_none(ms: int | None) -> datetime | None:
    """The moment that the journal keeps, if it keeps one."""
    return None if ms is None else from_ms(ms)


def result_row(row: sqlite3.Row) -> ResultRow:
    """A row of `results`."""
    phones = phones_of(row["phones"])
    notes = (_sentence(note) for note in json.loads(row["notes"]))
    return ResultRow(
        number=row["number"],
        cells=load_cells(row["cells"]),
        state=State(row["state"]),
        reason=" ".join(filter(None, (row["reason"], *notes))),
        phone=phones[0].e164 if phones else "",
        attempts=row["attempts"],
        http_status=row["http_status"],
        response=row["response"],
        submitted_at=from_ms_or_none(row["submitted_at"]),
        next_allowed=from_ms_or_none(row["next_allowed"]),
        row_id=row["row_id"],
        cause=row["cause"],
    )


def due_lead(row: sqlite3.Row) -> DueLead:
    """A row of `due`."""
    return DueLead(
        row["id"],
        row["number"],
        row["row_id"],
        json.loads(row["payload"]),
        phones_of(row["phones"]),
        row["attempts"],
        _place(row["place"]),
        from_ms_or_none(row["valid_until"]),
        None if row["closes_at"] == NEVER else from_ms(row["closes_at"]),
    )


def _dumped(place: Place) -> str:
    return "" if place == NOWHERE else json.dumps({"zones": place.zones, "states": place.states})


def _place(text: str) -> Place:
    if not text:
        return NOWHERE
    kept = json.loads(text)
    return Place(tuple(kept["zones"]), tuple(kept["states"]))
