"""Rows in doubt are settled by the vendor's call reports: found means called, proven missing means sendable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from campaign.core.lifecycle import TRANSITIONS, State
from campaign.core.reconciliation import SETTLES, SKEW, TOO_FRESH, Findings, Proof, Span, absent, gather
from campaign.core.record import Doubt
from campaign.core.report import ReportedCall


class DoubtJournal(Protocol):
    """What settling asks of the journal."""

    def atomic(self) -> AbstractContextManager[None]:
        """All writes inside are committed together."""

    def doubts(self, campaign: str) -> list[Doubt]:
        """The rows that were sent and are not accepted."""

    def accepted_between(
        self, campaign: str, since: datetime, until: datetime
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Rows that were sent in that time and accepted."""

    def settle(self, lead: int, state: State, reason: str) -> None:
        """Write what a report proves of a row."""


@dataclass(slots=True)
class Reconciliation:
    """What became of the rows in doubt; lists are row numbers.

    `accepted` maps rows that were called to the call's id in the report, `surprises` those among them that had been taken
    for proven not started. `released` can be sent again. `left` has the rows that are still in doubt, by why. `missing`
    are accepted rows that the report does not have, of the `known` ones of its time; `often` rows of several calls.
    `again_at` is when a new report can settle those that this one was too early for.
    """

    campaign: str
    calls: int = 0
    span: Span | None = None
    accepted: dict[int, str] = field(default_factory=dict)
    surprises: list[int] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    left: dict[str, list[int]] = field(default_factory=dict)
    known: int = 0
    missing: tuple[int, ...] = ()
    often: tuple[int, ...] = ()
    again_at: datetime | None = None


def reconcile(
    campaign: str,
    calls: Iterable[ReportedCall],
    journal: DoubtJournal,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    vouched: bool = False,
) -> Reconciliation:
    """Settle the campaign's rows by a report.

    `since` and `until` are the time that it is known to cover; where left out, it begins with its first call and ends with
    its last. `vouched` says that a person knows it to be complete. Everything that it proves is written in one commit.
    """
    doubts = journal.doubts(campaign)
    found = gather(campaign, doubts, calls)
    proof = _proof(found, _span(found, since, until), journal, vouched)
    result = Reconciliation(
        campaign,
        calls=found.calls,
        span=proof.span,
        known=proof.known,
        missing=proof.missing,
        often=tuple(sorted(found.often)),
    )
    with journal.atomic():
        for doubt in doubts:
            _settle(doubt, found, proof, journal, result)
    return result


def _span(found: Findings, since: datetime | None, until: datetime | None) -> Span | None:
    since, until = since or found.since, until or found.until
    return Span(since, until) if since is not None and until is not None else None


def _proof(found: Findings, span: Span | None, journal: DoubtJournal, vouched: bool) -> Proof:
    known, missing = 0, []
    if span is not None and span.since + SKEW < span.until - SETTLES:
        for row, numbers in journal.accepted_between(found.campaign, span.since + SKEW, span.until - SETTLES):
            known += 1
            if not found.has(row, numbers):
                missing.append(row)
    return Proof(span, known, tuple(missing), vouched)


def _settle(doubt: Doubt, found: Findings, proof: Proof, journal: DoubtJournal, result: Reconciliation) -> None:
    call = found.by_row.get(doubt.number) or found.by_number.get(doubt.lead)
    if call is not None and State.UNKNOWN in TRANSITIONS[doubt.state] | {doubt.state}:
        journal.settle(doubt.lead, State.ACCEPTED, _told(call))
        result.accepted[doubt.number] = call.call_id
        if doubt.state is not State.UNKNOWN:
            result.surprises.append(doubt.number)
    elif doubt.state is State.UNKNOWN:
        if why := absent(doubt, proof):
            result.left.setdefault(why, []).append(doubt.number)
            if why.startswith(TOO_FRESH) and doubt.expected_at is not None:
                again_at = doubt.expected_at + SETTLES
                result.again_at = max(result.again_at or again_at, again_at)
        else:
            journal.settle(doubt.lead, State.PENDING, "Not in Brightcall's report of that time: no call was started.")
            result.released.append(doubt.number)


def _told(call: ReportedCall) -> str:
    told = "Found in Brightcall's report"
    if call.call_id:
        told += f": call {call.call_id}"
    if call.status:
        told += f" ({call.status})"
    return f"{told}."
