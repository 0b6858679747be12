"""How phone numbers stand in a cell: cleaned of signs that don't matter and cut into single numbers, or refused.

Everything here looks at the writing only; what the digits reach is for `phone_plan` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from campaign.core.cells.cell import Cell, CellFault, Formatted, shown
from campaign.core.cells.signs import digits_in, fold
from campaign.core.problem import OR_BLANK, Code


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a cell, or a part of it, is not called: the makings of a `Problem`."""

    code: Code
    message: str
    cure: str


class Written(NamedTuple):
    """One number as written. `plus` tells that it begins with a + and thus with a country code.

    `without_zero` are the digits without the bracketed zero of a form like +44 (0)20, "" if there is none.
    """

    digits: str
    plus: bool = False
    extension: str = ""
    without_zero: str = ""


LONGEST = 250
"""Characters of a cell, beyond which nobody means a phone number."""
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number and makes the others zero
_SEPARATORS = " ().-"
_LONGEST_DATE = 10  # characters of a date of digits and separators: 31.12.2026

_PLAIN = re.compile(r"\+?(?:[0-9]{1,3}[ .-]?)?(?:\([0-9]{2,5}\)[ .-]?)?[0-9][0-9 .-]*")
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12][0-9]|3[01])"
_NAMED = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CLOCK = r"[0-2]?[0-9]:[0-5][0-9]"
_DATE = re.compile(
    rf"""(?: {_YEAR} ([-/.]) {_MONTH} \1 {_DAY}
           | (?:{_DAY}([-/. ]){_MONTH}\2 | {_MONTH}([-/. ]){_DAY}\3) {_YEAR}
           | (?:{_DAY}([-/.]){_MONTH}\4 | {_MONTH}([-/.]){_DAY}\5) [0-9]{{2}}
           | {_MONTH} [/.-] {_YEAR}
           | {_DAY} [ .-]* {_NAMED} [ .,'-]* [0-9]{{2,4}}
           | {_NAMED} [ .-]* {_DAY}? (?:st|nd|rd|th)? [ ,.-]* {_YEAR}
         ) (?: [ T,]+ {_CLOCK} .* )?
         | {_CLOCK} (?: :[0-5][0-9] .* )? (?: \ ?[ap]\.?m\.? )?""",
    re.VERBOSE | re.IGNORECASE,
)
_DECIMAL = re.compile(
    r"\+?[0-9]+[.,]0+ | \+?[0-9]{7,}[.,][0-9]{1,2} | [0-9]{1,3} (?:,[0-9]{3}){2,} (?:\.[0-9]+)?", re.VERBOSE
)
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9]{6,}0{6}")
_SHEET_ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|NUM!|DIV/0!|NULL!|SPILL!|CALC!)", re.IGNORECASE)

