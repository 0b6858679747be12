"""What becomes of a row before sending: the rules in their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import number, request

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import CellFault
from campaign.core.lead import CallRequest, Phone, SourceRow
from campaign.core.lifecycle import State
from campaign.core.mapping.columns import Columns
from campaign.core.places.place import NOWHERE, Place
from campaign.core.policy.conditions import conditions
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.screening import Screening
from campaign.core.policy.suppression import SuppressionList
from campaign.core.policy.window import CallingWindow, parse_window
from campaign.core.problem import Code, Problem
from campaign.core.reading import Reading
from campaign.core.record import Contact, Judgement

NOON = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)  # noon in New York, five in the afternoon in London
NIGHT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
HEADER = ("Phone", "Opt In", "Do Not Call", "Tags")
Mode = Literal["first", "last", "error"]


def screening(
    policy: str = "", *, suppressed: SuppressionList | None = None, window: object = "off", mode: Mode = "first"
) -> Screening:
    """The rules of a mapping with this policy."""
    text = f"version: 1\nfields: {{lc_number: Phone}}\npolicy: {{{policy}}}\n"
    rules = conditions(parse_mapping(text, "m", Path()).mapping.policy, Columns(HEADER))
    return Screening(
        rules,
        suppressed or SuppressionList(),
        duplicates(mode),
        timedelta(days=1),
        CallingWindow(parse_window(window), load_presets()),
    )


def reading(row: int, wanted: CallRequest | None, *cells: str | None) -> Reading:
    """A row that the mapping has read."""
    problems = () if wanted else (Problem(Code.REQUIRED, "lc_number", "Phone", "", "the cell is blank", "Fill it in."),)
    return Reading(SourceRow(row, ("x", *cells, *[None] * (3 - len(cells)))), wanted, problems)


class Known:
    """Reads the rows that are known."""

    def __init__(self, rows: Sequence[Reading]) -> None:
        self._rows = {row.row: row for row in rows}

    def read(self, row: SourceRow) -> Reading:
        """As the mapping has read it."""
        return self._rows[row]

    def phones(self, row: SourceRow) -> tuple[Phone, ...]:
        """The numbers of its request."""
        request = self._rows[row].request
        return request.numbers if request else ()


def judged(rules: Screening, *rows: Reading, now: datetime = NOON) -> list[Judgement]:
    """What is decided about the rows."""
    for row in rows:
        rules.look(row.row, Known(rows), now)
    return [rules.judge(row, now, {}) for row in rows]


@pytest.mark.parametrize(
    "rule",
    ["skip_when: {column: Do Not Call, equals: '%s'}", "skip_when: {column: Do Not Call, contains: '%s'}"],
)
@pytest.mark.parametrize("said", ["\uff59\uff45\uff53", "ye\u00ads", "\u200eY\u200bES", "yes"])
def test_words_are_compared_as_they_are_seen(rule: str, said: str) -> None:
    """Full-width letters and invisible signs, in the cell or in the rule, change no word."""
    for wanted, cell in (("yes", said), (said, "Yes")):
        [skipped] = judged(screening(rule % wanted), reading(2, request(1), None, cell))
        assert skipped.state is State.SUPPRESSED
        agreed = screening(f"consent: {{column: Opt In, accept: '{wanted}'}}")
        assert [row.state for row in judged(agreed, reading(2, request(1), cell))] == [State.PENDING]
        assert [row.state for row in judged(agreed, reading(2, request(1), "no"))] == [State.SUPPRESSED]


@pytest.mark.parametrize(
    ("policy", "cells", "state"),
    [
        ("consent: {column: Opt In, accept: ['yes', 1]}", ("YES ", None, None), State.PENDING),
        ("consent: {column: Opt In, accept: ['yes', 1]}", ("1", None, None), State.PENDING),
        ("consent: {column: Opt In, accept: ['yes']}", ("no", None, None), State.SUPPRESSED),
        ("consent: {column: Opt In, accept: ['yes']}", (None, None, None), State.SUPPRESSED),
        ("skip_when: {column: Do Not Call, equals: ['yes', x]}", (None, "X", None), State.SUPPRESSED),
        ("skip_when: {column: Do Not Call, equals: ['yes', x]}", (None, "no", None), State.PENDING),
        ("skip_when: {column: Tags, contains: DNC}", (None, None, "vip, dnc-2026"), State.SUPPRESSED),
        ("skip_when: {column: Tags, contains: 'no '}", (None, None, "note"), State.PENDING),
        ("skip_when: {column: Tags, blank: true}", (None, None, " "), State.SUPPRESSED),
        ("skip_when: {column: Tags, blank: false}", (None, None, "a"), State.SUPPRESSED),
    ],
)
def test_consent_and_skip_rules(policy: str, cells: tuple[str | None, ...], state: State) -> None:
    """Anything but a listed yes is no consent; a skip rule names its column and the cell."""
    [judgement] = judged(screening(policy), reading(2, request(1), *cells))
    assert judgement.state is state
    assert bool(judgement.reason) is (state is State.SUPPRESSED)


def test_who_must_not_be_called_is_not_asked_to_be_corrected() -> None:
    """An opt-out goes before a wrong cell."""
    rules = screening("skip_when: {column: Do Not Call, equals: x}")
    assert judged(rules, reading(2, None, None, "x"))[0].state is State.SUPPRESSED
    assert judged(rules, reading(3, None))[0].state is State.INVALID


def test_do_not_call_lists() -> None:
    """A first number on a list suppresses the row, a second one is dropped with a note; prefixes count."""
    listed = SuppressionList()
    listed.add("dnc.csv", [request(1).phone.digits], ["+33"])
    rules = screening(suppressed=listed)
    french = CallRequest({"lc_number": "+33199001234"}, (Phone("+33199001234", "FR"),))
    first, second, prefixed, free = judged(
        rules, reading(2, request(1, 2)), reading(3, request(3, 1)), reading(4, french), reading(5, request(4))
    )
    assert (first.state, prefixed.state, free.state) == (State.SUPPRESSED, State.SUPPRESSED, State.PENDING)
    assert "dnc.csv" in first.reason
    assert second.state is State.PENDING
    assert second.request is not None
    assert "lc_number_2" not in second.request.payload
    assert number(1) in second.notes[0].text
    assert rules.recheck(request(3, 1).numbers, NOWHERE, NOON) is not None


def test_earlier_calls_hold_a_row_back() -> None:
    """The campaign and row that called are named; a second number that was called is dropped."""
    contact = Contact("c0", 9, State.UNKNOWN, NOON - timedelta(hours=2))
    rules = screening()
    known = {request(1).phone.digits: contact}
    held = rules.judge(reading(2, request(1)), NOON, known)
    assert held.state is State.DUPLICATE
    for words in ("c0", "row 9", "may have called", "1 day"):
        assert words in held.reason
    kept = rules.judge(reading(3, request(2, 1)), NOON, known)
    assert kept.request is not None
    assert len(kept.request.numbers) == 1


def test_the_window_defers_with_the_next_moment() -> None:
    """Both numbers must be callable; at the moment of sending it is asked again."""
    rules = screening(window="auto")
    [day] = judged(rules, reading(2, request(1)))
    assert day.state is State.PENDING
    [night] = judged(rules, reading(3, request(2)), now=NIGHT)
    assert night.state is State.DEFERRED
    assert night.next_allowed is not None
    assert night.next_allowed > NIGHT
    again = rules.recheck(request(1).numbers, NOWHERE, NIGHT)
    assert again is not None
    assert again.state is State.DEFERRED
    swedish = CallRequest({"lc_number": "+46846500401"}, (Phone("+46846500401", "SE"),))
    assert judged(rules, reading(4, swedish), now=NIGHT)[0].state is State.PENDING
    assert rules.unchecked == {"no checked preset for SE": 1}


@pytest.mark.parametrize("mode", ["first", "last", "error"])
@pytest.mark.parametrize("lost", [2, 4])
def test_a_row_that_can_never_go_does_not_stand_in_the_way(mode: Mode, lost: int) -> None:
    """Hours that are never open in all the zones of a toll-free number, and the same person with a time zone of their own."""
    phone = Phone("+18002345678", "US")
    rules = screening(window={"hours": "11:30-12:30"}, mode=mode)
    placed = CallRequest({"lc_number": phone.e164}, (phone,), Place(("America/New_York",)))
    rows = {lost: reading(lost, CallRequest({"lc_number": phone.e164}, (phone,))), 3: reading(3, placed)}
    found = dict(zip(sorted(rows), judged(rules, *(rows[row] for row in sorted(rows))), strict=True))
    assert found[3].state is State.PENDING
    assert (found[lost].state, found[lost].next_allowed) == (State.DEFERRED, None)


rows_of_people = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=2, unique=True), min_size=1, max_size=12)


@given(rows_of_people, st.sampled_from(["first", "last", "error"]))
def test_no_number_is_called_by_two_rows(people: list[list[int]], mode: Mode) -> None:
    """Whatever the rule: of the rows that go out, no two share a number; nobody is forgotten but under `error`."""
    readings = [reading(row, request(*numbers)) for row, numbers in enumerate(people, 2)]
    judgements = judged(screening(mode=mode), *readings)
    out = [phone.e164 for judged_ in judgements if judged_.state is State.PENDING for phone in judged_.request.numbers]  # type: ignore[union-attr] # pending rows have one
    assert len(out) == len(set(out))
    held = {"first": State.DUPLICATE, "last": State.DUPLICATE, "error": State.INVALID}[mode]
    assert {judgement.state for judgement in judgements} <= {State.PENDING, held}
    if mode == "first":
        assert judgements[0].state is State.PENDING
    if mode == "last":
        assert judgements[-1].state is State.PENDING


def test_a_held_back_row_claims_no_number() -> None:
    """The first row that may be called is the one that is."""
    rules = screening("consent: {column: Opt In, accept: 'yes'}")
    held, free, again = judged(
        rules, reading(2, request(1)), reading(3, request(1), "yes"), reading(4, request(1), "yes")
    )
    assert (held.state, free.state, again.state) == (State.SUPPRESSED, State.PENDING, State.DUPLICATE)
    assert "Row 3" in again.reason


def test_who_objects_in_one_row_is_called_by_none() -> None:
    """Whichever row comes first; a second number of theirs is dropped. A consent that is merely missing objects to nothing."""
    rules = screening("skip_when: {column: Do Not Call, equals: x}, consent: {column: Opt In, accept: 'yes'}")
    before, objecting, second, other = judged(
        rules,
        reading(2, request(1), "yes"),
        reading(3, request(1), "yes", "x"),
        reading(4, request(2, 1), "yes"),
        reading(5, request(3), "yes"),
    )
    assert [before.state, objecting.state, second.state, other.state] == [
        State.SUPPRESSED,
        State.SUPPRESSED,
        State.PENDING,
        State.PENDING,
    ]
    assert "row 3" in before.reason
    assert second.request is not None
    assert len(second.request.numbers) == 1


@pytest.mark.parametrize(
    ("shown", "state"),
    [("#REF!", State.SUPPRESSED), ("formula without a stored result", State.SUPPRESSED), ("#N/A", State.PENDING)],
)
def test_a_rule_s_cell_that_can_not_be_read_holds_back(shown: str, state: State) -> None:
    """Nobody knows that it does not say "do not call"; only a look-up that found nothing says so."""
    row = Reading(SourceRow(2, ("x", None, CellFault(shown), None)), request(1))
    assert screening("skip_when: {column: Do Not Call, equals: x}").judge(row, NOON, {}).state is state
