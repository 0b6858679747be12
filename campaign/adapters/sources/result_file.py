"""A result file of ours that a person has corrected: its rows, and the corrections on the sheet beside them."""

from __future__ import annotations

from pathlib import Path

from campaign.adapters.sources.formats import open_source
from campaign.adapters.sources.list_file import ListFile
from campaign.core.limits import Limits
from campaign.core.result import RESULT_SHEETS, TO_CORRECT


def open_result(path: Path, limits: Limits) -> tuple[ListFile, ListFile | None]:
    """The rows of the file, and those of `To correct` where it has that sheet beside `Results`. A workbook that was left with
    `To correct` alone has its rows there. Raises `SourceError`."""
    first = open_source(path, limits=limits)
    # Also where its tab was hidden: whoever hid it has seen it.
    if TO_CORRECT not in (*first.other_sheets, *first.hidden_sheets):
        return first, None
    second = open_source(path, sheet=TO_CORRECT, header_row=1, limits=limits)
    return (first, second) if first.sheet == RESULT_SHEETS[0] else (second, None)
