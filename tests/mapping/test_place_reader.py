"""Where a row says that its person is."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.errors import MappingError
from campaign.core.lead import SourceRow
from campaign.core.mapping.row_reader import RowReader
from campaign.core.places.place import NOWHERE, Place
from campaign.core.places.time_zones import same_time
from campaign.core.reading import Reading

HEADER = ("Phone", "Country", "TZ", "Time Zone", "State", "Zip")
MAPPING = """\
version: 1
fields: {lc_number: Phone, country: {column: Country, default: US}}
policy:
  place: {time_zone: [TZ, Time Zone], state: {column: State}, postcode: Zip}
"""
MIAMI, LONDON, TORONTO, SYDNEY = "+13055550123", "+442079460123", "+14165550123", "+61255501234"


def read(
    phone: str, *, tz: Cell = None, other: Cell = None, state: Cell = None, zip_: Cell = None, country: Cell = None
) -> Reading:
    """A row of a list with these cells."""
    reader = RowReader(parse_mapping(MAPPING, "m", Path()), HEADER, "leads.csv")
    reading = reader.read(SourceRow(2, (phone, country, tz, other, state, zip_)))
    assert reading.request is not None
    return reading


def place(reading: Reading) -> Place:
    """The place of the row's request."""
    assert reading.request is not None
    return reading.request.place


@pytest.mark.parametrize(
    ("reading", "states"),
    [
        (read(MIAMI, state="Texas"), ("US-TX",)),
        (read(MIAMI, zip_="75201"), ("US-TX",)),
        (read(MIAMI, zip_=75201), ("US-TX",)),
        (read(MIAMI, zip_=Formatted(2134, "00000")), ("US-MA",)),
        (read(MIAMI, state="TX", zip_="75201"), ("US-TX",)),
        (read(MIAMI, state="ID", zip_="83414"), ("US-ID",)),  # the postcode may be in Wyoming, too
        (read(MIAMI, state="ON"), ("CA-ON",)),
        (read(TORONTO, state="ON"), ("CA-ON",)),
        (read(TORONTO, zip_="K1A 0B1", country="CA"), ("CA-ON",)),
        (read(SYDNEY, state="WA", country="Australia"), ("AU-WA",)),
        (read(SYDNEY, state="WA"), ("US-WA",)),  # the row's country, by its default, is the United States
        (read(LONDON, state="FL", country="US"), ("US-FL",)),
        (read(LONDON, state="Kent", country="GB"), ()),
        (read(LONDON, state="Kent", zip_="CT1 2EH"), ()),
        (read(SYDNEY, zip_="2000", country="AU"), ()),
        (read("+995322550123", state="Georgia", country="GE"), ()),  # the country, not the state
        (read(LONDON, zip_="SW1A 1AA", country="GB"), ()),
        (read(MIAMI), ()),
    ],
)
def test_states_and_postcodes(reading: Reading, states: tuple[str, ...]) -> None:
    """Read in the row's country, else in its number's; nothing is said of cells in countries without states."""
    assert place(reading) == Place((), states)
    assert reading.notes == ()


def test_nothing_is_read_that_the_mapping_does_not_name() -> None:
    """A list that has a column State is no reason to look at it."""
    mapping = parse_mapping("version: 1\nfields: {lc_number: Phone}", "m", Path())
    reading = RowReader(mapping, HEADER, "leads.csv").read(SourceRow(2, (MIAMI, None, "EST", None, "TX", None)))
    assert place(reading) is NOWHERE


def test_the_time_zone_of_the_first_column_that_is_not_blank() -> None:
    """Understood as people of the row's country write it."""
    assert place(read(MIAMI, tz=" ", other="America/Denver")).zones == ("America/Denver",)
    assert place(read(MIAMI, tz="PT", other="America/Denver")).zones == ("America/Los_Angeles",)
    [sydney] = {zone for zone in place(read(SYDNEY, tz="EST", country="AU")).zones if "Brisbane" not in zone}
    assert same_time(sydney, "Australia/Sydney")


@pytest.mark.parametrize(
    ("reading", "noted"),
    [
        (read(MIAMI, tz="Estern"), ['TZ "Estern" names no time zone that is known']),
        (read(MIAMI, other=CellFault("#REF!")), ['Time Zone "#REF!" names no time zone']),
        (read(MIAMI, state="Florid"), ['State "Florid" names no state']),
        (read(MIAMI, zip_="09012"), ['Zip "09012" names no postcode of a state']),
        (read(MIAMI, tz="?", state="?", zip_="?"), ["time zone", "state", "postcode"]),
    ],
)
def test_what_can_not_be_read_is_noted_and_counts_as_blank(reading: Reading, noted: list[str]) -> None:
    """The row is sent all the same, in the hours of its number."""
    assert place(reading) == NOWHERE
    assert len(reading.notes) == len(noted)
    for note, words in zip(reading.notes, noted, strict=True):
        assert words in note.text
        assert note.code.value == "note.place"
        assert not note.value or note.value not in note.cause


def test_a_time_zone_that_is_not_the_state_s_adds_the_state_s() -> None:
    """One of the two is wrong, and nobody knows which: both must be open."""
    assert place(read(MIAMI, tz="EST", state="FL")).zones == place(read(MIAMI, tz="EST")).zones
    apart = read(MIAMI, tz="EST", state="CA")
    assert place(apart).states == ("US-CA",)
    assert any(same_time(zone, "America/New_York") for zone in place(apart).zones)
    assert any(same_time(zone, "America/Los_Angeles") for zone in place(apart).zones)
    assert "time zone is none of US-CA" in apart.notes[0].text


def test_a_state_and_a_postcode_that_are_apart_both_count() -> None:
    """The same, for the rules of both."""
    apart = read(MIAMI, state="FL", zip_="90001")
    assert place(apart).states == ("US-CA", "US-FL")
    assert "are apart" in apart.notes[0].text


def test_a_column_that_the_list_does_not_have_is_told() -> None:
    """With file, line, key and the nearest name."""
    with pytest.raises(MappingError, match=r"m, line 4, policy.place.state.column: .* did you mean 'State'"):
        RowReader(parse_mapping(MAPPING.replace("State", "Sate"), "m", Path()), HEADER, "leads.csv")
