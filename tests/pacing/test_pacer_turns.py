"""The pacer against virtual time: never faster than asked in any sliding second, never needlessly slower."""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual_time import run_virtually

from campaign.core.pacing.rate import Rate
from campaign.usecases.sending.pacer import Pacer

WINDOWS_TIMER = 0.0156


def most_in_a_second(moments: Sequence[float]) -> int:
    """The most calls in any sliding second, both ends included."""
    return max((bisect_right(moments, at + 1.0) - n for n, at in enumerate(moments)), default=0)


async def go(pacer: Pacer, seconds: float, workers: int = 4) -> list[float]:
    """The moments at which calls went while `workers` pressed for `seconds`."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    moments: list[float] = []

    async def worker() -> None:
        while True:
            await pacer.turn()
            if loop.time() > until:
                return
            moments.append(loop.time())

    await asyncio.gather(*(worker() for _ in range(workers)))
    return moments


@pytest.mark.parametrize("grain", [0.0, WINDOWS_TIMER])
@pytest.mark.parametrize("per_second", [0.5, 5, 50, 200, 1000])
def test_no_sliding_second_exceeds_the_rate_and_none_is_wasted(per_second: float, grain: float) -> None:
    """At most 1.02 times the rate and one call in any second, after idling too; at least 0.98 of it on the whole."""

    async def main() -> list[list[float]]:
        pacer = Pacer(Rate(per_second, 1))
        first = await go(pacer, 10)
        await asyncio.sleep(7.3)
        return [first, await go(pacer, 10)]

    bursts = run_virtually(main(), grain)
    assert most_in_a_second([at for burst in bursts for at in burst]) <= 1.02 * per_second + 1
    for burst in bursts:
        assert len(burst) >= 0.98 * per_second * 10


def test_a_daily_rate_is_spread_over_the_day() -> None:
    """2000/day is a call every 43.2 seconds, not 2000 at once."""

    async def main() -> list[float]:
        return await go(Pacer(Rate.parse("2000/day")), 86_400, workers=2)

    moments = run_virtually(main())
    gaps = [b - a for a, b in pairwise(moments)]
    assert len(moments) in (2000, 2001)
    assert min(gaps) > 42


def test_without_a_rate_nothing_waits() -> None:
    """No limit: a thousand calls go at once, and the allowed rate is infinite."""

    async def main() -> tuple[float, float]:
        pacer = Pacer(None)
        for _ in range(1000):
            await pacer.turn()
        return asyncio.get_running_loop().time(), pacer.allowed

    took, allowed = run_virtually(main())
    assert took < 0.01
    assert allowed == math.inf


def test_turns_are_granted_in_the_order_of_asking() -> None:
    """Nobody overtakes: rows go in the order of the list."""

    async def main() -> list[int]:
        pacer = Pacer(Rate(10, 1))
        order: list[int] = []

        async def ask(number: int) -> None:
            await pacer.turn()
            order.append(number)

        await asyncio.gather(*(ask(n) for n in range(30)))
        return order

    assert run_virtually(main()) == list(range(30))


def test_who_gives_up_waiting_holds_up_nobody() -> None:
    """A cancelled turn leaves the queue moving at the asked rate."""

    async def main() -> list[float]:
        pacer = Pacer(Rate(10, 1))
        await pacer.turn()
        waiting = [asyncio.ensure_future(pacer.turn()) for _ in range(5)]
        await asyncio.sleep(0.05)
        for task in waiting:
            task.cancel()
        return await go(pacer, 5)

    assert len(run_virtually(main())) >= 0.98 * 50


def test_a_429_holds_back_calls_that_already_wait_then_halves_the_rate() -> None:
    """The wait holds for a call that stands at the bucket, too; after it half the rate goes, and it comes back."""

    async def main() -> tuple[float, float, int, float]:
        loop = asyncio.get_running_loop()
        pacer = Pacer(Rate(10, 1))
        await pacer.turn()
        waiting = asyncio.ensure_future(pacer.turn())
        await asyncio.sleep(0.01)
        slowed_at = loop.time()
        for _ in range(10):  # ten requests were under way, and all are refused
            pacer.slow_down(30)
        await waiting
        waited = loop.time() - slowed_at
        halved = pacer.allowed
        calls = len(await go(pacer, 10))
        for _ in range(40):
            pacer.speed_up()
            await asyncio.sleep(0.6)
        return waited, halved, calls, pacer.allowed

    waited, halved, calls, recovered = run_virtually(main())
    assert waited >= 30
    assert halved == 5
    assert 49 <= calls <= 51
    assert recovered == 10


def test_late_answers_from_before_the_wait_halve_nothing_more() -> None:
    """A refusal that arrives after the wait, of a call from before it, is the same event: waited for, not halved."""

    async def main() -> tuple[list[bool], float, float]:
        pacer = Pacer(Rate(10, 1))
        early = [await pacer.turn() for _ in range(3)]
        news = [pacer.slow_down(2, early[0])]
        await asyncio.sleep(5)
        news += [pacer.slow_down(2, early[1]), pacer.slow_down(1, early[2])]
        began = asyncio.get_running_loop().time()
        granted = await pacer.turn()
        waited = granted - began
        allowed = pacer.allowed
        news.append(pacer.slow_down(2, granted))
        assert pacer.allowed == 2.5
        return news, waited, allowed

    news, waited, allowed = run_virtually(main())
    assert news == [True, False, False, True]
    assert waited >= 2
    assert allowed == 5


def test_a_change_of_rate_lets_no_burst_through() -> None:
    """Refused again and again after short waits, a campaign slows down; a new rate is no fresh start for the bucket."""

    async def main() -> list[float]:
        pacer = Pacer(Rate(1, 1))
        moments: list[float] = []
        for _ in range(5):
            granted = await pacer.turn()
            moments.append(asyncio.get_running_loop().time())
            pacer.slow_down(0.1, granted)
        return moments

    gaps = [b - a for a, b in pairwise(run_virtually(main()))]
    assert gaps == pytest.approx([2.1, 4.1, 8.1, 16.1], abs=0.01)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("go"), st.floats(0, 3)),
        st.tuples(st.just("idle"), st.floats(0, 5)),
        st.tuples(st.just("refused"), st.floats(0.01, 4)),
        st.tuples(st.just("accepted"), st.just(0.0)),
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(per_second=st.sampled_from([0.2, 1, 5, 37, 200]), events=EVENTS)
def test_whatever_happens_the_asked_rate_and_every_wait_are_kept(
    per_second: float, events: list[tuple[str, float]]
) -> None:
    """In any order of calls, pauses, refusals and successes no second exceeds the rate, no call goes inside a wait."""

    async def main() -> tuple[list[float], list[tuple[float, float]]]:
        pacer = Pacer(Rate(per_second, 1))
        loop = asyncio.get_running_loop()
        moments: list[float] = []
        waits: list[tuple[float, float]] = []
        for event, value in events:
            match event:
                case "go":
                    moments += await go(pacer, value, workers=2)
                case "idle":
                    await asyncio.sleep(value)
                case "refused":
                    pacer.slow_down(value)
                    waits.append((loop.time(), loop.time() + value))
                case "accepted":
                    pacer.speed_up()
        return moments, waits

    moments, waits = run_virtually(main())
    assert most_in_a_second(moments) <= 1.02 * per_second + 1
    assert not [at for at in moments for begin, end in waits if begin < at < end - 1e-5]


def test_a_run_begins_at_its_rate() -> None:
    """The first call goes at once, and no burst behind it: what waits on its way would make that second too full."""

    async def main() -> list[float]:
        return await go(Pacer(Rate(200, 1)), 1)

    moments = run_virtually(main())
    assert moments[0] < 0.001
    assert min(b - a for a, b in pairwise(moments)) > 0.9 / 200


@given(
    st.lists(
        st.one_of(st.just("turn"), st.just("429"), st.just("accepted"), st.floats(0.0001, 3)), min_size=1, max_size=40
    ),
    st.sampled_from([None, Rate(0.5, 1), Rate(7, 1), Rate(300, 1)]),
)
def test_a_turn_at_once_lets_nothing_else_happen_before(steps: Sequence[str | float], rate: Rate | None) -> None:
    """So the rules need be asked before it alone: not a step of another task lies between."""

    async def main() -> None:
        pacer = Pacer(rate)
        for step in steps:
            if step == "429":
                pacer.slow_down(0.5)
            elif step == "accepted":
                pacer.speed_up()
            elif isinstance(step, float):
                await asyncio.sleep(step)
            else:
                with pytest.raises(StopIteration) as had:
                    pacer.turn_at_once().send(None)
                if had.value.value is None:
                    await pacer.turn()

    run_virtually(main())
