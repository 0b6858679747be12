"""Where a row says that its person is."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """The time zones (IANA, or an offset such as UTC+05:30) that a row names, and the states (ISO 3166-2: US-FL) that it
    may mean; both empty where the row's own cells tell nothing."""

    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


NOWHERE = Place()
"""Where the row's own cells tell nothing: its numbers do."""
