"""The validation report, as CSV, JSON or workbook: chosen by the ending of its name, written as the rows come."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from campaign.adapters.results.place import check_output, written_beside
from campaign.core.cells.cell import Cell
from campaign.core.cells.formula_guard import guarded
from campaign.core.errors import OutputError
from campaign.core.finding import COLUMNS, Finding
from campaign.ports import Report, ReportFacts


@contextmanager
def new_text_file(path: Path, *, force: bool) -> Iterator[TextIO]:
    """A UTF-8 text file that takes its place when the block ends well. Raises `OutputError`."""
    check_output(path, force)
    with written_beside(path, force=force) as fresh, fresh.open("w", encoding="utf-8", newline="\n") as file:
        yield file


@contextmanager
def report_writer(path: Path, header: Sequence[str], *, force: bool) -> Iterator[Report]:
    """The report on a list with that `header`, in the form that the ending of `path` names. Raises `OutputError`."""
    forms: dict[str, _Form] = {".csv": _csv, ".json": _json, ".xlsx": _workbook}
    form = forms.get(path.suffix.lower())
    if form is None:
        raise OutputError(
            f"{path}: a report is written as {', '.join(forms)}.",
            f"Choose a name such as {path.stem or 'report'}.xlsx.",
        )
    check_output(path, force)
    with written_beside(path, force=force) as fresh, form(fresh, path.name, header) as report:
        yield report


class _Form(Protocol):
    def __call__(self, path: Path, name: str, header: Sequence[str]) -> AbstractContextManager[Report]: ...


class _Lines:
    """A report that has one line a finding and nothing else."""

    def __init__(self, write: _Write) -> None:
        self._write = write

    def row(self, cells: tuple[Cell, ...], found: Sequence[Finding], *, objects: bool) -> None:
        """A line for each finding."""
        for finding in found:
            self._write(finding)

    def end(self, facts: ReportFacts) -> None:
        """Nothing: such a report has no place for the list as a whole."""


class _Write(Protocol):
    def __call__(self, finding: Finding) -> object: ...


@contextmanager
def _csv(path: Path, name: str, header: Sequence[str]) -> Iterator[Report]:
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        yield _Lines(
            lambda finding: rows.writerow(
                guarded(value) if isinstance(value, str) else value for value in finding.line().values()
            )
        )


@contextmanager
def _json(path: Path, name: str, header: Sequence[str]) -> Iterator[Report]:
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        separator = "[\n"

        def write(finding: Finding) -> None:
            nonlocal separator
            file.write(separator + json.dumps(finding.line(), ensure_ascii=False))
            separator = ",\n"

        yield _Lines(write)
        file.write("[]\n" if separator == "[\n" else "\n]\n")


@contextmanager
def _workbook(path: Path, name: str, header: Sequence[str]) -> Iterator[Report]:
    # Not at the top: openpyxl takes a good part of a second, and a report of another form needs none of it.
    from campaign.adapters.results.report.workbook import ReportWorkbook
    from campaign.adapters.results.sheets.saving import saved

    with saved(path, name) as book, ReportWorkbook(book, name, header) as report:
        yield report
