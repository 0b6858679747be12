"""The pool: due rows go out, at most once each, and every outcome is durable before the next step.

The order for one row is fixed: its turn at the pacer, the rules and bounds once more, the intent (durable), the request,
the outcome (durable). A row that only waits is never ambiguous. A run may stay until the calling hours of further rows open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from campaign.core.course import Course
from campaign.core.errors import CampaignError
from campaign.core.event import Released, Resumed, Waiting
from campaign.core.lifecycle import MAY_HAVE_CALLED, State
from campaign.core.moment import your_time
from campaign.core.pacing.breaker import Breaker
from campaign.core.policy.quota import Quota
from campaign.core.record import DueLead
from campaign.core.standing import Wait
from campaign.ports import Clock, Gateway
from campaign.usecases.sending.admission import Admission
from campaign.usecases.sending.attempt import Attempts
from campaign.usecases.sending.delivery import Delivery, DeliveryJournal, Recheck
from campaign.usecases.sending.line import Line
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.openings import Openings
from campaign.usecases.sending.pace_log import PaceLog
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.patience import Patience
from campaign.usecases.sending.run_end import RunEnd
from campaign.usecases.sending.stay import LONGEST_REST, Stay
from campaign.usecases.sending.tally import Tally


class Submission:
    """One run of the pool over a campaign's due rows. How it ended stands in `end`."""

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
        onlookers: Onlookers,
        course: Course,
        quota: Quota,
    ) -> None:
        """`course` is what lies before the run as it begins; `random` gives numbers from 0 to 1 for back-off; `quota` has the
        calls that were made already."""
        self._delivery = delivery
        self._clock = clock
        self._workers: set[asyncio.Task[None]] = set()
        self._stay, patience = Stay(clock), Patience()
        self._openings = Openings(delivery, journal, rules, clock)
        self._line = Line(self._openings.due, delivery.limit, delivery.only)
        self._tally = Tally(course, onlookers, pacer, clock)
        self._pace_log = PaceLog(delivery, journal, pacer, clock)
        self.end = RunEnd(self._line, self._stay, patience, self._tally)
        self._admission = Admission(
            delivery, journal, rules, pacer, quota, clock, self._line, patience, self.end, self._tally
        )
        self._attempts = Attempts(delivery, journal, gateway, pacer, breaker, clock, random, self.end, self._tally)

    async def run(self) -> None:
        """Send until no row is due, a person stops it, it halts or pauses: see `end`."""
        watch = None
        self._tally.show()
        try:
            if not await self._begin():
                return
            if self._delivery.wait or self._delivery.ending is not None:
                watch = asyncio.create_task(self._watch())
            await self._send_due()
            while self._delivery.wait and not self._line.used_up and await self._opened():
                await self._send_due()
        except CampaignError as error:
            await self.end.fail(error)
        finally:
            if watch is not None:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
            self._tally.over()

    async def _begin(self) -> bool:
        """Wait for the moment to begin. False if it does not come."""
        start = self._delivery.start_at
        if start is not None and start > self._clock.now():
            ending = self._delivery.ending
            nor = f", nor from {your_time(ending.at)} on" if ending is not None else ""
            self._tally.happened(Waiting(start, f"nothing is sent before the start that was asked for{nor}"))
            if not await self._stay.until(start):
                return False
            self._tally.happened(Resumed())
            await self._release()
        await self._openings.put_in_order()
        return True

    async def _opened(self) -> bool:
        """Wait for the next deferred row's moment. False if none has one, or the run ends before."""
        opens, rows = await self._openings.next()
        if self.end.stopping or opens is None:
            return False
        if self._delivery.ending is not None and opens >= self._delivery.ending.at:
            await self.end.pause(self._delivery.ending.rule)
            return False
        if opens > self._clock.now():
            self._tally.happened(Waiting(opens, Wait.for_hours(opens, rows).why))
        if not await self._stay.until(opens):
            return False
        self._tally.happened(Resumed())
        await self._release()
        return True

    async def _watch(self) -> None:
        """While rows go out: let those go too whose hours have opened meanwhile, and end in time."""
        ending = self._delivery.ending
        try:
            while not self.end.stopping:
                left = (ending.at - self._clock.now()).total_seconds() if ending is not None else LONGEST_REST
                if ending is not None and left <= 0:
                    await self.end.pause(ending.rule)
                elif await self._stay.rest(left) and self._delivery.wait:
                    await self._release()
        except CampaignError as error:
            await self.end.fail(error)

    async def _release(self) -> None:
        if released := await self._openings.release():
            self._tally.moved(State.DEFERRED, State.PENDING, released)
            self._tally.happened(Released(released))
            await self._line.anew()

    async def _send_due(self) -> None:
        self._pace_log.look()
        self._workers = {asyncio.create_task(self._work()) for _ in range(self._delivery.concurrency)}
        ended = await asyncio.gather(*self._workers, return_exceptions=True)
        self._pace_log.end()
        for error in ended:
            if isinstance(error, Exception):
                self.end.note_failure(_own_error("while rows were fetched", error))

    def abort(self) -> None:
        """A person asked to stop at once: rows under way become `unknown`, unless nothing of them was sent."""
        self.end.leave()
        for worker in self._workers:
            worker.cancel()

    async def _work(self) -> None:
        while (lead := await self._next()) is not None:
            retry, wait, sent = False, 0.0, True
            try:
                outcome = await self._deliver(lead)
                retry, wait = outcome or (False, 0.0)
                sent = outcome is not None
            except CampaignError as error:
                await self.end.fail(error)
            except Exception as error:
                failure = _own_error(f"at row {lead.number}", error)
                self.end.note_failure(failure)
                await self._attempts.stumble(failure.message)
            finally:
                again = replace(lead, attempts=lead.attempts + 1) if retry else lead
                await self._line.done(again, retry, wait, sent=sent)

    async def _next(self) -> DueLead | None:
        try:
            return await self._line.next()
        except CampaignError as error:  # the journal can no longer be read
            await self.end.fail(error)
            return None

    async def _deliver(self, lead: DueLead) -> tuple[bool, float] | None:
        """Take one row through. Returns whether it is to be tried again, and after how many seconds; None: it was not sent."""
        admitted = await self._admission.ask(lead)
        if admitted is None:
            return None
        lead = admitted.lead
        called = True  # until it is proven and durable that nobody was
        try:
            held = await self._admission.intend(admitted)
            if held is not None:
                called = False
                await self._admission.hold(lead, held)
                return None
            self._tally.moved(State.PENDING, State.SENDING)
            verdict, exchange, wait = await self._attempts.make(lead)
            called = verdict.state in MAY_HAVE_CALLED
        finally:
            self._admission.settle(admitted, called=called)
        await self._attempts.learn(verdict, exchange, admitted.turn)
        self._pace_log.look()
        self._tally.moved(State.SENDING, verdict.state)
        return verdict.retry and not self.end.stopping, wait


def _own_error(where: str, error: Exception) -> CampaignError:
    return CampaignError(
        f"An error in campaign itself {where}: {type(error).__name__}: {error}",
        "The other rows went on. Please report this; `campaign status` shows where the rows stand.",
    )
