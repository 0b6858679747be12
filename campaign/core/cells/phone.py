"""The phone numbers in a cell: valid ones in E.164, and the reason for each one that is not called.

libphonenumber alone can turn rubbish into a valid number of somebody else. So whatever can be read as two different
numbers, or as something that is no number at all, is a problem here and never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from phonenumbers import PhoneNumberType

from campaign.core.cells.cell import Cell, shown
from campaign.core.cells.phone_plan import (
    Planned,
    has_open_plan,
    has_plan,
    international,
    lacks_trunk_prefix,
    national,
    why_not,
)
from campaign.core.cells.phone_restore import COMPACT_DATE, LOOKS_INTERNATIONAL, Restore, bare_digits, restored
from campaign.core.cells.phone_written import Refused, Written, as_text, pieces, plain, written
from campaign.core.lead import Phone
from campaign.core.problem import OR_BLANK, Code, Problem


class PhoneType(StrEnum):
    """Kinds of number that cost the caller more than a call, or reach no person. Not called unless allowed."""

    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    PAGER = "pager"
    VOICEMAIL = "voicemail"
    UAN = "uan"
    PERSONAL_NUMBER = "personal_number"


_KINDS = {
    PhoneNumberType.PREMIUM_RATE: (PhoneType.PREMIUM_RATE, "a premium-rate number"),
    PhoneNumberType.SHARED_COST: (PhoneType.SHARED_COST, "a shared-cost number"),
    PhoneNumberType.PAGER: (PhoneType.PAGER, "a pager"),
    PhoneNumberType.VOICEMAIL: (PhoneType.VOICEMAIL, "a voicemail access number"),
    PhoneNumberType.UAN: (PhoneType.UAN, "a company's universal access number"),
    PhoneNumberType.PERSONAL_NUMBER: (
        PhoneType.PERSONAL_NUMBER,
        "a personal number, which follows its owner at a price",
    ),
}
_FRAGMENT = 6  # so many digits or fewer are an area code rather than a number (two more with a country code)


class PhoneReading(NamedTuple):
    """What a cell holds: the numbers that may be called, in its order, and what is wrong with the others.

    `restored`: the cell's number is one only with the sign that the column has lost.
    """

    phones: tuple[Phone, ...] = ()
    problems: tuple[Problem, ...] = ()
    restored: bool = False


_BLANK = PhoneReading()


@dataclass(frozen=True, slots=True)
class PhoneReader:
    """Compiled once for a field, run for every row.

    `home` is the ISO region of numbers without a country code in rows that name none; `allow_types` are the expensive
    kinds that may be called all the same. `restore` is the sign that the column has lost, by a person's word. `field` and
    `column` are for the problems.
    """

    field: str
    column: str
    home: str = ""
    allow_types: frozenset[PhoneType] = frozenset()
    restore: Restore | None = None

    def read(self, cell: Cell, region: str = "") -> PhoneReading:
        """Read a cell of a row in `region` ("" if it names none). A cell with several numbers gives several phones.

        If any number is good, the problems tell of the other parts of the cell, each with its part as its value.
        """
        if cell is None:
            return _BLANK
        region = region or self.home
        if self.restore is not None and (digits := bare_digits(cell)):
            return self._restored(cell, digits, region, self.restore)
        if isinstance(cell, str) and (number := plain(cell)):
            found = self._judge(number, region)
            if isinstance(found, Phone):
                return PhoneReading((found,))
            return PhoneReading((), (self._problem(found, cell),))
        text = as_text(cell)
        if isinstance(text, Refused):
            return PhoneReading((), (self._problem(text, shown(cell)),))
        if not text:
            return _BLANK
        return self._read_parts(cell, list(self._parts(text, region)))

    def _restored(self, cell: Cell, digits: str, region: str, sign: Restore) -> PhoneReading:
        """Read bare digits of a column that has lost a sign: as they stand where the sign makes no number of them."""
        found: Phone | Refused = self._judge(Written(digits), region)
        meant = restored(digits, region, sign)
        as_it_stands = not meant or (isinstance(found, Phone) and [found.e164] == [other.e164 for other in meant])
        if not as_it_stands:
            one = len(meant) == 1
            found = self._called(meant[0], "") if one else _ambiguous(*(other.e164 for other in meant))
        if isinstance(found, Phone):
            return PhoneReading((found,), restored=not as_it_stands)
        return PhoneReading((), (self._problem(found, shown(cell)),))

    def _read_parts(self, cell: Cell, parts: list[tuple[str, Phone | Refused]]) -> PhoneReading:
        if len(parts) == 1:
            [(_, found)] = parts
            if isinstance(found, Phone):
                return PhoneReading((found,))
            return PhoneReading((), (self._problem(found, shown(cell)),))
        if _is_torn(parts):
            return PhoneReading((), (self._problem(_TORN, shown(cell)),))
        coded = any(part.lstrip("( [").startswith(("0", "+")) for part, _ in parts)
        phones: dict[str, Phone] = {}
        problems: list[Problem] = []
        for part, found in parts:
            if isinstance(found, Refused):
                problems.append(self._problem(found, part))
            elif coded and _lacks_trunk_prefix(part, found):
                problems.append(self._problem(_LOCAL, part))
            else:
                phones.setdefault(found.e164, found)
        return PhoneReading(tuple(phones.values()), tuple(problems))

    def _parts(self, text: str, region: str) -> Iterator[tuple[str, Phone | Refused]]:
        for piece in pieces(text):
            yield from self._slashed(piece, region) if "/" in piece else ((piece, self._one(piece, region)),)

    def _slashed(self, piece: str, region: str) -> Iterator[tuple[str, Phone | Refused]]:
        """A slash parts two numbers, or the area code from the rest: 030/23125-123 is one number."""
        for slash in (" / ", "/"):
            parts = _split(piece, slash)
            if len(parts) < 2:
                continue
            first = self._one(parts[0], region)
            if not isinstance(first, Phone) and _is_fragment(parts[0]):
                break
            for part in parts:
                yield from self._slashed(part, region) if "/" in part else ((part, self._one(part, region)),)
            return
        yield from self._area_code_first(piece, region)

    def _area_code_first(self, piece: str, region: str) -> Iterator[tuple[str, Phone | Refused]]:
        """One number with its area code, or, at a further slash, more after it: 030/23125123/030/23125124."""
        whole = self._joined(piece, region)
        parts = _split(piece, "/")
        head, rest = "/".join(parts[:2]), "/".join(parts[2:])
        alone = self._joined(head, region) if rest else whole
        if not rest or isinstance(alone, Refused):
            yield piece, whole
        elif isinstance(whole, Phone):
            # 030/23125123/4 is no longer number, but two numbers of which the second is abbreviated.
            yield piece, _TORN
        else:
            yield head, alone
            yield from self._slashed(rest, region) if "/" in rest else ((rest, self._one(rest, region)),)

    def _joined(self, piece: str, region: str) -> Phone | Refused:
        """The number of which a slash parts the area code. Without its trunk prefix that is no area code."""
        found = self._one(piece, region)
        return _TORN if isinstance(found, Phone) and _lacks_trunk_prefix(piece, found) else found

    def _one(self, piece: str, region: str) -> Phone | Refused:
        number = written(piece)
        return number if isinstance(number, Refused) else self._judge(number, region)

    def _judge(self, number: Written, region: str) -> Phone | Refused:
        if number.plus or number.digits.startswith("00"):
            found = _abroad(number, region)
        elif not has_plan(region):
            return _homeless(number.digits, region)
        else:
            found = _at_home(number.digits, region)
        return found if isinstance(found, Refused) else self._called(found, number.extension)

    def _called(self, found: Planned, extension: str) -> Phone | Refused:
        if found.kind in _KINDS:
            kind, words = _KINDS[found.kind]
            if kind not in self.allow_types:
                return Refused(
                    Code.PHONE_TYPE,
                    f"{words}, which is not called",
                    f"Use another number, or allow this kind in the mapping: allow_types: [{kind}].",
                )
        return Phone(found.e164, found.region, extension)

    def _problem(self, refused: Refused, value: str) -> Problem:
        return Problem(refused.code, self.field, self.column, value, refused.message, refused.cure)


_TORN = Refused(
    Code.PHONE_UNREADABLE,
    "it is not clear where one number ends and the next begins",
    "Write one number in the cell, or separate several with a semicolon, each with its area code.",
)


_LOCAL = Refused(
    Code.PHONE_INVALID,
    "the area code seems to be missing",
    "Write every number of the cell in full, with its area code.",
)


def _split(piece: str, slash: str) -> list[str]:
    """The parts of `piece` between slashes, those without any digit left out."""
    return [part.strip() for part in piece.split(slash) if any(sign.isdecimal() for sign in part)]


def _lacks_trunk_prefix(piece: str, phone: Phone) -> bool:
    """Whether `phone` was written without + and trunk prefix, so that its first digits may not be an area code."""
    number = written(piece)
    assert isinstance(number, Written)
    return not number.plus and number.digits[0] != "0" and lacks_trunk_prefix(phone.e164, number.digits)


def _is_fragment(piece: str) -> bool:
    """Whether a part of a cell is too short to be a number, so that the part after it may be its continuation."""
    number = written(piece)
    if isinstance(number, Refused):
        return False
    coded = number.plus or number.digits.startswith("00")
    return len(number.digits) <= _FRAGMENT + 2 * coded


def _is_torn(parts: list[tuple[str, Phone | Refused]]) -> bool:
    """Whether a number that looks good may be the rest of the part before it: `030, 23125123` is not 23125123."""
    for (part, before), (rest, after) in pairwise(parts):
        alone = isinstance(after, Phone) and not rest.lstrip("( [").startswith("+")
        if alone and isinstance(before, Refused) and _is_fragment(part):
            return True
    return False


def _abroad(number: Written, region: str) -> Planned | Refused:
    """The number that begins with a country code, after a + or 00."""
    if number.plus and not number.without_zero and (planned := international(number.digits)):
        return planned  # nearly always: it can be nothing else
    forms = [digits for digits in (number.digits, number.without_zero) if digits]
    # No country code begins with 0, so +0044 can only mean +44.
    bare = [digits[2:] if digits.startswith("00") else digits for digits in forms]
    found = [international(digits) for digits in bare]
    if not number.plus and has_plan(region):
        # Where 00 is not the way abroad, as in the United States, it may still be that of the list's author.
        found += [national(digits, region) for digits in forms]
    different = {planned.e164: planned for planned in found if planned}
    if len(different) == 1:
        return next(iter(different.values()))
    if different:
        return _ambiguous(*different)
    meant = national(number.digits, region) if number.plus and has_plan(region) else None
    if meant and not lacks_trunk_prefix(meant.e164, number.digits):
        message = "the + must be followed by a country code"
        return Refused(Code.PHONE_INVALID, message, f"If it is a number of {region}, write {meant.e164}.")
    return Refused(Code.PHONE_INVALID, why_not(bare[0]), f"Correct the number{OR_BLANK}.")


def _homeless(digits: str, region: str) -> Refused:
    if region:
        message = f"there are no national phone numbers in {region}"
        return Refused(Code.PHONE_NO_COUNTRY, message, "Write the number with a + and its country code.")
    cure = "Write it with a + and its country code, or map `country` in the mapping, or give it a default."
    if (meant := international(digits)) and len(digits) >= LOOKS_INTERNATIONAL:
        cure = f"If the + was lost, write {meant.e164}; otherwise map `country` in the mapping, or give it a default."
    return Refused(Code.PHONE_NO_COUNTRY, "a number without a country code, and the row names no country", cure)


def _at_home(digits: str, region: str) -> Planned | Refused:
    """The number that `digits`, written without + or 00, are in `region`."""
    found = national(digits, region)
    if found:
        return _doubt(found, digits, region) or found
    meant = international(digits) if len(digits) >= LOOKS_INTERNATIONAL else None
    if meant:
        message = f"{why_not(digits, region)}; a leading + seems to be lost"
        cure = f"If it is {meant.e164}, write it so. If the whole column lacks the +, format it as text and add the +."
        return Refused(Code.PHONE_INVALID, message, cure)
    if not digits.startswith("0") and national("0" + digits, region):
        message = f"{why_not(digits, region)}; a leading 0 seems to be lost"
        return Refused(Code.PHONE_INVALID, message, f"If it is 0{digits}, write it so, in a column formatted as text.")
    return Refused(Code.PHONE_INVALID, why_not(digits, region), f"Correct the number{OR_BLANK}.")


def _doubt(found: Planned, digits: str, region: str) -> Refused | None:
    """Why digits that do reach a number in `region` may have been meant otherwise.

    In Germany and Austria, where numbers have no set length, nearly every foreign number that lost its + reaches
    somebody. People there write a leading 0, so digits that lack it and make sense in another way are not called.
    """
    if digits.startswith("0") or found.e164 == f"+{digits}":
        return None
    length = len(digits)
    dated = length == 8 and COMPACT_DATE.fullmatch(digits)
    long = length >= LOOKS_INTERNATIONAL or (length == LOOKS_INTERNATIONAL - 1 and has_open_plan(region))
    abroad = international(digits) if long else None
    if not (dated or abroad or length < _FRAGMENT) or not lacks_trunk_prefix(found.e164, digits):
        return None
    if abroad:
        return _ambiguous(found.e164, abroad.e164)
    cure = f"If it is a phone number, write {found.e164}."
    if dated:
        return Refused(Code.PHONE_DATE, "a date rather than a phone number", cure)
    return Refused(Code.PHONE_INVALID, f"too short to be trusted as a number of {region}", cure)


def _ambiguous(*numbers: str) -> Refused:
    message = f"can be read as two different numbers, {' and '.join(sorted(numbers))}"
    return Refused(Code.PHONE_UNREADABLE, message, "Write the right one, with the + and in a column formatted as text.")
