"""What a report proves of rows in doubt, with a real journal: found means called, and missing must be proven."""

from __future__ import annotations

import tracemalloc
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
from campaign.core.reconciliation import AROUND, SETTLES, SKEW, gather
from campaign.core.record import Judgement, LeadRecord
from campaign.core.report import CallReader, ReportedCall
from campaign.core.row_id import row_id
from campaign.usecases.reconcile import Reconciliation, reconcile

CAMPAIGN = "20260701-k7qd"
MINUTE = timedelta(minutes=1)
AFTER = NOW + timedelta(hours=3)
read_call = CallReader([], AFTER + timedelta(days=9)).read


def sent(journal: Journal, states: Sequence[State], at: datetime = NOW, campaign: str = CAMPAIGN) -> None:
    """A campaign whose rows (from 2) were sent, one a minute, and ended so."""
    entered(journal, [pending(row) for row in range(2, 2 + len(states))], campaign)
    for place, (lead, state) in enumerate(zip(journal.due(campaign, 0, len(states)), states, strict=True)):
        moment = at + place * MINUTE
        with journal.atomic():
            journal.begin(campaign, lead.id, moment, None)
        with journal.atomic():
            journal.finish(lead.id, Verdict(state, "because"), Exchange(connected=True), moment)


def sent_at(row: int) -> datetime:
    """When that was."""
    return NOW + (row - 2) * MINUTE


def reported(row: int, at: datetime | None = None, campaign: str = CAMPAIGN) -> ReportedCall:
    """The call of a row, as a report has it."""
    return read_call(
        {
            "call_id": f"call-{row}",
            "lead": {"custom_params": {"row_id": row_id(campaign, row)}},
            "called_lead_phone": number(row),
            "time_started_iso_string": (at or sent_at(row)).isoformat(),
        }
    )


def unnamed(row: int, at: datetime | None = None) -> ReportedCall:
    """A call to the person of a row that carries no row id."""
    return read_call({"call_id": "by-hand", "phone": number(row), "time": (at or sent_at(row)).isoformat()})


def settled(journal: Journal, calls: list[ReportedCall], *, vouched: bool = False) -> Reconciliation:
    """Reconcile by a report that was made long afterwards, with calls of others before and after ours."""
    others = [unnamed(998, NOW - timedelta(hours=1)), unnamed(999, AFTER - MINUTE)] if calls else []
    return reconcile(CAMPAIGN, [*calls, *others], journal, made_at=AFTER, vouched=vouched)


def states(journal: Journal) -> dict[int, State]:
    """Where each row stands."""
    return {row.number: row.state for row in journal.results(CAMPAIGN)}


KNOWN = [State.ACCEPTED] * AROUND
DOUBTFUL = 2 + AROUND  # the row after them
TAKEN = range(2, DOUBTFUL)


def test_found_is_accepted_and_missing_is_sendable(journal: Journal) -> None:
    """By the row id, with the call's id in the reason; what is pending then stays so when the next run begins."""
    sent(journal, [*KNOWN, State.UNKNOWN, State.UNKNOWN])
    result = settled(journal, [reported(row) for row in (*TAKEN, DOUBTFUL)])
    assert result.accepted == {DOUBTFUL: f"call-{DOUBTFUL}"}
    assert result.released == [DOUBTFUL + 1]
    assert result.left == {}
    assert journal.recover(NOW) == {}
    assert states(journal)[DOUBTFUL] is State.ACCEPTED
    assert states(journal)[DOUBTFUL + 1] is State.PENDING
    reasons = {row.number: row.reason for row in journal.results(CAMPAIGN)}
    assert f"call-{DOUBTFUL}" in reasons[DOUBTFUL]
    [due] = journal.due(CAMPAIGN, 0, 9)
    with journal.atomic():
        assert journal.begin(CAMPAIGN, due.id, AFTER, NOW - timedelta(days=1)) is None


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=2), -SKEW])
def test_a_call_without_a_row_id_counts_by_number_and_time(journal: Journal, late: timedelta) -> None:
    """Somebody called this number since the row was sent: the person is not called again."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    result = settled(journal, [*map(reported, TAKEN), unnamed(DOUBTFUL, sent_at(DOUBTFUL) + late)])
    assert result.accepted == {DOUBTFUL: "by-hand"}


def test_a_call_from_before_or_of_another_row_does_not_count_by_number(journal: Journal) -> None:
    """Yesterday's call by hand, and a call that carries another campaign's row id, are not this row's."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    calls = [unnamed(DOUBTFUL, NOW - timedelta(hours=5)), reported(DOUBTFUL, campaign="20260630-aaaa")]
    result = settled(journal, [*map(reported, TAKEN), *calls])
    assert result.released == [DOUBTFUL]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"phone": f"+12{number(DOUBTFUL)[-9:]}", "time": "2026-07-01T16:00:00Z"}, "ends alike"),
        ({"phone": number(DOUBTFUL)}, "does not tell clearly when"),
        ({"phone": number(DOUBTFUL), "time": "2026-07-01 10:00:00"}, "does not tell clearly when"),
    ],
    ids=["another country's number", "no time", "no zone"],
)
def test_what_may_be_a_call_to_the_number_settles_nothing(journal: Journal, record: dict[str, str], why: str) -> None:
    """Neither way: the person may have been called, and may not."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    result = settled(journal, [*map(reported, TAKEN), read_call({"call_id": "x"} | record)])
    assert (result.accepted, result.released) == ({}, [])
    assert why in next(iter(result.left))


def test_a_line_of_a_list_is_no_call(journal: Journal) -> None:
    """A row id and a number alone, without a call's id or time: somebody has named the wrong file."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    lines = [read_call({"call_row_id": row_id(CAMPAIGN, row), "Phone": number(row)}) for row in (*TAKEN, DOUBTFUL)]
    result = settled(journal, lines, vouched=True)
    assert (result.accepted, result.released) == ({}, [])


