"""The bare works of a run besides sending, each alone in its process: `read`, `phones` or `workbook`, and the list's file.

Prints the seconds that the work took. They are what the other lines of the table are held against.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

PHONE, COUNTRY = 3, 7


def read(leads: Path) -> float:
    """python-calamine's rows of the sheet."""
    import python_calamine

    began = time.perf_counter()
    for _ in python_calamine.CalamineWorkbook.from_path(str(leads)).get_sheet_by_index(0).iter_rows():
        pass
    return time.perf_counter() - began


def phones(leads: Path) -> float:
    """The plain loop of phonenumbers over the phone cells."""
    import phonenumbers
    from phonenumbers.timezone import time_zones_for_number

    cells = [(str(row[PHONE]), str(row[COUNTRY])) for row in _rows(leads)[1:]]
    began = time.perf_counter()
    for written, country in cells:
        number = phonenumbers.parse(written, country)
        phonenumbers.is_valid_number(number)
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        phonenumbers.number_type(number)
        time_zones_for_number(number)
    return time.perf_counter() - began


def workbook(leads: Path) -> float:
    """openpyxl, write-only, with the list's cells and nine plain ones beside them, as a result has them."""
    import openpyxl

    rows = _rows(leads)
    began = time.perf_counter()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Results")
    answer = '{"success": true, "call_id": "bench-000000"}'
    for number, row in enumerate(rows):
        sheet.append(
            [*row, "accepted", "", "+12025550100", 1, 200, answer, "2026-01-01T00:00:00Z", "", f"bench-{number}"]
        )
    book.save(leads.with_name("bare.xlsx"))
    return time.perf_counter() - began


def _rows(leads: Path) -> list[list[Any]]:
    import python_calamine

    sheet = python_calamine.CalamineWorkbook.from_path(str(leads)).get_sheet_by_index(0)
    return [list(row) for row in sheet.iter_rows()]


if __name__ == "__main__":
    work = {"read": read, "phones": phones, "workbook": workbook}[sys.argv[1]]
    print(work(Path(sys.argv[2])))  # noqa: T201 - read by the benchmark
