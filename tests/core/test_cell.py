"""Cells as text and as JSON."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.cells.cell import Cell, CellFault, Formatted, dump_cells, is_blank, load_cells, shown, text

plain = (
    st.none()
    | st.text()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.builds(CellFault, st.text())
)
cells = plain | st.builds(Formatted, st.integers(-(2**53), 2**53) | st.dates() | st.datetimes(), st.text(max_size=20))


@given(st.lists(cells))
def test_the_journal_gives_cells_back_as_they_were(row: list[Cell]) -> None:
    """Type and value survive, so that the workbook can return what it was given."""
    back = load_cells(dump_cells(tuple(row)))
    assert back == tuple(row)
    assert [type(cell) for cell in back] == [type(cell) for cell in row]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (None, ""),
        (2025550123, "2025550123"),
        (2025550123.0, "2025550123"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5, 9, 30), "2026-01-05 09:30:00"),
        (time(9, 30), "09:30:00"),
        (Formatted(1234, "00000"), "01234"),
        (Formatted(1234, "#,##0"), "1234"),
        (CellFault("#N/A"), "#N/A"),
        ("  as it is ", "  as it is "),
    ],
)
def test_cells_are_shown_as_a_person_sees_them(cell: Cell, seen: str) -> None:
    """No `.0` behind a whole number, and no lost leading zero."""
    assert shown(cell) == seen


def test_blank_and_invisible_signs_are_no_part_of_a_value() -> None:
    """What a web page leaves around a copied value is not sent."""
    assert text("\u200e\u00a0Ana \ufeff") == "Ana"
    assert is_blank("\u200b \u00a0")
    assert is_blank(None)
    assert not is_blank(0)
