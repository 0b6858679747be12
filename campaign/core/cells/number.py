"""A number in a cell, read only where its separators leave no doubt."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from campaign.core.cells.cell import Cell, CellFault, Formatted, shown
from campaign.core.cells.signs import digits_in, fold
from campaign.core.problem import Code, Problem

_PLAIN = re.compile(r"[0-9]+(?:[.,](?P<fraction>[0-9]+))?|[.,](?P<bare>[0-9]+)")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?P<mark>[.,' ’])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,](?P<fraction>[0-9]+))?"
)
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1,234: over a thousand, or a little over one


@dataclass(frozen=True, slots=True)
class NumberReader:
    """Compiled once for a field, run for every row. `field` and `column` are for the problems."""

    field: str
    column: str
    integer: bool = False

    def read(self, cell: Cell) -> tuple[str, Problem | None]:
        """The number with a point before its decimals and no other separator, "" for a blank cell; or the problem."""
        value = cell.value if isinstance(cell, Formatted) else cell
        if isinstance(value, CellFault):
            message = "the cell holds a spreadsheet error or a formula without a result"
            return "", self._problem(cell, Code.CELL_ERROR, message, "Correct it, or write the number.")
        if isinstance(value, (bool, date, datetime, time)):
            return "", self._not_a_number(cell)
        if isinstance(value, float) and not math.isfinite(value):
            return "", self._not_a_number(cell)
        if value is None:
            return "", None
        if isinstance(value, str):
            return self._written(cell, fold(value).strip())
        # The shortest digits that give the same number, never in the form 1e+20.
        return self._whole(cell, format(Decimal(value if isinstance(value, int) else repr(value)), "f"))

    def _written(self, cell: Cell, written: str) -> tuple[str, Problem | None]:
        if not written:
            return "", None
        sign = "-" if written[0] == "-" else ""
        digits = written[1:].lstrip() if written[0] in "+-" else written
        if _EITHER.fullmatch(digits):
            bare = digits.replace(",", "").replace(".", "")
            message = f"can be read as {sign}{bare} or as {sign}{digits.replace(',', '.')}"
            cure = f"Write {sign}{bare} or {sign}{digits.replace(',', '.')}0."
            return "", self._problem(cell, Code.NUMBER_INVALID, message, cure)
        if match := _PLAIN.fullmatch(digits):
            fraction = match["fraction"] or match["bare"]
        elif match := _GROUPED.fullmatch(digits):
            fraction = match["fraction"]
        else:
            return "", self._not_a_number(cell)
        whole = digits[: len(digits) - len(fraction) - 1] if fraction else digits
        whole = digits_in(whole).lstrip("0") or "0"
        number = f"{whole}.{fraction}" if fraction else whole
        return self._whole(cell, sign + number if number.strip("0.") else number)

    def _whole(self, cell: Cell, number: str) -> tuple[str, Problem | None]:
        whole, _, fraction = number.partition(".")
        if not self.integer:
            return number, None
        if fraction.strip("0"):
            message = "not a whole number"
            return "", self._problem(cell, Code.NUMBER_INVALID, message, "Write a number without decimals.")
        return whole, None

    def _not_a_number(self, cell: Cell) -> Problem:
        kind = "whole number" if self.integer else "number"
        return self._problem(cell, Code.NUMBER_INVALID, f"not a {kind}", "Write digits only, such as 1234 or 12.50.")

    def _problem(self, cell: Cell, code: Code, message: str, cure: str) -> Problem:
        return Problem(code, self.field, self.column, shown(cell), message, cure)
