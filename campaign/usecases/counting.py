"""Rows that pass by the hundred thousand before anything else can be told: a person sees how many there have been."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from campaign.ports import Progress

T = TypeVar("T")
EVERY = 1_000  # rows between two words about them


def counted(rows: Iterable[T], progress: Progress | None, of: str) -> Iterator[T]:
    """The rows, unchanged; `progress`, if anybody watches, is told how many `of` that name have passed."""
    for passed, row in enumerate(rows, 1):
        yield row
        if progress is not None and passed % EVERY == 0:
            progress.reading(passed, of)
