"""What the world's numbering plans say of a string of digits. The plans are libphonenumber's.

libphonenumber is given nothing but digits: what it makes of letters, slashes and a second number is guesswork that can
turn rubbish into a valid number of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from campaign.core.cells.phone_kinds import compiled, region_and_kind
from campaign.core.cells.signs import digits_in

# libphonenumber compiles its patterns anew whenever Python's own small cache has dropped them, unless it is told so.
phonenumbers.enable_pattern_cache()

_CODES = {str(code): code for code in COUNTRY_CODE_TO_REGION_CODE}
_FEWEST, _MOST = 2, 15  # digits of a national number: libphonenumber has none with fewer, and E.164 none with more
_LEAST = 7  # fewer digits may be a part of a number in countries where numbers have no set length
_OPEN_PLAN_DIGITS = 12  # fixed lines longer than that occur only where numbers have no set length, as in Germany


class Planned(NamedTuple):
    """A number that a numbering plan has. `region` is "" where it has none, `kind` a `phonenumbers.PhoneNumberType`."""

    e164: str
    region: str
    kind: int


def has_plan(region: str) -> bool:
    """Whether numbers can be read as those of `region` (ISO 3166-1 alpha-2, capitals)."""
    return region in phonenumbers.SUPPORTED_REGIONS


def regions() -> list[str]:
    """All regions that `has_plan`, in the order of their codes."""
    return sorted(phonenumbers.SUPPORTED_REGIONS)


def country_code(region: str) -> str:
    """The country code of a region that `has_plan`."""
    return str(_plan_of_region(region).code)


def code_before(digits: str) -> int:
    """The country code that `digits` begin with, 0 if none."""
    for length in (1, 2, 3):
        if (code := _CODES.get(digits[:length])) is not None:
            return code
    return 0


def international(digits: str) -> Planned | None:
    """The number that `digits`, written after a `+`, are; None if there is no such number."""
    code = code_before(digits)
    if not code:
        return None
    rest = digits[len(str(code)) :]
    if _is_usual(rest):
        return _planned(code, _plan_of_code(code).without_trunk(rest))
    return _parsed("+" + digits, None)


def national(digits: str, region: str) -> Planned | None:
    """The number that `digits`, dialled in `region`, reach; None if there is no such number."""
    plan = _plan_of_region(region)
    if _is_usual(digits) and not plan.abroad(digits) and not digits.startswith(plan.prefix):
        return _planned(plan.code, plan.without_trunk(digits))
    return _parsed(digits, region)


def as_written(digits: str, region: str = "") -> int | None:
    """The only number that `digits` can be in `region`, or after a `+` without one, told without asking whether it exists.

    None where that needs a closer look. It is what `national` and `international` give if they give any. For lists of
    millions: it is fifty times as fast.
    """
    code = _plan_of_region(region).code if region else code_before(digits)
    if not code:
        return None
    plan = _plan_of_region(region) if region else _plan_of_code(code)
    rest = digits if region else digits[len(str(code)) :]
    if len(rest) not in plan.whole_lengths or rest[0] == "0" or (plan.trunk is not None and plan.trunk.match(rest)):
        return None
    if region and (plan.abroad(digits) or digits.startswith(plan.prefix)):
        return None
    return int(f"{code}{rest}")


def international_begins(digits: str, region: str) -> tuple[str, ...]:
    """What the numbers of `region` whose national form begins with `digits` begin with after their +.

    Two beginnings where `digits` may or may not have the trunk prefix; none where no number begins so.
    """
    code = _plan_of_region(region).code
    metadata = PhoneMetadata.metadata_for_region(region, None)
    trunk = (metadata.national_prefix if metadata else None) or ""
    rests = [digits] if digits[:1] != "0" or _keeps_zeros(region) else []
    if trunk and digits.startswith(trunk):
        rests.append(digits[len(trunk) :])
    return tuple(f"{code}{rest}" for rest in rests if rest and (rest[0] != "0" or _keeps_zeros(region)))


@cache
def _keeps_zeros(region: str) -> bool:
    """Whether numbers of `region` have a 0 after the country code, as those of Italy do."""
    examples = (phonenumbers.example_number_for_type(region, kind) for kind in PhoneNumberType.values())
    return any(example is not None and example.italian_leading_zero for example in examples)


def lacks_trunk_prefix(e164: str, digits: str) -> bool:
    """Whether people of its country write the number `e164` with a trunk prefix, mostly 0, that `digits` lack."""
    written = phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.NATIONAL)
    shape = digits_in(written)
    return shape != digits and shape.endswith(digits)


@cache
def has_open_plan(region: str) -> bool:
    """Whether numbers of `region` have no set length, so that nearly any digits are a number there."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    fixed = metadata.fixed_line if metadata else None
    return fixed is not None and max(fixed.possible_length, default=0) >= _OPEN_PLAN_DIGITS


