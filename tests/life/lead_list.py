"""A list of leads and its mapping, as an operator brings them: people twice, numbers written in any way, marks, gaps."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from folk import FOLK, MARK, UNREADABLE, ways
from hypothesis import strategies as st

T = TypeVar("T")
HEADER = ("Name", "Phone", "Mobile", "DNC", "Opt In")
_MAPPING = """\
version: 1
fields:
  lc_number: Phone
  lc_number_2: {{column: Mobile, on_invalid: drop}}
  country: {{value: GB}}
  lc_param_name: Name
policy:
  calling_window: off
  recontact_after: {recontact_days}d
  duplicates: {duplicates}
  attempts_per_person: [{most}/{most_days}d]
  skip_when: {{column: DNC, equals: [{mark}]}}
  consent: {{column: Opt In, accept: ["yes"]}}
delivery:
  rate: 1000/s
  concurrency: 3
  timeout: {{read: 0.4}}
  retry: {{attempts: 2, base: 0.01, cap: 0.02, on_503: true}}
"""


@dataclass(frozen=True)
class Line:
    """A row of a list, as it is written. A blank one has nothing in any cell."""

    name: str = ""
    phone: str = ""
    mobile: str = ""
    objects: bool = False
    consents: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """As they stand in the file."""
        return self.name, self.phone, self.mobile, MARK if self.objects else "", "yes" if self.consents else ""

    @property
    def blank(self) -> bool:
        """Whether there is nobody in it."""
        return not any(self.cells)


@dataclass(frozen=True)
class Policy:
    """What the mapping promises to the people of a list."""

    recontact_days: int = 2
    most: int = 2
    most_days: int = 10
    duplicates: str = "first"


@dataclass(frozen=True)
class LeadList:
    """A list and its policy."""

    lines: tuple[Line, ...]
    policy: Policy

    @property
    def name(self) -> str:
        """One for each list: what stands in it decides."""
        return f"leads-{hash(self) % 10**6}"

    @property
    def rows(self) -> dict[int, Line]:
        """Its leads by the number that the operator sees beside the row."""
        return {number: line for number, line in enumerate(self.lines, 2) if not line.blank}

    def write(self, leads: Path, mapping: Path) -> None:
        """Save both files."""
        with leads.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADER, *(line.cells for line in self.lines)])
        policy = vars(self.policy)
        mapping.write_text(_MAPPING.format(mark=MARK, **policy), encoding="utf-8")


def rarely(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Mostly nothing."""
    return st.integers(0, 4).flatmap(lambda n: strategy if n == 4 else st.none())


@st.composite
def _lines(draw: st.DrawFn) -> Line:
    """Somebody of the dozen, by one number or two of theirs; now and then one can't be read, and now and then nobody."""
    person = draw(st.sampled_from(FOLK))
    written = [draw(st.sampled_from(ways(number))) for number in draw(st.permutations(person.numbers))]
    phone, mobile = (*written, "")[:2]
    match draw(st.integers(0, 9)):
        case 6:
            phone = draw(st.sampled_from(UNREADABLE))
        case 7:
            mobile = draw(st.sampled_from(UNREADABLE))
        case 8:
            phone, mobile = mobile, ""
        case 9:
            return Line()
    objects, consents = draw(st.sampled_from([(False, True)] * 6 + [(True, True), (False, False)]))
    return Line(person.name, phone, mobile, objects, consents)


@st.composite
def _lists(draw: st.DrawFn) -> LeadList:
    lines = draw(st.lists(_lines(), min_size=3, max_size=9))
    policy = Policy(
        recontact_days=draw(st.sampled_from([1, 3])),
        most=draw(st.sampled_from([1, 2])),
        most_days=draw(st.sampled_from([4, 10])),
        duplicates=draw(st.sampled_from(["first", "last", "error"])),
    )
    return LeadList(tuple(lines), policy)


LISTS = _lists()
