"""When a person agreed, and until when that holds. A date is never guessed: 03/04/2026 is two dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from campaign.core.cells.cell import Cell, Formatted, is_blank, text

_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
}
_TOKEN = re.compile("YYYY|YY|MM|DD|[A-Za-z]")
_CLOCK = r"(?:[T ]+\d{1,2}:\d{2}.*)?"  # a time of day after the date: the date is what counts
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?:[T ,].*)?")
_FIRST_PLACE_ON_EARTH = timedelta(hours=14)  # where a day begins first


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a list writes its dates: `DD/MM/YYYY`."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def parse(cls, given: object) -> DateFormat:
        """The format that a mapping names. Raises `ValueError` with the accepted forms."""
        tokens = _TOKEN.findall(given) if isinstance(given, str) else []
        if not isinstance(given, str) or sorted(tokens) not in (["DD", "MM", "YYYY"], ["DD", "MM", "YY"]):
            raise ValueError(f"'{given}' is no form of a date: write it with DD, MM and YYYY, such as DD/MM/YYYY")
        parts = re.split("(YYYY|YY|MM|DD)", given.strip())
        return cls(given, re.compile("".join(_TOKENS.get(part) or re.escape(part) for part in parts) + _CLOCK))

    def read(self, said: str) -> date | None:
        """The date; None if the text is none of this form."""
        found = self.pattern.fullmatch(said)
        if found is None:
            return None
        named = found.groupdict()
        year = int(named["year"]) if named.get("year") else 2000 + int(named["short"])
        try:
            return date(year, int(named["month"]), int(named["day"]))
        except ValueError:
            return None


def read_moment(cell: Cell, form: DateFormat | None) -> datetime | str:
    """The moment (UTC) that a cell tells, of a bare date its beginning; or, in words, why it tells none.

    A cell that is a date in the workbook, and an ISO text (2026-04-03), are plain; any other text needs its `form`.
    """
    value = cell.value if isinstance(cell, Formatted) else cell
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if is_blank(cell):
        return "is blank"
    said = text(cell)
    if form is not None:
        day = form.read(said)
        return (
            datetime.combine(day, time(), UTC) if day is not None else f'is "{said}", no date of the form {form.text}'
        )
    if re.match(r"\d{4}-\d\d-\d\d(?:$|[T ])", said):
        try:
            return _utc(datetime.fromisoformat(said))
        except ValueError:
            return f'is "{said}", which is no date'
    if (numeric := _NUMERIC.fullmatch(said)) and int(numeric[1]) <= 12 and int(numeric[2]) <= 12:
        return f'is "{said}", which may be two dates: say in the mapping which (date: format)'
    return (
        f'is "{said}", which can\'t be read as a date: write 2026-12-31, or say its form in the mapping (date: format)'
    )


def fault_of_age(given: datetime, max_age: timedelta | None, now: datetime) -> str | None:
    """Why a consent of that moment does not hold now, in words; None if it does."""
    if given - now > _FIRST_PLACE_ON_EARTH:  # not a sum, which the latest of all moments would not bear
        return f"is {given:%Y-%m-%d}, which is in the future"
    until = holds_until(given, max_age)
    return (
        f"is {given:%Y-%m-%d}, and the consent held until {until:%Y-%m-%d %H:%M} UTC"
        if until and now >= until
        else None
    )


def holds_until(given: datetime, max_age: timedelta | None) -> datetime | None:
    """The moment from which a consent holds no more; None if it holds for good."""
    if max_age is None:
        return None
    try:
        return given + max_age
    except OverflowError:
        return None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
