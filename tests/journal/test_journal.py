"""The journal: transitions, the guard against a second call, drafts, recovery."""

from __future__ import annotations

import math
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, entered, number, pending, record, request

from campaign.adapters.journal import Journal, JournalReader
from campaign.core.errors import IllegalTransition, WorkspaceError
from campaign.core.lifecycle import INITIAL, TRANSITIONS, State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.record import Contact, Judgement, LeadRecord
from campaign.core.timeline import NOTHING_ATTEMPTED, Stretch

DAY = timedelta(days=1)
ANSWER = Exchange(connected=True, status=200, body=b'{"success": true}', complete=True)


def send(journal: Journal, lead: int, state: State = State.ACCEPTED, campaign: str = "c1") -> None:
    """Take a lead through sending to `state`."""
    with journal.atomic():
        assert journal.begin(campaign, lead, NOW, NOW - DAY) is None
    with journal.atomic():
        journal.finish(lead, Verdict(state, "because"), ANSWER, NOW)


def test_commits_are_durable(tmp_path: Path) -> None:
    """The file is in WAL mode, every commit is synced, and only its owner can read it."""
    journal = Journal(tmp_path / "journal.db")
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    db.close()
    if sys.platform != "win32":
        assert (tmp_path / "journal.db").stat().st_mode & 0o077 == 0


def test_results_come_back_in_the_order_of_the_file(journal: Journal) -> None:
    """All rows, whatever became of them, with their cells."""
    invalid = LeadRecord(3, ("x", 5, None), Judgement(State.INVALID, None, "Phone: no number.", "Phone: no number"))
    entered(journal, [pending(2), invalid, pending(4)])
    send(journal, journal.due("c1", 0, 1)[0].id)
    rows = list(journal.results("c1"))
    assert [(row.number, row.state) for row in rows] == [(2, State.ACCEPTED), (3, State.INVALID), (4, State.PENDING)]
    assert rows[1].cells == ("x", 5, None)
    assert rows[0].row_id == "c1-2"
    assert rows[0].submitted_at == NOW
    assert rows[0].response == '{"success": true}'
    facts = journal.facts("c1")
    assert facts.total == 3
    assert facts.reasons == [(State.ACCEPTED, "because", 1), (State.INVALID, "Phone: no number", 1)]


def test_attempts_are_counted_over_time(journal: Journal) -> None:
    """By when they began and what they left the row as: one that was tried again, one under way, none of other campaigns."""
    entered(journal, [pending(2), pending(3), pending(4)])
    entered(journal, [pending(2, 900)], "c2")
    assert journal.timeline("c1") == NOTHING_ATTEMPTED
    for lead, campaign in [(lead, c) for c in ("c1", "c2") for lead in journal.due(c, 0, 2)]:
        send(journal, lead.id, State.PENDING if lead.number == 3 else State.ACCEPTED, campaign)
    for lead in journal.due("c1", 0, 2):
        with journal.atomic():
            assert journal.begin("c1", lead.id, NOW + timedelta(minutes=2, seconds=lead.number), None) is None
    line = journal.timeline("c1")
    assert line.width == timedelta(seconds=5)
    assert line.stretches[0] == Stretch(NOW, {State.ACCEPTED: 1, State.PENDING: 1})
    assert line.stretches[-1] == Stretch(NOW + timedelta(minutes=2), {State.SENDING: 2})
    assert line.total == 4
    assert (journal.facts("c1", over_time=True).timeline, journal.facts("c1").timeline) == (line, NOTHING_ATTEMPTED)
    assert journal.timeline("c2").stretches == (Stretch(NOW, {State.ACCEPTED: 1}),)


def test_a_row_is_begun_once(journal: Journal) -> None:
    """A second intent for a row under way is refused and changes nothing."""
    entered(journal, [pending(2)])
    [lead] = journal.due("c1", 0, 10)
    with journal.atomic():
        journal.begin("c1", lead.id, NOW, NOW - DAY)
    with pytest.raises(IllegalTransition), journal.atomic():
        journal.begin("c1", lead.id, NOW, NOW - DAY)
    assert journal.counts("c1") == {State.SENDING: 1}
    assert next(journal.results("c1")).attempts == 1


