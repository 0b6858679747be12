"""A result file of ours that a person has corrected: its rows, and the corrections on the sheet beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, takewhile
from pathlib import Path

from campaign.adapters.sources.formats import open_source
from campaign.adapters.sources.list_file import ListFile
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits
from campaign.core.result import RESULT_SHEETS, TO_CORRECT


class ResultRows:
    """The rows of a sheet, and of those on which it goes on where they were too many for one."""

    def __init__(self, sheets: Sequence[ListFile], hidden: Sequence[str] = ()) -> None:
        """The sheets called `hidden` have no tab: their rows are none that a person sees. Raises `SourceError` if the sheets don't
        have the same columns."""
        first = sheets[0]
        self.name, self.header = first.name, first.header
        self.sheet = ", ".join(filter(None, (one.sheet for one in sheets)))
        self._sheets, self._hidden = sheets, hidden
        for one in sheets[1:]:
            if one.header != self.header:
                raise SourceError(
                    f"{self.name}: sheet {one.sheet} has other columns than sheet {first.sheet}, which it goes on from.",
                    "Make their header rows alike: what is renamed, moved or removed on one, on the other too.",
                )

    def rows(self) -> Iterator[SourceRow]:
        """All of them; each has the row number of its own sheet. Raises `SourceError`."""
        for one in self._sheets:
            unseen = one.sheet in self._hidden
            for row in one.rows():
                yield row._replace(hidden=True) if unseen else row


def open_result(path: Path, limits: Limits) -> tuple[ResultRows, ResultRows | None]:
    """The rows of the file, and those of `To correct` where it has that sheet beside `Results`. A workbook that was left with
    `To correct` alone has its rows there. Raises `SourceError`."""
    first = open_source(path, limits=limits)
    results = _gone_on(path, first, first, limits)
    # Also where its tab was hidden: whoever hid it has seen it.
    if TO_CORRECT not in (*first.other_sheets, *first.hidden_sheets):
        return results, None
    second = open_source(path, sheet=TO_CORRECT, header_row=1, limits=limits)
    to_correct = _gone_on(path, second, first, limits)
    return (results, to_correct) if first.sheet == RESULT_SHEETS[0] else (to_correct, None)


def _gone_on(path: Path, sheet: ListFile, first: ListFile, limits: Limits) -> ResultRows:
    """A sheet of ours with those on which it goes on: `Results`, `Results 2`, `Results 3`."""
    if sheet.sheet not in (RESULT_SHEETS[0], TO_CORRECT):
        return ResultRows([sheet])
    there = {*first.other_sheets, *first.hidden_sheets}
    further = takewhile(there.__contains__, (f"{sheet.sheet} {n}" for n in count(2)))
    more = [open_source(path, sheet=name, header_row=1, limits=limits) for name in further]
    return ResultRows([sheet, *more], first.hidden_sheets if sheet.sheet == RESULT_SHEETS[0] else ())
