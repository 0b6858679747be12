"""How much a lead list may ask of this computer, so that a broken or hostile file costs an error and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from campaign.core.errors import SourceError
from campaign.core.mapping.size import size_in_words

MIB, GIB = 1 << 20, 1 << 30

Bound = Literal["rows", "columns", "cell", "row", "unpacked", "memory", "seconds"]
_SIZES = ("unpacked", "memory")
MOST_ROWS = 10_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of `source: limits` in the mapping. The defaults are beyond every list that people have.

    `rows` is None where no number of rows is too large, as in a do-not-call list. `cell` and `row` count characters,
    `unpacked` and `memory` bytes.
    """

    rows: int | None = MOST_ROWS
    columns: int = 16_384
    cell: int = MIB
    row: int = 16 * MIB
    unpacked: int = 2 * GIB
    memory: int = 4 * GIB
    seconds: int = 60

    def exceeded(self, bound: Bound, met: str) -> SourceError:
        """The error that `met`, a sentence without its full stop, is beyond `bound`; it says how to raise that."""
        value = getattr(self, bound)
        allowed = size_in_words(value) if bound in _SIZES else f"{value:,}"
        wanted = size_in_words(2 * value).replace(" ", "") if bound in _SIZES else str(2 * value)
        return SourceError(
            f"{met}; the bound `{bound}` allows {allowed}.",
            f"If the list is meant to be so, raise the bound in the mapping: source: {{limits: {{{bound}: {wanted}}}}}",
        )
