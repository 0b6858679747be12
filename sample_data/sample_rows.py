"""What both sample lists are made of: rows that know what should become of them, invented people, and unused numbers."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reserved_numbers import Number, Range

TODAY = date(2026, 6, 30)  # the day on which both lists were "exported"

# A firm that objected for all of its lines: the do-not-call list names them by their beginning.
OBJECTOR = Range("DE", "49", "0", "69", "90009 ###", 910, 919)
STRANGERS = (
    "+1 312 555 0177",
    "+44 117 496 0650",
    "+33 5 36 49 12 34",
    "+61 3 5550 7788",
)  # objected, and are on neither list
AGENTS = {
    "Dana Whitfield": "+1 202 555 0199",
    "Tomas Achterberg": "+49 30 23125 999",
    "Priya Raman": "+44 20 7946 0999",
}


FIRST_NAMES = (
    "Amelia Bram Chloé Dário Élodie Fintan Greta Håkan Inès Jörg Katarzyna Liam Märta Nuno Oona Päivi Quentin Renée "
    "Søren Tomáš Una Vikram Wren Xenia Yusuf Zoë 美咲 小明 Noor Abeni"
)
LAST_NAMES = (
    "Abernathy Björk Castellanos D'Amico Ekström Fairbourne Grünwald Hollowell Ivanova Jankowski Kjellberg Lefèvre "
    "Mbeki Nørgaard O'Hara Pemberton Quillfeather Rosenthal Šimek Thistlewood Underhill Vaszary Whitlock Yamada 佐藤 王"
)
FIRMS = "Amberfield Brookvale Corvin Dunmere Eastmoor Fernhollow Glimmer Harrowgate Ivybridge Juniper"
TRADES = ("Bakery", "Logistics", "Studio", "& Daughters", "Garden Supply", "Optics", "Coffee", "Print, Paper & More")


@dataclass(frozen=True)
class Shaped:
    """A workbook cell with a number format of its own."""

    value: Any
    format: str


@dataclass
class Row:
    """A row, and what the mapping beside the list should make of it: its state, and the problem that is named."""

    number: Number
    cells: dict[str, Any]
    state: str = "pending"
    problem: str = ""
    objects: bool = False  # stands on the do-not-call list by its number
    more: tuple[str, ...] = ()  # cells beyond the header


Cells = Callable[[], dict[str, Any]]


class Numbers:
    """Numbers in an order that the seed fixes, none given twice, without those that are somebody's already."""

    def __init__(self, rng: random.Random, ranges: Sequence[Range]) -> None:
        taken = {phone.replace(" ", "") for phone in (*AGENTS.values(), *STRANGERS)}
        taken |= {number.e164 for number in OBJECTOR.numbers()}
        self._left: dict[str, list[Number]] = {block.country: [] for block in ranges}
        for block in ranges:
            free = [number for number in block.numbers() if number.e164 not in taken]
            # A few of each range, so that no large one crowds out the others.
            self._left[block.country] += rng.sample(free, min(60, len(free)))
        for left in self._left.values():
            rng.shuffle(left)

    def take(self, country: str) -> Number:
        """A number that no other row has."""
        return self._left[country].pop()


def person(rng: random.Random, n: int) -> tuple[str, str, str]:
    """First name, last name and e-mail of the n-th person."""
    first, last = rng.choice(FIRST_NAMES.split()), rng.choice(LAST_NAMES.split())
    plain = unicodedata.normalize("NFKD", f"{first}{last}".lower())
    name = re.sub(r"[^a-z]", "", plain) or "lead"
    return first, last, f"{name}{n}@example.{rng.choice(('com', 'org', 'net'))}"


def spoil(plain: list[Row], kinds: list[tuple[int, str, Cells]], state: str) -> None:
    """Take rows out of `plain` and give them the cells, the problem and the state of each kind."""
    for count, problem, cells in kinds:
        for _ in range(count):
            row = plain.pop()
            row.cells |= cells()
            row.state, row.problem = state, problem
