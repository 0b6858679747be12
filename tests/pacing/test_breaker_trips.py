"""When a campaign pauses by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from campaign.core.pacing.breaker import Breaker


def test_failures_in_a_row_pause() -> None:
    """The third failure in a row is one too many, and the reason says so with figures."""
    breaker = Breaker(consecutive=3, ratio=None)
    assert [breaker.record(ok) for ok in (False, False, True, False, False)] == [None] * 5
    assert breaker.record(False) == "3 calls in a row failed (stop_after.consecutive is 3)."


def test_a_share_of_failures_pauses_once_there_are_enough() -> None:
    """Every second call fails: nothing is said of 19, but of 20."""
    breaker = Breaker(consecutive=None, ratio=0.5)
    reasons = [breaker.record(n % 2 == 0) for n in range(20)]
    assert reasons[:19] == [None] * 19
    assert reasons[19] == "10 of the last 20 calls failed (stop_after.ratio is 0.5)."


def test_only_the_last_outcomes_count() -> None:
    """A bad start is forgotten when it has left the window."""
    breaker = Breaker(consecutive=None, ratio=0.5, window=20, least=20)
    for _ in range(9):
        breaker.record(False)
    assert [breaker.record(True) for _ in range(20)] == [None] * 20
    assert [breaker.record(False) for _ in range(9)] == [None] * 9
    assert breaker.record(False) is not None


def test_after_a_reset_the_count_begins_anew() -> None:
    """A person has looked: old failures are no reason any more."""
    breaker = Breaker(consecutive=2, ratio=0.5, least=2)
    breaker.record(False)
    breaker.reset()
    assert breaker.record(False) is None
    assert breaker.record(False) is not None


@given(
    st.lists(st.booleans(), max_size=150),
    st.none() | st.integers(1, 30),
    st.none() | st.floats(0.01, 1),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_the_reason_agrees_with_a_plain_count(
    outcomes: list[bool], consecutive: int | None, ratio: float | None, window: int, least: int
) -> None:
    """Counted afresh from the whole history, the breaker speaks exactly when a rule is met, and never on a success."""
    breaker = Breaker(consecutive, ratio, window, least)
    for n, ok in enumerate(outcomes, 1):
        reason = breaker.record(ok)
        seen = outcomes[max(0, n - window) : n]
        in_a_row = consecutive is not None and n >= consecutive and not any(outcomes[n - consecutive : n])
        share = ratio is not None and len(seen) >= least and seen.count(False) >= ratio * len(seen)
        assert (reason is not None) == (not ok and (in_a_row or share))
