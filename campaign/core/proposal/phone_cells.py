"""How far the cells of a column are phone numbers, and what is still open of them: the country of national ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from phonenumbers import PhoneNumberType

from campaign.core.cells.cell import Cell, shown, text
from campaign.core.cells.phone import PhoneReader, PhoneReading
from campaign.core.cells.phone_plan import international
from campaign.core.cells.signs import digits_in, fold
from campaign.core.lead import Phone
from campaign.core.problem import Code
from campaign.core.proposal.column import Column

_FEWEST, _MOST = 7, 15  # digits of a number that people write down in full
_FIRST = 20
_CODED = re.compile(r"\s*(?:\w{1,9}\s*[.:]\s*)?[(\[]?\s*(?:\+|00[1-9])")
_SPACED = re.compile(r"\(?0?\d{1,5}\)?(?:[ ./-]\(?\d{2,}\)?)+")
_READER = PhoneReader("", "")
_MOBILE = PhoneNumberType.MOBILE


@dataclass(frozen=True, slots=True)
class PhoneCells:
    """What the cells of a column are, as far as they were read closely.

    `phones` are those that tell their country themselves or are in a row that names it; `national` those that are digits
    of which the country is open; `wrong` counts why the others are no numbers. `coded` and `spaced` count cells that are
    written as nothing but phone numbers are, `abroad` the countries of those with a country code.
    """

    column: Column
    phones: tuple[Phone, ...] = ()
    national: tuple[Cell, ...] = ()
    wrong: Counter[str] = field(default_factory=Counter)
    coded: int = 0
    spaced: int = 0
    abroad: Counter[str] = field(default_factory=Counter)
    lost_plus: int = 0

    @property
    def total(self) -> int:
        """All cells that were read."""
        return len(self.column.closely)

    def share(self, home: str) -> float:
        """The share of cells that are numbers if national ones are of `home` ("": they are none)."""
        return (len(self.phones) + self.at_home(home)) / self.total if self.total else 0.0

    def at_home(self, home: str) -> int:
        """How many of the national numbers are numbers in `home`."""
        return _at_home(self.national, home) if home and self.national else 0

    def mobile_share(self, home: str) -> float:
        """The share of mobiles among its numbers."""
        numbers = [phone.e164 for phone in self.phones]
        if home:
            numbers += [phone.e164 for cell in self.national for phone in _READER.read(cell, home).phones[:1]]
        kinds = [planned.kind for number in numbers if (planned := international(number[1:]))]
        return sum(kind == _MOBILE for kind in kinds) / len(kinds) if kinds else 0.0

    def with_plus(self) -> list[str]:
        """The countries of the national numbers if a + is put in front of their digits."""
        found = [international(_digits(cell)) for cell in self.national]
        return [planned.region for planned in found if planned]

    @property
    def written_as_phones(self) -> float:
        """The share of cells whose form alone tells that they are phone numbers."""
        return (self.coded + self.spaced) / self.total if self.total else 0.0

    @property
    def is_run(self) -> bool:
        """Whether the cells are one run of numbers, as those of orders are: close together, and no two alike."""
        numbers = sorted(int(digits) for cell in self.national if (digits := _digits(cell)))
        if len(numbers) < 5 or len(set(numbers)) < len(numbers):
            return False
        return numbers[-1] - numbers[0] < 20 * len(numbers)


def looks_like_phones(column: Column) -> bool:
    """Whether the first few cells could be phone numbers: a quick look that spares most columns the close one."""
    few = column.closely[:_FIRST]
    read = [_READER.read(cell) for _, cell in few if _has_digits(fold(text(cell)))]
    return 2 * sum(bool(reading.phones) or _is_national(reading) for reading in read) >= len(few)


def read_phone_cells(column: Column, regions: Sequence[str]) -> PhoneCells:
    """The column's cells, read as phones. `regions` are the ISO countries that the rows name, "" where they name none."""
    phones: list[Phone] = []
    national: list[Cell] = []
    wrong: Counter[str] = Counter()
    abroad: Counter[str] = Counter()
    coded = spaced = lost_plus = 0
    for row, cell in column.closely:
        written = fold(text(cell))
        if not _has_digits(written):
            wrong["not as many digits as a phone number has"] += 1
            continue
        region = regions[row]
        reading = _READER.read(cell, region)
        if reading.phones or _is_national(reading):
            coded += bool(_CODED.match(written))
            spaced += bool(_SPACED.fullmatch(written.strip()))
        if reading.phones:
            phones.append(reading.phones[0])
            if _CODED.match(written):
                abroad[reading.phones[0].region] += 1
        elif _is_national(reading) and not region:
            digits = _digits(cell)
            lost_plus += len(digits) > 10 and digits[0] != "0" and international(digits) is not None
            if _FEWEST <= len(digits) <= _MOST:
                national.append(cell)
            else:
                wrong["not as many digits as a phone number has"] += 1
        else:
            wrong[reading.problems[0].message] += 1
    return PhoneCells(column, tuple(phones), tuple(national), wrong, coded, spaced, abroad, lost_plus)


def _has_digits(written: str) -> bool:
    return _FEWEST <= sum(sign.isdecimal() for sign in written) <= 4 * _MOST


def _is_national(reading: PhoneReading) -> bool:
    """Whether the cell is good but for its country, which nothing tells."""
    return bool(reading.problems) and all(problem.code is Code.PHONE_NO_COUNTRY for problem in reading.problems)


@lru_cache(maxsize=512)
def _at_home(national: tuple[Cell, ...], home: str) -> int:
    return sum(bool(_READER.read(cell, home).phones) for cell in national)


def _digits(cell: Cell) -> str:
    return digits_in(fold(shown(cell)))
