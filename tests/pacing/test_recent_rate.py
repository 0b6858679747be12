"""How fast calls go right now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.pacing.recent import LEAST_SECONDS, Recent


@given(st.floats(1.0, 2000.0), st.integers(80, 400))
def test_a_steady_rate_is_told_as_it_is(rate: float, looks: int) -> None:
    """To a call, once half the time was seen that is looked back on."""
    recent = Recent()
    seen = [recent.see(n / 4, int(rate * n / 4), rate) for n in range(looks)]
    assert seen[0] is None
    assert all(told is not None for told in seen[int(LEAST_SECONDS * 4 / 2) :])
    assert seen[-1] == pytest.approx(rate, abs=1 / (LEAST_SECONDS / 2))


@given(st.floats(1.0, 2000.0))
def test_calls_that_have_stopped_count_no_longer_than_some_seconds(rate: float) -> None:
    """It is the rate of the last seconds, not of the run."""
    recent = Recent()
    for n in range(400):
        recent.see(n / 4, int(rate * n / 4), rate)
    stopped = [recent.see(100 + n / 4, int(rate * 100), rate) for n in range(60)]
    assert stopped[-1] == 0


def test_a_slow_rate_is_looked_at_for_longer() -> None:
    """At two calls a minute, ten seconds tell nothing."""
    recent = Recent()
    for n in range(2400):
        told = recent.see(n / 4, n // 120, 1 / 30)
        assert told is None or told == pytest.approx(1 / 30, rel=0.5)
    assert told == pytest.approx(1 / 30, rel=0.25)
