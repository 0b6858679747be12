"""The country of numbers without a country code: named with evidence, or left open and asked for."""

from __future__ import annotations

from collections import Counter

import pytest
from made_lists import check_of, loaded, proposed

from campaign.core.cells.cell import Cell
from campaign.core.proposal.confidence import Confidence
from campaign.core.proposal.home_country import find_home

NOTHING: Counter[str] = Counter()
LONDON = [f"020 7946 0{n:03d}" for n in range(40)]
BERLIN = [f"030 23125{n:03d}" for n in range(20)] + [f"0171 39200{n:02d}" for n in range(20)]
WASHINGTON = [f"(202) 555-01{n:02d}" for n in range(40)]


def test_validity_alone_names_no_country() -> None:
    """London's numbers are valid in eight more countries, so the question is asked, the likeliest first."""
    found = find_home(LONDON, NOTHING, NOTHING, ("GB", "NZ"))
    assert (found.region, found.confidence) == ("", Confidence.UNSURE)
    assert found.rivals[:2] == ("GB", "NZ")
    assert {"IT", "IN", "CN"} <= set(found.rivals)


@pytest.mark.parametrize("evidence", ["international", "rows"])
def test_other_numbers_and_the_country_column_speak_for_one(evidence: str) -> None:
    """Likely with one of them, sure with both; one that does not fit the numbers says nothing."""
    said = {"international": (Counter(GB=9, FR=1), NOTHING), "rows": (NOTHING, Counter(GB=9, FR=1))}[evidence]
    found = find_home(LONDON, *said, ())
    assert (found.region, found.confidence) == ("GB", Confidence.LIKELY)
    assert find_home(LONDON, Counter(GB=9), Counter(GB=9), ()).confidence is Confidence.SURE
    assert find_home(LONDON, Counter(US=9), NOTHING, ()).region == ""


def test_evidence_that_contradicts_itself_leaves_it_open() -> None:
    """The rows say one country, the numbers another, and both fit."""
    found = find_home(LONDON, Counter(GB=9), Counter(IT=9), ())
    assert found.region == ""
    assert len(found.evidence) == 3


def test_the_way_of_writing_and_the_language_speak() -> None:
    """(202) 555-0100 is written so in the United States; German headers choose Germany of Germany and Italy."""
    assert find_home(WASHINGTON, NOTHING, NOTHING, ("US", "GB")).region == "US"
    assert find_home(BERLIN, NOTHING, NOTHING, ("DE", "AT", "CH")).region == "DE"
    assert find_home([cell.replace(" ", "/") for cell in BERLIN], NOTHING, NOTHING, ("DE", "AT", "CH")).region == "DE"


def test_numbers_of_several_countries_have_no_home() -> None:
    """India has them all by its plan, but nobody there writes them so: none is named, and none is offered."""
    found = find_home(LONDON[:5] + WASHINGTON[:15] + BERLIN[-15:], Counter(GB=9), NOTHING, ())
    assert (found.region, found.mixed) == ("", True)


def test_an_open_country_is_asked_for_in_the_file() -> None:
    """The line that would name it stands there as a comment: until then such rows are not called."""
    made = proposed(["Phone"], [[number] for number in LONDON])
    assert made.confidence is Confidence.UNSURE
    assert loaded(made).mapping.fields["lc_number"].country is None
    assert "  # lc_number: {column: Phone, country: GB}\n  lc_number: Phone\n" in made.yaml
    assert "40 of 40 cells" in check_of(made, "lc_number")


def test_a_country_that_is_likely_is_written_and_marked() -> None:
    """It counts, and the CHECK says why it was chosen."""
    made = proposed(["Phone"], [[number] for number in WASHINGTON])
    assert loaded(made).mapping.fields["lc_number"].country == "US"
    assert "numbers of US" in check_of(made, "lc_number")
    assert made.confidence is Confidence.LIKELY


def test_the_home_country_is_the_default_of_the_country_column() -> None:
    """For rows in which it is blank."""
    rows: list[list[Cell]] = [[number, "UK" if n % 4 else ""] for n, number in enumerate(LONDON)]
    made = proposed(["Phone", "Country"], rows)
    assert loaded(made).mapping.fields["country"].default == "GB"
    assert loaded(made).mapping.fields["lc_number"].country is None


def test_international_numbers_need_no_country() -> None:
    """None is named, and none is asked for."""
    made = proposed(["Phone"], [[f"+44 20 7946 0{n:03d}"] for n in range(20)])
    assert made.home is None
    assert made.confidence is Confidence.SURE
    assert made.checks == ()
    assert "CHECK" not in made.yaml