def test_a_report_without_row_ids_shows_by_numbers_that_it_is_complete(journal: Journal) -> None:
    """The widget may be set to keep custom parameters out of reports."""
    sent(journal, [*KNOWN, State.UNKNOWN, State.UNKNOWN, State.ACCEPTED])
    result = settled(journal, [unnamed(row) for row in (*TAKEN, DOUBTFUL, DOUBTFUL + 2)])
    assert result.missing == []
    assert set(result.accepted) == {DOUBTFUL}
    assert result.released == [DOUBTFUL + 1]


@pytest.mark.parametrize("vouched", [False, True])
@pytest.mark.parametrize("lacking", [TAKEN[-2:], TAKEN[4:8], TAKEN[1:]], ids=["some", "others", "nearly all"])
def test_a_report_that_lacks_known_calls_proves_nothing(journal: Journal, lacking: range, vouched: bool) -> None:
    """It is filtered, cut or late: that a call is not in it says nothing, whatever a person says."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    result = settled(journal, [reported(row) for row in TAKEN if row not in lacking], vouched=vouched)
    assert result.released == []
    [(said, rows)] = result.left.items()
    assert "can't be complete" in said
    assert rows == [DOUBTFUL]
    assert states(journal)[DOUBTFUL] is State.UNKNOWN


def test_a_report_must_be_complete_where_the_row_is_not_on_the_whole(journal: Journal) -> None:
    """A hundred calls of the morning prove nothing of the afternoon's hole."""
    sent(
        journal, [*[State.ACCEPTED] * 100, State.UNKNOWN, *[State.ACCEPTED] * 5, State.UNKNOWN, *[State.ACCEPTED] * 40]
    )
    result = settled(journal, [reported(row) for row in range(2, 148) if not 100 < row < 110])
    assert result.released == []
    assert sorted(row for rows in result.left.values() for row in rows) == [102, 108]


def test_calls_to_another_endpoint_or_widget_prove_nothing(journal: Journal) -> None:
    """A report of the account that the campaign has changed to holds all of its calls, and none of the others."""
    sent(journal, [*KNOWN, State.UNKNOWN, State.ACCEPTED])
    rows = [reported(row) for row in (*TAKEN, DOUBTFUL + 1)]
    journal._db.connection.execute("INSERT INTO target (endpoint, widget) VALUES ('https://other.example/', 'w')")
    journal._db.connection.execute(
        "UPDATE attempt SET target = (SELECT max(id) FROM target) WHERE lead <> (SELECT id FROM lead WHERE number = ?)",
        (DOUBTFUL,),
    )
    result = settled(journal, rows, vouched=True)
    assert result.released == []
    assert "no call that is known" in next(iter(result.left))


def test_a_campaign_that_changes_its_endpoint_keeps_where_each_call_went(journal: Journal) -> None:
    """The target of an attempt is that of the moment."""
    entered(journal, [pending(2), pending(3)], CAMPAIGN)
    for lead, endpoint in zip(journal.due(CAMPAIGN, 0, 2), ("https://a.example/", "https://b.example/"), strict=True):
        journal.set_endpoint(CAMPAIGN, endpoint, "widget")
        with journal.atomic():
            journal.begin(CAMPAIGN, lead.id, NOW, None)
    journal.recover(NOW)
    first, second = journal.doubts(CAMPAIGN)
    assert first.target != second.target
    assert None not in {first.target, second.target}


