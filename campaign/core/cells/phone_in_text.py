"""Every number that may stand among other words of a cell. For do-not-call lists: a remark is no reason to call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.core.cells.phone import PhoneReader
from campaign.core.cells.phone_restore import LOOKS_INTERNATIONAL
from campaign.core.cells.signs import digits_in, fold

_CODED = re.compile(r"\+[0-9][0-9 ().-]{5,20}[0-9]")
_ANY = re.compile(r"(?<![0-9+])\(?\+?[0-9][0-9 ()./-]{4,40}[0-9]")
_DAY = re.compile(r"(?<![0-9./-])(?:[0-9]{4}|[0-9]{1,2})([./-])[0-9]{1,2}\1[0-9]{2,4}(?![0-9./-]*[0-9])")
_CLOCK = re.compile(r"\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b")
_ABBREVIATED = re.compile(r"(.*[0-9])[ )]*/ *([0-9]{1,5})")


def coded_inside(said: str, reader: PhoneReader) -> set[int]:
    """The numbers with + and country code."""
    return {phone.digits for part in _CODED.findall(said) for phone in reader.read(part).phones}


def national_inside(said: str, reader: PhoneReader) -> set[int]:
    """The numbers of the reader's country, those that may lack their +, and abbreviated ones such as `0003/0004`."""
    without_moments = _CLOCK.sub(";", _DAY.sub(";", fold(said)))
    return {number for run in _ANY.findall(without_moments) for number in _numbers(run, reader)}


def _numbers(run: str, reader: PhoneReader) -> Iterator[int]:
    yield from _whole(run, reader)
    ends: list[str] = []
    while shorter := _ABBREVIATED.fullmatch(run):
        run = shorter[1]
        ends.append(shorter[2])
        for digits in _whole(run, reader):
            yield digits
            yield from (int(f"{str(digits)[: -len(end)]}{end}") for end in ends)


def _whole(run: str, reader: PhoneReader) -> Iterator[int]:
    yield from (phone.digits for phone in reader.read(run).phones)
    digits = digits_in(run)
    if len(digits) >= LOOKS_INTERNATIONAL and "+" not in run:
        yield from (phone.digits for phone in reader.read(f"+{digits}").phones)
