"""Intents and outcomes, many at a time: one statement for all of them, because they are written on the event loop, where each
statement costs more around it than in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from campaign.adapters.journal.database import Database
from campaign.adapters.journal.rows import NEVER, contact, from_ms, to_ms
from campaign.core.errors import IllegalTransition
from campaign.core.outcome import Exchange, Verdict
from campaign.core.policy.person_caps import CapReached, PersonCap, cap_reached, longest
from campaign.core.record import Contact

T = TypeVar("T")
_MOST_TOGETHER = 64  # rows that one statement takes
_RESPONSE_KEPT = 2_000  # characters of an answer's body that are kept for the person


class Intent(NamedTuple):
    """That a row is to be called. See `Journal.begin`."""

    campaign: str
    lead: int
    now: datetime
    since: datetime | None
    caps: Sequence[PersonCap] = ()


class Outcome(NamedTuple):
    """What became of a call. See `Journal.finish`."""

    lead: int
    verdict: Verdict
    exchange: Exchange
    now: datetime


def write_intents(db: Database, intents: Sequence[Intent]) -> list[Contact | CapReached | None]:
    """Write intents as if one after the other; for each, what forbids it, and then it is not written."""
    found: dict[int, Contact | CapReached] = {}
    for some in _parts(intents):  # a part finds what those before it have written
        apart = _of_shared_people(db, some)
        found |= _write_unrelated(db, [intent for intent in some if intent.lead not in apart])
        for intent in some:
            if intent.lead in apart:
                found |= _write_unrelated(db, [intent])
    return [found.get(intent.lead) for intent in intents]


def _of_shared_people(db: Database, intents: Sequence[Intent]) -> set[int]:
    """The leads among them that have a number in common with another: who comes first forbids the others."""
    shared = db.run_for("shared_people", [(intent.lead,) for intent in intents])
    return {int(lead) for found in shared for lead in found["leads"].split(",")}


def _write_unrelated(db: Database, intents: Sequence[Intent]) -> dict[int, Contact | CapReached]:
    """Write intents of which none bears upon another. What forbids some, by their leads: those are not written."""
    if not intents:
        return {}
    asked = [
        (intent.lead, intent.campaign, NEVER if intent.since is None else to_ms(intent.since)) for intent in intents
    ]
    # The latest contact of each is kept.
    found: dict[int, Contact | CapReached] = {row["of"]: contact(row) for row in db.run_for("conflicts", asked)}
    for intent in intents:
        if intent.lead not in found and (reached := _cap_reached(db, intent)) is not None:
            found[intent.lead] = reached
    free = [(intent.lead, to_ms(intent.now)) for intent in intents if intent.lead not in found]
    if free:
        if db.run_for("begin_leads", free).rowcount != len(free):
            raise IllegalTransition("a lead is not pending: it can't be sent")
        db.run_for("begin_attempts", [(lead,) for lead, _ in free])
    return found


def _cap_reached(db: Database, intent: Intent) -> CapReached | None:
    back = longest(intent.caps)
    if back is None:
        return None
    made = db.run("calls_to_person", (intent.lead, to_ms(intent.now - back))).fetchall()
    return cap_reached(intent.caps, (from_ms(call["started_at"]) for call in made), intent.now)


def write_outcomes(db: Database, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes."""
    for some in _parts(outcomes):
        facts = [_facts(outcome) for outcome in some]
        if db.run_for("finish_leads", facts).rowcount != len(facts):
            raise IllegalTransition("a lead is not being sent: nothing can have become of it")
        db.run_for("finish_attempts", facts)


def _facts(outcome: Outcome) -> tuple[object, ...]:
    verdict, exchange = outcome.verdict, outcome.exchange
    return (
        outcome.lead,
        verdict.state,
        verdict.reason,
        verdict.cause or verdict.reason,
        exchange.status,
        exchange.body.decode("utf-8", "replace")[:_RESPONSE_KEPT],
        to_ms(outcome.now),
    )


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[first : first + _MOST_TOGETHER] for first in range(0, len(rows), _MOST_TOGETHER))
