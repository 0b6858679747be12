"""What the journal keeps of a campaign and of its rows."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from campaign.core.cells.cell import Cell
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import WAITING, State
from campaign.core.places.place import NOWHERE, Place
from campaign.core.problem import Note, Problem


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """A campaign as it is entered: where its leads, its mapping and its endpoint are. It holds no key: `widget` is a
    fingerprint that only tells whether two campaigns used the same widget. `forgotten_at` is when its personal data was
    erased: from then on nothing of it can be sent or written again."""

    id: str
    created_at: datetime
    list_name: str
    list_path: str
    list_sha256: str
    sheet: str
    header: tuple[str, ...]
    mapping_name: str
    mapping_text: str
    mapping_folder: str
    endpoint: str
    widget: str
    forgotten_at: datetime | None = None


class Judgement(NamedTuple):
    """What was decided about a row before sending.

    `reason` is the sentence for the person, `cause` the same without the row's own values, so that alike rows can be
    counted together. `notes` tell what was left out of a row that is sent all the same. `rule` is the rule that holds
    the row back, as a problem: a report has a line for it. `objecting` are the numbers of a person who objects, also
    where the row makes no request. `valid_until` is the moment from which the person's consent holds no more. `closes_at`
    is when the calling hours close that are open, or that open at `next_allowed`; None where there are none.
    """

    state: State
    request: CallRequest | None
    reason: str = ""
    cause: str = ""
    notes: tuple[Note, ...] = ()
    next_allowed: datetime | None = None
    closes_at: datetime | None = None
    rule: Problem | None = None
    objecting: tuple[Phone, ...] = ()
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadRecord:
    """A row as it enters the journal."""

    number: int
    cells: tuple[Cell, ...]
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class DueLead:
    """A row that may be sent now. `attempts` counts those already made, `place` is where the row says its person is,
    `valid_until` is as in its judgement, and `closes_at` is when its calling hours close, as far as that was known when it
    was judged."""

    id: int
    number: int
    row_id: str
    payload: MappingOf[str, str]
    phones: tuple[Phone, ...]
    attempts: int
    place: Place = NOWHERE
    valid_until: datetime | None = None
    closes_at: datetime | None = None

    def without_second(self) -> DueLead:
        """The same row without its second number."""
        request = CallRequest(self.payload, self.phones).without_second()
        return replace(self, payload=request.payload, phones=request.numbers)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that was sent and is not accepted: a report may show that the person was called all the same.

    `numbers` are digits without the sign. `sent_at` is when it was first sent, `expected_at` when the call of its last
    attempt was to begin, None if nobody knows. `target` stands for the endpoint and the widget that it was sent to
    last.
    """

    lead: int
    number: int
    state: State
    numbers: tuple[str, ...]
    sent_at: datetime
    expected_at: datetime | None
    target: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A row that the vendor is known to have taken; see `Doubt`."""

    number: int
    numbers: tuple[str, ...]
    expected_at: datetime | None
    target: int | None


@dataclass(frozen=True, slots=True)
class KnownLead:
    """A row as the journal has it, to be matched with the person's corrected one."""

    id: int
    campaign: str
    number: int
    state: State
    cells: tuple[Cell, ...]
    payload: MappingOf[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """An earlier call, or what may have been one, to a number."""

    campaign: str
    row: int
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """An attempt, the `n`-th of a row, that may have called a person."""

    lead: int
    n: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that a person should look at: its number, its shortened phone, what it became, and why, without its values."""

    row: int
    phone: str
    status: State
    reason: str


@dataclass(frozen=True, slots=True)
class CampaignSummary:
    """A campaign in a line: what `status` lists."""

    id: str
    list_name: str
    created_at: datetime
    counts: MappingOf[State, int]
    halted: str
    forgotten_at: datetime | None = None

    @property
    def can_go_on(self) -> bool:
        """Whether it has rows that `resume` may send, now or later."""
        return self.forgotten_at is None and any(self.counts.get(state) for state in (*WAITING, State.FAILED))


@dataclass(slots=True)
class Corrections:
    """What became of the workbook's rows. `hidden` are those that it does not show: a filter is how a person chooses.

    `ready` are the leads (ids) that can be sent now, `deferred` those that wait and until when (None: nobody knows),
    `unknown` those in the file that may have been called and that nothing else holds back, `refused` those that the
    vendor refused and that are unchanged. `objecting` may have been called and want no call any more, each once. These and
    the lists are row numbers of the campaign's own list; those of `hidden` and of `unmatched`, which could be tied to
    nothing, are the workbook's. `alone` are those of the sheet `To correct` that were corrected or added there and that
    `Results` does not have.
    """

    ready: set[int] = field(default_factory=set)
    deferred: dict[int, datetime | None] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    still_wrong: list[int] = field(default_factory=list)
    objecting: dict[int, None] = field(default_factory=dict)
    changed_in_vain: list[int] = field(default_factory=list)
    left_alone: int = 0
    added: int = 0
    unmatched: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)