def test_few_known_calls_need_a_person_s_word_and_none_is_too_few_even_then(journal: Journal) -> None:
    """Twenty known calls show whether a report is filtered; one does not."""
    sent(journal, [State.ACCEPTED, State.UNKNOWN, State.ACCEPTED])
    [why] = settled(journal, [reported(2), reported(4)]).left
    assert "--complete" in why
    assert settled(journal, [reported(2)], vouched=True).released == []
    assert settled(journal, [reported(2), reported(4)], vouched=True).released == [3]
    sent(journal, [State.UNKNOWN], campaign="20260701-zzzz")
    other = reconcile("20260701-zzzz", [reported(2)], journal, made_at=AFTER, vouched=True)
    assert "no call that is known" in next(iter(other.left))


def test_a_report_that_ends_too_early_proves_nothing(journal: Journal) -> None:
    """No later call stands in it, or it was made before a call takes to stand in one; the next one may settle it."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    calls = list(map(reported, TAKEN))
    result = reconcile(CAMPAIGN, calls, journal, made_at=AFTER)
    assert "no later call yet" in next(iter(result.left))
    calls.append(unnamed(999, sent_at(DOUBTFUL) + 60 * MINUTE))
    for made_at in (None, sent_at(DOUBTFUL) + 59 * MINUTE):
        result = reconcile(CAMPAIGN, calls, journal, made_at=made_at)
        assert "less than an hour" in next(iter(result.left))
        assert result.again_at == sent_at(DOUBTFUL) + SETTLES
        assert result.released == []


def test_a_report_that_begins_too_late_proves_nothing(journal: Journal) -> None:
    """The address keeps only so many calls."""
    sent(journal, [State.UNKNOWN, *[State.ACCEPTED] * 40])
    result = reconcile(CAMPAIGN, [reported(row) for row in range(20, 43)], journal, made_at=AFTER)
    assert "no earlier call" in next(iter(result.left))


def test_times_that_disagree_with_this_machine_s_clock_prove_nothing(journal: Journal) -> None:
    """The report seems to end late, because a clock is wrong: known calls give it away."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    late = timedelta(hours=3)
    calls = [*(reported(row, sent_at(row) + late) for row in TAKEN), unnamed(999, AFTER + late)]
    assert "no later call yet" in next(iter(reconcile(CAMPAIGN, calls, journal, made_at=AFTER).left))


def test_a_call_that_the_vendor_delays_is_waited_for(journal: Journal) -> None:
    """`delay_sec` counts from the submission; what is no number of seconds is never proven missing."""
    journal.add_campaign(record(CAMPAIGN))
    delays = {90: "7201", 91: "60", 92: "x"}
    leads = []
    for row, delay in delays.items():
        request = pending(row).judgement.request
        assert request is not None
        judged = Judgement(State.PENDING, CallRequest({"lc_number": number(row), "delay_sec": delay}, request.numbers))
        leads.append(LeadRecord(row, (), judged))
    with journal.atomic():
        journal.add_leads(CAMPAIGN, [*(pending(row) for row in TAKEN), *leads])
    journal.open_campaign(CAMPAIGN)
    for lead in journal.due(CAMPAIGN, 0, 99):
        with journal.atomic():
            journal.begin(CAMPAIGN, lead.id, NOW, None)
        with journal.atomic():
            state = State.ACCEPTED if lead.number in TAKEN else State.UNKNOWN
            journal.finish(lead.id, Verdict(state, ""), Exchange(connected=True), NOW)
    assert settled(journal, [reported(row, NOW) for row in TAKEN]).released == [91]


@pytest.mark.parametrize("state", [State.FAILED, State.REJECTED, State.PENDING])
@pytest.mark.parametrize("doubted", [True, False])
def test_a_row_that_was_called_after_all_is_never_sent_again(journal: Journal, state: State, doubted: bool) -> None:
    """The answer said that no call was started, and the report shows one: the report is right, and the person is told."""
    sent(journal, [*KNOWN, state, *[State.UNKNOWN] * doubted])
    result = settled(journal, [reported(row) for row in (*TAKEN, DOUBTFUL)])
    assert result.surprises == [DOUBTFUL]
    assert states(journal)[DOUBTFUL] is State.ACCEPTED


def test_a_released_row_that_a_later_report_has_is_never_sent_again(journal: Journal) -> None:
    """The first report proved it missing, and was wrong."""
    sent(journal, [*KNOWN, State.UNKNOWN])
    assert settled(journal, list(map(reported, TAKEN))).released == [DOUBTFUL]
    assert settled(journal, [reported(row) for row in (*TAKEN, DOUBTFUL)]).surprises == [DOUBTFUL]
    assert journal.due(CAMPAIGN, 0, 9) == []


