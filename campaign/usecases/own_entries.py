"""What a person wants to put on the workspace's own list: numbers and prefixes, read strictly, and the entries of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from campaign.core.cells.phone import PhoneReader, PhoneType
from campaign.core.cells.phone_begins import prefixes_of
from campaign.core.errors import UsageError
from campaign.core.lead import Phone
from campaign.core.policy.number_list import NumberList
from campaign.core.policy.own_entry import OwnEntry
from campaign.core.problem import Code, Problem

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What goes along with the numbers: why, where from, and the last day on which they count (None for good)."""

    reason: str = ""
    source: str = ""
    until: date | None = None

    def entry(self, number: str, now: datetime, reason: str = "") -> OwnEntry:
        """The entry of a number; `reason` is the list's own, where the wish gives none."""
        return OwnEntry(number, self.reason or reason, self.source, now, self.until)


def read_numbers(given: Iterable[str], country: str) -> list[str]:
    """The numbers in E.164 and the prefixes with their star, each once. Raises `UsageError` naming all that can't be read."""
    reader = PhoneReader("number", "", country, frozenset(PhoneType))
    numbers: dict[str, None] = {}
    faults: list[str] = []
    for said in given:
        if prefixes := prefixes_of(said, country):
            numbers |= {f"{prefix}*": None for prefix in prefixes}
            continue
        reading = reader.read(said)
        numbers |= {phone.e164: None for phone in reading.phones}
        faults += [f"'{problem.value}': {_what_is_wrong(problem, country)}." for problem in reading.problems]
        if not reading.phones and not reading.problems:
            faults.append("'': there is no number.")
    if faults:
        raise UsageError(
            "Nothing was done, because this can't be read:\n" + "\n".join(f"  {fault}" for fault in faults),
            "Write numbers with + and country code, or name their country (--country US); a prefix is written like '+974*'.",
        )
    return list(numbers)


def _what_is_wrong(problem: Problem, country: str) -> str:
    """In words for a number that stands alone: there is no row that could name a country."""
    homeless = problem.code is Code.PHONE_NO_COUNTRY and not country
    return "a number without a country code" if homeless else problem.message


def read_one(said: str, country: str) -> Phone:
    """The one number that a person asks about. Raises `UsageError`."""
    [first, *more] = read_numbers([said], country)
    if more or first.endswith("*"):
        raise UsageError(f"'{said}' is not one phone number.", "Ask for one number at a time.")
    return Phone(first, "")


def read_until(said: str, now: datetime) -> date:
    """The last day that a person names. Raises `UsageError` unless it is a day to come."""
    try:
        day = date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        day = None
    if day is None:
        raise UsageError(f"'{said}' is no date.", "Write the last day like 2027-12-31.")
    if day < now.date():
        raise UsageError(
            f"{day} is over: nothing would be suppressed.", "Name a day to come, or leave it out for good."
        )
    return day


def entries_of(numbers: NumberList, wish: Wish, now: datetime) -> Iterator[OwnEntry]:
    """The entries of a list in a file; the list's own reason and date stay with each."""
    for listed in numbers:
        said = ", ".join(filter(None, (listed.reason, listed.date)))
        yield wish.entry(listed.number, now, said)
