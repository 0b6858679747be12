"""Rates as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.pacing.rate import Rate, burst


@pytest.mark.parametrize(
    ("written", "rate", "text"),
    [
        ("5/s", Rate(5, 1), "5/s"),
        (5, Rate(5, 1), "5/s"),
        (0.5, Rate(0.5, 1), "0.5/s"),
        ("5", Rate(5, 1), "5/s"),
        ("60/min", Rate(60, 60), "60/min"),
        (" 60 / Minute ", Rate(60, 60), "60/min"),
        ("120/h", Rate(120, 3600), "120/h"),
        ("2000/day", Rate(2000, 86_400), "2000/day"),
        ("1/10s", Rate(1, 10), "1/10s"),
        ("3/2min", Rate(3, 120), "3/120s"),
    ],
)
def test_forms(written: object, rate: Rate, text: str) -> None:
    """Each form is read, and written back in a form that is read the same."""
    assert Rate.parse(written) == rate
    assert str(rate) == text


@pytest.mark.parametrize(
    "written",
    ["", "fast", "5/", "/s", "5/fortnight", "5 s", "0/s", "-1/s", "5/0s", "1/1/s", "nan", "inf", True, None, 0, -3,
     float("nan"), float("inf"), 10**400, "9" * 400 + "/s", [5], "5/m"],
)  # fmt: skip
def test_rubbish_is_refused_with_the_forms(written: object) -> None:
    """Whatever is no rate above zero is a ValueError that shows how to write one."""
    with pytest.raises(ValueError, match="5/s, 60/min"):
        Rate.parse(written)


@given(
    st.builds(
        Rate,
        st.floats(1e-4, 1e6),
        st.one_of(st.sampled_from([1.0, 60.0, 3600.0, 86_400.0]), st.floats(0.1, 1e5)),
    )
)
def test_a_rate_survives_being_written_and_read(rate: Rate) -> None:
    """`parse` undoes `str`, whatever the figures; calls times interval is the time."""
    assert Rate.parse(str(rate)) == rate
    assert rate.interval * rate.per_second == pytest.approx(1)
    assert burst(rate.per_second) + rate.per_second == pytest.approx(1.016 * rate.per_second + 1)