def test_what_was_called_twice_and_what_is_missing_is_told(journal: Journal) -> None:
    """An accepted row that the report lacks may be on the vendor's blocklist."""
    sent(journal, [*KNOWN, State.ACCEPTED, State.UNKNOWN])
    calls = [*map(reported, TAKEN), read_call({"call_id": "again", "row_id": row_id(CAMPAIGN, 2)})]
    result = settled(journal, calls)
    assert result.often == (2,)
    assert result.missing == [DOUBTFUL]
    assert result.released == [DOUBTFUL + 1]


@settings(max_examples=60)
@given(
    truth=st.lists(st.tuples(st.sampled_from([State.ACCEPTED, State.UNKNOWN]), st.booleans()), min_size=1, max_size=60),
    cut=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    made_at=st.integers(0, 200),
    vouched=st.booleans(),
)
def test_a_report_that_is_cut_anywhere_releases_nobody_who_was_called(
    tmp_path_factory: pytest.TempPathFactory,
    truth: list[tuple[State, bool]],
    cut: tuple[int, int],
    made_at: int,
    vouched: bool,
) -> None:
    """It has all calls of some time and none of the rest, as reports do that are late, limited or of other days: whoever is
    released was not called, and every row in doubt is in exactly one list."""
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.db")
    sent(journal, [state for state, _ in truth])
    called = {row for row, (state, started) in enumerate(truth, 2) if started or state is State.ACCEPTED}
    held = {row for row in called if min(cut) <= row - 2 < max(cut)}
    result = reconcile(CAMPAIGN, map(reported, held), journal, made_at=NOW + made_at * MINUTE, vouched=vouched)
    doubtful = {row for row, (state, _) in enumerate(truth, 2) if state is State.UNKNOWN}
    left = [row for rows in result.left.values() for row in rows]
    assert sorted([*result.accepted, *result.released, *left]) == sorted(doubtful)
    assert set(result.accepted) == held & doubtful
    assert not set(result.released) & called
    journal.close()


def test_what_is_kept_of_a_call_is_one_line_and_alike_for_all(journal: Journal) -> None:
    """Whatever the report held; the summary counts such rows together."""
    sent(journal, [State.UNKNOWN])
    settled(journal, [read_call({"call_id": 'x"\n', "row_id": row_id(CAMPAIGN, 2), "status": "ok"})])
    [row] = journal.results(CAMPAIGN)
    assert row.reason == "Found in Brightcall's report: call x\" (ok)."
    assert journal.facts(CAMPAIGN).reasons == [(State.ACCEPTED, "Found in Brightcall's report.", 1)]


def told(row: int, status: str, at: datetime | None = None, *, named: bool = True) -> ReportedCall:
    """The call of a row and what the phone did, as a webhook tells it."""
    call = {"call_id": "x", "call_status": status, "time_started_iso_string": (at or sent_at(row)).isoformat()}
    return read_call(call | ({"row_id": row_id(CAMPAIGN, row)} if named else {"called_lead_phone": number(row)}))


def test_what_the_phone_did_is_kept_of_every_call_in_the_report(journal: Journal) -> None:
    """Of accepted rows as of those that the report settles; of a row's calls the latest that says it counts."""
    sent(journal, [State.ACCEPTED, State.ACCEPTED, State.UNKNOWN, State.UNKNOWN, State.FAILED])
    late = NOW + timedelta(hours=1)
    calls = [
        told(2, "no_answer", late),
        told(2, "missed"),
        told(2, "", late + MINUTE),
        told(3, "answered"),
        told(4, "answered"),
        told(5, "missed", named=False),
        told(99, "answered"),
    ]
    result = reconcile(CAMPAIGN, calls, journal)
    assert sorted(result.accepted) == [4, 5]
    assert journal.dispositions(CAMPAIGN) == [("answered", 2), ("missed", 1), ("no_answer", 1)]


def test_little_is_kept_of_each_call() -> None:
    """A report may have a million: of a call that is known to be a row's, nothing is kept of what else stands in it."""

    def kept(custom: str) -> int:
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            found = gather(CAMPAIGN, [], (with_custom(row, custom) for row in range(2, 1_002)))
            assert len(found.by_row) == 1_000
            return tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()

    def with_custom(row: int, custom: str) -> ReportedCall:
        numbers = [f"{custom}{row:04}{n}" for n in range(6)] if custom else []
        own = {"row_id": row_id(CAMPAIGN, row), "others": numbers}
        return read_call({"call_id": f"call-{row}", "call_status": "answered", "lead": {"custom_params": own}})

    assert kept("+44207946") < kept("") * 1.1