@pytest.mark.parametrize("second", [False, True], ids=["first number", "second number"])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNKNOWN])
def test_a_person_whom_another_campaign_may_have_called_is_left_alone(
    journal: Journal, state: State, second: bool
) -> None:
    """Both numbers count, and it is looked up in the very transaction that writes the intent."""
    entered(journal, [pending(2, 700, 701)])
    entered(journal, [pending(2, 702, 701) if second else pending(2, 700)], "c2")
    send(journal, journal.due("c1", 0, 1)[0].id, state)
    [lead] = journal.due("c2", 0, 1)
    with journal.atomic():
        contact = journal.begin("c2", lead.id, NOW, NOW - DAY)
    assert isinstance(contact, Contact)
    assert (contact.campaign, contact.row, contact.state) == ("c1", 2, state)
    assert journal.counts("c2") == {State.PENDING: 1}


def test_an_old_contact_of_another_campaign_does_not_count(journal: Journal) -> None:
    """`recontact_after` bounds the look back; None looks at no other campaign."""
    entered(journal, [pending(2, 700)])
    entered(journal, [pending(2, 700), pending(3, 700)], "c2")
    send(journal, journal.due("c1", 0, 1)[0].id)
    first, second = journal.due("c2", 0, 2)
    later = NOW + DAY + timedelta(seconds=1)
    with journal.atomic():
        assert journal.begin("c2", first.id, NOW, NOW - DAY) is not None
        assert journal.begin("c2", first.id, later, later - DAY) is None
        # Within one campaign nobody is called twice, however long ago.
        assert journal.begin("c2", second.id, later + 9 * DAY, None) is not None


def test_a_failed_call_is_no_contact(journal: Journal) -> None:
    """It is proven that nobody was called."""
    entered(journal, [pending(2, 700)])
    entered(journal, [pending(2, 700)], "c2")
    send(journal, journal.due("c1", 0, 1)[0].id, State.FAILED)
    with journal.atomic():
        assert journal.begin("c2", journal.due("c2", 0, 1)[0].id, NOW, NOW - DAY) is None


def test_contacts_are_found_by_number(journal: Journal) -> None:
    """The look-up at entry tells who called whom."""
    entered(journal, [pending(2, 700, 701), pending(3, 702)])
    for lead in journal.due("c1", 0, 9):
        send(journal, lead.id)
    digits = [phone.digits for phone in request(700, 701).numbers] + [1]
    found = journal.contacts(digits, NOW - DAY, "other")
    assert set(found) == set(digits[:2])
    assert journal.contacts(digits, NOW + DAY, "other") == {}
    assert journal.contacts(digits, NOW - DAY, "c1") == {}


def test_rows_of_a_run_that_died_become_unknown(tmp_path: Path) -> None:
    """The intent was durable, the answer is not known: never sent again by itself."""
    journal = Journal(tmp_path / "journal.db")
    entered(journal, [pending(2), pending(3)])
    with journal.atomic():
        journal.begin("c1", journal.due("c1", 0, 1)[0].id, NOW, NOW - DAY)
    journal.close()
    again = Journal(tmp_path / "journal.db")
    assert again.recover(NOW) == {"c1": 1}
    assert again.counts("c1") == {State.PENDING: 1, State.UNKNOWN: 1}
    assert [lead.number for lead in again.due("c1", 0, 9)] == [3]
    assert again.recover(NOW) == {}
    again.close()


def test_a_draft_is_nothing(journal: Journal) -> None:
    """Before a person has said yes, a campaign can't be found, and a crash leaves none behind."""
    journal.add_campaign(record())
    with journal.atomic():
        journal.add_leads("c1", [pending(2)])
    assert journal.campaign("c1") is None
    assert journal.campaigns() == []
    journal.recover(NOW)
    journal.open_campaign("c1")
    assert journal.campaign("c1") is None


