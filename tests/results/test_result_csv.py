"""The result as CSV: opened by a spreadsheet program without harm, read back without loss."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_samples import a_row, facts_of

from campaign.adapters.results import result_writer
from campaign.core.cells.cell import CellFault, Formatted
from campaign.core.cells.formula_guard import guarded, unguarded
from campaign.core.lifecycle import State
from campaign.core.result import CALL_COLUMNS, ResultRow


def written(path: Path, rows: Sequence[ResultRow], header: tuple[str, ...] = ("Name", "Phone")) -> list[list[str]]:
    """The lines of the file for `rows`, header included."""
    result_writer(path, force=True).write(facts_of(rows, header), iter(rows))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_cells_are_as_shown(tmp_path: Path) -> None:
    """Formats, dates and our columns stand there as a person sees them, in a file that Excel knows as UTF-8."""
    path = tmp_path / "r.csv"
    row = a_row(
        "Zoë", Formatted(123, "00000"), date(2026, 1, 5), 1.0, True, None, state=State.FAILED, reason="No, sorry"
    )
    header, line = written(path, [row], ("a", "b", "c", "d", "e", "f"))
    assert header == ["a", "b", "c", "d", "e", "f", *CALL_COLUMNS]
    assert line[:8] == ["Zoë", "00123", "2026-01-05", "1", "TRUE", "", "failed", "No, sorry"]
    assert line[8:] == ["+12025550123", "1", "200", '{"status": "ok"}', "2026-11-23T10:15:04Z", "", "row-2"]
    assert path.read_bytes().startswith(b"\xef\xbb\xbfa,b,")
    assert path.read_bytes().endswith(b"row-2\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(1)", "\t=1", "\r=1", "-2+3", "+1-2*cmd", "+49=1", "'=1"])
def test_formulas_are_guarded(tmp_path: Path, text: str) -> None:
    """What a spreadsheet program would run gets an apostrophe, in cells, errors and headers alike."""
    header, line = written(tmp_path / "r.csv", [a_row(text, CellFault(text))], (text, "b"))
    assert [header[0], *line[:2]] == [f"'{text}"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "+1 202 555 0123",
        "+49 (30) 23125-000",
        "+33 1.99/00",
        "-5",
        "+5",
        "-1,234.50",
        "-.5",
        "+4.9E+10",
        "-7%",
        "'quoted'",
        "a=b",
        "",
    ],
)
def test_numbers_and_phones_come_back_unharmed(tmp_path: Path, text: str) -> None:
    """A number or phone number is left alone, so that a rerun reads what the person has."""
    assert written(tmp_path / "r.csv", [a_row("A", text)])[1][1] == text


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("'=+-@\t\r0123456789 "))))
def test_the_guard_comes_off_again(text: str) -> None:
    """Every text comes back, and what is guarded opens with no sign that runs."""
    assert unguarded(guarded(text)) == text
    assert guarded(text) in (text, f"'{text}")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=8))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    """Commas, quotes, foreign scripts and formulas survive the file, guard removed."""
    cells = [cell.replace("\ufffe", "").replace("\uffff", "") for cell in cells]
    path = tmp_path_factory.mktemp("any") / "r.csv"
    line = written(path, [a_row(*cells)], tuple(f"c{n}" for n in range(len(cells))))[1]
    assert [unguarded(cell) for cell in line[: len(cells)]] == cells


def test_newlines_survive_and_control_characters_are_marked(tmp_path: Path) -> None:
    """A cell of several lines is one cell; NUL and half a surrogate pair become U+FFFD; nothing is cut."""
    line = written(tmp_path / "r.csv", [a_row("a\r\nb\nc", "x\x00\ud800" + "y" * 40_000)])[1]
    assert line[:2] == ["a\r\nb\nc", "x\ufffd\ufffd" + "y" * 40_000]


def test_cells_beyond_the_header_are_told(tmp_path: Path) -> None:
    """A ragged row shifts nothing."""
    line = written(tmp_path / "r.csv", [a_row("A", "B", "C")])[1]
    assert line[:4] == ["A", "B", "accepted", "Further cells without a header: C"]
