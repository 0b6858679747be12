"""The terms on which a person may be called, told where the row is read: what is decided is the same as without them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.calling_hours import load_presets
from campaign.core.lead import CallRequest, Phone, SourceRow
from campaign.core.lifecycle import State
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.person_caps import parse_person_cap
from campaign.core.policy.screening import Screening
from campaign.core.policy.suppression import SuppressionList
from campaign.core.policy.window import CallingWindow, parse_window
from campaign.core.reading import Reading
from campaign.core.record import Contact, EarlierCall

NOON = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)  # noon in New York, five in the afternoon in London
PHONES = (
    Phone("+12025550101", "US"),
    Phone("+13055550102", "US"),  # Florida, which has hours and caps of its own
    Phone("+442079460103", "GB"),
    Phone("+33199001104", "FR"),
    Phone("+46846500405", "SE"),  # no checked preset
)
LISTED, CALLED = PHONES[2], PHONES[3]


class Made:
    """Reads rows whose cells are numbers: a blank one makes no request."""

    def read_all(self, rows: Iterable[SourceRow]) -> list[Reading]:
        """The rows, read."""
        return [self._read(row) for row in rows]

    def _read(self, row: SourceRow) -> Reading:
        numbers = tuple(phone for phone in PHONES if phone.e164 in row.cells)
        request = CallRequest({"lc_number": numbers[0].e164}, numbers) if numbers else None
        return Reading(row, request, phones=numbers)


def screening() -> Screening:
    """Rules with a do-not-call list, calling hours and a cap."""
    listed = SuppressionList()
    listed.add("dnc.csv", [LISTED.digits])
    window = CallingWindow(parse_window("auto"), load_presets())
    caps = [parse_person_cap("1/1d")]
    return Screening([], listed, duplicates("first"), timedelta(days=1), window, caps=caps)


@given(
    st.lists(st.lists(st.sampled_from(PHONES), max_size=2, unique=True), min_size=1, max_size=8),
    st.integers(0, 47).map(lambda half_hours: NOON + timedelta(minutes=30 * half_hours)),
)
def test_terms_told_with_the_row_decide_the_same(people: list[list[Phone]], now: datetime) -> None:
    """At any hour, also of rows that lose their second number to a list or an earlier campaign; told by another process, too."""
    rows = [SourceRow(n, tuple(phone.e164 for phone in phones)) for n, phones in enumerate(people, 2)]
    contacts = {CALLED.digits: Contact("c0", 9, State.ACCEPTED, now - timedelta(hours=2))}
    calls = {PHONES[0].digits: [EarlierCall(1, 1, now - timedelta(hours=3))]}
    told, bare = screening(), screening()
    with_terms = pickle.loads(pickle.dumps(told.reader(Made(), now))).read_all(rows)
    without = Made().read_all(rows)
    assert [reading.terms is not None for reading in with_terms] == [bool(phones) for phones in people]
    whole = [reading for reading in without if reading.request or reading.problems]
    kept = [reading for reading in with_terms if reading.request or reading.problems]
    decided = [told.judge(reading, now, contacts, calls) for reading in kept]
    assert decided == [bare.judge(reading, now, contacts, calls) for reading in whole]
    assert told.unchecked == bare.unchecked