def test_deferred_rows_are_released_when_due(journal: Journal) -> None:
    """Not before."""
    late = Judgement(State.DEFERRED, request(5), "Not now.", "Not now", next_allowed=NOW + DAY)
    entered(journal, [LeadRecord(2, ("x",), late)])
    assert journal.count_due_deferred("c1", NOW) == 0
    assert journal.release_deferred("c1", NOW) == 0
    assert journal.count_due_deferred("c1", NOW + DAY) == 1
    assert journal.release_deferred("c1", NOW + DAY) == 1
    assert journal.counts("c1") == {State.PENDING: 1}


def test_cancelled_rows_are_not_sent(journal: Journal) -> None:
    """What was accepted stays accepted."""
    entered(journal, [pending(2), pending(3)])
    send(journal, journal.due("c1", 0, 1)[0].id)
    assert journal.cancel("c1", "enough") == 1
    assert journal.counts("c1") == {State.ACCEPTED: 1, State.CANCELLED: 1}
    assert journal.due("c1", 0, 9) == []


@settings(max_examples=60)
@given(st.sampled_from(sorted(INITIAL)), st.lists(st.sampled_from(State), max_size=12))
def test_no_writer_can_leave_the_table(
    tmp_path_factory: pytest.TempPathFactory, start: State, path: list[State]
) -> None:
    """Whatever way is tried, the file itself allows only those of the table; a refusal changes nothing."""
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.db")
    judged = Judgement(start, request(5) if start is not State.INVALID else None)
    entered(journal, [LeadRecord(2, ("x",), judged)])
    state = start
    for target in path:
        legal = target in TRANSITIONS[state] or target is state
        try:
            with journal.atomic():
                journal.hold(1, Judgement(target, None))
        except IllegalTransition:
            assert not legal
        else:
            assert legal
            state = target
        assert journal.counts("c1") == {state: 1}
    journal.close()


@pytest.mark.parametrize("state", sorted(set(State) - INITIAL))
def test_no_row_enters_in_another_state(journal: Journal, state: State) -> None:
    """A row can't be entered as sent."""
    journal.add_campaign(record())
    with pytest.raises(IllegalTransition), journal.atomic():
        journal.add_leads("c1", [LeadRecord(2, ("x",), Judgement(state, request(5)))])


