"""The arithmetic of slowing down and coming back."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from campaign.core.pacing.throttle import LEAST_PER_SECOND, LEAST_SHARE, Throttle, recovered, slowed

NOW = 1000.0
STEPS = st.lists(st.tuples(st.booleans(), st.floats(0.01, 100), st.floats(0, 200)), max_size=60)


@given(st.floats(1e-4, 1e4), STEPS)
def test_the_pace_stays_between_its_floor_and_what_was_asked(
    asked: float, steps: list[tuple[bool, float, float]]
) -> None:
    """Whatever comes: never faster than asked, never below the floor, and no wait is cut short."""
    throttle, now = Throttle.at(asked), NOW
    for refused, retry_after, pause in steps:
        before = throttle
        throttle = slowed(throttle, now, retry_after) if refused else recovered(throttle, now)
        assert min(asked, max(asked * LEAST_SHARE, LEAST_PER_SECOND)) <= throttle.allowed <= asked
        assert throttle.wait(now) >= before.wait(now)
        assert (throttle.allowed <= before.allowed) if refused else (throttle.allowed >= before.allowed)
        now += pause


def test_it_falls_to_the_floor_and_no_further() -> None:
    """Refused after every wait, 16/s goes down to 1/s, 2/min to 1/min, and 1000 a day stays as slow as it is."""
    for asked, floor in ((16.0, 1.0), (2 / 60, 1 / 60), (1000 / 86_400, 1000 / 86_400)):
        throttle, now = Throttle.at(asked), NOW
        for _ in range(20):
            throttle = slowed(throttle, now, 5)
            now += 6
        assert throttle.allowed == floor


@given(st.floats(0.01, 1000), st.floats(0.05, 5))
def test_it_comes_back_gradually(asked: float, between: float) -> None:
    """From half the rate it takes at least ten steps, a second or more apart, and the end is the asked rate."""
    throttle = slowed(Throttle.at(asked), NOW, 5)
    back = NOW + 5
    now, raised = back, 0
    while throttle.allowed < asked:
        now += between
        raised += 1
        assert raised < 1000
        throttle = recovered(throttle, now)
    assert throttle.allowed == asked
    if asked / 2 > LEAST_PER_SECOND:
        assert now - back >= 9.9


def test_no_limit_stays_no_limit() -> None:
    """Without a rate there is nothing to halve, but the wait holds."""
    throttle = slowed(Throttle.at(math.inf), NOW, 5)
    assert throttle.allowed == math.inf
    assert throttle.wait(NOW) == 5
    assert recovered(throttle, NOW) == throttle
