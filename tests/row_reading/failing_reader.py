"""A reader that meets an error at one row, in whatever process it reads."""

from __future__ import annotations

from collections.abc import Iterable

from campaign.core.lead import SourceRow
from campaign.core.reading import Reading


class FailingReader:
    """Fails at row 30."""

    def read_all(self, rows: Iterable[SourceRow]) -> list[Reading]:
        """Nothing of the rows."""
        return [self._read(row) for row in rows]

    def _read(self, row: SourceRow) -> Reading:
        if row.number == 30:
            raise ZeroDivisionError("at row 30")
        return Reading(row, None)
