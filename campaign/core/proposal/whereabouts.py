"""Columns that say where the person is: calling hours go by them before they go by the number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from campaign.core.places.states import country_with_states, read_state, states_of_postcode
from campaign.core.places.time_zones import read_time_zones
from campaign.core.proposal.column import Column
from campaign.core.proposal.confidence import Confidence
from campaign.core.proposal.header_names import Meaning
from campaign.core.proposal.proposal import FieldChoice

_NEARLY_ALL = 0.9  # of the cells have to be read: hours that go by the wrong column are worse than those of the number

_Read = Callable[[str, str], object]


def place_choices(columns: Sequence[Column], regions: Collection[str]) -> list[FieldChoice]:
    """The parts of `policy.place`. `regions` are the ISO countries of the leads' numbers, as far as they are known.

    States and postcodes count in the countries that have calling hours by state, and nowhere else.
    """
    with_states = sorted({country for country in map(country_with_states, regions) if country})
    wanted: list[tuple[str, Meaning, Collection[str], _Read]] = [
        ("time_zone", Meaning.TIME_ZONE, sorted(regions) or [""], read_time_zones),
        ("state", Meaning.STATE, with_states, read_state),
        ("postcode", Meaning.POSTCODE, with_states, states_of_postcode),
    ]
    found = (_choice(columns, key, meaning, countries, read) for key, meaning, countries, read in wanted)
    return [choice for choice in found if choice is not None]


def _choice(
    columns: Sequence[Column], key: str, meaning: Meaning, countries: Collection[str], read: _Read
) -> FieldChoice | None:
    """The column of that name whose cells are read best, if nearly all of them are."""
    named = [c for c in columns if c.named.meaning is meaning and not c.named.another_s]
    shares = [(c.share(lambda said: any(read(said, country) for country in countries)), c) for c in named]
    share, column = max(
        shares, key=lambda found: (found[0], len(found[1].filled), -found[1].place), default=(0.0, None)
    )
    if column is None or share < _NEARLY_ALL:
        return None
    evidence = (f"'{column.name}' is a name of such columns; {share:.0%} of its cells are known",)
    sure = Confidence.SURE if column.named.exact else Confidence.LIKELY
    return FieldChoice(key, (column.name,), {"column": column.name}, sure, evidence, column.samples)
