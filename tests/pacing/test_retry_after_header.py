"""The Retry-After header, as servers write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.pacing.retry_after import DEFAULT, LONGEST, parse_retry_after

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 23 Nov 2026 09:01:30 GMT", 90),
        ("Monday, 23-Nov-26 09:01:30 GMT", 90),
        ("Mon Nov 23 09:01:30 2026", 90),
        ("Mon, 23 Nov 2026 10:01:30 +0100", 90),
        ("99999", LONGEST),
        ("9" * 5000, LONGEST),
        ("Mon, 23 Nov 2099 09:00:00 GMT", LONGEST),
        ("Mon, 23 Nov 2026 08:00:00 GMT", DEFAULT),
        ("0", 0),
        ("-3", DEFAULT),
        ("soon", DEFAULT),
        ("", DEFAULT),
        (None, DEFAULT),
    ],
)
def test_forms(value: str | None, seconds: float) -> None:
    """Seconds, the three forms of an HTTP date, far too long a wait, and what makes no sense."""
    assert parse_retry_after(value, NOW) == seconds


@given(st.text() | st.text(alphabet="0123456789:, +-GMTonNvu.eE²٣"))
def test_anything_gives_a_wait_that_can_be_slept(value: str) -> None:
    """No header stops a campaign or makes it hammer on."""
    assert 0 <= parse_retry_after(value, NOW) <= LONGEST


@given(st.integers(1, int(LONGEST)))
def test_a_date_and_its_seconds_say_the_same(seconds: int) -> None:
    """A date so many seconds ahead is that wait."""
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert parse_retry_after(date, NOW) == parse_retry_after(str(seconds), NOW) == seconds


@given(st.integers(1, int(LONGEST)), st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_a_date_is_reckoned_from_the_answer_s_own(seconds: int, wrong: timedelta) -> None:
    """However wrong this machine's clock is, the wait is the one that was meant."""
    date, said_at = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True), format_datetime(NOW, usegmt=True)
    assert parse_retry_after(date, NOW + wrong, said_at) == seconds
    assert parse_retry_after(date, NOW, "soon") == seconds
