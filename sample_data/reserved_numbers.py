"""Phone numbers that no person has: the ranges that countries keep free for films and books, and how people write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number in its parts; `rest` is spaced as people of its country space it. `trunk` is the 0 dialled at home."""

    country: str
    code: str
    trunk: str
    area: str
    rest: str

    @property
    def e164(self) -> str:
        """The number as it is sent."""
        return f"+{self.code}{self.area}{self.rest}".replace(" ", "")

    def written(self, form: str) -> str:
        """The number as people write it."""
        home, abroad = f"{self.trunk}{self.area} {self.rest}", f"+{self.code} {self.area} {self.rest}"
        digits = f"{self.area}{self.rest}".replace(" ", "")
        match form:
            case "national":
                return home
            case "brackets":
                return f"({self.trunk}{self.area}) {self.rest}"
            case "dashes":
                return home.replace(" ", "-")
            case "dots":
                return home.replace(" ", ".")
            case "slash":
                return f"{self.trunk}{self.area}/{self.rest}".replace(" ", "")
            case "digits":
                return self.trunk + digits
            case "spaced":
                return abroad
            case "bracketed zero":
                return f"+{self.code} (0){self.area} {self.rest}"
            case "00":
                return f"00{self.code} {self.area} {self.rest}"
            case "tel":
                return f"tel:{abroad.replace(' ', '-')}"
            case "no-break":
                return abroad.replace(" ", "\u00a0")
            case "full-width":
                return self.e164.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "+0123456789"})
            case "extension":
                return f"{home} ext. 45"
            case _:
                return self.e164


@dataclass(frozen=True)
class Range:
    """Numbers reserved for fiction: each `#` of `block` counts, from `first` to `last`."""

    country: str
    code: str
    trunk: str
    area: str
    block: str
    first: int
    last: int

    def numbers(self) -> Iterator[Number]:
        """All numbers of the range."""
        for n in range(self.first, self.last + 1):
            digits = iter(f"{n:0{self.block.count('#')}}")
            rest = "".join(next(digits) if sign == "#" else sign for sign in self.block)
            yield Number(self.country, self.code, self.trunk, self.area, rest)


# Where each range is published:
# US, CA  NANPA, 555 line numbers: 555-0100 to 555-0199 of every area code are for fiction (FCC, CNAC)
# GB      Ofcom, telephone numbers for use in TV and radio drama programmes
# DE      Bundesnetzagentur, Amtsblatt 7/2021, Mitteilung 148/2021: Rufnummern für Medienproduktionen ("Drama Numbers")
# FR      ARCEP, national numbering plan, decision 2018-0881, article 2.5.12: numbers for audiovisual works
# AU      ACMA, phone numbers for use in TV shows, films and creative works
# SE      PTS, numbers set aside for books, films and the like
_US_AREAS = "202 206 212 305 312 415 512 713 773"
_BOSTON_AREAS = "339 508 617 774 781 857"
_CANADIAN_AREAS = "403 416 514 604 647"
RANGES = (
    *(Range("US", "1", "", area, "555 01##", 0, 99) for area in _US_AREAS.split()),
    *(Range("CA", "1", "", area, "555 01##", 0, 99) for area in _CANADIAN_AREAS.split()),
    Range("GB", "44", "0", "20", "7946 0###", 0, 999),
    Range("GB", "44", "0", "161", "496 0###", 0, 999),
    Range("GB", "44", "0", "113", "496 0###", 0, 999),
    Range("GB", "44", "0", "117", "496 0###", 0, 999),
    Range("DE", "49", "0", "30", "23125 ###", 0, 999),
    Range("DE", "49", "0", "69", "90009 ###", 0, 999),
    Range("DE", "49", "0", "171", "39200 ##", 0, 99),
    Range("FR", "33", "0", "1", "99 00 ## ##", 0, 9999),
    Range("FR", "33", "0", "2", "61 91 ## ##", 0, 9999),
    Range("FR", "33", "0", "3", "53 01 ## ##", 0, 9999),
    Range("FR", "33", "0", "4", "65 71 ## ##", 0, 9999),
    Range("FR", "33", "0", "5", "36 49 ## ##", 0, 9999),
    Range("AU", "61", "0", "2", "5550 ####", 0, 9999),
    Range("AU", "61", "0", "3", "5550 ####", 0, 9999),
    Range("AU", "61", "0", "7", "5550 ####", 0, 9999),
    Range("AU", "61", "0", "491", "570 ###", 6, 6),
    Range("AU", "61", "0", "491", "570 ###", 110, 110),
    Range("AU", "61", "0", "491", "570 ###", 156, 159),
    Range("SE", "46", "0", "8", "465 004 ##", 0, 99),
    Range("SE", "46", "0", "70", "174 06 ##", 5, 99),
)
BOSTON = tuple(Range("US", "1", "", area, "555 01##", 0, 99) for area in _BOSTON_AREAS.split())
PREMIUM_RATE = Range("GB", "44", "0", "909", "8790 ###", 0, 999)  # Ofcom's drama numbers have costly ones, too

_EVERYWHERE = ("e164", "spaced", "national", "dashes", "dots", "digits", "brackets", "tel", "no-break")
_WITH_TRUNK = (*_EVERYWHERE, "bracketed zero")
FORMS = {
    "US": (*_EVERYWHERE, "brackets", "dashes", "extension", "full-width"),
    "CA": _EVERYWHERE,
    "GB": (*_WITH_TRUNK, "00"),
    "DE": (*_WITH_TRUNK, "slash", "00"),
    "FR": (*_WITH_TRUNK, "00"),
    "AU": _WITH_TRUNK,
    "SE": (*_WITH_TRUNK, "00"),
}
