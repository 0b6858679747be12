"""Rows of one list that share numbers: the decisions are those of a slow and obvious rule."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import number, request
from test_screening import judged, reading, screening

from campaign.core.lifecycle import State

Mode = Literal["first", "last", "error"]
People = list[list[int]]

rows_of_people = st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=2, unique=True), min_size=1, max_size=10)


def obvious(people: People, mode: Mode) -> dict[int, tuple[int | None, int | None]]:
    """For each row the rows that have its first and its second number, by looking through all rows that count."""
    rows = dict(enumerate(people, 2))
    if mode == "error":
        return {
            row: tuple(  # type: ignore[misc] # a pair
                next(
                    (
                        other
                        for other in rows
                        if other != row and place < len(numbers) and numbers[place] in rows[other]
                    ),
                    None,
                )
                for place in (0, 1)
            )
            for row, numbers in rows.items()
        }
    decided: dict[int, tuple[int | None, int | None]] = {}
    called: dict[int, list[int]] = {}
    for row in rows if mode == "first" else reversed(rows):
        first, *second = rows[row]
        holder = next((other for other, numbers in called.items() if first in numbers), None)
        other = next((other for other, numbers in called.items() if second and second[0] in numbers), None)
        decided[row] = (holder, other if holder is None else None)
        if holder is None:
            called[row] = [first] if other is not None else [first, *second]
    return decided


@given(rows_of_people, st.sampled_from(["first", "last", "error"]))
@settings(deadline=None, max_examples=300)
def test_each_row_is_decided_as_the_obvious_rule_does(people: People, mode: Mode) -> None:
    """Held back, called, or called without its second number; the reason names the other row and the number."""
    rows = [reading(row, request(*numbers)) for row, numbers in enumerate(people, 2)]
    held_as = State.INVALID if mode == "error" else State.DUPLICATE
    for (row, (first, second)), judgement in zip(
        sorted(obvious(people, mode).items()), judged(screening(mode=mode), *rows), strict=True
    ):
        numbers = people[row - 2]
        if first is not None or (mode == "error" and second is not None):
            shared, other = (numbers[0], first) if first is not None else (numbers[1], second)
            assert judgement.state is held_as
            assert judgement.reason == f"Row {other} of this list has the same number {number(shared)}."
            continue
        assert judgement.state is State.PENDING
        assert judgement.request is not None
        kept = [phone.e164 for phone in judgement.request.numbers]
        assert kept == [number(n) for n in (numbers[:1] if second is not None else numbers)]
        assert bool(judgement.notes) == (second is not None)
        if second is not None:
            assert judgement.notes[0].text.endswith(f"{number(numbers[1])} was left out: row {second} has it")


@pytest.mark.parametrize("mode", ["first", "last"])
@given(people=rows_of_people)
@settings(deadline=None)
def test_nobody_is_forgotten(mode: Mode, people: People) -> None:
    """Whose number is the first of a row is called by one row: a row that is held back holds back no other."""
    rows = [reading(row, request(*numbers)) for row, numbers in enumerate(people, 2)]
    called = [
        phone.e164
        for judgement in judged(screening(mode=mode), *rows)
        if judgement.state is State.PENDING
        for phone in judgement.request.numbers  # type: ignore[union-attr] # pending rows have one
    ]
    assert len(called) == len(set(called))
    assert {number(numbers[0]) for numbers in people} <= set(called)
