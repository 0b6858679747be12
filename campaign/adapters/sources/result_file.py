"""A result file of ours that a person has corrected: its rows, and the corrections on the sheet beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from campaign.adapters.sources.formats import open_source
from campaign.adapters.sources.list_file import ListFile
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits
from campaign.core.result import RESULT_SHEETS, TO_CORRECT, sheet_title

_MOST_SHEETS = 99  # a hundred million rows


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
    there, hidden = (first.sheet, *first.other_sheets, *first.hidden_sheets), first.hidden_sheets
    results, to_correct = _family(RESULT_SHEETS[0], there), _family(TO_CORRECT, there)

    def rows_of(names: Sequence[str], hidden: Sequence[str] = ()) -> ResultRows:
        sheets = [
            first if name == first.sheet else open_source(path, sheet=name, header_row=1, limits=limits)
            for name in names
        ]
        return ResultRows(sheets, hidden)

    if all(name in hidden for name in results):
        # Rows on `To correct` count also where its tab was hidden: whoever hid it has seen it.
        return (rows_of(to_correct) if to_correct else ResultRows([first])), None
    return rows_of(results, hidden), rows_of(to_correct) if to_correct else None


def _family(title: str, there: Sequence[str]) -> list[str]:
    """The sheets with the rows of a title, as far as they are there: one that was removed hides none behind it."""
    return [name for n in range(1, _MOST_SHEETS + 1) if (name := sheet_title(title, n)) in there]
