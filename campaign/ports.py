"""What the use cases ask of the world. Adapters answer; `assembly` joins the two."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from campaign.core.cells.cell import Cell
from campaign.core.event import Event
from campaign.core.finding import Finding, Group
from campaign.core.lead import SourceRow
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange
from campaign.core.outlook import Outlook
from campaign.core.record import Corrections
from campaign.core.result import CampaignFacts, ResultRow
from campaign.core.standing import Standing
from campaign.core.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows of the file that are no leads: the first and last row number, and why ("blank", "title line", ...)."""

    first: int
    last: int
    why: str


def rows_by_reason(skipped: Iterable[Skipped]) -> dict[str, int]:
    """How many rows were left out, by why."""
    counts: Counter[str] = Counter()
    for entry in skipped:
        counts[entry.why] += entry.last - entry.first + 1
    return dict(counts)


HiddenChoice: TypeAlias = Literal["call", "skip"]
"""What is done with leads that the file does not show: they are called like the others, or left out."""


@dataclass(frozen=True, slots=True)
class HiddenRows:
    """The leads that the file does not show: how many, the numbers of the first, whether a filter is on, and what a person
    said is to be done with them (None as long as nobody did)."""

    count: int = 0
    first: tuple[int, ...] = ()
    filtered: bool = False
    choice: HiddenChoice | None = None

    @property
    def undecided(self) -> bool:
        """Whether there are any and nobody said what to do with them."""
        return self.count > 0 and self.choice is None

    def sentence(self) -> str:
        """How many and which, in words: `3 rows are hidden (4, 7, 9), and a filter is on`."""
        which = ", ".join(map(str, self.first)) + (", ..." if self.count > len(self.first) else "")
        said = f"1 row is hidden ({which})" if self.count == 1 else f"{self.count:,} rows are hidden ({which})"
        return f"{said}, and a filter is on" if self.filtered else said


class RowSource(Protocol):
    """Rows under a header, read in one pass and in bounded memory, as often as they are asked for."""

    @property
    def name(self) -> str:
        """What the person calls it: the file's name."""

    @property
    def sheet(self) -> str:
        """The sheet or sheets that are read; "" where the format has none."""

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in the file's order; a blank one is named by its letter (`column C`)."""

    def rows(self) -> Iterator[SourceRow]:
        """The rows, in the file's order. Every row has as many cells as the header, or more (a ragged row).

        Raises `SourceError` where the file turns out to be broken.
        """


class LeadSource(RowSource, Protocol):
    """A lead list: its rows are leads."""

    @property
    def header_row(self) -> int:
        """The row number of the header, as the person sees it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed about the list and a person may want to know: its encoding, sheets that are not read."""

    @property
    def lead_in_header(self) -> str:
        """The cell of the header row that is no name of a column but a lead's phone or e-mail address; "" if none is."""

    @property
    def hidden(self) -> HiddenRows:
        """The leads that the file does not show. Finding them may take a pass. Raises `SourceError`."""

    @property
    def hidden_columns(self) -> tuple[str, ...]:
        """The names of the columns that the file does not show. They are read like the others."""

    def decided(self, choice: HiddenChoice) -> LeadSource:
        """The same list, with the person's word about its hidden rows."""

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the content, to know the same list again."""

    def left_out(self) -> Iterator[SourceRow]:
        """The leads that `rows` leaves out because they are hidden. They are not called, but who objects in one of them is
        called by no other row either."""

    def skipped(self) -> tuple[Skipped, ...]:
        """What the last complete pass of `rows` left out, so that nothing is left out silently."""


class Gateway(Protocol):
    """The way to the endpoint: one call of `send` is at most one request on the wire."""

    async def send(self, payload: MappingOf[str, str]) -> Exchange:
        """Send one payload (keys are added here) and tell what was observed. Raises nothing but `Abandoned`."""


class Abandoned(asyncio.CancelledError):
    """Sending was cancelled. `exchange` is what was observed until then: whether anything may have been sent."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.exchange = exchange


class ResultWriter(Protocol):
    """Writes the result file: beside its place first, then renamed, so that a half-written one is never seen."""

    def write(self, facts: CampaignFacts, rows: Iterable[ResultRow]) -> None:
        """Write all rows, in the order given, in bounded memory. Raises `OutputError`."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a validation report tells of the list as a whole. `warnings` are about all of it."""

    list_name: str
    sheet: str
    counts: MappingOf[State, int]
    groups: Sequence[Group]
    suggestions: Sequence[Suggestion]
    skipped: Sequence[Skipped]
    warnings: Sequence[str]


class Report(Protocol):
    """A validation report, written as the rows come, in bounded memory."""

    def row(self, cells: tuple[Cell, ...], found: Sequence[Finding], *, objects: bool) -> None:
        """A row of which something is to be said. `objects`: its cells say that the person must not be called."""

    def end(self, facts: ReportFacts) -> None:
        """All rows were seen."""


class Clock(Protocol):
    """Time, passed in so that tests can own it."""

    def now(self) -> datetime:
        """This moment, UTC. It may jump either way: for waits there is the event loop's clock."""


class Onlooker(Protocol):
    """Someone who is told what happens in a run. It is told on the run's event loop: what takes time belongs elsewhere."""

    def happened(self, event: Event) -> None:
        """What has happened."""


class Progress(Onlooker, Protocol):
    """What a person watches while a campaign runs."""

    def reading(self, rows: int, of: str = "") -> None:
        """`rows` rows have been judged; or read, `of` a file that is named."""

    def sending(self, standing: Callable[[], Standing]) -> None:
        """Calls go out from now on. `standing` tells where the rows stand whenever it is asked, from any thread."""

    def note(self, text: str) -> None:
        """Something a person should know now."""

    def rest(self) -> None:
        """Clear the place: a question comes."""


class Talk(Protocol):
    """What a person is told and asked between reading and sending."""

    def tell(self, text: str) -> None:
        """A sentence."""

    def corrections(self, taken: Corrections) -> None:
        """What became of the rows of a corrected file."""

    def ahead(self, outlook: Outlook) -> None:
        """What will go when."""

    def agree(self, question: str) -> bool:
        """Ask; True is a yes."""
