"""Reads each row with its terms, where the row is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from campaign.core.lead import SourceRow
from campaign.core.policy.terms import CallingTerms
from campaign.core.reading import Reading, ReadsRows


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
