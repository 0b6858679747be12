"""Rows of one list that have a number in common: which of them is called.

Both numbers of a row count: the vendor may call both.
"""

from __future__ import annotations

from array import array
from typing import Literal, Protocol

from campaign.core.lead import CallRequest
from campaign.core.lifecycle import State


class Duplicates(Protocol):
    """Decides, for one pass over a list, which rows repeat a person.

    `held_as` is the state of a row that does; `two_passes` says that all rows must be seen before the first is decided;
    `second_holds` that a row is held back for its second number too, which is left out otherwise.
    """

    held_as: State
    two_passes: bool
    second_holds: bool

    def earlier_look(self, row: int, request: CallRequest) -> None:
        """See a row that may be called, in the pass before the one that decides."""

    def claim(self, row: int, request: CallRequest) -> tuple[int | None, int | None]:
        """Claim the row's numbers. For the first and the second number: the row that they belong to, None if this one."""


class First:
    """The first row of a number is called. One pass is enough."""

    held_as = State.DUPLICATE
    two_passes = False
    second_holds = False

    def __init__(self) -> None:
        self._owner: dict[int, int] = {}

    def earlier_look(self, row: int, request: CallRequest) -> None:
        """Not needed."""

    def claim(self, row: int, request: CallRequest) -> tuple[int | None, int | None]:
        """The earlier rows with the same numbers. A row whose first number is taken claims nothing."""
        first = self._owner.setdefault(request.phone.digits, row)
        if first != row:
            return first, None
        second = None
        for phone in request.numbers[1:]:
            second = self._owner.get(phone.digits)
            if second is None:
                self._owner[phone.digits] = row
        return None, second


class Last:
    """The last row of a number is called: a first pass finds it. It is the first one, seen from the end of the list."""

    held_as = State.DUPLICATE
    two_passes = True
    second_holds = False

    def __init__(self) -> None:
        self._seen = array("q")  # row, first and second number (0 if none) of every row
        self._owner: dict[int, int] | None = None

    def earlier_look(self, row: int, request: CallRequest) -> None:
        """Remember the row and its numbers."""
        first, *further = (phone.digits for phone in request.numbers)
        self._seen.extend((row, first, further[0] if further else 0))

    def claim(self, row: int, request: CallRequest) -> tuple[int | None, int | None]:
        """The later rows with the same numbers. A row whose first number a later one has claims nothing."""
        owners = self._owners()
        first, *further = (owners.get(phone.digits, row) for phone in request.numbers)
        second = further[0] if further else row
        return (first if first != row else None), (second if second != row else None)

    def _owners(self) -> dict[int, int]:
        if self._owner is None:
            self._owner = {}
            for place in range(len(self._seen) - 3, -1, -3):
                row, first, second = self._seen[place : place + 3]
                if self._owner.setdefault(first, row) == row and second:
                    self._owner.setdefault(second, row)
            self._seen = array("q")
        return self._owner


class NoneOfThem:
    """Rows that share a number are all held back until a person decides: a first pass finds them."""

    held_as = State.INVALID
    two_passes = True
    second_holds = True

    def __init__(self) -> None:
        self._rows: dict[int, list[int]] = {}

    def earlier_look(self, row: int, request: CallRequest) -> None:
        """Remember who shares a number; two rows are enough to know."""
        for phone in request.numbers:
            rows = self._rows.setdefault(phone.digits, [])
            if len(rows) < 2:
                rows.append(row)

    def claim(self, row: int, request: CallRequest) -> tuple[int | None, int | None]:
        """The first other row with each of the numbers."""
        first, *further = (
            next((other for other in self._rows.get(phone.digits, ()) if other != row), None)
            for phone in request.numbers
        )
        return first, further[0] if further else None


def duplicates(mode: Literal["first", "last", "error"]) -> Duplicates:
    """The rule of that name."""
    kinds: dict[str, type[First | Last | NoneOfThem]] = {"first": First, "last": Last, "error": NoneOfThem}
    return kinds[mode]()
