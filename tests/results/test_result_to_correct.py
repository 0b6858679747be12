"""The sheet `To correct` of a result: only the rows that want a person, ready to be edited and rerun."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from result_samples import a_row, facts_of, written
from test_result_workbook import CELLS

from campaign.adapters.results.workbook import WorkbookWriter
from campaign.adapters.sources import open_result
from campaign.core.cells.cell import Cell
from campaign.core.lifecycle import State
from campaign.core.limits import Limits
from campaign.core.problem import Code, Problem
from campaign.core.record import KnownLead
from campaign.core.result import ResultRow
from campaign.usecases.correcting.result_file import ResultFile

LETTERS = Problem(Code.PHONE_LETTERS, "lc_number", "Phone", "x", "letters among the digits", "Keep only the number.")
OURS = ["call_row", "call_status", "call_reason"]


def wrong(*cells: Cell, number: int = 2, problems: tuple[Problem, ...] = (LETTERS,)) -> ResultRow:
    """An invalid row."""
    row = a_row(*cells, number=number, state=State.INVALID, reason="Phone: letters among the digits.")
    return row._replace(problems=problems)


def test_only_rows_that_want_a_correction_stand_there(tmp_path: Path) -> None:
    """Invalid and rejected ones. An unknown one wants its call looked up, a failed one is just sent again."""
    rows = [a_row(f"n{n}", "1", number=n, state=state) for n, state in enumerate(State, 2)]
    sheet = written(tmp_path / "r.xlsx", rows)["To correct"]
    header, *lines = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert header == [*OURS, "Name", "Phone", "call_row_id", "call_as_written"]
    assert {line[1] for line in lines} == {"invalid", "rejected"}
    for line in lines:
        assert (line[3], line[5]) == (f"n{line[0]}", f"row-{line[0]}")


def test_wrong_cells_are_coloured_and_say_their_cure(tmp_path: Path) -> None:
    """Those and no others; where no cell is to blame, as of a refused row, the reason is."""
    rows = [
        wrong("Anna", "+49 x"),
        a_row("Ben", "+1 202 555 0123", number=3, state=State.REJECTED, reason="Refused."),
        wrong("Cleo", 42, number=4),
    ]
    sheet = written(tmp_path / "r.xlsx", rows)["To correct"]
    coloured = {cell.coordinate for line in sheet.iter_rows(min_row=2) for cell in line if cell.fill.fill_type}
    commented = {cell.coordinate for line in sheet.iter_rows(min_row=2) for cell in line if cell.comment}
    assert coloured == commented == {"E2", "C3", "E4"}
    assert sheet["E2"].comment.text == "letters among the digits. Keep only the number."
    # They are text to whoever types into them, so that a + stays.
    assert (sheet["E2"].number_format, sheet["E4"].number_format, sheet["E4"].value) == ("@", "@", 42)


def test_the_sheet_is_ready_to_work_with(tmp_path: Path) -> None:
    """Frozen, filtered, the marks hidden, only what a person reads printed, each row linked to where it stands among all."""
    rows = [a_row("Zoe", "1"), wrong("Anna", "x", number=7)]
    sheet = written(tmp_path / "my results.xlsx", rows)["To correct"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:G2")
    assert sheet.column_dimensions["G"].hidden
    assert not sheet.column_dimensions["F"].hidden
    assert sheet.print_area.endswith("$A$1:$E$2")
    assert (sheet["A2"].value, sheet["A2"].hyperlink.location) == (7, "'Results'!A3")
    assert 'campaign rerun "my results.xlsx"' in sheet["A1"].comment.text


def test_taken_names_get_a_suffix_on_both_sheets(tmp_path: Path) -> None:
    """A list that was a result before keeps its columns; ours are named alike on both sheets."""
    book = written(tmp_path / "r.xlsx", [wrong("old", "id")], ("call_status", "call_row_id"))
    header = [cell.value for cell in book["To correct"][1]]
    assert header == [
        "call_row",
        "call_status_2",
        "call_reason",
        "call_status",
        "call_row_id",
        "call_row_id_2",
        "call_as_written",
    ]
    assert "call_row_id_2" in [cell.value for cell in book["Results"][1]]


def test_the_sheet_is_there_without_rows(tmp_path: Path) -> None:
    """Nothing to correct is told in the same form."""
    sheet = written(tmp_path / "r.xlsx", [a_row("Anna", "1")])["To correct"]
    assert [[cell.value for cell in line] for line in sheet.iter_rows()] == [
        [*OURS, "Name", "Phone", "call_row_id", "call_as_written"]
    ]


def test_full_sheets_go_on_on_the_next(tmp_path: Path) -> None:
    """Also where a further sheet of results is begun before."""
    rows = [wrong(f"n{n}", "x", number=n) for n in range(2, 9)]
    WorkbookWriter(tmp_path / "r.xlsx", force=False, rows_per_sheet=3).write(facts_of(rows), iter(rows))
    book = load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == [
        *("Results", "Results 2", "Results 3"), "Summary", *("To correct", "To correct 2", "To correct 3"), "Mapping",
    ]  # fmt: skip
    assert [cell.value for n in ("", " 2", " 3") for cell in book[f"To correct{n}"]["A"][1:]] == list(range(2, 9))
    assert book["To correct 3"]["A2"].hyperlink.location == "'Results 3'!A2"


class NoRows:
    """A journal that knows no row."""

    def find_lead(self, row_id: str) -> KnownLead | None:
        """Nothing."""
        return None


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_an_untouched_sheet_corrects_nothing(
    tmp_path_factory: pytest.TempPathFactory, lists: Sequence[Sequence[Cell]]
) -> None:
    """Whatever the cells are and a workbook makes of them, each is known to be as it was written."""
    path = tmp_path_factory.mktemp("same") / "r.xlsx"
    header = ("A", "Phone", "C")
    written(path, [wrong(*cells, number=n) for n, cells in enumerate(lists, 2)], header)
    results, to_correct = open_result(path, Limits())
    assert to_correct is not None
    file = ResultFile(results, to_correct, header, NoRows(), lambda _cells: False)
    assert list(file.rows()) == list(results.rows())
    assert list(file.aside()) == []
    assert file.alone == []


def test_any_number_of_rows_needs_little_memory(tmp_path: Path) -> None:
    """On both sheets: rows go to the disk as they come, comments and links stop at a limit."""

    def many(rows: int) -> Iterator[ResultRow]:
        return (wrong(f"Person {n}", f"x{n}", number=n) for n in range(2, rows + 2))

    def peak(rows: int) -> int:
        facts: Any = replace(facts_of([wrong("a", "x")]), counts={State.INVALID: rows})
        tracemalloc.start()
        try:
            WorkbookWriter(tmp_path / f"{rows}.xlsx", force=True).write(facts, many(rows))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(9_000) < peak(3_000) * 1.2
