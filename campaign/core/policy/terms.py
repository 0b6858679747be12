"""The terms on which a person may be called: whether at this moment, and how often. Of all that may hold a row back, this asks
for no other row and no list: so it can be told where the row is read, in whatever process that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from campaign.core.lead import CallRequest, Reading, ReadsRows, SourceRow
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


@dataclass(frozen=True, slots=True)
class TermsReader:
    """Reads rows, each with the terms on which its person may be called at one moment."""

    reader: ReadsRows
    terms: CallingTerms
    now: datetime

    def read_all(self, rows: Iterable[SourceRow]) -> list[Reading]:
        """See `ReadsRows`."""
        # One loop after the other: a processor that goes to and fro between reading and terms takes a quarter longer for both.
        return [self._with_terms(reading) for reading in self.reader.read_all(rows)]

    def _with_terms(self, reading: Reading) -> Reading:
        row, request, problems, notes, phones, _ = reading
        if request is None:
            return reading
        return Reading(row, request, problems, notes, phones, self.terms.of(request, self.now))
