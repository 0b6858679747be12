"""A file of the corpus: how it is made, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.seen import Seen

from campaign.core.cells.cell import Cell


@dataclass(frozen=True)
class Case:
    """A file by its name. `make` writes it, `expected` is what the product must make of it."""

    name: str
    make: Callable[[Path], object]
    expected: Seen


def people(count: int = 3) -> list[list[Cell]]:
    """A list without traps, its numbers in international form, from a range that nobody has."""
    rows: list[list[Cell]] = [[f"Ana Berg {n}", f"+442079460{n:03d}", "Oslo"] for n in range(1, count + 1)]
    return [["Name", "Phone", "City"], *rows]
