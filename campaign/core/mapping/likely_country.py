"""The one country in which the national numbers of a column would be valid, if there is just one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from campaign.core.cells.cell import Cell, shown
from campaign.core.cells.phone import PhoneReader
from campaign.core.cells.phone_plan import has_open_plan, lacks_trunk_prefix, regions
from campaign.core.cells.phone_restore import bare_digits
from campaign.core.cells.signs import digits_in

_SAMPLE = 50
"""Cells that are tried in all countries; further ones only where most of these fit."""
_MOST_OF_SAMPLE = 0.6
_FIRST_LOOK = 10
_CLOSE = 0.9
"""A country with so many of the best one's cells may be meant as well."""
_EXAMPLES = 2


@dataclass(slots=True)
class Likely:
    """A country, the cells that are numbers of it, and examples with what they are there."""

    region: str
    cells: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)


class LikelyCountry:
    """Counts, for cells that need a country and have none, in which countries they would be numbers.

    A number counts in a country as people write it there, mostly with a leading 0. Bare digits may have lost that, so they
    count without it, too: 2079460123 may be in London or in Maine. Not so where numbers have no set length, as in Germany,
    and nearly any digits are one.
    """

    def __init__(self) -> None:
        self.homeless = 0
        self._sample: list[tuple[Cell, PhoneReader]] = []
        self._likely: list[Likely] | None = None

    def add(self, cell: Cell, reader: PhoneReader) -> None:
        """See a cell that `reader` can't read without a country."""
        self.homeless += 1
        if self._likely is not None:
            for likely in self._likely:
                _try(likely, cell, reader)
            return
        self._sample.append((cell, reader))
        if len(self._sample) == _SAMPLE:
            self._likely = self._tried()

    def one(self, fewest: float, occurring: Collection[str]) -> Likely | None:
        """The country that has `fewest` or more of the cells as numbers, and clearly more than any other; of several alike,
        the only one `occurring` in the list otherwise. None if there is no such one."""
        tried = self._likely if self._likely is not None else self._tried()
        most = max((likely.cells for likely in tried), default=0)
        fitting = [likely for likely in tried if likely.cells >= max(fewest, _CLOSE * most)]
        if len(fitting) > 1:
            fitting = [likely for likely in fitting if likely.region in occurring]
        return fitting[0] if len(fitting) == 1 else None

    def _tried(self) -> list[Likely]:
        tried = [Likely(region) for region in regions()]
        for likely in tried:
            for place, (cell, reader) in enumerate(self._sample):
                if place == _FIRST_LOOK and likely.cells < _MOST_OF_SAMPLE * place / 2:
                    break  # most countries are out of the question soon
                _try(likely, cell, reader)
        return [likely for likely in tried if likely.cells >= _MOST_OF_SAMPLE * len(self._sample)]


def _try(likely: Likely, cell: Cell, reader: PhoneReader) -> None:
    phones = replace(reader, home=likely.region).read(cell).phones
    if not phones or phones[0].region != likely.region:
        return
    digits = digits_in(shown(cell))
    if phones[0].e164 == f"+{digits}":
        return  # the country code stands there already: it is not the country that is missing
    may_have_lost_it = bare_digits(cell) and not has_open_plan(likely.region)
    if not may_have_lost_it and lacks_trunk_prefix(phones[0].e164, digits):
        return
    likely.cells += 1
    if len(likely.examples) < _EXAMPLES:
        likely.examples.append((shown(cell), f"{phones[0].e164} ({likely.region})"))
