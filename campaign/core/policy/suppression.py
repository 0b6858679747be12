"""The do-not-call lists: who must not be called, which list says so, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaign.core.lead import Phone
from campaign.core.policy.number_list import NumberList, NumberListMaker


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a number must not be called: the list that names it, as `the do-not-call list dnc.csv`, and what stands there.

    `entry` is the prefix if it is one that names the number, "" if the number itself stands there.
    """

    list_name: str
    entry: str = ""
    row: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """`on the do-not-call list dnc.csv (row 7: asked by phone, 2026-03-01)`."""
        place = f"row {self.row}" if self.row else ""
        said = ", ".join(filter(None, (self.entry, *self.remarks)))
        inside = ": ".join(filter(None, (place, said)))
        return f"on {self.list_name}" + (f" ({inside})" if inside else "")


class DoNotCall(Protocol):
    """Somebody who knows who must not be called."""

    def find(self, phone: Phone, now: datetime) -> Suppression | None:
        """Why the number must not be called at that moment; None if nothing is known against it."""

    def at_once(self) -> AbstractContextManager[None]:
        """While open, many numbers are asked about, and all answers may be those of the moment at which it was opened."""


class SuppressionList:
    """Several do-not-call lists as one: those of the mapping, and whatever else is to be heeded."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, NumberList]] = []
        self._others: list[DoNotCall] = []

    def add(self, name: str, digits: Iterable[int], prefixes: Sequence[str] = ()) -> None:
        """Add a list of plain numbers. `prefixes` are the beginnings of E.164 numbers: `+974`."""
        maker = NumberListMaker()
        for number in digits:
            maker.add(number)
        for prefix in prefixes:
            maker.add_prefix(prefix)
        self.add_list(name, maker.made())

    def add_list(self, name: str, numbers: NumberList) -> None:
        """Add a list."""
        self._lists.append((name, numbers))

    def heed(self, other: DoNotCall) -> None:
        """Ask this one too, each time."""
        if other not in self._others:
            self._others.append(other)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """While open, many numbers are asked about at one moment."""
        with ExitStack() as stack:
            for other in self._others:
                stack.enter_context(other.at_once())
            yield

    def __len__(self) -> int:
        return sum(len(numbers) for _, numbers in self._lists)

    def find(self, phone: Phone, now: datetime) -> Suppression | None:
        """Why the number must not be called, as the first list says that names it; None if none does."""
        return next(self.find_all(phone, now), None)

    def find_all(self, phone: Phone, now: datetime) -> Iterator[Suppression]:
        """What every list says that names the number."""
        for name, numbers in self._lists:
            if (listed := numbers.find(phone)) is not None:
                entry = listed.number if listed.number.endswith("*") else ""
                remarks = tuple(filter(None, (listed.reason, listed.date)))
                yield Suppression(f"the do-not-call list {name}", entry, listed.row, remarks)
        for other in self._others:
            if (found := other.find(phone, now)) is not None:
                yield found
