"""The journal counts a campaign: by country and agent, by answer time, and the rows that wait for a person."""

from __future__ import annotations

from datetime import timedelta

from people import NOW, entered, number, pending, request

from campaign.adapters.journal import Journal, JournalReader
from campaign.adapters.journal.figures import MOST_GROUPS, MOST_WAITING
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.record import Judgement, LeadRecord
from campaign.core.timeline import NOTHING_ATTEMPTED

SECOND = timedelta(seconds=1)


def send(journal: Journal, lead: int, state: State, took: timedelta, status: int | None = 200) -> None:
    """Send a row."""
    with journal.atomic():
        journal.begin("c1", lead, NOW, None)
        journal.finish(
            lead, Verdict(state, "because", cause="cause"), Exchange(connected=True, status=status), NOW + took
        )


def invalid(row: int) -> LeadRecord:
    """A row that makes no request."""
    reason = f'Phone "12 {row}": too short. Write it in full.'
    return LeadRecord(row, (f"12 {row}", "Ana"), Judgement(State.INVALID, None, reason, "Phone: too short"))


def with_agents(row: int, **agents: str) -> LeadRecord:
    """A row for agents, given as the fields of the payload."""
    wanted = request(row)
    fields = {f"lc_param_{name}": value for name, value in agents.items()}
    return LeadRecord(row, ("x",), Judgement(State.PENDING, wanted._replace(payload={**wanted.payload, **fields})))


def test_rows_are_counted_by_all_that_the_report_shows(journal: Journal) -> None:
    """Sent or not, by country, by answer time; only answers count for the last."""
    entered(journal, [pending(2), pending(3), pending(4), pending(1100), invalid(1200)])
    for lead, state, took, status in (
        (1, State.ACCEPTED, 2 * SECOND, 200),
        (2, State.UNKNOWN, 9 * SECOND, None),
        (3, State.ACCEPTED, 3 * SECOND, 200),
    ):
        send(journal, lead, state, took, status)
    with journal.atomic():
        journal.keep_pace("c1", Pace(NOW, 5.0))
        journal.set_dispositions("c1", {2: "answered"})
    figures = journal.figures("c1", NOW + 10 * SECOND)
    assert (figures.funnel.rows, figures.funnel.valid, figures.funnel.sent, figures.funnel.accepted) == (5, 4, 3, 2)
    assert figures.timeline.total == 3
    assert figures.allowed == (6.0,)  # one at once, and five a second
    assert figures.fastest == 5.0
    assert figures.answer_times.counts == ((2000, 1), (3000, 1))
    assert figures.dispositions == [("answered", 1)]
    assert [(group.name, group.counts) for group in figures.countries.groups] == [
        ("GB", {State.ACCEPTED: 2, State.UNKNOWN: 1}),
        ("US", {State.PENDING: 1}),
    ]
    assert [(row.number, row.phone, row.state, row.reason) for row in figures.waiting] == [
        (3, f"…{number(3)[-4:]}", State.UNKNOWN, "cause"),
        (1200, "", State.INVALID, "Phone: too short. Write it in full."),
    ]


def test_a_row_counts_for_each_of_its_agents(journal: Journal) -> None:
    """By name, and by the end of the phone where there is no name; other fields that look alike are no agents."""
    entered(
        journal,
        [
            with_agents(2, agent01name="Ana", agent01phone="+442079460001"),
            with_agents(3, agent01name="Ana", agent01phone="+442079460001", agent7phone="+442079460002"),
            with_agents(4, agentname="Nobody", agentxphone="+442079460003"),
            with_agents(5, agent01name="", agent01phone="101"),
        ],
    )
    groups = journal.figures("c1", NOW).agents.groups
    assert [(group.name, group.total) for group in groups] == [("Ana", 2), ("…", 1), ("…0002", 1)]


def test_groups_and_waiting_rows_are_bounded(journal: Journal) -> None:
    """As many as a page can show, the largest and the first; it is told how many groups more there are."""
    agents = [with_agents(row, agent1name=f"Agent {row}", agent1phone="+442079460001") for row in range(2, 102)]
    entered(journal, [*agents, *map(invalid, range(200, 400))])
    send(journal, 100, State.FAILED, SECOND)
    figures = journal.figures("c1", NOW)
    assert len(figures.agents.groups) == MOST_GROUPS
    assert figures.agents.others == 100 - MOST_GROUPS
    assert [row.number for row in figures.waiting] == [101, *range(200, 200 + MOST_WAITING)]


def test_numbers_of_no_country_are_a_group_too(journal: Journal) -> None:
    """International freephone numbers, say."""
    phone = Phone("+80012345678", "")
    entered(
        journal, [LeadRecord(2, ("x",), Judgement(State.PENDING, CallRequest({"lc_number": phone.e164}, (phone,))))]
    )
    assert [group.name for group in journal.figures("c1", NOW).countries.groups] == [""]


def test_a_forgotten_campaign_keeps_its_figures(journal: Journal) -> None:
    """How many rows, when and how they ended; not who, where or by whom."""
    entered(journal, [with_agents(2, agent01name="Ana", agent01phone="+442079460001"), invalid(3)])
    send(journal, 1, State.ACCEPTED, SECOND)
    journal.forget("c1", NOW)
    figures = journal.figures("c1", NOW)
    assert (figures.funnel.rows, figures.funnel.accepted, figures.timeline.total, figures.answer_times.total) == (
        2,
        1,
        1,
        1,
    )
    assert figures.countries.groups == figures.agents.groups == ()
    assert [(row.phone, row.reason) for row in figures.waiting] == [("", "")]


def test_a_campaign_of_which_nothing_was_sent(journal: Journal) -> None:
    """Has no timeline and no answers."""
    entered(journal, [pending(2)])
    figures = journal.figures("c1", NOW)
    assert figures.timeline == NOTHING_ATTEMPTED
    assert figures.answer_times.total == 0


def test_a_snapshot_is_of_one_moment(journal: Journal) -> None:
    """A run that goes on meanwhile changes nothing of what is read."""
    entered(journal, [pending(2)])
    reader = JournalReader(journal.path)
    with reader.snapshot():
        before = reader.counts("c1")
        send(journal, 1, State.ACCEPTED, SECOND)
        assert reader.counts("c1") == before == {State.PENDING: 1}
    assert reader.counts("c1") == {State.ACCEPTED: 1}
    reader.close()
