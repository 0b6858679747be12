"""The pool for one run: gateway, group commit, pacer and breaker, set up as the mapping and the person ask for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from campaign.adapters.clock import SystemClock
from campaign.adapters.gateway import HttpGateway
from campaign.adapters.journal import GroupCommit, Journal
from campaign.adapters.signals import interrupts_raised, stop_signals
from campaign.assembly.bounds import ending_of, quota_of
from campaign.assembly.event_loop import run
from campaign.assembly.rules import RulesAtSending
from campaign.core.course import Course
from campaign.core.keys import Keys
from campaign.core.mapping.delivery_part import DeliverySpec
from campaign.core.mapping.document import Mapping
from campaign.core.outcome import SuccessRule
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.breaker import Breaker
from campaign.core.record import CampaignRecord
from campaign.core.run import Options
from campaign.usecases.sending.delivery import Delivery
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.run_end import RunEnd
from campaign.usecases.sending.submission import Submission

T = TypeVar("T")


async def submit(
    journal: Journal,
    record: CampaignRecord,
    mapping: Mapping,
    rules: RulesAtSending,
    endpoint: str,
    keys: Keys,
    options: Options,
    onlookers: Onlookers,
    course: Course,
    stop: Stop,
) -> RunEnd:
    """Send what is due of a campaign, and tell how it ended. Ctrl-C drains, a second one leaves at once."""
    clock = SystemClock()
    not_before = journal.last_moment(record.id)
    delivery = mapping.delivery
    retry, concurrency = delivery.retry, options.concurrency or delivery.concurrency
    quota = quota_of(journal, record, delivery, options, not_before)
    ending = ending_of(record.id, delivery, options)
    stopping: set[asyncio.Task[None]] = set()

    def drain() -> None:
        stopping.add(asyncio.create_task(submission.end.drain()))

    def abort() -> None:
        submission.abort()

    # Signals are taken from before the first call until the journal's last commit: none falls in between.
    with stop_signals(drain, abort):
        async with (
            open_gateway(endpoint, keys, delivery, concurrency) as gateway,
            GroupCommit(journal) as commits,
        ):
            submission = Submission(
                Delivery(
                    campaign=record.id,
                    entered_at=record.created_at,
                    not_before=not_before,
                    recontact_after=mapping.policy.recontact_after,
                    concurrency=concurrency,
                    backoff=Backoff(attempts=retry.attempts, base=retry.base, cap=retry.cap),
                    rule=success_rule(delivery),
                    retry_503=retry.on_503,
                    limit=options.limit,
                    only=options.only,
                    start_at=options.start_at,
                    ending=ending,
                    wait=options.wait,
                ),
                commits,
                gateway,
                rules,
                Pacer(options.rate or delivery.rate),
                Breaker(delivery.stop_after.consecutive, delivery.stop_after.ratio),
                clock,
                random.random,
                onlookers,
                course,
                quota,
            )
            stop.reaches(drain, abort)
            await submission.run()
    return submission.end


def open_gateway(endpoint: str, keys: Keys, delivery: DeliverySpec, concurrency: int) -> HttpGateway:
    """The way to the endpoint, as the mapping asks for it."""
    return HttpGateway(
        endpoint,
        keys,
        method=delivery.method,
        connect_timeout=delivery.timeout.connect,
        read_timeout=delivery.timeout.read,
        concurrency=concurrency,
    )


def success_rule(delivery: DeliverySpec) -> SuccessRule:
    """What counts as accepted, as the mapping says."""
    return SuccessRule(delivery.success.require)


def finish(start: Callable[[Stop], Coroutine[Any, Any, T]]) -> T:
    """Run what `start` gives to its end, also from inside a running event loop, as in a notebook.

    There it runs on a thread of its own, and an interrupt stops it as Ctrl-C does: once to drain, twice at once. The
    thread is always waited for: nothing may be sent behind the caller's back.
    """
    stop = Stop()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run(lambda: start(stop))
    with interrupts_raised(), ThreadPoolExecutor(1) as other_thread:
        future = other_thread.submit(lambda: run(lambda: start(stop)))
        while True:
            try:
                return future.result()
            except KeyboardInterrupt:
                stop.ask()


class Stop:
    """The way to stop a run from another thread, once it has begun."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._steps: list[Callable[[], None]] = []

    def reaches(self, drain: Callable[[], None], abort: Callable[[], None]) -> None:
        """What the first and every later `ask` does, in the running loop."""
        self._steps = [drain, abort]
        self._loop = asyncio.get_running_loop()

    def ask(self) -> None:
        """Stop: first gently, then at once. Nothing, if the run has not begun or has ended."""
        if self._loop is not None and not self._loop.is_closed():
            step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
            with suppress(RuntimeError):  # it has just ended
                self._loop.call_soon_threadsafe(step)
