"""The transition table."""

from __future__ import annotations

import pytest

from campaign.core.errors import IllegalTransition
from campaign.core.lifecycle import CORRECTABLE, INITIAL, MAY_HAVE_CALLED, TRANSITIONS, State, check_transition


def test_every_state_has_its_ways() -> None:
    """No state is missing from the table, so none can be entered that nobody thought of."""
    assert set(TRANSITIONS) == set(State)


def test_accepted_is_never_left() -> None:
    """A person whom the vendor called is not called again."""
    assert not TRANSITIONS[State.ACCEPTED]


def test_only_sending_leads_to_an_outcome() -> None:
    """No row is said to be sent that was not."""
    outcomes = {State.ACCEPTED, State.REJECTED, State.FAILED}
    for origin, ways in TRANSITIONS.items():
        reached = ways & outcomes
        assert not reached or origin is State.SENDING or (origin is State.UNKNOWN and reached == {State.ACCEPTED})


def test_sending_begins_from_pending_alone() -> None:
    """Whatever became of a row, it must be judged sendable anew before it goes out."""
    assert [origin for origin, ways in TRANSITIONS.items() if State.SENDING in ways] == [State.PENDING]


def test_no_row_enters_as_sent() -> None:
    """A row that enters the journal was not sent yet."""
    assert not INITIAL & MAY_HAVE_CALLED


def test_nobody_who_may_have_been_called_is_corrected() -> None:
    """Corrections reach only rows of which it is proven that no call was started."""
    assert not CORRECTABLE & MAY_HAVE_CALLED


def test_an_illegal_way_raises() -> None:
    """The refusal names both states."""
    with pytest.raises(IllegalTransition, match="accepted to pending"):
        check_transition(State.ACCEPTED, State.PENDING)
    check_transition(State.PENDING, State.SENDING)
