"""Where a row says that its person is: the columns of `policy.place`, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from campaign.core.cells.cell import Cell, is_blank, shown, text
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.policy_part import PlaceOrigin, PlaceSpec
from campaign.core.places.place import NOWHERE, Place
from campaign.core.places.states import country_with_states, read_state, states_of_postcode, zones_of_states
from campaign.core.places.time_zones import differing, read_time_zones, same_time
from campaign.core.problem import Code, Note

_Pick = Callable[[Sequence[Cell]], tuple[str, str]]
"""Takes a row's cells and gives a column with what it says; "" if it is blank or not mapped."""


class PlaceReader:
    """Compiled once for a list, run for every row. What can't be read is told in a note and counts as blank."""

    def __init__(self, spec: PlaceSpec, columns: Columns) -> None:
        self._time_zone = _picker(spec.time_zone, columns)
        self._state = _picker(spec.state, columns)
        self._postcode = _picker(spec.postcode, columns)
        self._asked_for = spec != PlaceSpec()

    def read(self, cells: Sequence[Cell], region: str, country: str, notes: list[Note]) -> Place:
        """The row's place. `region` is that of its number, `country` the row's own ("" if it names none)."""
        if not self._asked_for:
            return NOWHERE
        regions = [named for named in dict.fromkeys((country, region)) if named]
        zones = self._zones(cells, regions, notes)
        states = self._states(cells, regions, notes if country_with_states(region) else [])
        if zones and states and not _agree(zones, others := zones_of_states(states)):
            told = "The row's time zone is none of {}: it is called when both are open"
            notes.append(_note(told, " or ".join(states), "its state"))
            zones = differing((*zones, *others))
        return Place(zones, states)

    def _zones(self, cells: Sequence[Cell], regions: Sequence[str], notes: list[Note]) -> tuple[str, ...]:
        column, said = self._time_zone(cells)
        for region in regions or [""]:
            if zones := read_time_zones(said, region):
                return zones
        if said:
            notes.append(_unread(column, said, "time zone"))
        return ()

    def _states(self, cells: Sequence[Cell], regions: Sequence[str], notes: list[Note]) -> tuple[str, ...]:
        """The states that the state and the postcode name; those of both if they contradict each other.

        Where the number is of a country whose states nobody needs to know, `notes` is a list that is not read.
        """
        countries = _countries(regions)
        column, said = self._state(cells)
        by_name = _first(read_state(said, country) for country in countries)
        if said and not by_name:
            notes.append(_unread(column, said, "state"))
        column, said = self._postcode(cells)
        by_postcode = next(filter(None, (states_of_postcode(said, country) for country in countries or [""])), ())
        if said and not by_postcode and countries != ["AU"]:
            notes.append(_unread(column, said, "postcode of a state"))
        if by_name and by_postcode and not set(by_name) & set(by_postcode):
            told = "The state and the postcode{} are apart: the rules of both are kept"
            notes.append(_note(told, f' ({by_name[0]}, "{said}")', "", column, said))
            return tuple(sorted({*by_name, *by_postcode}))
        return by_name or by_postcode


def _countries(regions: Sequence[str]) -> list[str]:
    """The countries whose states are looked through: both of North America, whose states have no name in common."""
    found = [country for country in map(country_with_states, regions) if country]
    if "US" in found or "CA" in found:
        found += ["US", "CA"]
    return list(dict.fromkeys(found))


def _agree(zones: Sequence[str], others: Sequence[str]) -> bool:
    return any(same_time(zone, other) for zone in zones for other in others)


def _first(found: Iterator[str | None]) -> tuple[str, ...]:
    state = next(filter(None, found), None)
    return (state,) if state else ()


def _unread(column: str, said: str, what: str) -> Note:
    told = f"{column}{{}} names no {what} that is known: it was not used to tell the calling hours"
    return _note(told, f' "{said}"', "", column, said)


def _note(told: str, own: str, alike: str, column: str = "", value: str = "") -> Note:
    """A note with the row's own values in `told`, and with `alike` in their place where alike notes are counted."""
    return Note(Code.PLACE, told.replace("{}", own), told.replace("{}", alike), "", column, value)


def _picker(origin: PlaceOrigin | None, columns: Columns) -> _Pick:
    places = [(name, columns.index(name)) for name in origin.column] if origin is not None else []

    def pick(cells: Sequence[Cell]) -> tuple[str, str]:
        for name, index in places:
            if not is_blank(cells[index]):
                return name, text(cells[index]) or shown(cells[index])
        return "", ""

    return pick