def why_not(digits: str, region: str = "") -> str:
    """Why these digits are no number of `region`, or, without a region, none after a `+`; in words."""
    where = region or f"+{code_before(digits)}"
    if not region and where == "+0":
        return f"no country has a code like +{digits[:3]}"
    try:
        number = phonenumbers.parse(digits if region else f"+{digits}", region or None)
    except NumberParseException as error:
        long = error.error_type == NumberParseException.TOO_LONG
        return f"{'too long' if long else 'too short'} for a number of {where}"
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT:
            return f"too short for a number of {where}"
        case ValidationResult.TOO_LONG:
            return f"too long for a number of {where}"
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return f"too short for a number of {where}: the area code is missing"
        case ValidationResult.INVALID_LENGTH:
            return f"not as many digits as numbers of {where} have"
        case _:
            return f"{where} has no such area code or number range"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a numbering plan tells which part of the digits is the national number. `prefix` is its `code` as text.

    `lengths` are those that a number of the plan can have, and `whole_lengths` those of them that leave no doubt.
    """

    code: int
    prefix: str
    trunk: re.Pattern[str] | None
    rule: str
    abroad: Callable[[str], object]
    is_number: Callable[[str], object]
    lengths: frozenset[int]
    whole_lengths: frozenset[int]

    def without_trunk(self, digits: str) -> str:
        """The national number that libphonenumber's parser finds in digits without country code.

        The trunk prefix goes unless that makes a number of them no number, or one of an impossible length.
        """
        found = self.trunk.match(digits) if self.trunk is not None else None
        if found is None:
            return digits
        rest = digits[found.end() :]
        if self.rule and found[found.re.groups] is not None:
            rest = found.expand(self.rule) + rest
        if len(rest) not in self.lengths and len(rest) <= max(self.lengths):
            return digits
        return digits if self.is_number(digits) and not self.is_number(rest) else rest


_NEVER = re.compile(r"(?!)")


@cache
def _plan_of_region(region: str) -> _Plan:
    return _plan(PhoneMetadata.metadata_for_region(region, None))


@cache
def _plan_of_code(code: int) -> _Plan:
    return _plan(PhoneMetadata.metadata_for_region_or_calling_code(code, COUNTRY_CODE_TO_REGION_CODE[code][0]))


def _plan(metadata: PhoneMetadata | None) -> _Plan:
    assert metadata is not None
    code, every = metadata.country_code, metadata.general_desc
    assert code is not None
    assert every is not None
    assert every.national_number_pattern is not None
    trunk, abroad = metadata.national_prefix_for_parsing, metadata.international_prefix
    return _Plan(
        code=code,
        prefix=str(code),
        trunk=compiled(trunk) if trunk else None,
        rule=metadata.national_prefix_transform_rule or "",
        abroad=(compiled(abroad) if abroad else _NEVER).match,
        is_number=compiled(every.national_number_pattern).fullmatch,
        lengths=frozenset(every.possible_length),
        whole_lengths=frozenset(length for length in every.possible_length if length >= _LEAST),
    )


def _is_usual(digits: str) -> bool:
    """Whether there are as many digits as a national number may have, so that the parser has nothing to say of that."""
    return _FEWEST <= len(digits) <= _MOST


def _parsed(text: str, region: str | None) -> Planned | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    assert number.country_code is not None
    return _planned(number.country_code, phonenumbers.national_significant_number(number))


@lru_cache(maxsize=4096)  # asked again for the zones of the number, and for the phones of agents in every row
def _planned(code: int, digits: str) -> Planned | None:
    # Whether a number is valid is the same question as of which kind it is, asked a second time.
    region, kind = region_and_kind(code, digits)
    return Planned(f"+{code}{digits}", region, kind) if kind != PhoneNumberType.UNKNOWN else None