def test_a_damaged_journal_is_told_and_kept(tmp_path: Path) -> None:
    """The file that knows who was called is never replaced by an empty one."""
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database, but it may have been one" * 100)
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match="damaged"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_newer_journal_is_left_alone(tmp_path: Path) -> None:
    """An older program does not touch what it can't understand."""
    path = tmp_path / "journal.db"
    Journal(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(WorkspaceError, match="newer version"):
        Journal(path)


def test_reading_needs_no_right_to_write(journal: Journal) -> None:
    """Status and export look at the journal while another process writes it."""
    entered(journal, [pending(2)])
    reader = JournalReader(journal.path)
    assert reader.counts("c1") == {State.PENDING: 1}
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._db.connection.execute("DELETE FROM lead")
    reader.close()


def test_corrections_replace_cells_and_numbers(journal: Journal) -> None:
    """The guard then watches the new number."""
    wrong = LeadRecord(2, ("12",), Judgement(State.INVALID, None, "too short", "too short"))
    entered(journal, [wrong])
    with journal.atomic():
        journal.correct(1, (number(9),), Judgement(State.PENDING, request(9)))
    assert [known.number for known in journal.leads_with_number("c1", request(9).phone.digits)] == [2]
    known = journal.find_lead("c1-2")
    assert known is not None
    assert known.cells == (number(9),)
    send(journal, 1)
    with pytest.raises(IllegalTransition), journal.atomic():
        journal.correct(1, ("x",), Judgement(State.PENDING, request(9)))


def test_paces_come_back_in_the_order_of_time(journal: Journal) -> None:
    """Without a limit, slowed down, ended; of one moment the last word counts, and each campaign has its own."""
    entered(journal, [pending(2)])
    entered(journal, [pending(2, 700)], "c2")
    assert journal.last_pace("c1") is None
    kept = [Pace(NOW, math.inf), Pace(NOW + DAY, 2.5, NOW + 2 * DAY), Pace(NOW + 3 * DAY, None)]
    with journal.atomic():
        for pace in (*reversed(kept), Pace(NOW, 1.0), kept[0]):
            journal.keep_pace("c1", pace)
        journal.keep_pace("c2", Pace(NOW, 7.0))
    assert list(journal.paces("c1")) == kept
    assert journal.last_pace("c1") == kept[-1]


def test_the_pace_of_a_run_that_died_ends_with_its_last_call(journal: Journal) -> None:
    """It is not known when it died, but that it sent nothing later; a run that ended by itself is left as it is."""
    entered(journal, [pending(2), pending(3)])
    send(journal, 1)
    with journal.atomic():
        journal.begin("c1", 2, NOW + DAY, NOW - DAY)
        journal.keep_pace("c1", Pace(NOW, 5.0))
    for _ in range(2):
        journal.recover(NOW + 9 * DAY)
        assert list(journal.paces("c1")) == [Pace(NOW, 5.0), Pace(NOW + DAY, None)]


def test_dispositions_are_kept_of_rows_that_were_sent(journal: Journal) -> None:
    """A row that was not sent has none; forgetting erases them."""
    entered(journal, [pending(row) for row in range(2, 6)])
    for lead in (1, 2, 3):
        send(journal, lead)
    with journal.atomic():
        journal.set_dispositions("c1", {2: "answered", 3: "missed", 4: "answered", 5: "answered", 99: "answered"})
    assert journal.dispositions("c1") == [("answered", 2), ("missed", 1)]
    journal.cancel("c1", "Taken out.")
    journal.forget("c1", NOW)
    assert journal.dispositions("c1") == []


@pytest.mark.parametrize("held", [State.SUPPRESSED, State.DUPLICATE])
def test_a_released_row_that_is_held_back_may_have_been_called_as_before(journal: Journal, held: State) -> None:
    """It never says that nothing was sent: it is `unknown`, with the rule in its reason, and a report can still settle it."""
    entered(journal, [pending(2), pending(3)])
    send(journal, 1, State.UNKNOWN)
    journal.release_leads([1], State.UNKNOWN)
    with journal.atomic():
        assert journal.hold(1, Judgement(held, None, "By a rule.", "By a rule.")) is State.UNKNOWN
        assert journal.hold(2, Judgement(held, None, "By a rule.", "By a rule.")) is held
    called, other = journal.results("c1")
    assert (called.state, other.state) == (State.UNKNOWN, held)
    assert called.reason.startswith("By a rule. An earlier attempt was not clearly answered.")
    assert [doubt.number for doubt in journal.doubts("c1")] == [2]


@pytest.mark.parametrize("then", [State.PENDING, State.DEFERRED, State.FAILED, State.REJECTED])
def test_a_release_of_an_unknown_row_holds_for_one_run(journal: Journal, then: State) -> None:
    """Whatever became of it short of being taken: the person may have been called, and is asked about again."""
    entered(journal, [pending(2)])
    send(journal, 1, State.UNKNOWN)
    journal.release_leads([1], State.UNKNOWN)
    if then is State.DEFERRED:
        with journal.atomic():
            journal.hold(1, Judgement(State.DEFERRED, None, "Not now.", "Not now.", next_allowed=NOW))
    elif then is not State.PENDING:
        send(journal, 1, then)
    assert journal.counts("c1") == {then: 1}
    journal.recover(NOW)
    assert journal.counts("c1") == {State.UNKNOWN: 1}
    assert journal.release_deferred("c1", NOW + DAY) == 0
