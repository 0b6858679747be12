"""What is to be said of a row: data, not an exception, because a row reports all of its problems at once.

In a wrong list these are made for every row: named tuples, as those of a lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Code(StrEnum):
    """The kinds of problem, of rules that hold a row back (`policy.`), and of notes about rows that are sent all the same
    (`note.`). The values are part of the `--json` and report formats: never rename one."""

    REQUIRED = "required"
    RAGGED = "row.ragged"
    PHONE_UNREADABLE = "phone.unreadable"
    PHONE_INVALID = "phone.invalid"
    PHONE_NO_COUNTRY = "phone.no_country"
    PHONE_PRECISION = "phone.precision_lost"
    PHONE_DATE = "phone.looks_like_date"
    PHONE_DECIMAL = "phone.decimal"
    PHONE_LETTERS = "phone.letters"
    PHONE_TYPE = "phone.type_not_called"
    EMAIL_INVALID = "email.invalid"
    COUNTRY_UNKNOWN = "country.unknown"
    NUMBER_INVALID = "number.invalid"
    TEXT_TOO_SHORT = "text.too_short"
    TEXT_TOO_LONG = "text.too_long"
    TEXT_PATTERN = "text.pattern"
    TEXT_CHOICE = "text.choice"
    TEXT_CONTROL = "text.control_character"
    CELL_ERROR = "cell.error"
    CELL_MERGED = "cell.merged"
    AGENT_INCOMPLETE = "agent.incomplete"
    DO_NOT_CALL = "policy.do_not_call"
    CONSENT = "policy.consent"
    SKIP_RULE = "policy.skip_rule"
    OBJECTION = "policy.objection"
    DUPLICATE = "policy.duplicate"
    RECONTACT = "policy.recontact"
    CALLING_WINDOW = "policy.calling_window"
    CAP = "policy.cap"
    LEFT_OUT = "note.left_out"
    SECOND_LEFT_OUT = "note.second_number_left_out"
    SECOND_FROM_CELL = "note.second_number_from_cell"
    FURTHER_NUMBER = "note.further_number"
    EXTENSION = "note.extension"
    RESTORED = "note.restored"
    MERGED = "note.merged"
    HIDDEN = "note.hidden"
    PLACE = "note.place"
    SKIPPED = "row.skipped"


OR_BLANK = ", or leave the cell blank"
"""What a cure ends in where no value is as good as a right one."""


class Problem(NamedTuple):
    """One thing wrong in one row.

    `field` is the payload field (the vendor's name), `column` the column as the list names it ("" where no column is
    to blame), `value` the cell as the person sees it, `message` what is wrong, `cure` what to do about it.
    """

    code: Code
    field: str
    column: str
    value: str
    message: str
    cure: str

    def sentence(self) -> str:
        """The problem as a person reads it in the result workbook."""
        seen = f'"{self.value}"' if self.value else ""
        where = " ".join(filter(None, (self.column or self.field, seen)))
        return f"{where}: {self.message}. {self.cure}" if where else f"{self.message}. {self.cure}"

    def where_needed(self) -> Problem:
        """The same of a cell that may not be blank."""
        return self._replace(cure=self.cure.replace(OR_BLANK, ""))


_TELLING = 3  # a shorter value, such as a country, tells nothing of a person
_LONG_NUMBER = re.compile(r"\+?[0-9]{5,}")
_WRITTEN_NUMBER = re.compile(r"\+?[0-9](?:[ ().\-/]{0,2}[0-9]){6,}")  # as people write them: +44 20 7946 0001


@lru_cache(maxsize=4096)  # most of what is said, is said of many rows
def without_numbers(text: str) -> str:
    """`text` with … in place of each phone number, so that what is said of many rows is the same text."""
    return _LONG_NUMBER.sub("…", text)


def without_values(text: str, values: Iterable[str]) -> str:
    """`text` with … in place of each phone number, however it is written, and of each of the values, in capitals or not."""
    if not text:
        return text
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _TELLING:
            text = re.sub(re.escape(value), "…", text, flags=re.IGNORECASE)
    return without_numbers(_WRITTEN_NUMBER.sub("…", text))


class Note(NamedTuple):
    """What a person should know of a row that is sent all the same.

    `text` is the whole sentence without its full stop, `cause` the same without the row's own values, so that alike notes
    can be counted together. `field`, `column` and `value` as in a problem.
    """

    code: Code
    text: str
    cause: str
    field: str = ""
    column: str = ""
    value: str = ""
