"""The `Retry-After` header of a 429 or 503. Source: RFC 9110, section 10.2.3 (seconds, or an HTTP date)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DEFAULT = 5.0
"""Seconds to wait when the header is absent, makes no sense, or names a time that is past."""
LONGEST = 3600.0
"""The longest wait that is obeyed, in seconds: beyond it, one mistaken header would cost a morning."""


def parse_retry_after(value: str | None, now: datetime, said_at: str | None = None) -> float:
    """The seconds to wait, from 0 to `LONGEST`; 0 only where the header says so.

    `now` is UTC, with its zone; `said_at` is the answer's `Date`, which a date is reckoned from if it is there: that is the
    clock of the one who asks, whatever this machine's says.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST)
    moment = _moment(text)
    if moment is None:
        return DEFAULT
    seconds = (moment - (_moment(said_at or "") or now)).total_seconds()
    return min(seconds, LONGEST) if seconds > 0 else DEFAULT


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # all of them, on rubbish of one kind or another
        return None
    # asctime dates name no zone; HTTP says they are GMT.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
