"""A moment as a person writes it: `14:30`, `2026-11-26T08:00`, with or without a zone; and as one reads it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

_FORM = re.compile(
    r"(?:(\d{4}-\d\d-\d\d)[T ])?(\d{1,2}:\d\d(?::\d\d)?)(?:\s*(Z|[+-]\d\d:?\d\d)|\s+([A-Za-z][\w+/-]*))?"
)
_FORMS = "write 14:30 or 2026-11-26T14:30, and after it Z, an offset such as -05:00, or a zone such as Europe/Berlin"


def parse_moment(text: str, after: datetime | None, zone: tzinfo | None = None) -> datetime:
    """The moment (UTC) that `text` names. Without a date it is the next such time after `after`, which may be None where a
    date is needed; without a zone it is local time of `zone`, which is this machine's if None. Raises `ValueError`."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no moment: {_FORMS}")
    day, clock, offset, named = match.groups()
    try:
        at = time.fromisoformat(clock.zfill(8 if clock.count(":") == 2 else 5))
        if offset:
            zone = datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo
        elif named:
            zone = _zone(named)
        if day:
            return _utc(datetime.combine(datetime.fromisoformat(day), at), zone)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"'{text}' is no moment ({error}): {_FORMS}") from None
    if after is None:
        raise ValueError(f"'{text}' has no date: write it like 2026-11-26T14:30")
    today = datetime.combine(after.astimezone(zone).date(), at)
    moment = _utc(today, zone)
    return moment if moment > after else _utc(today + timedelta(days=1), zone)


def your_time(moment: datetime) -> str:
    """The moment in the local time of this machine: `2026-11-26 08:00 (your time)`."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M} (your time)"


def _utc(local: datetime, zone: tzinfo | None) -> datetime:
    return (local.replace(tzinfo=zone) if zone is not None else local).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    known = {zone.lower(): zone for zone in sorted(available_timezones())}
    if name.lower() in known:
        return ZoneInfo(known[name.lower()])
    near = get_close_matches(name.lower(), known, n=1)
    raise ValueError(f"'{name}' is no time zone{f', did you mean {known[near[0]]}?' if near else ''}")
