"""Columns that say where the person is become the place of the calling hours, and no others do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from made_lists import loaded, london, proposed

from campaign.core.cells.cell import Cell
from campaign.core.mapping.policy_part import PlaceSpec


def washington(n: int) -> str:
    """A number in Washington that is kept for fiction."""
    return f"+1 202 555 {100 + n:04d}"


def placed(name: str, values: Sequence[Cell], number: object = washington) -> PlaceSpec:
    """The proposed `policy.place` of a list of phones with one more column."""
    assert callable(number)
    made = proposed(["Phone", name], [[number(n), value] for n, value in enumerate(values)])
    assert (name in made.unused) is (not made.places)
    return loaded(made).mapping.policy.place


@pytest.mark.parametrize(
    ("name", "values", "part"),
    [
        ("State", ["FL", "Texas", "US-NY"], "state"),
        ("ZIP Code", ["33101", "10001", "73301"], "postcode"),
        ("Time Zone", ["EST", "Eastern Time (US & Canada)", "America/Chicago"], "time_zone"),
    ],
)
def test_a_column_whose_cells_are_known_is_proposed(name: str, values: list[Cell], part: str) -> None:
    """Calling hours go by it as the mapping stands."""
    origin = getattr(placed(name, values), part)
    assert origin.column == (name,)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("State", ["open", "closed", "FL"]),
        ("State", []),
        ("Owner State", ["FL", "Texas", "NY"]),
        ("Time Zone", ["morning", "evening", "EST"]),
    ],
)
def test_a_column_that_says_something_else_is_not(name: str, values: list[Cell]) -> None:
    """By its values, or by whose it is."""
    assert placed(name, values) == PlaceSpec()


def test_states_of_countries_without_hours_by_state_are_left_aside() -> None:
    """Counties of England share no calling hours: every row would only be told that its state is unknown."""
    assert placed("State", ["FL", "TX", "NY"], london) == PlaceSpec()
    assert placed("Time Zone", ["Europe/London", "GMT", "BST"], london).time_zone is not None
