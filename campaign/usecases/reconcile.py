"""Rows in doubt are settled by the vendor's call reports: found means called, proven missing means sendable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from campaign.core.lifecycle import TRANSITIONS, State
from campaign.core.reconciliation import SETTLES, TOO_FRESH, Findings, KnownCall, Proof, gather, proof
from campaign.core.record import Doubt, Known
from campaign.core.report import ReportedCall


class DoubtJournal(Protocol):
    """What settling asks of the journal."""

    def atomic(self) -> AbstractContextManager[None]:
        """All writes inside are committed together."""

    def doubts(self, campaign: str) -> list[Doubt]:
        """The rows that were sent and are not accepted."""

    def taken(self, campaign: str) -> Iterator[Known]:
        """The rows that were accepted."""

    def settle(self, lead: int, state: State, reason: str, cause: str) -> None:
        """Write what a report proves of a row; `cause` is the reason without the row's own values."""

    def set_dispositions(self, campaign: str, dispositions: MappingOf[int, str]) -> None:
        """Write what the phone did, by row number, of rows that were sent."""


@dataclass(slots=True)
class Reconciliation:
    """What became of the rows in doubt; lists are row numbers.

    `accepted` maps rows that were called to the call's id in the report, `surprises` those among them that had been taken
    for proven not started. `released` can be sent again. `left` has the rows that are still in doubt, by why. `missing`
    are accepted rows that the report should have and does not; `often` rows of several calls. The report has calls from
    `since` to `until`, as far as that can be told. `told` is of how many rows it says what the phone did. `again_at` is when
    a new report can settle those that this one was too early for.
    """

    campaign: str
    calls: int = 0
    since: datetime | None = None
    until: datetime | None = None
    accepted: dict[int, str] = field(default_factory=dict)
    surprises: list[int] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    left: dict[str, list[int]] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    often: tuple[int, ...] = ()
    told: int = 0
    again_at: datetime | None = None


def reconcile(
    campaign: str,
    calls: Iterable[ReportedCall],
    journal: DoubtJournal,
    *,
    made_at: datetime | None = None,
    vouched: bool = False,
) -> Reconciliation:
    """Settle the campaign's rows by a report, and keep what the phone did, of all rows whose calls stand in it.

    `made_at` is when the report was made; where left out, when its last call was sent. `vouched` says that it is known to
    be neither filtered nor cut. Everything that it proves is written in one commit.
    """
    doubts = journal.doubts(campaign)
    found = gather(campaign, doubts, calls)
    proofs = _proofs(found, doubts, journal, made_at, vouched=vouched)
    result = Reconciliation(campaign, calls=found.calls, often=tuple(sorted(found.often)), told=len(found.last_told))
    for each in proofs.values():
        _cover(each, result)
    with journal.atomic():
        for doubt in doubts:
            _settle(doubt, found, proofs[doubt.target], journal, result)
        journal.set_dispositions(campaign, found.dispositions)
    return result


def _proofs(
    found: Findings, doubts: Iterable[Doubt], journal: DoubtJournal, made_at: datetime | None, *, vouched: bool
) -> dict[int | None, Proof]:
    """What the report proves, for each endpoint and widget apart: it may be of only one of them."""
    known: dict[int | None, list[KnownCall]] = {doubt.target: [] for doubt in doubts}
    for one in journal.taken(found.campaign):
        if one.target in known and (call := found.looked_for(one)) is not None:
            known[one.target].append(call)
    return {target: proof(taken, found, made_at, vouched=vouched) for target, taken in known.items()}


def _cover(each: Proof, result: Reconciliation) -> None:
    """Add what a proof says of the report as a whole."""
    if each.since is None or each.until is None:
        return
    result.since = min(result.since or each.since, each.since)
    result.until = max(result.until or each.until, each.until)
    result.missing += [one.row for one in each.known if not one.held and each.since <= one.when <= each.until]


def _settle(doubt: Doubt, found: Findings, each: Proof, journal: DoubtJournal, result: Reconciliation) -> None:
    call = found.by_row.get(doubt.number) or found.by_number.get(doubt.lead)
    if call is not None and State.UNKNOWN in TRANSITIONS[doubt.state] | {doubt.state}:
        journal.settle(doubt.lead, State.ACCEPTED, _told(call), "Found in Brightcall's report.")
        result.accepted[doubt.number] = call.call_id
        if doubt.state is not State.UNKNOWN:
            result.surprises.append(doubt.number)
    elif doubt.state is State.UNKNOWN:
        if why := found.unclear.get(doubt.lead) or each.why_not(doubt):
            result.left.setdefault(why, []).append(doubt.number)
            if why.startswith(TOO_FRESH) and doubt.expected_at is not None:
                again_at = doubt.expected_at + SETTLES
                result.again_at = max(result.again_at or again_at, again_at)
        else:
            reason = "Not in Brightcall's report of that time: no call was started."
            journal.settle(doubt.lead, State.PENDING, reason, reason)
            result.released.append(doubt.number)


def _told(call: ReportedCall) -> str:
    told = "Found in Brightcall's report"
    if call.call_id:
        told += f": call {call.call_id}"
    if call.status:
        told += f" ({call.status})"
    return f"{told}."
