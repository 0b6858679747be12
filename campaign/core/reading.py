"""What was read of a row, and who reads rows. Named tuples, as leads are, and for the same reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from campaign.core.lead import CallRequest, Phone, SourceRow
from campaign.core.policy.terms import Terms
from campaign.core.problem import Note, Problem


class Reading(NamedTuple):
    """What the mapping made of a row: a request, or every problem that stands in its way.

    `notes` say what was left out of a good request (an unreadable optional e-mail, a suppressed second number). `phones`
    are the person's numbers that could be read, also where the row makes no request. `terms` are those of the request at the
    moment for which the list is judged, where they were asked for with the row.
    """

    row: SourceRow
    request: CallRequest | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    phones: tuple[Phone, ...] = ()
    terms: Terms | None = None


class ReadsRows(Protocol):
    """Reads rows of a list; it can be pickled, so that another process reads some of them."""

    def read_all(self, rows: Iterable[SourceRow]) -> list[Reading]:
        """For each row its request, or what is wrong with it."""
