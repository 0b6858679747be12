"""What a report proves of rows in doubt, with a real journal: found means called, and missing must be proven."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, entered, number, pending, record

from campaign.adapters.journal import Journal
from campaign.core.lead import CallRequest
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.reconciliation import KNOWN_LEAST, SETTLES, SKEW
from campaign.core.record import Judgement, LeadRecord
from campaign.core.report import ReportedCall, read_call
from campaign.core.row_id import row_id
from campaign.usecases.reconcile import Reconciliation, reconcile

CAMPAIGN = "20260701-k7qd"
AFTER = NOW + timedelta(hours=3)


def sent(journal: Journal, states: Sequence[State], at: datetime = NOW, campaign: str = CAMPAIGN) -> None:
    """A campaign whose rows (from 2) were sent and ended so."""
    entered(journal, [pending(row) for row in range(2, 2 + len(states))], campaign)
    for lead, state in zip(journal.due(campaign, 0, len(states)), states, strict=True):
        with journal.atomic():
            journal.begin(campaign, lead.id, at, None)
        with journal.atomic():
            journal.finish(lead.id, Verdict(state, "because"), Exchange(connected=True), at)


def reported(row: int, at: datetime = NOW, campaign: str = CAMPAIGN) -> ReportedCall:
    """The call of a row, as a report has it."""
    return read_call(
        {
            "call_id": f"call-{row}",
            "lead": {"custom_params": {"row_id": row_id(campaign, row)}},
            "called_lead_phone": number(row),
            "time_started_iso_string": at.isoformat(),
        }
    )


def unnamed(row: int, at: datetime = NOW) -> ReportedCall:
    """A call to the person of a row that carries no row id."""
    return read_call({"call_id": "by-hand", "phone": number(row), "time": at.isoformat()})


def settled(journal: Journal, calls: list[ReportedCall], *, vouched: bool = False) -> Reconciliation:
    """Reconcile by a report that covers the time well."""
    return reconcile(CAMPAIGN, calls, journal, since=NOW - timedelta(days=1), until=AFTER, vouched=vouched)


def states(journal: Journal) -> dict[int, State]:
    """Where each row stands."""
    return {row.number: row.state for row in journal.results(CAMPAIGN)}


KNOWN = [State.ACCEPTED] * KNOWN_LEAST
DOUBTFUL = 2 + KNOWN_LEAST  # the row after them
TAKEN = range(2, DOUBTFUL)


def test_found_is_accepted_and_missing_is_sendable(journal: Journal) -> None:
    """By the row id, with the call's id in the reason; what is pending then stays so when the next run begins."""
    sent(journal, [*KNOWN, State.UNKNOWN, State.UNKNOWN])
    result = settled(journal, [reported(row) for row in (*TAKEN, DOUBTFUL)])
    assert result.accepted == {DOUBTFUL: f"call-{DOUBTFUL}"}
    assert result.released == [DOUBTFUL + 1]
    assert result.left == {}
    assert journal.recover(NOW) == 0
    assert states(journal)[DOUBTFUL] is State.ACCEPTED
    assert states(journal)[DOUBTFUL + 1] is State.PENDING
    reasons = {row.number: row.reason for row in journal.results(CAMPAIGN)}
    assert f"call-{DOUBTFUL}" in reasons[DOUBTFUL]
    [due] = journal.due(CAMPAIGN, 0, 9)
    with journal.atomic():
        assert journal.begin(CAMPAIGN, due.id, AFTER, NOW - timedelta(days=1)) is None


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(days=2), NOW - SKEW])
def test_a_call_without_a_row_id_counts_by_number_and_time(journal: Journal, at: datetime) -> None:
    """Somebody called this number since the row was sent: the person is not called again."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    result = settled(journal, [*map(reported, TAKEN), unnamed(DOUBTFUL, at)])
    assert result.accepted == {DOUBTFUL: "by-hand"}


def test_a_call_from_before_or_of_another_row_does_not_count_by_number(journal: Journal) -> None:
    """Yesterday's call by hand, and a call that carries another campaign's row id, are not this row's."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    calls = [unnamed(DOUBTFUL, NOW - timedelta(hours=5)), reported(DOUBTFUL, campaign="20260630-aaaa")]
    result = settled(journal, [*map(reported, TAKEN), *calls])
    assert result.released == [DOUBTFUL]


