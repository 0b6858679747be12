"""A reader that meets an error at one row, in whatever process it reads."""

from __future__ import annotations

from campaign.core.lead import Reading, SourceRow


class FailingReader:
    """Fails at row 30."""

    def read(self, row: SourceRow) -> Reading:
        """Nothing of the row."""
        if row.number == 30:
            raise ZeroDivisionError("at row 30")
        return Reading(row, None)
