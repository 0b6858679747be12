"""The result file: a workbook or a CSV, chosen by the ending of its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from campaign.adapters.results.place import check_folder, check_output
from campaign.core.errors import OutputError

if TYPE_CHECKING:
    from campaign.ports import ResultWriter

__all__ = ["check_folder", "check_output", "result_writer"]


def result_writer(path: Path, *, force: bool) -> ResultWriter:
    """The writer for `path`, which is checked now, so that a long run does not end at a place that can't be written.

    `force` allows an existing file to be replaced. Raises `OutputError`.
    """
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise OutputError(
            f"{path}: the result is written as .xlsx or .csv, and this name ends in neither.",
            f"Choose a name such as {path.stem or 'results'}.xlsx or {path.stem or 'results'}.csv.",
        )
    check_output(path, force)
    if ending == ".csv":
        from campaign.adapters.results.csv_file import CsvWriter

        return CsvWriter(path, force)
    # Not at the top: openpyxl takes a good part of a second, and most commands write no workbook.
    from campaign.adapters.results.workbook import WorkbookWriter

    return WorkbookWriter(path, force)
