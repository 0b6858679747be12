"""Waits between the attempts of one row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.pacing.backoff import Backoff

BACKOFFS = st.builds(Backoff, st.integers(1, 5000), st.floats(0.001, 60), st.floats(1, 1e6), st.floats(0.001, 3600))


@given(BACKOFFS, st.integers(1, 6000), st.floats(0, 1, exclude_max=True))
def test_waits_are_bounded_and_attempts_end(backoff: Backoff, attempt: int, luck: float) -> None:
    """A wait is from 0 to the cap and never above what the exponent gives; after the last attempt there is none."""
    delay = backoff.delay(attempt, lambda: luck)
    if attempt >= backoff.attempts:
        assert delay is None
    else:
        assert delay is not None
        assert 0 <= delay <= backoff.cap
        assert delay == pytest.approx(luck * backoff.ceiling(attempt))


@given(BACKOFFS, st.integers(1, 5999))
def test_the_ceiling_never_falls(backoff: Backoff, attempt: int) -> None:
    """Waits grow from attempt to attempt until the cap."""
    assert backoff.ceiling(attempt) <= backoff.ceiling(attempt + 1) <= backoff.cap


def test_the_default_doubles_from_one_second() -> None:
    """1, 2, 4 seconds at most, then no more."""
    backoff = Backoff()
    assert [backoff.delay(n, lambda: 1.0) for n in (1, 2, 3, 4)] == [1, 2, 4, None]


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"base": 0}, {"factor": 0.5}, {"cap": 0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    """No attempt, no base, a shrinking factor, no cap: ValueError."""
    with pytest.raises(ValueError, match="retries need"):
        Backoff(**wrong)
