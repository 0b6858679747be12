"""Whether a row in doubt was called: what a report of the vendor proves, and what it does not.

Found means called. Not found means not called only if the report would have the call had there been one: it has calls from
before the row was sent and from after, it is an hour younger, and it has the calls that the vendor is known to have taken
around that time, at the same endpoint for the same widget. When those were sent, this machine's own clock says; the report's
times count only where they agree with it. Whatever is not proven stays as it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from campaign.core.lifecycle import State
from campaign.core.record import Doubt, Known
from campaign.core.report import ReportedCall

SETTLES = timedelta(hours=1)
"""How long a call may take to stand in a report."""
SKEW = timedelta(minutes=10)
"""How far this machine's clock and the vendor's may be apart."""
AROUND, MISSING = 20, 1
"""Of so many known calls, those nearest in time, so many may be missing: a report that was filtered (answered calls only,
one agent's), cut or late gives itself away by that."""
TOO_FRESH = "sent less than an hour before the report was made"
_LONGEST_DELAY = timedelta(days=366)
_LONGEST_CALL = timedelta(days=1)
_TAIL, _COUNTRY_CODE = 7, 3  # digits: numbers whose ends are the same are alike; a country code has at most three


class KnownCall(NamedTuple):
    """A call that the vendor is known to have taken: when it was to begin, its row number, and whether the report has it."""

    when: datetime
    row: int
    held: bool


_when = attrgetter("when")


@dataclass(slots=True)
class Findings:
    """What a report says about one campaign, gathered call by call.

    `by_row` are the calls that carry a row id of it, by row number; `by_number` those without any row id to a number of a
    row in doubt since it was sent, by lead id; `unclear` says of others why they may be that. `often` are the rows that
    stand in several calls, `unnamed` the numbers that were called without a row id. `last_told` is the latest call of a row
    that says what the phone did, by row number. `since` and `until` are the earliest and latest time of a call that is told with
    its zone.
    """

    campaign: str
    by_row: dict[int, ReportedCall] = field(default_factory=dict)
    by_number: dict[int, ReportedCall] = field(default_factory=dict)
    unclear: dict[int, str] = field(default_factory=dict)
    often: set[int] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    last_told: dict[int, ReportedCall] = field(default_factory=dict)
    calls: int = 0
    since: datetime | None = None
    until: datetime | None = None

    def looked_for(self, known: Known) -> KnownCall | None:
        """The call of a row that was taken, looked for by its row id or, of calls that carry none, by a number. None if
        nobody can say when it was to begin."""
        if known.expected_at is None:
            return None
        held = known.number in self.by_row or any(
            number[cut:] in self.unnamed for number in known.numbers for cut in range(_COUNTRY_CODE + 1)
        )
        return KnownCall(known.expected_at, known.number, held)

    def see_row(self, row: int, call: ReportedCall) -> None:
        """Let the call count as the row's."""
        if self.by_row.setdefault(row, call).call_id != call.call_id:
            self.often.add(row)
        self.see_disposition(row, call)

    @property
    def dispositions(self) -> dict[int, str]:
        """What the phone did in the latest call of each row, by row number, as far as the report tells it."""
        return {row: call.status for row, call in self.last_told.items()}

    def see_disposition(self, row: int, call: ReportedCall) -> None:
        """Let the call tell what the phone did, unless a later one has: webhooks say it at a call's end, not at its start."""
        known = self.last_told.get(row)
        if call.status and (known is None or known.last is None or call.last is None or known.last <= call.last):
            self.last_told[row] = call

    def see_time(self, call: ReportedCall) -> None:
        """Let the call's time count for the time that the report covers, if it is one that can be relied on."""
        if call.first is not None and call.last is not None and call.last - call.first < _LONGEST_CALL:
            self.since = min(self.since or call.first, call.first)
            self.until = max(self.until or call.first, call.first)


def gather(campaign: str, doubts: Iterable[Doubt], calls: Iterable[ReportedCall]) -> Findings:
    """Go through a report once."""
    found = Findings(campaign)
    by_tail: dict[str, list[tuple[str, Doubt]]] = {}
    for doubt in doubts:
        if doubt.state is State.UNKNOWN:
            for number in doubt.numbers:
                by_tail.setdefault(number[-_TAIL:], []).append((number, doubt))
    for call in calls:
        found.calls += 1
        found.see_time(call)
        if call.rows:
            if call.call_id or call.last is not None:  # else it is a line of a list, and no call
                for row in (row for owner, row in call.rows if owner == campaign):
                    found.see_row(row, call.itself())
            continue  # a call of ours is its own row's, whoever else has the number
        for said in call.numbers:
            found.unnamed.add(said)
            for number, doubt in by_tail.get(said[-_TAIL:], ()):
                _look_at_number(call, said, number, doubt, found)
    return found


def _look_at_number(call: ReportedCall, said: str, number: str, doubt: Doubt, found: Findings) -> None:
    since = doubt.sent_at - SKEW
    if call.last is not None and call.last < since:
        return  # from before
    if not (number.endswith(said) and len(number) - len(said) <= _COUNTRY_CODE):
        found.unclear[doubt.lead] = "the report has a call to a number that ends alike, which may be this one"
    elif call.first is None or call.first < since:
        found.unclear[doubt.lead] = "the report has a call to the number, and it does not tell clearly when"
    else:
        found.by_number.setdefault(doubt.lead, call)
        found.see_disposition(doubt.number, call)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a report is worth as proof that a call is missing.

    `known` are the calls to one endpoint and widget that the vendor is known to have taken, in the order in which they were
    to begin. The report covers the time from `since` to `until`; it was made at `made_at`. `vouched`: a person says that
    it is neither filtered nor cut.
    """

    known: Sequence[KnownCall]
    since: datetime | None
    until: datetime | None
    made_at: datetime | None
    vouched: bool

    def why_not(self, doubt: Doubt) -> str:
        """Why the report does not prove that the row's call is missing; "" if it does."""
        if doubt.expected_at is None:
            return "the call was delayed, and until when can't be read from what was sent"
        made_at = self.made_at or self.until
        if made_at is not None and doubt.expected_at + SETTLES > made_at:
            return f"{TOO_FRESH} ({_told(made_at)})"
        if self.since is None or self.until is None:
            return "the report has no call that is known, so it may be of another account, endpoint or time"
        if doubt.sent_at <= self.since:
            return f"the report has no earlier call (its first one is of {_told(self.since)})"
        if doubt.expected_at >= self.until:
            return f"the report has no later call yet (its last one is of {_told(self.until)})"
        return self._why_incomplete(doubt.expected_at)

    def _why_incomplete(self, moment: datetime) -> str:
        if len(self.known) < AROUND and not self.vouched:
            return (
                f"the report has too few known calls to show that it is complete ({len(self.known):,} of at least {AROUND}): "
                "if it is neither filtered nor cut, say so with --complete"
            )
        nearest = self._nearest(moment)
        missing = sum(not self.known[place].held for place in nearest)
        if missing > (MISSING if len(nearest) >= AROUND else 0):
            return (
                f"the report can't be complete: it lacks {missing:,} of the {len(nearest):,} calls that Brightcall took around "
                "that time (is it filtered, or of another widget?)"
            )
        return ""

    def _nearest(self, moment: datetime) -> range:
        """Where the known calls nearest in time stand."""
        last = first = bisect_left(self.known, moment, key=_when)
        while last - first < AROUND and (first > 0 or last < len(self.known)):
            before = moment - self.known[first - 1].when if first > 0 else None
            after = self.known[last].when - moment if last < len(self.known) else None
            if after is None or (before is not None and before <= after):
                first -= 1
            else:
                last += 1
        return range(first, last)


def proof(known: Iterable[KnownCall], found: Findings, made_at: datetime | None, *, vouched: bool) -> Proof:
    """What the report proves about rows that were sent to where `known` ones were sent."""
    # What was to begin later than the report was made can't stand in it.
    settled = sorted((one for one in known if made_at is None or one.when + SETTLES <= made_at), key=_when)
    since = next((one.when for one in settled if one.held), None)
    until = next((one.when for one in reversed(settled) if one.held), None)
    if since is not None and until is not None and found.since and found.until and _clocks_agree(settled, found):
        since, until = min(since, found.since + SKEW), max(until, found.until - SKEW)
    return Proof(settled, since, until, made_at, vouched)


def _clocks_agree(known: Iterable[KnownCall], found: Findings) -> bool:
    """Whether the report's times of known calls are those at which this machine sent them."""
    apart = [
        abs((call.first - one.when).total_seconds())
        for one in known
        if (call := found.by_row.get(one.row)) is not None and call.first is not None and call.first == call.last
    ]
    return bool(apart) and median(apart) <= SKEW.total_seconds()


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


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
