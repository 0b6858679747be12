"""The pool for one run: gateway, group commit, pacer and breaker, set up as the mapping and the person ask for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from campaign.adapters.clock import SystemClock
from campaign.adapters.gateway import HttpGateway
from campaign.adapters.journal import GroupCommit, Journal
from campaign.adapters.signals import stop_signals
from campaign.core.keys import Keys
from campaign.core.mapping.document import DeliverySpec
from campaign.core.outcome import SuccessRule
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.breaker import Breaker
from campaign.core.policy.screening import Screening
from campaign.core.run import Options
from campaign.ports import Progress
from campaign.usecases.pacer import Pacer
from campaign.usecases.submit import Delivery, Submission

T = TypeVar("T")


async def submit(
    journal: Journal,
    campaign: str,
    delivery: DeliverySpec,
    rules: Screening,
    endpoint: str,
    keys: Keys,
    options: Options,
    progress: Progress,
) -> Submission:
    """Send what is due of a campaign; see the submission for how it ended. Ctrl-C drains, a second one leaves at once."""
    clock = SystemClock()
    counts = journal.counts(campaign)
    retry, concurrency = delivery.retry, options.concurrency or delivery.concurrency
    async with (
        open_gateway(endpoint, keys, delivery, concurrency) as gateway,
        GroupCommit(journal) as commits,
    ):
        submission = Submission(
            Delivery(
                campaign=campaign,
                recontact_after=rules.recontact_after,
                concurrency=concurrency,
                backoff=Backoff(attempts=retry.attempts, base=retry.base, cap=retry.cap),
                rule=success_rule(delivery),
                retry_503=retry.on_503,
                limit=options.limit,
            ),
            commits,
            gateway,
            rules,
            Pacer(options.rate or delivery.rate, clock),
            Breaker(delivery.stop_after.consecutive, delivery.stop_after.ratio),
            clock,
            random.random,
            progress,
            counts,
        )
        stopping: set[asyncio.Task[None]] = set()

        def drain() -> None:
            progress.note("Stopping: calls under way are finished. Ctrl-C again leaves at once.")
            stopping.add(asyncio.create_task(submission.drain()))

        with stop_signals(drain, submission.abort):
            await submission.run()
    return submission


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


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end, also from inside a running event loop, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as other_thread:
        return other_thread.submit(asyncio.run, work).result()
