"""Merged cells of a sheet: which cells of a row show the value of another one."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass

from campaign.adapters.sources.header import letter
from campaign.adapters.sources.sheets.facts import LAST_ROW
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow

_MOST_MERGED = 200_000
_MOST_COLUMNS = 1 << 15  # more than a sheet has: ranges that are wider together lie over each other


@dataclass(frozen=True, slots=True)
class MergedCells:
    """A merged range; rows and columns counted from 1, the last ones included."""

    ref: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @classmethod
    def within(cls, first_row: int, last_row: int, first_column: int, last_column: int) -> MergedCells:
        """The range with these corners."""
        ref = f"{letter(first_column - 1)}{first_row}:{letter(last_column - 1)}{last_row}"
        return cls(ref, first_row, last_row, first_column, last_column)

    def covered(self, row: int) -> Iterator[tuple[int, str]]:
        """The places in a row of the range, counted from 0, that show the value of its first cell and don't have it."""
        first = self.first_column if row == self.first_row else self.first_column - 1
        return ((place, self.ref) for place in range(first, self.last_column))


class Covering:
    """The merged ranges that reach into the row at hand, while the rows are passed in their order."""

    def __init__(self) -> None:
        self._current: list[MergedCells] = []
        self._covered: tuple[tuple[int, str], ...] = ()
        self._good_until = LAST_ROW  # `_covered` holds for the rows up to here

    def begin(self, cells: MergedCells) -> None:
        """This range begins in the next row that is asked about, or above it."""
        self._current.append(cells)
        self._good_until = 0

    def at(self, row: int) -> tuple[tuple[int, str], ...]:
        """The cells of a row that are covered, by their places. Raises `SourceError` if ranges lie over each other."""
        if row > self._good_until:
            self._current = [cells for cells in self._current if cells.last_row >= row]
            if sum(1 + cells.last_column - cells.first_column for cells in self._current) > _MOST_COLUMNS:
                raise SourceError(
                    f"The sheet is damaged: in row {row:,} merged ranges lie over each other.",
                    "Unmerge its cells in the spreadsheet (Home > Merge & Center > Unmerge Cells), and save it.",
                )
            self._covered = tuple(sorted(place for cells in self._current for place in cells.covered(row)))
            # Below its first row, a range covers the same cells in every row.
            begins = any(cells.first_row == row for cells in self._current)
            self._good_until = row if begins else min((cells.last_row for cells in self._current), default=LAST_ROW)
        return self._covered


def with_merged(rows: Iterable[SourceRow], merged: Sequence[MergedCells]) -> Generator[SourceRow]:
    """The rows, each with its cells that a merged range covers. `merged` are sorted by their first row."""
    coming = iter(merged)
    ahead = next(coming, None)
    covering = Covering()
    for row in rows:
        while ahead is not None and ahead.first_row <= row.number:
            covering.begin(ahead)
            ahead = next(coming, None)
        covered = covering.at(row.number)
        yield row._replace(merged=covered) if covered else row


def check_merged(count: int) -> None:
    """Raises `SourceError` if so many ranges are more than in any list."""
    if count > _MOST_MERGED:
        raise SourceError(
            f"The sheet has more than {_MOST_MERGED:,} merged ranges.",
            "Unmerge its cells in the spreadsheet (Home > Merge & Center > Unmerge Cells), and save it.",
        )
