"""A row of a result file in the columns of the list: what looks as it did is as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from people import number

from campaign.core.cells.cell import Cell, shown
from campaign.core.lead import SourceRow
from campaign.core.lifecycle import State
from campaign.core.record import KnownLead
from campaign.usecases.correcting.own_cells import OwnCells

CELLS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.sampled_from(["", "1", "TRUE", "0.5", "x"])
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_only_what_looks_different_is_a_change(pairs: list[tuple[Cell, Cell]]) -> None:
    """The lead's own cells come back, unless one of them shows something else: 1 is not TRUE, though they are equal."""
    header = tuple(f"c{n}" for n in range(len(pairs)))
    known = KnownLead(1, "c1", 2, State.PENDING, tuple(old for old, _ in pairs), {})
    found = OwnCells(header, header, is_text=False).of(SourceRow(2, tuple(new for _, new in pairs)), known)
    assert [shown(cell) for cell in found] == [shown(new) for _, new in pairs]
    assert (found is known.cells) == all(shown(old) == shown(new) for old, new in pairs)


def test_columns_are_known_by_their_names() -> None:
    """A column that was moved is found, one that was removed keeps its cells, and a new row has none there."""
    own = OwnCells(("Note", "Phone"), ("Name", "Phone"), is_text=False)
    known = KnownLead(1, "c1", 2, State.PENDING, ("Ana", number(1)), {})
    assert own.of(SourceRow(2, ("asked", number(2))), known) == ("Ana", number(2))
    assert own.of(SourceRow(2, ("asked", number(2))), None) == (None, number(2))


def test_cells_beyond_the_header_stay_until_the_row_is_edited() -> None:
    """A row that was too long is so until a person has looked at it."""
    own = OwnCells(("Phone",), ("Phone",), is_text=True)
    known = KnownLead(1, "c1", 2, State.INVALID, (number(1), "stray"), {})
    assert own.of(SourceRow(2, (number(1),)), known) == (number(1), "stray")
    assert own.of(SourceRow(2, (number(2),)), known) == (number(2),)
