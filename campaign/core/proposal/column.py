"""A column as the first rows of a list show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from campaign.core.cells.cell import Cell, is_blank, shown, text
from campaign.core.lead import SourceRow
from campaign.core.proposal.header_names import HeaderNames, Named

ROWS = 1_000
"""So many rows of a list are looked at."""
_CLOSELY = 200  # so many cells of a column are read with the cell readers, evenly spread
_SAMPLES = 3
_SAMPLE_WIDTH = 60


@dataclass(frozen=True)
class Column:
    """One column: its name, what the name says, and its cells, one per row looked at."""

    place: int
    name: str
    named: Named
    cells: tuple[Cell, ...] = field(repr=False)

    @cached_property
    def filled(self) -> tuple[int, ...]:
        """The places of the rows in which the column has something."""
        return tuple(row for row, cell in enumerate(self.cells) if not is_blank(cell))

    @cached_property
    def closely(self) -> tuple[tuple[int, Cell], ...]:
        """Filled cells to read closely, evenly spread over the rows, each with its row's place."""
        step = max(1, len(self.filled) / _CLOSELY)
        places = [self.filled[int(n * step)] for n in range(min(_CLOSELY, len(self.filled)))]
        return tuple((place, self.cells[place]) for place in places)

    @cached_property
    def values(self) -> Counter[str]:
        """How often each text stands in the column; blank ones are not counted."""
        return Counter(text(self.cells[row]) for row in self.filled)

    @cached_property
    def samples(self) -> tuple[str, ...]:
        """Three different values, as the person sees them."""
        seen: dict[str, None] = {}
        for row in self.filled:
            seen.setdefault(sample(self.cells[row]))
            if len(seen) == _SAMPLES:
                break
        return tuple(seen)

    def share(self, fits: Callable[[str], bool]) -> float:
        """The share of filled cells whose text `fits`, as far as they are read closely; 0 if none is filled."""
        if not self.closely:
            return 0.0
        known: dict[str, bool] = {}
        count = 0
        for _, cell in self.closely:
            said = text(cell)
            if said not in known:
                known[said] = fits(said)
            count += known[said]
        return count / len(self.closely)


def sample(cell: Cell) -> str:
    """A cell's value on one line, cut where it is long."""
    line = " ".join(shown(cell).split())
    line = "".join(sign if sign.isprintable() else "�" for sign in line)
    return line if len(line) <= _SAMPLE_WIDTH else f"{line[: _SAMPLE_WIDTH - 1]}…"


def columns_of(header: Sequence[str], rows: Sequence[SourceRow], names: HeaderNames) -> list[Column]:
    """The columns of a list, by its header and first rows."""
    cells = [row.cells for row in rows]
    return [
        Column(place, name, names.look_up(name), tuple(row[place] for row in cells))
        for place, name in enumerate(header)
    ]
