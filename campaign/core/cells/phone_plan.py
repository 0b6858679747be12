"""What the world's numbering plans say of a string of digits. The plans are libphonenumber's.

libphonenumber is given nothing but digits: what it makes of letters, slashes and a second number is guesswork that can
turn rubbish into a valid number of somebody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from campaign.core.cells.signs import digits_in

# libphonenumber compiles its patterns anew whenever Python's own small cache has dropped them, unless it is told so.
phonenumbers.enable_pattern_cache()

_WORLD = "001"
_LEAST = 7  # fewer digits may be a part of a number in countries where numbers have no set length
_OPEN_PLAN_DIGITS = 12  # fixed lines longer than that occur only where numbers have no set length, as in Germany


@dataclass(frozen=True, slots=True)
class Planned:
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


def international(digits: str) -> Planned | None:
    """The number that `digits`, written after a `+`, are; None if there is no such number."""
    code = _country_code(digits)
    if not code:
        return None
    rest = digits[len(str(code)) :]
    plan = _plan_of_code(code)
    if _is_bare(rest, plan):
        return _planned(PhoneNumber(country_code=code, national_number=int(rest)))
    return _parsed("+" + digits, None)


def national(digits: str, region: str) -> Planned | None:
    """The number that `digits`, dialled in `region`, reach; None if there is no such number."""
    plan = _plan_of_region(region)
    if not plan.abroad.match(digits):
        if _is_bare(digits, plan) and not digits.startswith(str(plan.code)):
            return _planned(PhoneNumber(country_code=plan.code, national_number=int(digits)))
        if plan.trunk_is_zero and digits[:1] == "0" and digits[1:2] not in ("", "0") and len(digits) <= 15:
            # A number that is valid without its trunk zero is what the parser would find, too.
            planned = _planned(PhoneNumber(country_code=plan.code, national_number=int(digits[1:])))
            if planned:
                return planned
    return _parsed(digits, region)


def as_written(digits: str, region: str = "") -> int | None:
    """The only number that `digits` can be in `region`, or after a `+` without one, told without asking whether it exists.

    None where that needs a closer look. It is what `national` and `international` give if they give any. For lists of
    millions: it is fifty times as fast.
    """
    code = _plan_of_region(region).code if region else _country_code(digits)
    if not code:
        return None
    plan = _plan_of_region(region) if region else _plan_of_code(code)
    rest = digits if region else digits[len(str(code)) :]
    if len(rest) not in plan.lengths or not _is_bare(rest, plan):
        return None
    if region and (plan.abroad.match(digits) or digits.startswith(str(code))):
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


def has_open_plan(region: str) -> bool:
    """Whether numbers of `region` have no set length, so that nearly any digits are a number there."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    fixed = metadata.fixed_line if metadata else None
    return fixed is not None and max(fixed.possible_length, default=0) >= _OPEN_PLAN_DIGITS


def why_not(digits: str, region: str = "") -> str:
    """Why these digits are no number of `region`, or, without a region, none after a `+`; in words."""
    where = region or f"+{_country_code(digits)}"
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
    """What of a numbering plan tells whether digits are a national number just as they stand."""

    code: int
    trunk: re.Pattern[str] | None
    trunk_is_zero: bool
    abroad: re.Pattern[str]
    lengths: frozenset[int]


_NEVER = re.compile(r"(?!)")


@cache
def _plan_of_region(region: str) -> _Plan:
    return _plan(PhoneMetadata.metadata_for_region(region, None))


@cache
def _plan_of_code(code: int) -> _Plan:
    return _plan(PhoneMetadata.metadata_for_region_or_calling_code(code, COUNTRY_CODE_TO_REGION_CODE[code][0]))


def _plan(metadata: PhoneMetadata | None) -> _Plan:
    assert metadata is not None
    trunk, abroad = metadata.national_prefix_for_parsing, metadata.international_prefix
    assert metadata.country_code is not None
    assert metadata.general_desc is not None
    return _Plan(
        metadata.country_code,
        re.compile(trunk) if trunk else None,
        trunk == "0" and COUNTRY_CODE_TO_REGION_CODE[metadata.country_code][0] == metadata.id,
        re.compile(abroad) if abroad else _NEVER,
        frozenset(length for length in metadata.general_desc.possible_length if length >= _LEAST),
    )


def _is_bare(digits: str, plan: _Plan) -> bool:
    """Whether libphonenumber's parser would leave `digits` just as they are, so that it need not run."""
    return 2 <= len(digits) <= 15 and digits[0] != "0" and not (plan.trunk and plan.trunk.match(digits))


def _country_code(digits: str) -> int:
    """The country code that `digits` begin with, 0 if none."""
    for length in (1, 2, 3):
        if digits[:1] != "0" and digits[:length].isdecimal() and (code := int(digits[:length])) in _CODES:
            return code
    return 0


_CODES = frozenset(COUNTRY_CODE_TO_REGION_CODE)


def _parsed(text: str, region: str | None) -> Planned | None:
    try:
        return _planned(phonenumbers.parse(text, region))
    except NumberParseException:
        return None


def _planned(number: PhoneNumber) -> Planned | None:
    # `is_valid_number` is the same question as this one, asked a second time.
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        return None
    code = number.country_code
    assert code is not None
    regions = COUNTRY_CODE_TO_REGION_CODE[code]
    region = regions[0] if len(regions) == 1 else phonenumbers.region_code_for_number(number)
    e164 = f"+{code}{phonenumbers.national_significant_number(number)}"
    return Planned(e164, "" if region in (None, _WORLD) else str(region), kind)
