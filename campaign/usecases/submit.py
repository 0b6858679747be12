"""The pool: due rows go out, at most once each, and every outcome is durable before the next step.

The order for one row is fixed: its turn at the pacer, the rules once more, the intent (durable), the request, the
outcome (durable). A row that only waits is never ambiguous.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from campaign.core.errors import CampaignError
from campaign.core.lead import ROW_ID_FIELD, Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Fault, SuccessRule, Verdict, judge
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.breaker import Breaker
from campaign.core.pacing.retry_after import parse_retry_after
from campaign.core.policy.screening import contacted, lapsed
from campaign.core.problem import Note, without_values
from campaign.core.record import Contact, DueLead, Judgement
from campaign.ports import Abandoned, Clock, Gateway, Progress
from campaign.usecases.line import Line
from campaign.usecases.pacer import Pacer


class DeliveryJournal(Protocol):
    """What sending asks of the journal. Every method returns once its write is durable."""

    async def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """The next pending rows after a row number."""

    async def begin(self, campaign: str, lead: int, now: datetime, since: datetime | None) -> Contact | None:
        """Write the intent, unless the person may have been called already: then that contact is returned."""

    async def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> None:
        """Write the outcome."""

    async def hold(self, lead: int, judgement: Judgement) -> None:
        """Hold a pending row back."""

    async def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """Keep that a pending row goes out as it stands here, without its second number, and why."""


class Recheck(Protocol):
    """The rules that are asked once more at the moment of sending."""

    async def refresh(self, now: datetime) -> None:
        """Bring what the rules rest on up to date. Raises `SourceError` if that can't be read any more."""

    def recheck(self, phones: Sequence[Phone], now: datetime) -> Judgement | None:
        """Why the row must not be sent now; None if it may."""

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """Why the row is sent without its second number, as a note; None if it keeps what it has."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one campaign is handed over.

    `entered_at` is when its rows were judged: whom another campaign has called since, however long ago, is left alone.
    `not_before` is the latest moment that the journal has of it: a clock that was set back since dates no call earlier,
    because the guard would forget that call too soon once the clock is right again.
    `limit` is how many rows are sent before the rest is left for `resume`, `only` are the lead ids that may be sent.
    """

    campaign: str
    entered_at: datetime
    not_before: datetime
    recontact_after: timedelta | None
    concurrency: int
    backoff: Backoff
    rule: SuccessRule
    retry_503: bool
    limit: int | None = None
    only: Collection[int] | None = None

    def since(self, now: datetime) -> datetime | None:
        """From when on a call by another campaign counts; None if the mapping looks at no other campaign."""
        return min(now - self.recontact_after, self.entered_at) if self.recontact_after is not None else None


