"""How much comes through an endpoint that slows the calls down again and again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from campaign.core.pacing.slow_spell import SlowSpell
from campaign.core.pacing.throttle import Throttle, recovered, slowed

rates = st.floats(2.0, 50.0)


def calls(rate: float, refused: set[int] | range, wait: float) -> Iterator[tuple[float, int, Throttle]]:
    """Calls at the rate that is allowed, of which those with these numbers are refused: the moment, how many were taken, the
    pace."""
    throttle, now, taken = Throttle.at(rate), 0.0, 0
    for number in range(1, 100_000):
        now += throttle.wait(now) + 1 / throttle.allowed
        if number in refused:
            throttle = slowed(throttle, now, wait, granted=now)
        else:
            taken += 1
            throttle = recovered(throttle, now)
        yield now, taken, throttle


@given(rates, st.integers(5, 60), st.floats(0.0, 2.0))
def test_what_comes_through_is_what_will(rate: float, every: int, wait: float) -> None:
    """Where every so manieth call is refused, the rows of the next ten minutes come at the rate that is told."""
    spell, at_last, told = SlowSpell(), 0.0, None
    seen = calls(rate, range(every, 100_000, every), wait)
    for now, taken, throttle in seen:
        if now - at_last >= 0.25:
            at_last = now
            told = spell.see(now, taken, throttle.allowed, rate)
        if now > 90:
            break
    assume(told is not None)  # it comes back to the asked rate in between
    assert told is not None
    later, more = next((moment, done) for moment, done, _ in seen if moment > now + 600)
    assert told == pytest.approx((more - taken) / (later - now), rel=0.35)


@given(rates, st.floats(0.0, 300.0))
def test_one_refusal_tells_nothing(rate: float, wait: float) -> None:
    """However long it asks to wait: the rate comes back."""
    spell = SlowSpell()
    for now, taken, throttle in calls(rate, {20}, wait):
        assert spell.see(now, taken, throttle.allowed, rate) is None
        if now > 400:
            break


def test_it_is_over_when_the_asked_rate_is_back() -> None:
    """And the next one begins anew."""
    spell = SlowSpell()
    for n, allowed in enumerate((5.0, 4.0, 3.0, 2.0)):
        spell.see(10.0 * n, 10 * n, allowed, 10.0)
    assert spell.see(40.0, 40, 2.5, 10.0) == 1.0
    assert spell.see(41.0, 41, 10.0, 10.0) is None
    assert spell.see(42.0, 42, 5.0, 10.0) is None
