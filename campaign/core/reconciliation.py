"""Whether a row in doubt was called: what a report of the vendor proves, and what it does not.

Found means called. Not found means not called only if the report can be trusted to hold the call had there been one: it
covers the time, and it has nearly all of the calls that the vendor is known to have taken. Whatever is not proven stays
as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from campaign.core.lifecycle import State
from campaign.core.record import Doubt
from campaign.core.report import ReportedCall

SETTLES = timedelta(hours=1)
"""How long a call may take to stand in a report: one that was sent later than that before the report's end proves nothing."""
SKEW = timedelta(minutes=10)
"""How far this machine's clock and the vendor's may be apart."""
KNOWN_LEAST, KNOWN_SHARE = 20, 0.95
"""A report proves that a call is missing only if it holds this share of the calls that are known to have been taken, of
which there must be so many (one, if a person vouches for it): a report that was filtered (answered calls only, one
agent's) gives itself away by that."""
_LONGEST_DELAY = timedelta(days=366)
TOO_FRESH = "sent less than an hour before the report's end"
_TAIL = 7  # so many last digits are the same number: reports may write it without its country, or with a zero too many


@dataclass(frozen=True, slots=True)
class Span:
    """A time that a report covers."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """What a report is worth as proof that a call is missing. `known` calls of its time are known to have been taken, and
    `missing` are the rows of those that it does not have. `vouched`: a person says that it is complete."""

    span: Span | None
    known: int
    missing: tuple[int, ...]
    vouched: bool

    def why_not(self) -> str:
        """Why no call can be proven missing by it; "" if one can."""
        held = self.known - len(self.missing)
        if held < self.known * KNOWN_SHARE:
            return (
                f"the report can't be complete: it has {held:,} of the {self.known:,} calls that Brightcall took in its time "
                "(is it filtered, or of another widget?)"
            )
        if not self.known:
            return "the report has no call that is known, so it may be of another account, or of another time"
        if self.known < KNOWN_LEAST and not self.vouched:
            return (
                f"the report has too few known calls to show that it is complete ({self.known:,} of at least {KNOWN_LEAST}): "
                "if it is neither filtered nor cut, say so with --complete"
            )
        return ""


@dataclass(slots=True)
class Findings:
    """What a report says about one campaign, gathered call by call.

    `by_row` are the calls that carry a row id of it, by row number; `by_number` those without any row id to a number of a
    row in doubt, by lead id. `often` are the rows that stand in several calls, `unnamed` the ends of all numbers that were
    called without a row id.
    """

    campaign: str
    by_row: dict[int, ReportedCall] = field(default_factory=dict)
    by_number: dict[int, ReportedCall] = field(default_factory=dict)
    often: set[int] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    calls: int = 0
    since: datetime | None = None
    until: datetime | None = None

    def has(self, row: int, numbers: Iterable[str]) -> bool:
        """Whether the report has a call of the row, by its row id or, of calls that carry none, by a number."""
        return row in self.by_row or any(number[-_TAIL:] in self.unnamed for number in numbers)


def gather(campaign: str, doubts: Iterable[Doubt], calls: Iterable[ReportedCall]) -> Findings:
    """Go through a report once."""
    found = Findings(campaign)
    by_tail: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        if doubt.state is State.UNKNOWN:
            for number in doubt.numbers:
                by_tail.setdefault(number[-_TAIL:], []).append(doubt)
    for call in calls:
        found.calls += 1
        if call.first is not None and call.last is not None:
            found.since = min(found.since or call.last, call.last)
            found.until = max(found.until or call.first, call.first)
        if call.rows:
            for row in (row for owner, row in call.rows if owner == campaign):
                if found.by_row.setdefault(row, call).call_id != call.call_id:
                    found.often.add(row)
            continue  # a call of ours is its own row's, whoever else has the number
        for tail in {number[-_TAIL:] for number in call.numbers}:
            found.unnamed.add(tail)
            for doubt in by_tail.get(tail, ()):
                if call.last is None or call.last >= doubt.sent_at - SKEW:
                    found.by_number.setdefault(doubt.lead, call)
    return found


def expected_at(payload: MappingOf[str, str], sent: datetime) -> datetime | None:
    """When the call of a payload that was sent then was to begin; None if that can't be told from the fields by which the
    vendor delays a call."""
    delay, moment = payload.get("delay_sec", ""), payload.get("future_unixstamp", "")
    try:
        later = sent + timedelta(seconds=float(delay)) if delay else sent
        later = max(later, datetime.fromtimestamp(float(moment), UTC)) if moment else later
    except (ValueError, OverflowError, OSError):
        return None
    return later if later - sent < _LONGEST_DELAY else None


def absent(doubt: Doubt, proof: Proof) -> str:
    """Why the report does not prove that the row's call is missing; "" if it does."""
    if proof.span is None:
        return "the report has no call with a time that can be read"
    if doubt.sent_at - SKEW < proof.span.since:
        return f"sent before the report begins ({proof.span.since:%Y-%m-%d %H:%M} UTC)"
    if doubt.expected_at is None:
        return "the call was delayed, and until when can't be read from what was sent"
    if doubt.expected_at + SETTLES > proof.span.until:
        return f"{TOO_FRESH} ({proof.span.until:%Y-%m-%d %H:%M} UTC)"
    return proof.why_not()
