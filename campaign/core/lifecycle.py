"""The states of a row and the ways between them.

The table is the whole truth: the journal refuses every other way, and the state diagram in docs/delivery.md is drawn from it.
"""

from __future__ import annotations

from enum import StrEnum

from campaign.core.errors import IllegalTransition


class State(StrEnum):
    """Where a row stands. The values are a contract: scripts read them from workbooks and JSON."""

    INVALID = "invalid"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    DEFERRED = "deferred"
    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_S = State

TRANSITIONS: dict[State, frozenset[State]] = {
    # A row is held back or released until it is sent; a corrected row is judged anew.
    # To unknown goes a row that a person had released although an earlier attempt may have called: it may still have; and
    # one that was taken for proven not started, and that stands in a report of the vendor's calls all the same.
    _S.INVALID: frozenset({_S.INVALID, _S.PENDING, _S.DUPLICATE, _S.SUPPRESSED, _S.DEFERRED, _S.CANCELLED, _S.UNKNOWN}),
    _S.REJECTED: frozenset(
        {_S.INVALID, _S.PENDING, _S.DUPLICATE, _S.SUPPRESSED, _S.DEFERRED, _S.CANCELLED, _S.UNKNOWN}
    ),
    _S.FAILED: frozenset({_S.INVALID, _S.PENDING, _S.DUPLICATE, _S.SUPPRESSED, _S.DEFERRED, _S.CANCELLED, _S.UNKNOWN}),
    _S.PENDING: frozenset({_S.SENDING, _S.INVALID, _S.DUPLICATE, _S.SUPPRESSED, _S.DEFERRED, _S.CANCELLED, _S.UNKNOWN}),
    _S.DEFERRED: frozenset(
        {_S.PENDING, _S.INVALID, _S.DUPLICATE, _S.SUPPRESSED, _S.DEFERRED, _S.CANCELLED, _S.UNKNOWN}
    ),
    # The intent is durable. Back to pending only when it is proven that no call was started.
    _S.SENDING: frozenset({_S.ACCEPTED, _S.REJECTED, _S.FAILED, _S.UNKNOWN, _S.PENDING}),
    # Only a person's word or a report settles an unknown row.
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.PENDING, _S.CANCELLED}),
    _S.CANCELLED: frozenset({_S.PENDING, _S.UNKNOWN}),
    # Taken by the vendor, or never to be called: no way out.
    _S.ACCEPTED: frozenset(),
    _S.DUPLICATE: frozenset(),
    _S.SUPPRESSED: frozenset(),
}

INITIAL = frozenset({_S.INVALID, _S.DUPLICATE, _S.SUPPRESSED, _S.DEFERRED, _S.PENDING})
"""The states in which a row may enter the journal."""

MAY_HAVE_CALLED = frozenset({_S.SENDING, _S.ACCEPTED, _S.UNKNOWN})
"""The states in which the person may have been called: their numbers are guarded against a second call."""

WAITING = frozenset({_S.PENDING, _S.DEFERRED, _S.SENDING})
"""The states that an unfinished campaign still has rows in."""

CORRECTABLE = frozenset({_S.INVALID, _S.REJECTED, _S.FAILED, _S.PENDING, _S.DEFERRED})
"""The states from which `rerun` takes a row, as the person's workbook has corrected it: nobody was called."""


def check_transition(origin: State, target: State) -> None:
    """Raise `IllegalTransition` unless the table has a way from `origin` to `target`."""
    if target not in TRANSITIONS[origin]:
        raise IllegalTransition(f"a row can't go from {origin} to {target}")
