"""An entry of the workspace's own do-not-call list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

_LAST_PLACE_ON_EARTH = timedelta(hours=12)  # where a day ends last


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """A number in E.164, or a prefix such as `+974*`, that must not be called by any campaign of the workspace.

    `until` is the last day on which it counts; None for good.
    """

    number: str
    reason: str
    source: str
    added_at: datetime
    until: date | None = None

    def expired(self, now: datetime) -> bool:
        """Whether its last day is over everywhere on earth."""
        return self.until is not None and self.until < earliest_day(now)


def earliest_day(now: datetime) -> date:
    """The date that it still is at `now` (UTC) in the last place on earth."""
    return (now - _LAST_PLACE_ON_EARTH).date()
