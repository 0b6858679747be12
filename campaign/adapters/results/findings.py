"""The validation report: one line a finding, as CSV, workbook or JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from campaign.adapters.results.place import check_output, written_beside
from campaign.core.cells.formula_guard import guarded
from campaign.core.errors import OutputError
from campaign.core.finding import COLUMNS, Finding

_WIDTHS = (8, 12, 22, 18, 18, 26, 48, 70)


@contextmanager
def new_text_file(path: Path, *, force: bool) -> Iterator[TextIO]:
    """A UTF-8 text file that takes its place when the block ends well. Raises `OutputError`."""
    check_output(path, force)
    with written_beside(path, force=force) as fresh, fresh.open("w", encoding="utf-8", newline="\n") as file:
        yield file


@contextmanager
def finding_writer(path: Path, *, force: bool) -> Iterator[Callable[[Finding], None]]:
    """Writes findings to `path`, in the form that its ending names, as they come. Raises `OutputError`."""
    forms = {".csv": _csv, ".json": _json, ".xlsx": _workbook}
    form = forms.get(path.suffix.lower())
    if form is None:
        raise OutputError(
            f"{path}: a report is written as {', '.join(forms)}.",
            f"Choose a name such as {path.stem or 'report'}.xlsx.",
        )
    check_output(path, force)
    with written_beside(path, force=force) as fresh, form(fresh) as write:
        yield write


@contextmanager
def _csv(path: Path) -> Iterator[Callable[[Finding], None]]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        yield lambda finding: rows.writerow(
            guarded(value) if isinstance(value, str) else value for value in finding.line().values()
        )


@contextmanager
def _json(path: Path) -> Iterator[Callable[[Finding], None]]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        separator = "[\n"

        def write(finding: Finding) -> None:
            nonlocal separator
            file.write(separator + json.dumps(finding.line(), ensure_ascii=False))
            separator = ",\n"

        yield write
        file.write("[]\n" if separator == "[\n" else "\n]\n")


@contextmanager
def _workbook(path: Path) -> Iterator[Callable[[Finding], None]]:
    from openpyxl import Workbook

    from campaign.adapters.results.workbook_cells import plain_text

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Problems")
    sheet.freeze_panes = "A2"
    for index, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[index]].width = width
    sheet.append(COLUMNS)
    count = 1

    def write(finding: Finding) -> None:
        nonlocal count
        count += 1
        sheet.append(
            [plain_text(sheet, value) if isinstance(value, str) else value for value in finding.line().values()]
        )

    yield write
    sheet.auto_filter.ref = f"A1:H{count}"
    book.save(path)
