"""Phone numbers as people write them, and what looks like one and is none: a row each, in text and in cells of a workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from corpus.case import Case
from corpus.seen import Seen
from sources.made_workbooks import WORKBOOKS, list_file

from campaign.core.cells.cell import Cell, CellFault, Formatted

SENT = ""
"""The number is read, and called."""

# Cell, country, and the problem; every number that is read is one of a range that nobody has.
WRITTEN: list[tuple[Cell, str, str]] = [
    ("+44 (0)20 7946 0100", "GB", SENT),
    ("p:+12025550101", "US", SENT),
    ("tel:+1-202-555-0102", "US", SENT),
    ("'+12025550103", "US", SENT),
    ("\u202a+1\u00a0202\u2011555\u200b0104\u202c", "US", SENT),
    ("＋１（２０２）５５５－０１０５", "US", SENT),
    ("٠٢٠ ٧٩٤٦ ٠١٠٦", "GB", SENT),
    ("(202) 555-0107 x45", "US", SENT),
    ("202-555-0108 ext. 45", "US", SENT),
    ("2025550109; 2025550110", "US", SENT),
    ("020 7946 0111", "GB", SENT),
    ("+12025550101", "US", "policy.duplicate"),
    ("+493023125123.0", "DE", "phone.decimal"),
    ("+49 30 23125123 home", "DE", "phone.letters"),
    ("2024-01-05", "DE", "phone.looks_like_date"),
    ("4.42079E+11", "GB", "phone.precision_lost"),
    ("0909 879 0000", "GB", "phone.type_not_called"),
    ("+1 202 555 012", "US", "phone.invalid"),
    ("n/a", "US", "phone.unreadable"),
    ("", "US", "required"),
]
IN_CELLS: list[tuple[Cell, str, str]] = [
    (12025550141, "US", SENT),
    (2025550142.0, "US", SENT),
    (442079460143, "GB", SENT),
    (Formatted(2079460144, "00000000000"), "GB", SENT),
    (2079460145, "GB", SENT),
    ("+442079460146", "GB", SENT),
    ("+442079460147", "GB", SENT),
    ("+442079460148", "GB", SENT),
    (442079000000, "GB", "phone.precision_lost"),
    (2025550149.5, "US", "phone.decimal"),
    (dt.date(2024, 1, 5), "DE", "phone.looks_like_date"),
    (CellFault("#N/A"), "US", "cell.error"),
    (None, "US", "required"),
]


def _rows(traps: list[tuple[Cell, str, str]]) -> list[list[Cell]]:
    return [
        ["Name", "Phone", "Country"],
        *([f"Person {n}", cell, country] for n, (cell, country, _) in enumerate(traps)),
    ]


def _expected(traps: list[tuple[Cell, str, str]]) -> Seen:
    problems = {row: code for row, (_, _, code) in enumerate(traps, 2) if code}
    twice = list(problems.values()).count("policy.duplicate")
    return Seen(send=len(traps) - len(problems), invalid=len(problems) - twice, duplicate=twice, problems=problems)


def _list(path: Path) -> Path:
    return list_file(path, _rows(WRITTEN))


PHONE_CASES = [
    Case("phones-written.csv", _list, _expected(WRITTEN)),
    Case("phones-written.xlsx", _list, _expected(WRITTEN)),
    *(
        Case(
            f"phones-in-cells{ending}",
            lambda path: WORKBOOKS[path.suffix](path, {"Leads": _rows(IN_CELLS)}),
            _expected(IN_CELLS),
        )
        for ending in WORKBOOKS
    ),
    Case(
        "national-without-country.csv",
        lambda path: list_file(path, [["Name", "Phone"], *([f"P{n}", f"555 01{n:02d}"] for n in range(6))]),
        Seen(invalid=6, problems=dict.fromkeys(range(2, 8), "phone.no_country")),
    ),
    Case(
        "lost-plus.csv",
        lambda path: list_file(path, [["Name", "Phone"], *([f"P{n}", f"442079460{n:03d}"] for n in range(6))]),
        Seen(send=6),
    ),
]
