"""Which region and kind a national number is of: libphonenumber's patterns, each compiled once.

`phonenumbers.number_type` and `region_code_for_number` give the same, and a test says so; but they begin anew with every
number, and ask the patterns of kinds that no number of its length can have.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc, PhoneNumberType

_WORLD = "001"
_Matches: TypeAlias = Callable[[str], object]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """One of libphonenumber's patterns. Python itself keeps 512 compiled ones, and the world's lists need three times as many."""
    return re.compile(pattern)


class Territory:
    """The numbers of one region, or of a service that belongs to none, such as +800."""

    def __init__(self, metadata: PhoneMetadata, *, alone: bool) -> None:
        """`alone`: no other region has its country code."""
        assert metadata.general_desc is not None
        assert metadata.general_desc.national_number_pattern is not None
        self.region = "" if metadata.id == _WORLD else str(metadata.id)
        self.begins: _Matches | None = None
        """Where the first digits alone tell that a number is of this region, valid or not: the test for them."""
        if metadata.leading_digits is not None and not alone:
            self.begins = compiled(metadata.leading_digits).match
        self._metadata = metadata
        self._is_number = compiled(metadata.general_desc.national_number_pattern).fullmatch
        self._by_length: dict[int, _Kinds] = {}

    def kind(self, digits: str) -> int:
        """The `PhoneNumberType` of a national number; `UNKNOWN` if there is no such number."""
        length = len(digits)
        kinds = self._by_length.get(length)
        if kinds is None:
            kinds = self._by_length[length] = _Kinds(self._metadata, length)
        return kinds.of(digits) if kinds.any and self._is_number(digits) else PhoneNumberType.UNKNOWN


class _Kinds:
    """The kinds of number that a region has of one length."""

    def __init__(self, metadata: PhoneMetadata, length: int) -> None:
        special = (
            (PhoneNumberType.PREMIUM_RATE, metadata.premium_rate),
            (PhoneNumberType.TOLL_FREE, metadata.toll_free),
            (PhoneNumberType.SHARED_COST, metadata.shared_cost),
            (PhoneNumberType.VOIP, metadata.voip),
            (PhoneNumberType.PERSONAL_NUMBER, metadata.personal_number),
            (PhoneNumberType.PAGER, metadata.pager),
            (PhoneNumberType.UAN, metadata.uan),
            (PhoneNumberType.VOICEMAIL, metadata.voicemail),
        )
        described = ((kind, _pattern(desc, length)) for kind, desc in special)
        self._special = [(kind, matches) for kind, matches in described if matches is not None]
        self._fixed_line = _pattern(metadata.fixed_line, length)
        self._mobile = _pattern(metadata.mobile, length)
        self._same = bool(metadata.same_mobile_and_fixed_line_pattern)
        self.any = _can_have(metadata.general_desc, length)

    def of(self, digits: str) -> int:
        """The kind of a number that the region as a whole has."""
        for kind, matches in self._special:
            if matches(digits):
                return kind
        if self._fixed_line is not None and self._fixed_line(digits):
            either = self._same or (self._mobile is not None and self._mobile(digits))
            return PhoneNumberType.FIXED_LINE_OR_MOBILE if either else PhoneNumberType.FIXED_LINE
        if not self._same and self._mobile is not None and self._mobile(digits):
            return PhoneNumberType.MOBILE
        return PhoneNumberType.UNKNOWN


def _pattern(desc: PhoneNumberDesc | None, length: int) -> _Matches | None:
    if desc is None or not desc.national_number_pattern or not _can_have(desc, length):
        return None
    return compiled(desc.national_number_pattern).fullmatch


def _can_have(desc: PhoneNumberDesc | None, length: int) -> bool:
    return desc is not None and (not desc.possible_length or length in desc.possible_length)


def region_and_kind(code: int, digits: str) -> tuple[str, int]:
    """The region ("" for none) and `PhoneNumberType` of the number `digits` of a country code; `UNKNOWN` if there is none."""
    for territory in _territories(code):
        if territory.begins is not None:
            if territory.begins(digits):
                return territory.region, territory.kind(digits)
        elif (kind := territory.kind(digits)) != PhoneNumberType.UNKNOWN:
            return territory.region, kind
    return "", PhoneNumberType.UNKNOWN


@cache
def _territories(code: int) -> tuple[Territory, ...]:
    """The regions that share a country code, in the order in which a number is looked for in them."""
    regions = COUNTRY_CODE_TO_REGION_CODE[code]
    known = (PhoneMetadata.metadata_for_region_or_calling_code(code, region) for region in regions)
    return tuple(Territory(metadata, alone=len(regions) == 1) for metadata in known if metadata is not None)
