"""Intents and outcomes of many rows at a time are what they are of one row after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, entered, pending

from campaign.adapters.journal import Journal
from campaign.adapters.journal.calls import Intent, Outcome
from campaign.core.errors import IllegalTransition
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.record import Contact, LeadRecord

DAY = timedelta(days=1)
ENDS = (State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.PENDING)
ANSWER = Exchange(connected=True, status=200, body='{"said": "größer\x00"}'.encode(), complete=True)
CAP = PersonCap(2, 3 * DAY, "at most two")

# Few people, so that rows share them, one of their two numbers or both.
PEOPLE = st.lists(st.integers(1, 9), min_size=1, max_size=2, unique=True)
ROUNDS = st.lists(
    st.tuples(st.sets(st.integers(0, 11), min_size=1), st.sampled_from(ENDS), st.booleans(), st.booleans()), max_size=5
)


@settings(max_examples=60)
@given(st.lists(PEOPLE, min_size=1, max_size=12), st.lists(PEOPLE, max_size=4), ROUNDS)
def test_a_batch_is_one_after_the_other(
    mine: list[list[int]], earlier: list[list[int]], rounds: list[tuple[set[int], State, bool, bool]]
) -> None:
    """Whoever shares a number, was called before or has a cap: the same answers, and the same in every table."""
    with TemporaryDirectory() as folder:
        together, alone = (Journal(Path(folder) / name) for name in ("together.db", "alone.db"))
        for journal in (together, alone):
            entered(journal, _rows(earlier), "earlier")
            for lead in journal.due("earlier", 0, 99):
                _begin_one(journal, Intent("earlier", lead.id, NOW - DAY, None))
            entered(journal, _rows(mine), "mine")
        for n, (picked, end, looks_back, capped) in enumerate(rounds):
            now = NOW + n * DAY
            due = [lead.id for lead in together.due("mine", 0, 99)]
            since, caps = (NOW - 30 * DAY if looks_back else None), ((CAP,) if capped else ())
            intents = [Intent("mine", due[at], now, since, caps) for at in sorted(picked) if at < len(due)]
            with together.atomic():
                answers = together.begin_all(intents)
            assert answers == [_begin_one(alone, intent) for intent in intents]
            begun = [intent.lead for intent, held in zip(intents, answers, strict=True) if held is None]
            outcomes = [Outcome(lead, Verdict(end, "because", cause="why"), ANSWER, now) for lead in begun]
            with together.atomic():
                together.finish_all(outcomes)
            for outcome in outcomes:
                with alone.atomic():
                    alone.finish(*outcome)
            assert _tables(together) == _tables(alone)
        together.close()
        alone.close()


def test_more_rows_than_a_statement_takes(journal: Journal) -> None:
    """A person far behind in the batch is known all the same, and every other row goes."""
    entered(journal, [*(pending(row) for row in range(2, 152)), pending(152, 2)])
    leads = journal.due("c1", 0, 999)
    with journal.atomic():
        answers = journal.begin_all([Intent("c1", lead.id, NOW, None) for lead in leads])
    assert [answer is None for answer in answers] == [True] * 150 + [False]
    with journal.atomic():
        journal.finish_all([Outcome(lead.id, Verdict(State.ACCEPTED, ""), ANSWER, NOW) for lead in leads[:150]])
    assert journal.counts("c1") == {State.ACCEPTED: 150, State.PENDING: 1}


def test_one_row_that_may_not_go_stops_the_batch(journal: Journal) -> None:
    """It is for the caller to undo it, and to try the others without that row."""
    entered(journal, [pending(2), pending(3)])
    first, second = journal.due("c1", 0, 9)
    with journal.atomic():
        journal.begin("c1", first.id, NOW, None)
    both = [Intent("c1", lead.id, NOW, None) for lead in (first, second)]
    with pytest.raises(IllegalTransition), journal.atomic():
        journal.begin_all(both)
    done = [Outcome(lead.id, Verdict(State.ACCEPTED, ""), ANSWER, NOW) for lead in (first, second)]
    with pytest.raises(IllegalTransition), journal.atomic():
        journal.finish_all(done)
    assert journal.counts("c1") == {State.SENDING: 1, State.PENDING: 1}


def _rows(people: Sequence[Sequence[int]]) -> list[LeadRecord]:
    return [pending(row, *numbers) for row, numbers in enumerate(people, 2)]


def _begin_one(journal: Journal, intent: Intent) -> Contact | CapReached | None:
    with journal.atomic():
        return journal.begin(*intent)


def _tables(journal: Journal) -> list[list[tuple[Any, ...]]]:
    read = journal._db.connection.execute
    return [[tuple(row) for row in read(f"SELECT * FROM {table}")] for table in ("lead", "attempt")]
