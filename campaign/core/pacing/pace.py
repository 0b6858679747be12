"""How fast the calls of a campaign could go, over time: what the journal keeps of the throttle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """From `at` on `allowed` calls a second could go (`inf`: no limit), but none before `waits_until`, which a 429 asked for.
    None: from then on nothing was sent."""

    at: datetime
    allowed: float | None
    waits_until: datetime | None = None
