"""One attempt at a row: the request, what its answer means for the row, and what it means for the campaign."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from campaign.core.event import Attempted, FullSpeed, SlowedDown
from campaign.core.lead import ROW_ID_FIELD, shortened
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Fault, Verdict, judge
from campaign.core.pacing.breaker import Breaker
from campaign.core.pacing.retry_after import parse_retry_after
from campaign.core.problem import without_values
from campaign.core.record import DueLead
from campaign.ports import Abandoned, Clock, Gateway
from campaign.usecases.sending.delivery import Delivery, DeliveryJournal
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.run_end import RunEnd
from campaign.usecases.sending.tally import Tally


class Attempts:
    """Makes the requests of a run. The intent of each stands in the journal already."""

    def __init__(
        self,
        delivery: Delivery,
        journal: DeliveryJournal,
        gateway: Gateway,
        pacer: Pacer,
        breaker: Breaker,
        clock: Clock,
        random: Callable[[], float],
        end: RunEnd,
        tally: Tally,
    ) -> None:
        """`random` gives numbers from 0 to 1 for back-off."""
        self._delivery = delivery
        self._journal = journal
        self._gateway = gateway
        self._pacer = pacer
        self._breaker = breaker
        self._clock = clock
        self._random = random
        self._end = end
        self._tally = tally
        self._tries: Counter[int] = Counter()

    async def make(self, lead: DueLead) -> tuple[Verdict, Exchange, float]:
        """Send the row and write its outcome. Returns it, what was observed, and the seconds to wait before a retry."""
        began = time.perf_counter()
        exchange = await self._send(lead, began)
        took = time.perf_counter() - began
        verdict, wait = self._decide(lead, exchange)
        again_in = wait if verdict.retry and not self._end.stopping else None
        await self._write(lead, verdict, exchange, took, again_in)
        return verdict, exchange, wait

    async def learn(self, verdict: Verdict, exchange: Exchange, granted: float) -> None:
        """Act on what one outcome means for the campaign. `granted` is the row's turn at the pacer."""
        tripped: str | None = None
        if verdict.throttled:
            headers = exchange.headers
            now = self._clock.now()
            wait = parse_retry_after(headers.get("Retry-After"), now, headers.get("Date"))
            news = self._pacer.slow_down(wait, granted)  # one burst of refusals counts once
            until = now + timedelta(seconds=self._pacer.wait)
            self._tally.held_up(SlowedDown(wait, until, self._pacer.allowed), news=news)
            if news:
                tripped = self._breaker.record(ok=False)
        else:
            if verdict.state is State.ACCEPTED and self._pacer.speed_up():
                self._tally.happened(FullSpeed(self._pacer.allowed))
            tripped = self._breaker.record(ok=verdict.state is State.ACCEPTED)
        if verdict.halt:
            await self._end.halt(verdict.halt)
        await self._trip(tripped, verdict.cause)  # it may come into a log

    async def stumble(self, cause: str) -> None:
        """A row met an error of our own: too many of them halt the campaign, too."""
        await self._trip(self._breaker.record(ok=False), cause)

    async def _send(self, lead: DueLead, began: float) -> Exchange:
        try:
            return await self._gateway.send({**lead.payload, ROW_ID_FIELD: lead.row_id})
        except asyncio.CancelledError as error:
            # Without a word of what was observed, it may have been sent.
            cut = error.exchange if isinstance(error, Abandoned) else Exchange(connected=True, fault=Fault.CANCELLED)
            verdict = self._judge(lead, cut)
            await self._write(lead, verdict, cut, time.perf_counter() - began, None)
            self._tally.moved(State.SENDING, verdict.state)
            raise
        except Exception as error:
            return Exchange(connected=True, fault=Fault.INTERNAL, detail=type(error).__name__)

    async def _write(
        self, lead: DueLead, verdict: Verdict, exchange: Exchange, took: float, again_in: float | None
    ) -> None:
        """Write the outcome, and tell of it."""
        event = Attempted(
            row=lead.number,
            row_id=lead.row_id,
            attempt=lead.attempts + 1,
            phone=shortened(lead.phones[0].e164),
            status=verdict.state,
            http_status=exchange.status,
            reason=verdict.cause,
            latency_ms=round(took * 1000, 1),
            again_in=again_in,
        )
        try:
            # It is written even if a second Ctrl-C arrives while it is waited for: it is known, so it must not become unknown.
            await self._journal.finish(lead.id, verdict, exchange, self._clock.now())
        except asyncio.CancelledError:
            self._tally.attempted(event)
            raise
        self._tally.attempted(event)

    def _judge(self, lead: DueLead, exchange: Exchange) -> Verdict:
        """The verdict, with a cause that can be told: without the row's own values."""
        verdict = judge(exchange, self._delivery.rule, retry_503=self._delivery.retry_503)
        return (
            replace(verdict, cause=without_values(verdict.reason, lead.payload.values())) if verdict.reason else verdict
        )

    def _decide(self, lead: DueLead, exchange: Exchange) -> tuple[Verdict, float]:
        """The verdict, with retries used up taken into account, and the wait before the next attempt in seconds."""
        verdict = self._judge(lead, exchange)
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

    async def _trip(self, tripped: str | None, last: str) -> None:
        if tripped:
            cure = "Find out what is wrong (is the endpoint up, is the list right?), then: campaign resume."
            await self._end.halt(f"{tripped} The last one: {last} {cure}")
