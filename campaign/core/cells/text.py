"""A text field: its rules of length, pattern and choice, and how it is to be spelled."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from campaign.core.cells.cell import Cell, CellFault, shown, text
from campaign.core.problem import Code, Problem

_BREAK = re.compile(r"\r\n|[\t\n\r\v\f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\W_]+")
_UNSENDABLE = ("Cc", "Cs")  # control characters, and halves of surrogate pairs, which no encoding can carry


@dataclass(frozen=True, slots=True)
class TextRule:
    """Compiled once for a field, run for every row.

    Lengths are in characters, None where there is no bound. `pattern` must match the whole value. `choices` are
    compared without regard to case, and the value becomes the choice as it is spelled in the mapping. `field` and
    `column` are for the problems.
    """

    field: str
    column: str
    min_length: int | None = None
    max_length: int | None = None
    pattern: re.Pattern[str] | None = None
    choices: tuple[str, ...] | None = None
    case: Literal["lower", "upper", "title"] | None = None

    @property
    def takes_any(self) -> bool:
        """Whether it asks nothing of a text, and changes nothing in one that can be printed."""
        return self == TextRule(self.field, self.column)

    def read(self, cell: Cell) -> tuple[str, tuple[Problem, ...]]:
        """The value, and all that is wrong with it. A blank cell is "" and breaks no rule."""
        if isinstance(cell, CellFault):
            message = "the cell holds a spreadsheet error or a formula without a result"
            return "", (self._problem(cell, Code.CELL_ERROR, message, "Correct it, or write the value."),)
        value = text(cell)
        if not value:
            return "", ()
        problems: list[Problem] = []
        if not value.isprintable():
            value = _BREAK.sub(" ", value)
            if any(unicodedata.category(sign) in _UNSENDABLE for sign in value):
                message, cure = "a control character inside the text", "Type the text anew, or paste it as plain text."
                problems.append(self._problem(cell, Code.TEXT_CONTROL, message, cure))
        value = _spell(value, self.case)
        if self.choices is not None:
            chosen = next((choice for choice in self.choices if choice.casefold() == value.casefold()), None)
            if chosen is None:
                cure = f"Write one of: {', '.join(self.choices)}."
                problems.append(self._problem(cell, Code.TEXT_CHOICE, "not one of the allowed values", cure))
            else:
                value = chosen
        problems += self._form(cell, value)
        return value, tuple(problems)

    def _form(self, cell: Cell, value: str) -> list[Problem]:
        length = len(value)
        problems = []
        if self.min_length is not None and length < self.min_length:
            message = f"too short: {_characters(length)}, at least {self.min_length} are needed"
            problems.append(self._problem(cell, Code.TEXT_TOO_SHORT, message, "Write more of it."))
        if self.max_length is not None and length > self.max_length:
            message = f"too long: {_characters(length)}, at most {self.max_length} are allowed"
            problems.append(self._problem(cell, Code.TEXT_TOO_LONG, message, "Shorten it."))
        if self.pattern is not None and not self.pattern.fullmatch(value):
            cure = f"The mapping asks for the pattern {self.pattern.pattern}: correct the value, or the pattern."
            problems.append(self._problem(cell, Code.TEXT_PATTERN, "not of the form that the mapping asks for", cure))
        return problems

    def _problem(self, cell: Cell, code: Code, message: str, cure: str) -> Problem:
        return Problem(code, self.field, self.column, shown(cell), message, cure)


def _characters(number: int) -> str:
    return f"{number} character{'' if number == 1 else 's'}"


def _spell(value: str, case: Literal["lower", "upper", "title"] | None) -> str:
    match case:
        case "lower":
            return value.lower()
        case "upper":
            return value.upper()
        case "title":
            return _WORD.sub(_capital, value)
        case None:
            return value


def _capital(word: re.Match[str]) -> str:
    # The s of "Mary's" is no word of its own, the Neil of "O'Neil" is.
    follows_apostrophe = word.start() > 0 and word.string[word.start() - 1] in "'’"
    return word[0].lower() if follows_apostrophe and len(word[0]) == 1 else word[0].capitalize()
