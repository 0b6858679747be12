"""A pool with everything real but the endpoint, which is the sandbox or a raw server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from people import NOW

from campaign.adapters.clock import SystemClock
from campaign.adapters.gateway import HttpGateway
from campaign.adapters.journal import GroupCommit, Journal
from campaign.core.course import Course
from campaign.core.event import Attempted, Event
from campaign.core.keys import Keys
from campaign.core.lead import Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, SuccessRule
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.breaker import Breaker
from campaign.core.pacing.rate import Rate
from campaign.core.places.place import Place
from campaign.core.policy.person_caps import PersonCap
from campaign.core.policy.quota import Limits, Quota
from campaign.core.problem import Note
from campaign.core.record import Judgement
from campaign.core.standing import Standing
from campaign.usecases.sending.delivery import Delivery, Ending
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.submission import Submission

KEYS = Keys("sandbox-widget", "sandbox-api")


class NoRules:
    """Nothing is held back at the moment of sending."""

    async def refresh(self, now: datetime) -> None:
        """Nothing changes."""

    def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
        """Nothing."""
        return None

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """Nothing."""
        return None

    def caps_of(self, phones: Sequence[Phone], place: Place) -> Sequence[PersonCap]:
        """None."""
        return ()

    def closes_at(self, phones: Sequence[Phone], place: Place, now: datetime) -> datetime | None:
        """Never."""
        return None

    def until(self, phones: Sequence[Phone], place: Place, rule: str, earliest: datetime | None) -> Judgement:
        """The rule alone: no hours are kept."""
        return Judgement(State.DEFERRED, None, rule, rule, (), earliest)


@dataclass
class Watcher:
    """Keeps what a person would be told."""

    notes: list[str] = field(default_factory=list)
    paces: list[float] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    on_event: Callable[[Event], None] = lambda _event: None
    standing: Callable[[], Standing] | None = None

    def reading(self, rows: int, of: str = "") -> None:
        """Not of interest."""

    def sending(self, standing: Callable[[], Standing]) -> None:
        """Keep the way to look."""
        self.standing = standing

    def happened(self, event: Event) -> None:
        """Keep it, and how fast calls may go; pass it on."""
        self.events.append(event)
        if not isinstance(event, Attempted):
            self.notes.append(str(event))
        if self.standing is not None:
            self.paces.append(self.standing().speed.allowed)
        self.on_event(event)

    def rest(self) -> None:
        """Nothing is in the way."""

    def note(self, text: str) -> None:
        """Keep it."""
        self.notes.append(text)


@dataclass
class Noting:
    """The real gateway, and a note of what it observed."""

    gateway: HttpGateway
    seen: list[Exchange]

    async def send(self, payload: Mapping[str, str]) -> Exchange:
        """Send, and keep what came of it."""
        exchange = await self.gateway.send(payload)
        self.seen.append(exchange)
        return exchange


@dataclass
class Shifted(SystemClock):
    """The machine's clock, or one that stands still at a moment."""

    at: datetime | None = None

    def now(self) -> datetime:
        """That moment."""
        return self.at or super().now()


@dataclass
class Pool:
    """How one run of the pool is set up."""

    journal: Journal
    url: str
    campaign: str = "c1"
    rate: Rate | None = None
    concurrency: int = 5
    attempts: int = 3
    consecutive: int | None = None
    ratio: float | None = None
    limit: int | None = None
    retry_503: bool = False
    connect_timeout: float = 5.0
    read_timeout: float = 5.0
    method: str = "POST"
    rules: object = field(default_factory=NoRules)
    watcher: Watcher = field(default_factory=Watcher)
    submission: Submission | None = None
    now: datetime | None = None
    clock: SystemClock | None = None
    start_at: datetime | None = None
    ending: Ending | None = None
    wait: bool = False
    quota: Quota = field(default_factory=lambda: Quota(Limits()))
    seen: list[Exchange] = field(default_factory=list)

    async def run(self) -> Submission:
        """Send until nothing is due."""
        async with (
            HttpGateway(
                self.url,
                KEYS,
                method=self.method,  # type: ignore[arg-type] # parametrized as text
                connect_timeout=self.connect_timeout,
                read_timeout=self.read_timeout,
                concurrency=self.concurrency,
            ) as gateway,
            GroupCommit(self.journal) as group,
        ):
            clock = self.clock or Shifted(self.now)
            self.submission = Submission(
                Delivery(
                    self.campaign,
                    NOW,
                    self.journal.last_moment(self.campaign),
                    timedelta(days=1),
                    self.concurrency,
                    Backoff(attempts=self.attempts, base=0.001, cap=0.01),
                    SuccessRule(),
                    self.retry_503,
                    self.limit,
                    None,
                    self.start_at,
                    self.ending,
                    self.wait,
                ),
                group,
                Noting(gateway, self.seen),
                self.rules,  # type: ignore[arg-type] # NoRules or what a test gives
                Pacer(self.rate),
                Breaker(self.consecutive, self.ratio),
                clock,
                lambda: 1.0,
                Onlookers(self.watcher),
                Course(self.campaign, counts=self.journal.counts(self.campaign)),
                self.quota,
            )
            await self.submission.run()
        return self.submission