class Submission:
    """One run of the pool over a campaign's due rows."""

    def __init__(
        self,
        delivery: Delivery,
        journal: DeliveryJournal,
        gateway: Gateway,
        rules: Recheck,
        pacer: Pacer,
        breaker: Breaker,
        clock: Clock,
        random: Callable[[], float],
        progress: Progress,
        counts: MappingOf[State, int],
    ) -> None:
        """`counts` are the campaign's rows by state as the run begins; `random` gives numbers from 0 to 1 for back-off."""
        self._delivery = delivery
        self._journal = journal
        self._gateway = gateway
        self._rules = rules
        self._pacer = pacer
        self._breaker = breaker
        self._clock = clock
        self._random = random
        self._progress = progress
        self._counts = Counter(counts)
        self._total = sum(counts.values())
        self._tries: Counter[int] = Counter()
        self._line = Line(
            lambda after, limit: journal.due(delivery.campaign, after, limit), delivery.limit, delivery.only
        )
        self._workers: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._aborted = False
        self.halted = ""
        self.interrupted = False
        self.failure: CampaignError | None = None

    async def run(self) -> None:
        """Send until no row is due, a person stops it, or it halts: see `halted`, `interrupted` and `failure` after it."""
        self._workers = {asyncio.create_task(self._work()) for _ in range(self._delivery.concurrency)}
        ended = await asyncio.gather(*self._workers, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                self.failure = self.failure or _own_error("while rows were fetched", error)

    async def drain(self) -> None:
        """A person asked to stop: admit no further row, let those under way finish."""
        self.interrupted = True
        await self._stop()

    def abort(self) -> None:
        """A person asked to stop at once: rows under way become `unknown`, unless nothing of them was sent."""
        self.interrupted = self._stopping = self._aborted = True
        for worker in self._workers:
            worker.cancel()

    async def _stop(self) -> None:
        self._stopping = True
        for worker in tuple(self._waiting):  # they wait at the pacer, maybe for minutes; their rows stay pending
            worker.cancel()
        await self._line.close()

    async def _work(self) -> None:
        while (lead := await self._next()) is not None:
            retry, wait = None, 0.0
            try:
                retry, wait = await self._deliver(lead)
            except CampaignError as error:
                await self._fail(error)
            except Exception as error:
                self.failure = self.failure or _own_error(f"at row {lead.number}", error)
                await self._trip(self._breaker.record(ok=False), str(self.failure.message))
            finally:
                await self._line.done(retry, wait)

    async def _next(self) -> DueLead | None:
        try:
            return await self._line.next()
        except CampaignError as error:  # the journal can no longer be read
            await self._fail(error)
            return None

    async def _fail(self, error: CampaignError) -> None:
        """Stop, because the journal can't be relied on any more."""
        self.failure = self.failure or error
        await self._stop()

    async def _deliver(self, lead: DueLead) -> tuple[DueLead | None, float]:
        """Take one row through. Returns the row and a wait in seconds if it is to be tried again."""
        granted = await self._turn()
        if granted is None:
            return None, 0.0
        now = self._clock.now()
        await self._rules.refresh(now)
        note = self._rules.objection_to_second(lead.phones, now)
        if note is not None:
            lead = lead.without_second()
        held = lapsed(lead.valid_until, now) or self._rules.recheck(lead.phones, now)
        if held is None:
            if note is not None:
                await self._journal.leave_out_second(lead, note)
            contact = await self._journal.begin(
                self._delivery.campaign, lead.id, max(now, self._delivery.not_before), self._delivery.since(now)
            )
            held = contacted(contact) if contact is not None else None
        if held is not None:
            await self._journal.hold(lead.id, held)
            self._moved(State.PENDING, held.state)
            return None, 0.0
        self._moved(State.PENDING, State.SENDING)
        exchange = await self._send(lead)
        verdict, wait = self._decide(lead, exchange)
        # The outcome is written even if a second Ctrl-C arrives now: it is known, so it must not become unknown.
        await asyncio.shield(self._journal.finish(lead.id, verdict, exchange, self._clock.now()))
        await self._learn(verdict, exchange, granted)
        self._moved(State.SENDING, verdict.state)
        return (lead, wait) if verdict.retry and not self._stopping else (None, 0.0)

    async def _turn(self) -> float | None:
        """Wait for the pacer. The moment at which the call may go; None if the campaign stops meanwhile."""
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            granted = None if self._stopping else await self._pacer.turn()
        except asyncio.CancelledError:
            if not self._stopping or self._aborted:
                raise
            task.uncancel()
            return None
        finally:
            self._waiting.discard(task)
        return None if self._stopping else granted

    async def _send(self, lead: DueLead) -> Exchange:
        try:
            return await self._gateway.send({**lead.payload, ROW_ID_FIELD: lead.row_id})
        except asyncio.CancelledError as error:
            # Without a word of what was observed, it may have been sent.
            cut = error.exchange if isinstance(error, Abandoned) else Exchange(connected=True, fault=Fault.CANCELLED)
            verdict = judge(cut, self._delivery.rule, retry_503=self._delivery.retry_503)
            await asyncio.shield(self._journal.finish(lead.id, verdict, cut, self._clock.now()))
            self._moved(State.SENDING, verdict.state)
            raise
        except Exception as error:
            return Exchange(connected=True, fault=Fault.INTERNAL, detail=type(error).__name__)

    def _decide(self, lead: DueLead, exchange: Exchange) -> tuple[Verdict, float]:
        """The verdict, with retries used up taken into account, and the wait before the next attempt in seconds."""
        verdict = judge(exchange, self._delivery.rule, retry_503=self._delivery.retry_503)
        verdict = replace(verdict, cause=without_values(verdict.reason, lead.payload.values()))
        if not verdict.retry or verdict.throttled:  # a 429 slows the campaign; it does not use up the row's attempts
            return verdict, 0.0
        self._tries[lead.id] += 1
        wait = self._delivery.backoff.delay(self._tries[lead.id], self._random)
        if wait is not None:
            return verdict, wait
        tries = self._tries.pop(lead.id)
        after = f", after {tries} attempt{'s' if tries != 1 else ''}. No call was started: rerun it."
        return replace(
            verdict, state=State.FAILED, reason=verdict.reason + after, cause=verdict.cause + after, retry=False
        ), 0.0

    async def _learn(self, verdict: Verdict, exchange: Exchange, granted: float) -> None:
        """What one outcome means for the campaign."""
        tripped: str | None = None
        if verdict.throttled:
            headers = exchange.headers
            wait = parse_retry_after(headers.get("Retry-After"), self._clock.now(), headers.get("Date"))
            if self._pacer.slow_down(wait, granted):  # one burst of refusals counts once
                self._note(
                    f"Brightcall asked to slow down: waiting {wait:.0f} s, then at most {self._pacer.allowed:.3g} calls a second"
                )
                tripped = self._breaker.record(ok=False)
        else:
            if verdict.state is State.ACCEPTED:
                self._pacer.speed_up()
            tripped = self._breaker.record(ok=verdict.state is State.ACCEPTED)
        if verdict.halt:
            await self._halt(verdict.halt)
        await self._trip(tripped, verdict.cause)  # it may come into a log

    async def _trip(self, tripped: str | None, last: str) -> None:
        if tripped:
            cure = "Find out what is wrong (is the endpoint up, is the list right?), then: campaign resume."
            await self._halt(f"{tripped} The last one: {last} {cure}")

    async def _halt(self, reason: str) -> None:
        """Every further row would fare the same: stop, and keep the first reason."""
        self.halted = self.halted or reason
        await self._stop()

    def _note(self, text: str) -> None:
        with suppress(Exception):  # see `_moved`
            self._progress.note(text)

    def _moved(self, origin: State, target: State) -> None:
        self._counts[origin] -= 1
        self._counts[target] += 1
        with suppress(Exception):  # a terminal that is gone must not make a call ambiguous
            self._progress.sending(+self._counts, self._total, self._pacer.allowed)


def _own_error(where: str, error: Exception) -> CampaignError:
    return CampaignError(
        f"An error in campaign itself {where}: {type(error).__name__}: {error}",
        "The other rows went on. Please report this; `campaign status` shows where the rows stand.",
    )
