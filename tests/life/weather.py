"""What the endpoint does wrong next: faults that were announced, arrival by arrival, then fair weather again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from campaign.adapters.sandbox import Fault, parse_faults
from campaign.adapters.sandbox.faults import FaultPlan

KINDS = (
    "fair",
    "429:all:retry-after=0",
    "500:all",
    "503:all",
    "400:all",
    "401:all",
    "409:all",
    "redirect-302:all",
    "redirect-307:all",
    "drop-before:all",
    "drop-after:all",
    "not-json:all",
    "cut:all",
    "refuse:all",
    "hang:all",
)
"""A kind of each: taken, to be tried again, refused, in doubt, and what stops a campaign."""


class Weather(FaultPlan):
    """A plan of faults that can be changed while the sandbox runs."""

    def __init__(self) -> None:
        super().__init__((), 0)
        self._coming: deque[Fault | None] = deque()

    def announce(self, kinds: Iterable[str]) -> None:
        """The next arrivals meet these, each one; those after them are served well."""
        self._coming = deque(None if kind == "fair" else parse_faults(kind)[0] for kind in kinds)

    def fault_for(self, number: int) -> Fault | None:
        """What the next arrival meets."""
        return self._coming.popleft() if self._coming else None