def test_a_report_without_row_ids_shows_by_numbers_that_it_is_complete(journal: Journal) -> None:
    """The widget may be set to keep custom parameters out of reports."""
    sent(journal, [*KNOWN, State.UNKNOWN, State.UNKNOWN])
    result = settled(journal, [unnamed(row) for row in (*TAKEN, DOUBTFUL)])
    assert result.missing == ()
    assert set(result.accepted) == {DOUBTFUL}
    assert result.released == [DOUBTFUL + 1]


@pytest.mark.parametrize(
    ("taken", "vouched", "why"),
    [
        (TAKEN[:-2], False, "can't be complete"),
        (TAKEN[:-2], True, "can't be complete"),
        (TAKEN[:0], True, "can't be complete"),
    ],
    ids=["some are missing", "a person says otherwise", "of another account"],
)
def test_a_report_that_lacks_known_calls_proves_nothing(
    journal: Journal, taken: range, vouched: bool, why: str
) -> None:
    """It is filtered, cut or of another account: that a call is not in it says nothing."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    result = settled(journal, [reported(row) for row in taken], vouched=vouched)
    assert result.released == []
    [(said, rows)] = result.left.items()
    assert why in said
    assert rows == [DOUBTFUL]
    assert states(journal)[DOUBTFUL] is State.UNKNOWN


def test_few_known_calls_need_a_person_s_word_and_none_is_too_few_even_then(journal: Journal) -> None:
    """Twenty known calls show whether a report is filtered; one does not."""
    sent(journal, [State.ACCEPTED, State.UNKNOWN])
    [why] = settled(journal, [reported(2)]).left
    assert "--complete" in why
    assert settled(journal, [reported(2)], vouched=True).released == [3]
    sent(journal, [State.UNKNOWN], campaign="20260701-zzzz")
    other = reconcile("20260701-zzzz", [reported(2)], journal, since=NOW - timedelta(days=1), until=AFTER, vouched=True)
    assert "no call that is known" in next(iter(other.left))


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        (NOW, AFTER, "before the report begins"),
        (NOW - timedelta(days=1), NOW + SETTLES - timedelta(seconds=1), "less than an hour"),
        (None, None, "no call with a time"),
    ],
)
def test_a_report_that_does_not_cover_the_time_proves_nothing(
    journal: Journal, since: datetime | None, until: datetime | None, why: str
) -> None:
    """A call may take a while to stand in a report."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    calls = [read_call({"id": row_id(CAMPAIGN, row)}) for row in TAKEN]
    result = reconcile(CAMPAIGN, calls, journal, since=since, until=until)
    assert result.released == []
    assert why in next(iter(result.left))


def test_a_call_that_the_vendor_delays_is_waited_for(journal: Journal) -> None:
    """`delay_sec` counts from the submission; what is no number of seconds is never proven missing."""
    payloads = [{"lc_number": number(row), "delay_sec": delay} for row, delay in ((90, "7201"), (91, "60"), (92, "x"))]
    journal.add_campaign(record(CAMPAIGN))
    leads = [
        LeadRecord(row, (), Judgement(State.PENDING, CallRequest(payload, pending(row).judgement.request.numbers)))  # type: ignore[union-attr]
        for row, payload in zip((90, 91, 92), payloads, strict=True)
    ]
    journal.add_leads(CAMPAIGN, [*(pending(row) for row in TAKEN), *leads])
    journal.open_campaign(CAMPAIGN)
    for lead in journal.due(CAMPAIGN, 0, 99):
        with journal.atomic():
            journal.begin(CAMPAIGN, lead.id, NOW, None)
        with journal.atomic():
            state = State.ACCEPTED if lead.number in TAKEN else State.UNKNOWN
            journal.finish(lead.id, Verdict(state, ""), Exchange(connected=True), NOW)
    assert settled(journal, list(map(reported, TAKEN))).released == [91]


