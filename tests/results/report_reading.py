"""What the tests of the report share: a list as a workbook, its report, and what stands in it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

import campaign
from campaign.usecases.validate import Validation

HEADER = ("Name", "Phone", "Mobile", "Country", "Email", "Opt In", "Joined")
MAPPING: dict[str, Any] = {
    "version": 1,
    "fields": {
        "lc_number": "Phone",
        "lc_number_2": {"column": "Mobile", "on_invalid": "drop"},
        "country": "Country",
        "lc_param_name": {"template": "{Name}"},
        "lc_param_email": {"column": "Email", "type": "email"},
    },
    "policy": {
        "consent": {"column": "Opt In", "accept": "yes"},
        "calling_window": "off",
        "recontact_after": "off",
    },
}


def workbook(path: Path, rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> Path:
    """A list with these rows, text as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate((header, *rows), 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def report_on(leads: Path, report: Path, mapping: MappingOf[str, Any] = MAPPING) -> Validation:
    """Validate a list with a report, in a workspace of its own."""
    return campaign.validate(leads, mapping, report=report, force=True, home=report.parent / "home")


def lines_of(path: Path) -> list[list[str]]:
    """The lines of a report of any form, as text, without the apostrophe of a CSV."""
    if path.suffix == ".json":
        return [
            ["" if value is None else str(value) for value in line.values()] for line in json.loads(path.read_bytes())
        ]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))[1:]
    sheet = openpyxl.load_workbook(path)["Problems"]
    return [
        ["" if value is None else str(value) for value in row] for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


def correct(path: Path, row: int, column: str, value: str | int | float | datetime | None) -> None:
    """Write into a cell of `To correct`, as a person does in a spreadsheet."""
    book = openpyxl.load_workbook(path)
    sheet = book["To correct"]
    place = [cell.value for cell in sheet[1]].index(column) + 1
    sheet.cell(row, place).value = value
    book.save(path)
