"""Numbers, read only where their separators leave no doubt."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.cells.number import NumberReader
from campaign.core.problem import Code

DECIMAL = NumberReader("lc_param_amount", "Amount")
WHOLE = NumberReader("lc_param_amount", "Amount", integer=True)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("1 234,5", "1234.5"),
        ("1\u202f234\u202f567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        (".5", "0.5"),
        ("007", "7"),
        ("+7", "7"),
        ("−7", "-7"),
        ("-0", "0"),
        ("١٢", "12"),
        (1.5, "1.5"),
        (2.0, "2"),
        (1e20, "100000000000000000000"),
        (10**20, "100000000000000000000"),
        (Formatted(0.5, "0%"), "0.5"),
        ("", ""),
        (" ", ""),
        (None, ""),
    ],
)
def test_reads_a_number(cell: Cell, number: str) -> None:
    """Thousands go, the decimal sign becomes a point, the digits stay."""
    value, problem = DECIMAL.read(cell)
    assert value.removesuffix(".0") == number
    assert problem is None


@pytest.mark.parametrize("cell", ["1,234", "1.234", "-12,345"])
def test_a_thousand_or_a_little_more_than_one(cell: str) -> None:
    """One separator before three digits can be either, so it is asked back."""
    value, problem = DECIMAL.read(cell)
    assert value == ""
    assert problem is not None
    assert "can be read as" in problem.message
    assert DECIMAL.read(problem.cure.removesuffix(".").split()[1])[1] is None
    assert DECIMAL.read(problem.cure.removesuffix(".").split()[3])[1] is None


@pytest.mark.parametrize(
    "cell", ["abc", "$5", "(5)", "5 %", "1e5", "1,23,456", "5.", "--5", float("nan"), float("inf"), True, date(2024, 1, 5),
             datetime(2024, 1, 5), time(10), Formatted(date(2024, 1, 5), "0")],
)  # fmt: skip
def test_what_is_no_number_is_a_problem(cell: Cell) -> None:
    """Nothing is cut off to make a number of it."""
    value, problem = DECIMAL.read(cell)
    assert value == ""
    assert problem is not None
    assert (problem.code, problem.field, problem.column) == (Code.NUMBER_INVALID, "lc_param_amount", "Amount")


@pytest.mark.parametrize(
    ("cell", "number"), [("12", "12"), ("12.0", "12"), (12.0, "12"), ("1 234", "1234"), (-3, "-3")]
)
def test_whole_numbers(cell: Cell, number: str) -> None:
    """Decimals that are zero are none."""
    assert WHOLE.read(cell) == (number, None)


@pytest.mark.parametrize("cell", ["12.5", 12.5, "0,001"])
def test_a_fraction_is_no_whole_number(cell: Cell) -> None:
    """It is not rounded."""
    value, problem = WHOLE.read(cell)
    assert value == ""
    assert problem is not None
    assert problem.message == "not a whole number"


def test_a_fault_is_no_number() -> None:
    """A spreadsheet's error is named as one."""
    _, problem = DECIMAL.read(CellFault("#DIV/0!"))
    assert problem is not None
    assert problem.code is Code.CELL_ERROR


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers()))
def test_a_number_cell_keeps_its_value(cell: float) -> None:
    """However large or small."""
    value, problem = DECIMAL.read(cell)
    assert problem is None
    assert type(cell)(float(value) if isinstance(cell, float) else value) == cell
    assert "e" not in value.lower()


@given(st.integers(0, 10**12), st.sampled_from([(",", "."), (".", ","), ("'", "."), (" ", ",")]), st.integers(0, 99))
def test_grouped_numbers_come_back(whole: int, marks: tuple[str, str], cents: int) -> None:
    """With thousands and decimals set apart by different signs there is no doubt."""
    written = f"{whole:,}".replace(",", marks[0]) + f"{marks[1]}{cents:02d}"
    assert DECIMAL.read(written) == (f"{whole}.{cents:02d}", None)


@given(st.text(max_size=20))
def test_no_text_raises(cell: str) -> None:
    """A number that Python can read, or a problem, or nothing."""
    value, problem = DECIMAL.read(cell)
    assert not (value and problem)
    if value:
        float(value)
