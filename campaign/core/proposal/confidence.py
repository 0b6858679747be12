"""How sure a choice is."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Confidence(StrEnum):
    """How sure a choice is. `UNSURE` is written down for a person to check, never acted on silently."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


_ORDER = tuple(Confidence)


def least(choices: Iterable[Confidence]) -> Confidence:
    """The least sure of several; sure if there are none."""
    return max(choices, key=_ORDER.index, default=Confidence.SURE)
