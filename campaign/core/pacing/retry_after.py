"""The `Retry-After` header of a 429 or 503. Source: RFC 9110, section 10.2.3 (seconds, or an HTTP date)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DEFAULT = 5.0
"""Seconds to wait when the header is absent, makes no sense, or names no time to come."""
LONGEST = 3600.0
"""The longest wait that is obeyed, in seconds: beyond it, one mistaken header would cost a morning."""


def parse_retry_after(value: str | None, now: datetime) -> float:
    """The seconds to wait, from above 0 to `LONGEST`. `now` is UTC, with its zone."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):  # all of them, on rubbish of one kind or another
            return DEFAULT
        # asctime dates name no zone; HTTP says they are GMT.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return min(seconds, LONGEST) if seconds > 0 else DEFAULT
