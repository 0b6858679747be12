"""Exports of well-known programs, and lists whose people say who may be called."""

from __future__ import annotations

from pathlib import Path

from corpus.case import Case
from corpus.seen import Seen
from made_lists import EXPORTS, export_file
from sources.made_workbooks import list_file

# Of twelve people each: the rows of those who objected, and the rows that are no leads.
_OBJECT = {"salesforce": (4, 7), "zoho": (3, 6), "gohighlevel": (8,), "calendly": (2, 9)}
_LEFT_OUT = {"meta": {"test lead": 1}, "salesforce": {"blank": 1, "footer": 3}}


def _expected(name: str) -> Seen:
    held = dict.fromkeys(_OBJECT.get(name, ()), "policy.skip_rule")
    left_out = _LEFT_OUT.get(name, {})
    tests = left_out.get("test lead", 0)
    return Seen(send=12 - len(held) - tests, suppressed=len(held), left_out=left_out, problems=held, export=name)


def _as_csv(path: Path) -> Path:
    return export_file(path.parent, path.stem)


def _as_workbook(path: Path) -> Path:
    return list_file(path, EXPORTS[path.stem]())


EXPORT_CASES = [
    *(Case(f"{name}.csv", _as_csv, _expected(name)) for name in EXPORTS),
    *(Case(f"{name}.xlsx", _as_workbook, _expected(name)) for name in EXPORTS),
    Case(
        "do-not-call.csv",
        lambda path: list_file(
            path,
            [
                ["Name", "Phone", "Do not call"],
                ["Ann", "+442079460001", "no"],
                ["Bob", "+442079460002", "yes"],
                ["Bob again", "+442079460002", "no"],
                ["Cyd", "+442079460003", "no"],
            ],
        ),
        Seen(send=2, suppressed=2, problems={3: "policy.skip_rule", 4: "policy.objection"}, export=""),
    ),
]
