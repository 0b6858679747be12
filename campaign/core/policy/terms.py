"""The terms on which a person may be called: whether at this moment, and how often. Of all that may hold a row back, this asks
for no other row and no list: so it can be told where the row is read, in whatever process that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from campaign.core.lead import CallRequest
from campaign.core.policy.person_caps import PersonCap
from campaign.core.policy.window import CallingWindow, Opening


class Terms(NamedTuple):
    """Whether the calling window is open for all numbers of a request, and the caps of its person."""

    opening: Opening
    caps: tuple[PersonCap, ...]


@dataclass(frozen=True, slots=True)
class CallingTerms:
    """The mapping's word about hours and caps. `caps` are its own, those of the presets come with the window."""

    window: CallingWindow
    caps: tuple[PersonCap, ...] = ()

    def of(self, request: CallRequest, now: datetime) -> Terms:
        """The terms of a request at a moment."""
        _, numbers, place = request
        caps = self.window.caps_of(numbers, place)
        return Terms(self.window.opening_of_all(numbers, now, place), self.caps + caps if self.caps else caps)
