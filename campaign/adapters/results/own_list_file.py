"""The workspace's own do-not-call list as a file: CSV or workbook, which `campaign suppress import` takes back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from campaign.adapters.results.place import check_output, written_beside
from campaign.core.cells.formula_guard import guarded
from campaign.core.errors import OutputError
from campaign.core.policy.own_entry import OwnEntry

COLUMNS = ("number", "reason", "source", "added", "until", "expired")
_WIDTHS = (20, 44, 24, 18, 12, 9)
_TITLE = "Do not call"
_LINE = 15.0  # points
_SHEET_ROWS = 1_048_576

_Write = Callable[[tuple[str, ...]], object]


def write_own_list(path: Path, entries: Iterable[OwnEntry], count: int, now: datetime, *, force: bool) -> None:
    """Write the entries to `path`, .csv or .xlsx, streamed. `count` is about how many there are. Raises `OutputError`."""
    forms = {".csv": _csv, ".xlsx": _workbook}
    form = forms.get(path.suffix.lower())
    if form is None:
        raise OutputError(
            f"{path}: the list is written as .csv or .xlsx.", f"Choose a name such as {path.stem or 'do_not_call'}.csv."
        )
    if form is _workbook and count >= _SHEET_ROWS:
        raise OutputError(
            f"{path}: {count:,} numbers are more than a sheet can hold.", "Choose a name that ends in .csv."
        )
    check_output(path, force)
    with written_beside(path, force=force) as fresh, form(fresh) as write:
        for entry in entries:
            write(_line(entry, now))


def _line(entry: OwnEntry, now: datetime) -> tuple[str, ...]:
    return (
        entry.number,
        entry.reason,
        entry.source,
        f"{entry.added_at:%Y-%m-%d %H:%M}",
        entry.until.isoformat() if entry.until else "",
        "expired" if entry.expired(now) else "",
    )


@contextmanager
def _csv(path: Path) -> Iterator[_Write]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        yield lambda line: rows.writerow([guarded(text) for text in line])


@contextmanager
def _workbook(path: Path) -> Iterator[_Write]:
    from campaign.adapters.results.sheets.saving import saved
    from campaign.adapters.results.sheets.workbook_cells import Look, plain_text

    with saved(path, _TITLE) as book:
        rows = book.row_sheet(_TITLE)
        rows.sheet.freeze_panes = "A2"
        for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
            rows.sheet.column_dimensions[letter].width = width
        rows.header([plain_text(rows.sheet, name) for name in COLUMNS], _LINE)
        looks = [Look(rows.sheet)] * len(COLUMNS)
        yield lambda line: rows.write(line, looks)
