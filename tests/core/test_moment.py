"""Moments as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.moment import parse_moment

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-26T08:00", datetime(2026, 11, 26, 7, 0)),
        ("2026-11-26 08:00:30", datetime(2026, 11, 26, 7, 0, 30)),
        ("2026-11-26T08:00Z", datetime(2026, 11, 26, 8, 0)),
        ("2026-11-26T08:00 America/New_York", datetime(2026, 11, 26, 13, 0)),
        ("2026-11-26T08:00-05:00", datetime(2026, 11, 26, 13, 0)),
        ("17:00", datetime(2026, 11, 25, 16, 0)),
        ("16:30", datetime(2026, 11, 26, 15, 30)),
        ("8:00", datetime(2026, 11, 26, 7, 0)),
        ("08:00 america/new_york", datetime(2026, 11, 26, 13, 0)),
        ("11:00 America/New_York", datetime(2026, 11, 25, 16, 0)),
    ],
)
def test_what_it_means(said: str, meant: datetime) -> None:
    """Local time, or that of a zone; a time alone is the next one."""
    assert parse_moment(said, NOW, BERLIN) == meant.replace(tzinfo=UTC)


@pytest.mark.parametrize("said", ["", "tomorrow", "25:00", "8", "2026-13-01T08:00", "8:00 Europe/Berln", "2026-11-26"])
def test_what_is_none_says_how_to_write_one(said: str) -> None:
    """With the nearest zone, if it is the zone that is wrong."""
    with pytest.raises(ValueError, match=r"14:30") as raised:
        parse_moment(said, NOW, BERLIN)
    if "Berln" in said:
        assert "did you mean Europe/Berlin" in str(raised.value)


def test_a_mapping_needs_a_date() -> None:
    """It is read on another day than it was written."""
    with pytest.raises(ValueError, match="no date"):
        parse_moment("18:00", None)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.times())
def test_a_time_alone_is_within_a_day_or_so(after: datetime, at: datetime) -> None:
    """Never before the moment from which it is meant; clock changes may add an hour or two."""
    now = after.replace(tzinfo=UTC)
    moment = parse_moment(f"{at:%H:%M:%S}", now, BERLIN)
    assert timedelta(0) < moment - now <= timedelta(hours=26)
