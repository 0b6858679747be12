"""The country of numbers that are written without a country code, found by evidence or not at all.

A national number is valid in several countries: 020 7946 0000 is one in London, in Italy and in seven more countries. A
wrong guess would call a stranger, so a country is named only if more than the numbers' validity speaks for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from campaign.core.cells.cell import Cell, text
from campaign.core.cells.phone import PhoneReader
from campaign.core.cells.signs import fold
from campaign.core.proposal.confidence import Confidence

_NUMBERS = 40  # distinct national numbers that are tried in every country
_STRIDE = 4  # lists are sorted: the first that are tried must be from everywhere
_FIRST, _HOPELESS = 10, 3  # a country of which fewer than three of the first ten are numbers is not tried further
_FIT = 0.9  # so many of them must be numbers of a country that is named
_CLOSE = 0.7  # a country that fits so well beside the best is a rival
_AS_WRITTEN = 0.7  # so many are written just as people of the country write
_MOSTLY = 0.7  # so many rows, or international numbers, are of one country
_RARELY = 0.3  # so few numbers are written as in a country that they seem to be of another
_SOME = 3  # fewer rows or numbers than that speak for no country
_UNSPACED = "digits"
_READER = PhoneReader("", "")


@dataclass(frozen=True, slots=True)
class HomeCountry:
    """The country, ISO, "" if it is open; how sure that is, and why. `rivals` are those that fit, likelier ones first.

    `mixed`: no country has them all. `few`: of all numbers only few need a home country.
    """

    region: str = ""
    confidence: Confidence = Confidence.UNSURE
    evidence: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    mixed: bool = False
    few: bool = False


@dataclass(frozen=True, slots=True)
class _Fit:
    region: str
    valid: float
    as_written: float
    spaced: float

    @property
    def written_otherwise(self) -> bool:
        """Whether most are spaced, and not as people of the country space them."""
        return self.spaced >= _MOSTLY and self.as_written < _RARELY


def find_home(
    national: Sequence[Cell], abroad: Counter[str], rows: Counter[str], by_language: Sequence[str]
) -> HomeCountry:
    """The country of the numbers `national`.

    `abroad` counts the countries of the list's international numbers, `rows` those that its country column names,
    `by_language` are those where people speak the language of its header.
    """
    numbers = list({text(cell): cell for cell in national}.values())
    step = max(1, len(numbers) / _NUMBERS)
    spread = [numbers[int(n * step)] for n in range(min(_NUMBERS, len(numbers)))]
    tried = [number for first in range(_STRIDE) for number in spread[first::_STRIDE]]
    fits = sorted(
        (_fit(tried, region) for region in sorted(phonenumbers.SUPPORTED_REGIONS)), key=lambda fit: -fit.valid
    )
    best = fits[0]
    rivals = [fit for fit in fits if fit.valid >= _CLOSE * best.valid and fit.valid > 0]
    spoken = [region for region in by_language if any(fit.region == region for fit in rivals)]
    names = tuple(dict.fromkeys([*spoken, *(fit.region for fit in rivals)]))
    good = [fit for fit in rivals if fit.valid >= _FIT]
    if not good:
        return HomeCountry(evidence=("they are not the numbers of one country",), rivals=names, mixed=True)
    return _supported(good, names, abroad, rows, by_language)


def _supported(
    good: Sequence[_Fit], names: tuple[str, ...], abroad: Counter[str], rows: Counter[str], by_language: Sequence[str]
) -> HomeCountry:
    """The one of the fitting countries for which something else speaks than that its plan has such numbers."""
    fitting = {fit.region: fit for fit in good}
    said: dict[str, list[str]] = {}
    strong: set[str] = set()
    for counted, words in ((rows, "rows with a country"), (abroad, "international numbers")):
        for region, count in counted.most_common(1):
            if region in fitting and count >= max(_MOSTLY * counted.total(), _SOME):
                said.setdefault(region, []).append(
                    f"{_percent(count / counted.total())} of the {words} are of {region}"
                )
                strong.add(region)
    # Some plans have nearly every number: one that is written as nobody there writes is not theirs.
    likely = [fit for fit in good if not fit.written_otherwise]
    written = [fit for fit in likely if fit.as_written >= _AS_WRITTEN]
    spoken = [region for region in by_language if any(fit.region == region for fit in likely)]
    # Of several countries with one way of writing, the header's language tells; of several with one language, the writing.
    as_written = [fit.region for fit in written if len(written) == 1 or (spoken and fit.region in spoken)]
    if len(as_written) == 1:
        [region] = as_written
        words = f"{_percent(fitting[region].as_written)} are written as in {region}"
        said.setdefault(region, []).append(words + (", whose language the header is in" if region in spoken else ""))
    elif len(spoken) == 1:
        said.setdefault(spoken[0], []).append("of the countries whose language the header is in, they fit no other")
    if len(said) > 1 or not said:
        against = tuple(reason for reasons in said.values() for reason in reasons)
        nobody_s = not likely and not said
        return HomeCountry(evidence=(f"they are valid in {_listed(names)}", *against), rivals=names, mixed=nobody_s)
    [(region, reasons)] = said.items()
    alone = len(names) == 1
    lead = f"{_percent(fitting[region].valid)} are numbers of {region}{' and no other country' if alone else ''}"
    sure = region in strong and (len(reasons) > 1 or alone)
    return HomeCountry(region, Confidence.SURE if sure else Confidence.LIKELY, (lead, *reasons), names)


def _fit(numbers: Sequence[Cell], region: str) -> _Fit:
    valid = as_written = 0
    for place, cell in enumerate(numbers):
        if place == _FIRST and valid < _HOPELESS:
            break
        # +1 is shared by many countries, and a number of one of them can be dialled from all: its own one counts.
        for phone in _READER.read(cell, region).phones[:1]:
            if phone.region == region:
                valid += 1
                as_written += _shape(text(cell)) in _shapes(phone.e164)
    spaced = sum(_shape(text(cell)) != _UNSPACED for cell in numbers)
    return _Fit(region, valid / len(numbers), as_written / len(numbers), spaced / len(numbers))


def _shapes(e164: str) -> set[str]:
    number = phonenumbers.parse(e164)
    shape = _shape(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    if shape == _UNSPACED:
        return {shape}
    groups = re.findall("0+", shape)
    return {shape, *(sign.join(groups) for sign in " -./"), f"{groups[0]}/{''.join(groups[1:])}"}


def _shape(written: str) -> str:
    """The form of a number: where its digits are parted and bracketed."""
    shape = " ".join(fold(written).split())
    return "".join("0" if sign.isdecimal() else sign for sign in shape) if not shape.isdecimal() else _UNSPACED


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
