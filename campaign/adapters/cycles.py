"""How often Python looks for objects that hold each other in a circle."""

from __future__ import annotations

import gc

_BETWEEN_LOOKS = 20_000
"""Objects that are made between two looks. Python would look every 700, which is every twenty rows, takes a tenth of the time
that they need, and finds none."""


def look_for_cycles_less_often() -> None:
    """For a process that goes through many rows."""
    gc.set_threshold(_BETWEEN_LOOKS)
