"""Millions of numbers in little memory: sorted, eight bytes each, with the row and the remarks of each one beside it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaign.core.lead import Phone

_MOST_REMARKS = 65_535  # different reasons, and different dates, of one list: the column of a list seldom has so many
_LONGEST_REMARK = 200

_SAME_PHONE = (  # mobile phones that are dialled with and without a digit after the country code
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+54(?!9)(\d{10})"), r"+549\1"),
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+52(\d{10})"), r"+521\1"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a do-not-call list: a number in E.164, or a prefix such as `+974*`, with what the list says of it.

    `row` is the row of the list, 0 where it has none.
    """

    number: str
    row: int = 0
    reason: str = ""
    date: str = ""


def same_phone(e164: str) -> tuple[str, ...]:
    """The number, and the other number that reaches the same phone, where a country has had two forms of it."""
    if not e164.startswith("+5"):
        return (e164,)
    return (e164, *(form.sub(other, e164) for form, other in _SAME_PHONE if form.fullmatch(e164)))


class NumberList:
    """The entries of one list, to be looked up. Made by `NumberListMaker`."""

    def __init__(
        self, digits: array[int], rows: array[int], remarks: Sequence[_Remarks], prefixes: dict[str, Listed]
    ) -> None:
        """`digits` are sorted; `rows` and the remarks go along with them."""
        self._digits = digits
        self._rows = rows
        self._reasons, self._dates = remarks
        self._prefixes = prefixes

    def __len__(self) -> int:
        return len(self._digits) + len(self._prefixes)

    def __iter__(self) -> Iterator[Listed]:
        yield from map(self._listed, range(len(self._digits)))
        yield from self._prefixes.values()

    def find(self, phone: Phone) -> Listed | None:
        """The entry that names the number; None if there is none."""
        forms = same_phone(phone.e164)
        for e164 in forms:
            digits = int(e164[1:])
            place = bisect_left(self._digits, digits)
            if place < len(self._digits) and self._digits[place] == digits:
                return self._listed(place)
        if not self._prefixes:
            return None
        begins = (f"{e164[:end]}*" for e164 in forms for end in range(len(e164), 1, -1))
        return next((self._prefixes[begin] for begin in begins if begin in self._prefixes), None)

    def _listed(self, place: int) -> Listed:
        row = self._rows[place] if self._rows else 0
        return Listed(f"+{self._digits[place]}", row, self._reasons.at(place), self._dates.at(place))


class NumberListMaker:
    """Takes the entries of a list in its order, and makes them one that can be looked up."""

    def __init__(self) -> None:
        self._digits = array("q")
        self._rows = array("I")
        self._reasons = _Remarks()
        self._dates = _Remarks()
        self._prefixes: dict[str, Listed] = {}

    def add(self, digits: int, row: int = 0, reason: str = "", date: str = "") -> None:
        """Add a number."""
        self._digits.append(digits)
        self._rows.append(row)
        self._reasons.append(reason)
        self._dates.append(date)

    def add_prefix(self, prefix: str, row: int = 0, reason: str = "", date: str = "") -> None:
        """Add all numbers that begin so: `+974`."""
        self._prefixes.setdefault(f"{prefix}*", Listed(f"{prefix}*", row, reason, date))

    def made(self) -> NumberList:
        """The list; of a number that stands in several rows the first row counts. Nothing more can be added."""
        import numpy as np  # not at the top: a run without a do-not-call list need not wait for it

        digits = np.frombuffer(self._digits, dtype=np.int64)
        order = np.argsort(digits, kind="stable")
        columns = [column for column in (self._digits, self._rows, self._reasons.codes, self._dates.codes) if column]
        for column in columns:  # each in its own place: two copies of a long list would be too many
            view = np.frombuffer(column, dtype=column.typecode)
            view[:] = view[order]
        first = np.ones(len(digits), dtype=bool)
        np.not_equal(digits[1:], digits[:-1], out=first[1:])
        kept = int(first.sum())
        for column in columns if kept < len(digits) else ():
            view = np.frombuffer(column, dtype=column.typecode)
            view[:kept] = view[first]
        view = digits = digits[:0].copy()  # an array that is looked at can't be made shorter
        for column in columns:
            del column[kept:]
        return NumberList(self._digits, self._rows, (self._reasons, self._dates), self._prefixes)


class _Remarks:
    """A column of short texts of which most are alike: two bytes a row, and each different text once."""

    def __init__(self) -> None:
        self.codes = array("H")
        self._texts = [""]
        self._known = {"": 0}
        self._blank = 0  # rows before the first text: a list without remarks keeps nothing

    def append(self, remark: str) -> None:
        """Add a row's text. One beyond the most that are kept is left out: the list itself has it."""
        remark = remark[:_LONGEST_REMARK]
        code = self._known.get(remark)
        if code is None and len(self._texts) <= _MOST_REMARKS:
            code = self._known[remark] = len(self._texts)
            self._texts.append(remark)
        if not code and not self.codes:
            self._blank += 1
            return
        if not self.codes:
            self.codes.frombytes(bytes(self.codes.itemsize * self._blank))
        self.codes.append(code or 0)

    def at(self, place: int) -> str:
        """The text of a row."""
        return self._texts[self.codes[place]] if self.codes else ""
