"""A campaign in figures: what comes before is never less than what comes after, and nothing is counted twice."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaign.core.cells.cell import shown
from campaign.core.figures import AnswerTimes, breakdown, funnel, told_without_values
from campaign.core.lifecycle import State

counts = st.dictionaries(st.tuples(st.sampled_from(State), st.booleans()), st.integers(1, 9))
times = st.lists(st.integers(0, 60_000), min_size=1, max_size=200)


def answered(milliseconds: list[int]) -> AnswerTimes:
    """The answer times of attempts that took so long."""
    return AnswerTimes(tuple(sorted(Counter(milliseconds).items())))


@given(counts)
def test_each_step_of_the_funnel_is_part_of_the_one_before(rows: dict[tuple[State, bool], int]) -> None:
    """And what is lost between two steps is told state by state, to the last row."""
    found = funnel((state, sent, n) for (state, sent), n in rows.items())
    assert found.rows == sum(rows.values())
    assert found.rows - found.valid == rows.get((State.INVALID, False), 0)
    assert found.valid - found.sent == sum(found.lost_before_sent.values())
    assert found.sent - found.accepted == sum(found.lost_after.values())
    assert found.rows >= found.valid >= found.sent >= found.accepted >= 0
    assert 0 not in {*found.lost_before_sent.values(), *found.lost_after.values()}


@given(times, st.sampled_from([0.5, 0.9, 0.95, 0.99, 1.0]))
def test_a_share_of_the_attempts_was_answered_within_that_time_and_not_sooner(found: list[int], share: float) -> None:
    """The time is one that occurred: enough attempts took no longer, and fewer took less."""
    within = answered(found).within(share) // timedelta(milliseconds=1)
    assert within in found
    assert sum(ms <= within for ms in found) >= share * len(found)
    assert sum(ms < within for ms in found) < share * len(found)


@given(times, st.lists(st.integers(0, 60_000), min_size=1, max_size=20, unique=True).map(sorted))
def test_every_answer_is_in_one_range(found: list[int], edges: list[int]) -> None:
    """What is shorter than the first edge counts in the first range."""
    ranges = answered(found).by_range(edges)
    assert sum(ranges) == len(found)
    ends = [*edges[1:], math.inf]
    for n, (begin, end) in enumerate(zip(edges, ends, strict=True)):
        assert ranges[n] == sum((begin <= ms or n == 0) and ms < end for ms in found)


def test_the_largest_groups_come_first() -> None:
    """Rows of one name are one group, its states in their order."""
    told = breakdown(
        [("b", State.ACCEPTED, 2), ("a", State.UNKNOWN, 1), ("b", State.INVALID, 1), ("c", State.SENDING, 1)], 4
    )
    assert [(group.name, group.total) for group in told.groups] == [("b", 3), ("a", 1), ("c", 1)]
    assert list(told.groups[0].counts) == [State.ACCEPTED, State.INVALID]
    assert told.others == 4


@given(
    st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=3, max_size=20), min_size=1, max_size=4)
)
def test_a_reason_is_told_without_the_cells_of_its_row(cells: list[str]) -> None:
    """Whatever is in them, quotes too; a cure that repeats a number loses it."""
    told = told_without_values(
        State.INVALID,
        " ".join(f'Col "{shown(cell)}": wrong. If it is +442079460123, write it so.' for cell in cells),
        "Col: wrong",
        cells,
    )
    assert "2079460123" not in told
    assert not [cell for cell in cells if f'"{shown(cell)}"' in told]


def test_a_wrong_cell_keeps_its_cure() -> None:
    """Of what was sent the cause is told, which has no values."""
    reason = 'Phone "12-34": too short. Write it in full. Email "ana@x": no address. Correct it.'
    told = "Phone: too short. Write it in full. Email: no address. Correct it."
    assert told_without_values(State.INVALID, reason, "Phone: too short", ("12-34", 5, "ana@x")) == told
    assert told_without_values(State.REJECTED, "Refused: Ana.", "Refused: ….", ("Ana",)) == "Refused: …."
