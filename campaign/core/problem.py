"""What is wrong with a cell: data, not an exception, because a row reports all of its problems at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The kinds of problem. The values are part of the `--json` and report formats: never rename one."""

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
    DUPLICATE = "lead.duplicate"


@dataclass(frozen=True, slots=True)
class Problem:
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
