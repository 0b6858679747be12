"""The rows that are no leads, gathered while a list is read, so that nothing is left out silently."""

from __future__ import annotations

from campaign.ports import Skipped

BLANK = "blank"
TITLE = "title line above the header"
ABOVE = "above the header row"
REPEATED = "header repeated"
FOOTER = "footer"
TEST_LEAD = "test lead"
HIDDEN = "hidden"


class Omissions:
    """Gathers skipped rows in the file's order; neighbours with the same reason become one entry."""

    def __init__(self) -> None:
        self._entries: list[Skipped] = []

    def add(self, first: int, last: int, why: str) -> None:
        """Rows `first` to `last` are left out; none if `last` is below `first`."""
        if last < first:
            return
        if self._entries and self._entries[-1].why == why and self._entries[-1].last == first - 1:
            first = self._entries.pop().first
        self._entries.append(Skipped(first, last, why))

    def entries(self) -> tuple[Skipped, ...]:
        """All that was added, in the order of the rows: what ends a list is known only when its end is met."""
        return tuple(sorted(self._entries, key=lambda entry: entry.first))
