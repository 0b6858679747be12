"""People whom other campaigns have called, or may have: found as a slow look through all rows finds them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import NOW, entered, number, pending, request
from test_screening import reading, screening

from campaign.adapters.journal import Journal
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.record import Contact

ANSWER = Exchange(connected=True, status=200, body=b"{}", complete=True)
DAY = timedelta(days=1)

sent_rows = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3"]),
        st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True),
        st.sampled_from([None, State.SENDING, State.ACCEPTED, State.UNKNOWN, State.FAILED, State.REJECTED]),
        st.integers(0, 47),
    ),
    max_size=10,
)


def sent(journal: Journal, rows: list[tuple[str, list[int], State | None, int]]) -> dict[int, list[Contact]]:
    """Send the rows, each to its state so many hours ago. Returns every contact that counts, by number, the oldest first."""
    by_campaign: dict[str, list[tuple[int, list[int], State | None, datetime]]] = {"c1": [], "c2": [], "c3": []}
    for row, (campaign, numbers, state, hours) in enumerate(rows, 2):
        by_campaign[campaign].append((row, numbers, state, NOW - timedelta(hours=hours, seconds=row)))
    obvious: dict[int, list[Contact]] = {}
    for campaign, own in by_campaign.items():
        entered(journal, [pending(row, *numbers) for row, numbers, _, _ in own], campaign)
        for lead, (row, numbers, state, at) in zip(journal.due(campaign, 0, 99), own, strict=True):
            if state is None:
                continue
            with journal.atomic():
                if journal.begin(campaign, lead.id, at, None) is not None:
                    continue  # another row of this very campaign has the number
            if state is not State.SENDING:
                with journal.atomic():
                    journal.finish(lead.id, Verdict(state, "because"), ANSWER, at)
            if state in (State.SENDING, State.ACCEPTED, State.UNKNOWN):
                for n in numbers:
                    obvious.setdefault(n, []).append(Contact(campaign, row, state, at))
    return {n: sorted(found, key=lambda contact: contact.at) for n, found in obvious.items()}


@given(sent_rows, st.integers(1, 48))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
def test_a_row_names_the_campaign_and_row_that_it_repeats(
    tmp_path: Path, rows: list[tuple[str, list[int], State | None, int]], hours: int
) -> None:
    """The latest within the time that a person is left alone; a running campaign's counts as soon as it is on its way."""
    for file in tmp_path.glob("journal.*"):
        file.unlink()
    journal = Journal(tmp_path / "journal.db")
    obvious = sent(journal, rows)
    since = NOW - timedelta(hours=hours)
    wanted = {
        request(n).phone.digits: late[-1]
        for n, found in obvious.items()
        if (late := [contact for contact in found if contact.at > since and contact.campaign != "c1"])
    }
    known = journal.contacts([request(n).phone.digits for n in range(5)], since, "c1")
    assert {digits: (contact.campaign, contact.row) for digits, contact in known.items()} == {
        digits: (contact.campaign, contact.row) for digits, contact in wanted.items()
    }
    for n in range(5):
        judgement = screening().judge(reading(2, request(n, 9)), NOW, known)
        contact = wanted.get(request(n).phone.digits)
        assert (judgement.state is State.DUPLICATE) == (contact is not None)
        if contact is not None:
            did = "called" if contact.state is State.ACCEPTED else "may have called"
            assert judgement.reason.startswith(f"Campaign {contact.campaign}, row {contact.row}, {did} this person")
        second = screening().judge(reading(2, request(9, n)), NOW, known)
        assert second.request is not None
        assert len(second.request.numbers) == (1 if contact is not None else 2)
        if contact is not None:
            assert second.notes[0].text.endswith(f"{number(n)} was left out: campaign {contact.campaign} called it")
    journal.close()


@given(sent_rows, st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
def test_the_moment_of_sending_sees_what_other_campaigns_do_meanwhile(
    tmp_path: Path, rows: list[tuple[str, list[int], State | None, int]], numbers: list[int]
) -> None:
    """A row that was fine at entry is held back by any contact since, to either number, and names it."""
    for file in tmp_path.glob("journal.*"):
        file.unlink()
    journal = Journal(tmp_path / "journal.db")
    entered(journal, [pending(2, *numbers)], "mine")
    obvious = sent(journal, rows)
    against = [contact for n in numbers for contact in obvious.get(n, []) if contact.at > NOW - DAY]
    [mine] = journal.due("mine", 0, 9)
    with journal.atomic():
        found = journal.begin("mine", mine.id, NOW, NOW - DAY)
    assert (found is not None) == bool(against)
    if found is not None:
        assert (found.campaign, found.row) in {(contact.campaign, contact.row) for contact in against}
    journal.close()