@pytest.mark.parametrize("state", [State.FAILED, State.REJECTED, State.PENDING])
def test_a_row_that_was_called_after_all_is_never_sent_again(journal: Journal, state: State) -> None:
    """The answer said that no call was started, and the report shows one: the report is right, and the person is told."""
    sent(journal, [*KNOWN, state, State.UNKNOWN])
    result = settled(journal, [reported(row) for row in (*TAKEN, DOUBTFUL)])
    assert result.surprises == [DOUBTFUL]
    assert states(journal)[DOUBTFUL] is State.ACCEPTED


def test_what_was_called_twice_and_what_is_missing_is_told(journal: Journal) -> None:
    """An accepted row that the report lacks may be on the vendor's blocklist."""
    sent(journal, [*KNOWN, State.ACCEPTED, State.UNKNOWN])
    calls = [*map(reported, TAKEN), read_call({"call_id": "again", "row_id": row_id(CAMPAIGN, 2)})]
    result = settled(journal, calls)
    assert result.often == (2,)
    assert result.missing == (DOUBTFUL,)
    assert result.known == KNOWN_LEAST + 1


minutes = st.integers(-120, 240).map(lambda minute: NOW + timedelta(minutes=minute))


@settings(max_examples=60)
@given(
    truth=st.lists(st.tuples(st.sampled_from([State.ACCEPTED, State.UNKNOWN]), st.booleans()), min_size=1, max_size=40),
    share=st.floats(0, 1),
    span=st.tuples(minutes, minutes),
    vouched=st.booleans(),
    draw=st.randoms(use_true_random=False),
)
def test_nobody_who_was_called_becomes_sendable_by_a_report_that_may_be_trusted(
    tmp_path_factory: pytest.TempPathFactory,
    truth: list[tuple[State, bool]],
    share: float,
    span: tuple[datetime, datetime],
    vouched: bool,
    draw: st.DrawFn,
) -> None:
    """Whatever part of the calls it holds: a called row is released only by a report that has nearly all known calls and
    lacks just that one, and then only within the share that is tolerated; every row is in exactly one list."""
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.db")
    sent(journal, [state for state, _ in truth])
    called = [row for row, (state, started) in enumerate(truth, 2) if started or state is State.ACCEPTED]
    calls = [reported(row) for row in called if draw.random() < share]  # type: ignore[attr-defined]
    held = {row for call in calls for _, row in call.rows}
    result = reconcile(CAMPAIGN, calls, journal, since=span[0], until=span[1], vouched=vouched)
    doubtful = {row for row, (state, _) in enumerate(truth, 2) if state is State.UNKNOWN}
    left = [row for rows in result.left.values() for row in rows]
    assert sorted([*result.accepted, *result.released, *left]) == sorted(doubtful)
    assert set(result.accepted) == held & doubtful
    if set(result.released) & set(called):
        accepted = {row for row, (state, _) in enumerate(truth, 2) if state is State.ACCEPTED}
        assert len(accepted & held) >= 0.95 * len(accepted) > 0
    journal.close()


def test_what_is_kept_of_a_call_is_one_line(journal: Journal) -> None:
    """Whatever the report held."""
    sent(journal, [State.UNKNOWN])
    settled(journal, [read_call({"call_id": 'x"\n', "row_id": row_id(CAMPAIGN, 2), "status": "ok"})])
    [row] = journal.results(CAMPAIGN)
    assert row.reason == "Found in Brightcall's report: call x\" (ok)."
