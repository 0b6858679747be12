"""Columns that look like phones and are none, and lists of odd shapes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_lists import check_of, columns, loaded, london, proposed

from campaign.core.cells.cell import Cell, Formatted
from campaign.core.errors import SourceError
from campaign.core.proposal.confidence import Confidence

TWENTY = range(20)


def rows(*makers: Callable[[int], Cell]) -> list[list[Cell]]:
    """Twenty rows, a maker for each column."""
    return [[make(n) for make in makers] for n in TWENTY]


def none_found(header: list[str], *makers: Callable[[int], Cell]) -> str:
    """What is said of a list without a phone column."""
    with pytest.raises(SourceError) as caught:
        proposed(header, rows(*makers))
    assert caught.value.cure
    for name in header:
        assert f"  {name}: " in caught.value.message
    return caught.value.message


def test_order_numbers_are_no_phones() -> None:
    """Not by their name, and without one not as a run; not even if nothing else is there."""
    made = proposed(["Order No", "Tel"], rows(lambda n: f"{4930231250 + n}", london))
    assert columns(made, "lc_number") == ("Tel",)
    assert "identifier" in none_found(["Order No"], lambda n: f"{4930231250 + n}")
    assert "one run of numbers" in none_found(["Foo"], lambda n: 2025550100 + n)


def test_dates_and_postcodes_are_no_phones() -> None:
    """Whatever the column is called."""
    assert "date" in none_found(["Phone"], lambda n: f"2024-01-{n + 1:02d}")
    assert "digits" in none_found(["Phone"], lambda n: f"{10115 + n}")
    assert "postcode" in none_found(["ZIP"], lambda n: f"{10115 + n}")


def test_a_fax_is_never_called() -> None:
    """Beside a phone it is told, alone it is refused."""
    made = proposed(["Fax", "Phone"], rows(lambda n: london(500 + n), london))
    assert columns(made, "lc_number") == ("Phone",)
    assert not columns(made, "lc_number_2")
    assert any("'Fax' is a fax number" in remark for remark in made.remarks)
    assert "fax" in none_found(["Fax"], london)


def test_the_phone_of_an_agent_is_never_the_lead_s() -> None:
    """Owner columns are offered as agents, in a comment; alone they are refused."""
    header = ["Owner", "Owner Phone", "Phone"]
    made = proposed(header, rows(lambda n: "Tom Agent", lambda n: london(900), london))
    assert columns(made, "lc_number") == ("Phone",)
    assert not columns(made, "lc_number_2")
    assert made.agent is not None
    assert loaded(made).mapping.agents == ()
    assert "#   - {name: {column: Owner}, phone: {column: Owner Phone}}" in made.yaml
    assert "agent" in none_found(["Owner Phone", "Name"], london, lambda _n: "Ana Berg")


def test_a_column_called_phone_that_holds_addresses() -> None:
    """The values decide: another column is called, and the one left out is told."""
    made = proposed(["Phone", "Contact"], rows(lambda n: f"p{n}@example.com", london))
    assert columns(made, "lc_number") == ("Contact",)
    assert "nothing but its values" in check_of(made, "lc_number")
    assert any(remark.startswith("'Phone' is not called") for remark in made.remarks)


def test_two_columns_of_one_name() -> None:
    """Both are phones; the second is called by its own name, as the reader of the list names it."""
    made = proposed(["Phone", "Phone (2)"], rows(london, lambda n: london(500 + n) if n % 2 else ""))
    assert columns(made, "lc_number") == ("Phone", "Phone (2)")
    assert columns(made, "lc_number_2") == ("Phone (2)",)
    assert any("Several columns are called 'Phone'" in remark for remark in made.remarks)


def test_a_column_without_a_name() -> None:
    """By its values, and marked."""
    made = proposed(["column A", "column B"], rows(lambda _n: "Ana Berg", london))
    assert columns(made, "lc_number") == ("column B",)
    assert made.confidence is Confidence.LIKELY
    assert "CHECK" in made.yaml


def test_a_list_without_rows() -> None:
    """Names alone: proposed, and unsure."""
    made = proposed(["Name", "Phone"], [])
    assert columns(made, "lc_number") == ("Phone",)
    assert made.confidence is Confidence.UNSURE
    assert check_of(made, "lc_number")
    assert any("no rows" in remark for remark in made.remarks)


def test_one_column_only() -> None:
    """A list of bare numbers with a header."""
    assert columns(proposed(["Tel"], rows(london)), "lc_number") == ("Tel",)


def test_three_hundred_columns() -> None:
    """The one with phones is found among numbers of all kinds."""
    header = [f"c{n}" for n in range(300)]
    cells = [[f"{n * 1000 + row * 7919}" for n in range(299)] + [london(row)] for row in range(300)]
    assert columns(proposed(header, cells), "lc_number") == ("c299",)


def test_the_fuller_of_two_phones_goes_first_and_none_is_lost() -> None:
    """A landline that nearly all have before a mobile that few have; where one is blank the other is called."""
    made = proposed(["Mobile", "Phone"], rows(lambda n: london(500 + n) if n < 5 else "", london))
    assert columns(made, "lc_number") == ("Phone", "Mobile")
    made = proposed(["Phone", "Mobile"], rows(london, lambda n: london(500 + n)))
    assert columns(made, "lc_number") == ("Mobile", "Phone")
    spec = loaded(made).mapping.fields["lc_number_2"]
    assert (spec.column, spec.on_invalid) == (("Phone",), "drop")


def test_numbers_that_lost_their_plus() -> None:
    """A workbook's number cells: put back only for a whole column, where the header's language agrees, and to be checked."""
    header = ["Telefon", "Vorname", "Nachname"]
    names = (lambda _n: "Ana", lambda _n: "Berg")
    made = proposed(header, rows(lambda n: Formatted(493023125000 + 7 * n, "0"), *names))
    assert made.fields[0].spec == {"template": "+{Telefon}"}
    assert made.confidence is Confidence.UNSURE
    assert "lost their +" in check_of(made, "lc_number")


def test_our_own_result_file_is_known() -> None:
    """Its call_ columns are not the list's, and rerun is pointed to."""
    header = ["Phone", "call_status", "call_phone", "call_row_id"]
    made = proposed(header, rows(london, lambda _n: "accepted", london, lambda n: f"c1-{n}"))
    assert columns(made, "lc_number") == ("Phone",)
    assert not columns(made, "lc_number_2")
    assert any("campaign rerun" in remark for remark in made.remarks)


def test_halves_of_a_name_are_put_together() -> None:
    """ "Nom" is the whole name, or the last one beside "Prénom"; the cells tell which."""
    made = proposed(["Nom", "Prénom", "Tel"], rows(lambda n: "Berg", lambda n: "Ana", london))
    assert columns(made, "lc_param_name") == ("Prénom", "Nom")
    made = proposed(["Nombre", "Apellidos", "Tel"], rows(lambda n: "Ana", lambda n: "Berg", london))
    assert columns(made, "lc_param_name") == ("Nombre", "Apellidos")
    made = proposed(["Full Name", "First Name", "Tel"], rows(lambda n: "Ana Berg", lambda n: "Ana", london))
    assert columns(made, "lc_param_name") == ("Full Name",)