_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_PLUS_IN_FORMAT = re.compile(r'(?:"(?P<quoted>\+[0-9]*) ?"|\\?\+)[ (]*[0#?]')
# What people and exports put before a number. One letter counts only with its colon (Meta's lead ads have `p:`).
_PREFIX = re.compile(
    r"""(?: (?:p|t|m|c) \s*:
           | (?:ph|tel|phone|telephone|telefon|tél|teléfono|mob|mobile|mobil|cell|handy|callto)
             (?:\s*(?:number|no|nr))? \s*[.:]{0,2}
         ) \s* (?=[+(\[0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"""(?<=[0-9)\] ,;.-]) [\s,;.(-]* (?: ;ext= | (?:extension|extn|ext|xtn|x|\#|durchwahl|anexo|ramal|poste|доб) )
        [\s.:=]* (?P<extension>[0-9]{1,10}) \s* [\#)]? $""",
    re.VERBOSE | re.IGNORECASE,
)
_BODY = re.compile(r"[(\[\s]* (?P<plus>\+{1,2} [\s(\[]*)? [0-9] [0-9\s().\-/\[\]]*", re.VERBOSE)
# "2) 030 ...", "1. 030 ..." and "030 ... (2)": the mark would become a digit of the number.
_LIST_MARK = re.compile(r"[0-9]{1,2}[.)]\s")
_NOTE_MARK = re.compile(r"[0-9] .* [(\[] [0-9\s]* [)\]]", re.VERBOSE | re.DOTALL)
_BRACKETED_ZERO = re.compile(r"(?<=[0-9\s)\]]) [(\[] \s* 0 \s* [)\]]", re.VERBOSE)
_VANITY = re.compile(r"\+?[0-9(][0-9() .-]*[A-Z]{3}[A-Z -]*[0-9A-Z-]*")
_NOT_EXTENSION = r"(?!\s*(?:ext|x|\#|xtn|durchwahl|anexo|ramal|poste|доб))"
_BETWEEN = re.compile(
    rf"[;,]{_NOT_EXTENSION} | [|\n&] | \s(?:or|and|oder|und|ou|et|y|o)\s | (?<=[0-9)])\s+(?=\(?\+)",
    re.VERBOSE | re.IGNORECASE,
)

_DATED = Refused(
    Code.PHONE_DATE,
    "a date or time, not a phone number",
    "Write the phone number here, or check that the mapping names the column of the phone numbers.",
)
_PRECISION = Refused(
    Code.PHONE_PRECISION,
    "a spreadsheet has rounded the number, its last digits are lost",
    "Take the number from where the list came from; in the spreadsheet format the column as text before pasting.",
)
_FRACTION = Refused(
    Code.PHONE_DECIMAL,
    "written like a sum or a decimal number, so its digits can't be trusted",
    "Write the digits of the phone number only, in a column formatted as text.",
)
_FAULT = Refused(
    Code.CELL_ERROR,
    "the cell holds a spreadsheet error or a formula without a result",
    "Correct the formula, or replace it by the phone number, and save the file.",
)
_NOTHING = Refused(Code.PHONE_UNREADABLE, "there is no phone number in the cell", f"Write the phone number{OR_BLANK}.")
_ENDLESS = Refused(Code.PHONE_UNREADABLE, "far too long for a phone number", "Keep only the phone number in this cell.")
_MARKED = Refused(
    Code.PHONE_UNREADABLE,
    "a bracket or mark that may not belong to the number",
    "Keep only the phone number here: digits, with a + and the country code in front.",
)
_NEGATIVE = Refused(
    Code.PHONE_INVALID,
    "a negative number",
    "The spreadsheet may have taken the dashes for minus signs: write the number in a column formatted as text.",
)


def plain(cell: str) -> Written | None:
    """The number in an ordinary cell, fast; None if the cell needs the closer look of `as_text` and `written`."""
    if not _PLAIN.fullmatch(cell) or len(cell) > LONGEST or _is_trap(cell.strip()):
        return None
    digits = cell
    for separator in _SEPARATORS:
        digits = digits.replace(separator, "")
    return Written(digits[1:], True) if digits[0] == "+" else Written(digits)


def as_text(cell: Cell) -> str | Refused:
    """The cell as text in which numbers can be looked for; "" if there is nothing in it."""
    if isinstance(cell, CellFault):
        return _FAULT
    if isinstance(cell, Formatted):
        return _formatted(cell)
    if isinstance(cell, (bool, date, datetime, time)):
        return _DATED if not isinstance(cell, bool) else _NOTHING
    if isinstance(cell, (int, float)):
        return _numeric(cell)
    return _cleaned(cell) if cell else ""


def _formatted(cell: Formatted) -> str | Refused:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return as_text(value)
    digits = _numeric(value)
    if isinstance(digits, Refused):
        return digits
    if plus := _PLUS_IN_FORMAT.match(cell.format):
        return (plus["quoted"] or "+") + digits
    # Zeros that the format puts in front are what the person sees, and what the number has.
    return shown(Formatted(int(digits), cell.format))


def _numeric(value: int | float) -> str | Refused:
    if isinstance(value, float) and not value.is_integer():
        return _FRACTION
    if value < 0:
        return _NEGATIVE
    return _PRECISION if value >= _EXACT else str(int(value))


def _cleaned(raw: str) -> str | Refused:
    if len(raw) > 4 * LONGEST:
        return _ENDLESS
    text = fold(raw).strip()
    if formula := _FORMULA_TEXT.fullmatch(text):
        text = formula[1]
    text = text.strip("'\"`’‘ \n")
    if len(text) > LONGEST:
        return _ENDLESS
    if not text:
        return _NOTHING if fold(raw).strip() else ""
    if _SHEET_ERROR.fullmatch(text):
        return _FAULT
    if trap := _trap(text):
        return trap
    return text if any(sign.isdecimal() for sign in text) else _NOTHING


def _is_trap(text: str) -> bool:
    """Whether a text of digits and separators alone needs `as_text` and `written` to say what it is."""
    return bool(
        (len(text) <= _LONGEST_DATE and _DATE.fullmatch(text))
        or ("." in text and _DECIMAL.fullmatch(text))
        or (text.endswith("000") and _ROUNDED.fullmatch(text))
        or _LIST_MARK.match(text)
    )


def _trap(text: str) -> Refused | None:
    """Why a text that has the digits of a phone number is none: tested first, because the digits alone may be valid."""
    if _DATE.fullmatch(text):
        return _DATED
    if _SCIENTIFIC.fullmatch(text) or _ROUNDED.fullmatch(text):
        return _PRECISION
    return _FRACTION if _DECIMAL.fullmatch(text) else None


def pieces(text: str) -> list[str]:
    """The parts of `text` that separators other than a slash divide, those without any digit left out."""
    return [part.strip() for part in _BETWEEN.split(text) if any(sign.isdecimal() for sign in part)]


def written(piece: str) -> Written | Refused:
    """The one number that stands in `piece`."""
    prefix = _PREFIX.match(piece)
    body = piece[prefix.end() :] if prefix else piece
    if trap := _trap(body):
        return trap
    extension = ""
    if match := _EXTENSION.search(body):
        extension, body = match["extension"], body[: match.start()]
    body = body.strip().rstrip(" \n,.-")
    found = _BODY.fullmatch(body)
    if not found:
        return _foreign(piece, body)
    if _LIST_MARK.match(body) or _NOTE_MARK.fullmatch(body) or body.count("(") != body.count(")"):
        return _MARKED
    zero = _BRACKETED_ZERO.sub("", body, count=1)
    digits = digits_in(body)
    return Written(digits, found["plus"] is not None, extension, digits_in(zero) if zero != body else "")


def _foreign(piece: str, body: str) -> Refused:
    letters = sorted({sign for sign in body if sign.isalpha()}, key=body.index)
    if letters and _VANITY.fullmatch(piece):
        return Refused(Code.PHONE_LETTERS, "a number spelled as a word", "Write the digits that the letters stand for.")
    if letters:
        return Refused(
            Code.PHONE_LETTERS,
            "letters among the digits",
            "Keep only the phone number here; a note such as 'home' belongs into a column of its own.",
        )
    odd = next((sign for sign in body if not sign.isdecimal() and sign not in " \n().-/[]"), body[:1])
    return Refused(
        Code.PHONE_UNREADABLE,
        f"the sign {odd} is out of place in a phone number",
        "Keep only the phone number here: digits, with a + and the country code in front.",
    )
