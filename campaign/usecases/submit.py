"""The pool: due rows go out, at most once each, and every outcome is durable before the next step.

The order for one row is fixed: its turn at the pacer, the rules and bounds once more, the intent (durable), the request,
the outcome (durable). A row that only waits is never ambiguous. A run may stay until the calling hours of further rows open.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from campaign.core.errors import CampaignError
from campaign.core.lead import ROW_ID_FIELD
from campaign.core.lifecycle import MAY_HAVE_CALLED, State
from campaign.core.outcome import Exchange, Fault, Verdict, judge
from campaign.core.pacing.breaker import Breaker
from campaign.core.pacing.retry_after import parse_retry_after
from campaign.core.policy.person_caps import CapReached
from campaign.core.policy.quota import Call, Full, Granted, Quota, Reached
from campaign.core.policy.screening import contacted, lapsed
from campaign.core.problem import Note, without_values
from campaign.core.record import DueLead, Judgement
from campaign.ports import Abandoned, Clock, Gateway, Progress
from campaign.usecases.delivery import Delivery, DeliveryJournal, Recheck
from campaign.usecases.line import Line
from campaign.usecases.openings import Openings
from campaign.usecases.pacer import Pacer
from campaign.usecases.patience import Patience
from campaign.usecases.stay import LONGEST_REST, Stay

_PAGE = 500  # rows that are judged and written together


@dataclass(frozen=True, slots=True)
class _Admitted:
    """A row may go: as `lead` stands, with the `note` by which it has lost its second number; the moment that its intent is
    dated by, its turn at the pacer, its part of the quota."""

    lead: DueLead
    note: Note | None
    at: datetime
    turn: float
    granted: Granted


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
        quota: Quota,
    ) -> None:
        """`counts` are the campaign's rows by state as the run begins; `random` gives numbers from 0 to 1 for back-off;
        `quota` has the calls that were made already."""
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
        self._quota = quota
        self._freed = asyncio.Event()
        self._stay = Stay(clock)
        self._openings = Openings(delivery, journal, rules, clock)
        self._line = Line(self._openings.due, delivery.limit, delivery.only)
        self._workers: set[asyncio.Task[None]] = set()
        self._patience = Patience()
        self._stopping = False
        self.halted = ""
        self.paused = ""
        self.interrupted = False
        self.failure: CampaignError | None = None

    async def run(self) -> None:
        """Send until no row is due, a person stops it, it halts or pauses: see `halted`, `paused`, `interrupted`, `failure`."""
        watch = None
        try:
            if not await self._begin():
                return
            if self._delivery.wait or self._delivery.ending is not None:
                watch = asyncio.create_task(self._watch())
            await self._send_due()
            while self._delivery.wait and not self._line.used_up and await self._opened():
                await self._send_due()
        except CampaignError as error:
            await self._fail(error)
        finally:
            if watch is not None:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)

    async def _begin(self) -> bool:
        """Wait for the moment to begin. False if it does not come."""
        start = self._delivery.start_at
        if start is not None and start > self._clock.now():
            ending = self._delivery.ending
            until = f", and nothing from {_local(ending.at)} on" if ending is not None else ""
            self._note(f"Nothing is sent before {_local(start)}{until} (your time). Ctrl-C leaves.")
            if not await self._stay.until(start):
                return False
            await self._release()
        await self._openings.put_in_order()
        return True

    async def _opened(self) -> bool:
        """Wait for the next deferred row's moment. False if none has one, or the run ends before."""
        opens, rows = await self._openings.next()
        if self._stopping or opens is None:
            return False
        if self._delivery.ending is not None and opens >= self._delivery.ending.at:
            await self._pause(self._delivery.ending.rule)
            return False
        if opens > self._clock.now():
            wait = "1 row waits" if rows == 1 else f"{rows:,} rows wait"
            self._note(
                f"{wait} for calling hours or a free cap; the next goes at {_local(opens)} (your time). Ctrl-C leaves."
            )
        if not await self._stay.until(opens):
            return False
        await self._release()
        return True

    async def _watch(self) -> None:
        """While rows go out: let those go too whose hours have opened meanwhile, and end in time."""
        ending = self._delivery.ending
        try:
            while not self._stopping:
                left = (ending.at - self._clock.now()).total_seconds() if ending is not None else LONGEST_REST
                if ending is not None and left <= 0:
                    await self._pause(ending.rule)
                elif await self._stay.rest(left) and self._delivery.wait:
                    await self._release()
        except CampaignError as error:
            await self._fail(error)

    async def _release(self) -> None:
        if released := await self._openings.release():
            self._moved(State.DEFERRED, State.PENDING, released)
            await self._line.anew()

    async def _send_due(self) -> None:
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
        self.interrupted = self._stopping = True
        self._stay.stop()
        self._patience.leave()
        for worker in self._workers:
            worker.cancel()

    async def _stop(self) -> None:
        self._stopping = True
        self._stay.stop()
        self._patience.end()
        await self._line.close()

    async def _work(self) -> None:
        while (lead := await self._next()) is not None:
            retry, wait, sent = False, 0.0, True
            try:
                outcome = await self._deliver(lead)
                retry, wait = outcome or (False, 0.0)
                sent = outcome is not None
            except CampaignError as error:
                await self._fail(error)
            except Exception as error:
                self.failure = self.failure or _own_error(f"at row {lead.number}", error)
                await self._trip(self._breaker.record(ok=False), str(self.failure.message))
            finally:
                await self._line.done(lead, retry, wait, sent=sent)

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

    async def _deliver(self, lead: DueLead) -> tuple[bool, float] | None:
        """Take one row through. Returns whether it is to be tried again, and after how many seconds; None: it was not sent."""
        admitted = await self._admit(lead)
        if admitted is None:
            return None
        lead = admitted.lead
        called = True  # until it is proven and durable that nobody was
        try:
            held = await self._intend(admitted)
            if held is not None:
                called = False
                await self._hold(lead, held)
                return None
            self._moved(State.PENDING, State.SENDING)
            exchange = await self._send(lead)
            verdict, wait = self._decide(lead, exchange)
            # The outcome is written even if a second Ctrl-C arrives now: it is known, so it must not become unknown.
            await asyncio.shield(self._journal.finish(lead.id, verdict, exchange, self._clock.now()))
            called = verdict.state in MAY_HAVE_CALLED
        finally:
            self._quota.settle(admitted.granted, called=called)
            self._freed.set()
            self._freed = asyncio.Event()
        await self._learn(verdict, exchange, admitted.turn)
        self._moved(State.SENDING, verdict.state)
        return verdict.retry and not self._stopping, wait

    async def _admit(self, lead: DueLead) -> _Admitted | None:
        """Wait until the row may go by rules, bounds and pace. None if it may not, or the campaign stops meanwhile.

        Rules and bounds are asked before the turn at the pacer too: a row that is held back spends none.
        """
        call = Call.of(lead.payload, lead.phones)
        turn: float | None = None
        while True:
            now = self._clock.now()
            if self._delivery.ending is not None and now >= self._delivery.ending.at:
                await self._pause(self._delivery.ending.rule)
                return None
            await self._rules.refresh(now)
            note = self._rules.objection_to_second(lead.phones, now)
            going = lead.without_second() if note is not None else lead
            held = lapsed(going.valid_until, now) or self._rules.recheck(going.phones, going.place, now)
            if held is not None:
                await self._hold(lead, held)
                return None
            at = max(now, self._delivery.not_before)
            answer = self._quota.look(call, at) if turn is None else self._quota.ask(call, at)
            if isinstance(answer, Reached):
                await self._bounded(lead, answer)
                return None
            if isinstance(answer, Full):
                if await self._patience.wait(self._freed.wait()) is None:
                    return None
                turn = None
            elif turn is not None:
                return _Admitted(going, note, at, turn, answer)
            elif (turn := await self._patience.wait(self._pacer.turn())) is None:
                return None

    async def _intend(self, admitted: _Admitted) -> Judgement | None:
        """Write the intent. Returns why not, if the person was called already."""
        lead = admitted.lead
        if admitted.note is not None:
            await self._journal.leave_out_second(lead, admitted.note)
        caps = self._rules.caps_of(lead.phones, lead.place)
        found = await self._journal.begin(
            self._delivery.campaign, lead.id, admitted.at, self._delivery.since(self._clock.now()), caps
        )
        if isinstance(found, CapReached):
            return self._rules.until(lead.phones, lead.place, found.cap.rule, found.next_allowed)
        return contacted(found) if found is not None else None

    async def _bounded(self, lead: DueLead, reached: Reached) -> None:
        """A bound is reached: the campaign pauses, or the row waits for the next day, and so do all others if it is theirs."""
        if reached.until is None:
            await self._pause(reached.rule)
            return
        await self._hold(lead, self._rules.until(lead.phones, lead.place, reached.rule, reached.until))
        while reached.whole and (batch := await self._line.take(_PAGE)):
            held = [self._rules.until(row.phones, row.place, reached.rule, reached.until) for row in batch]
            try:
                await asyncio.gather(*map(self._hold, batch, held))
            finally:
                for row in batch:
                    await self._line.done(row, sent=False)

    async def _hold(self, lead: DueLead, judgement: Judgement) -> None:
        await self._journal.hold(lead.id, judgement)
        self._moved(State.PENDING, judgement.state)

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

    async def _pause(self, reason: str) -> None:
        """What was asked for is reached: stop, nothing is wrong."""
        self.paused = self.paused or reason
        await self._stop()

    def _note(self, text: str) -> None:
        with suppress(Exception):  # see `_moved`
            self._progress.note(text)

    def _moved(self, origin: State, target: State, rows: int = 1) -> None:
        self._counts[origin] -= rows
        self._counts[target] += rows
        with suppress(Exception):  # a terminal that is gone must not make a call ambiguous
            self._progress.sending(+self._counts, self._total, self._pacer.allowed)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _own_error(where: str, error: Exception) -> CampaignError:
    return CampaignError(
        f"An error in campaign itself {where}: {type(error).__name__}: {error}",
        "The other rows went on. Please report this; `campaign status` shows where the rows stand.",
    )
