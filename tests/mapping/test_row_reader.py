"""The compiled mapping: a row in, a call request or all of its problems out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import Cell, CellFault
from campaign.core.errors import MappingError
from campaign.core.lead import SourceRow
from campaign.core.mapping.row_reader import RowReader
from campaign.core.problem import Code
from campaign.core.reading import Reading

HEADER = ("First Name", "Last Name", "Phone", "Mobile", "Home", "Email", "Country", "Owner", "Owner Phone", "Note")
FIELDS = """\
version: 1
fields:
  lc_number: Phone
  lc_number_2: {column: [Mobile, Home], on_invalid: drop}
  country: {column: Country, default: US}
  lc_param_name: {template: "{First Name} {Last Name}", default: Customer}
  lc_param_email: {column: Email, type: email, on_invalid: drop}
  lc_param_note: {column: Note, max_length: 10, pattern: "[a-z ]*"}
  lc_param_source: {value: spring-expo}
agents:
  - {name: Owner, phone: {column: Owner Phone, country: GB}}
"""


def reader(text: str = FIELDS, header: tuple[str, ...] = HEADER) -> RowReader:
    """The mapping compiled for the header."""
    return RowReader(parse_mapping(text, "mapping.yaml", Path()), header, "leads.csv")


def read(text: str = FIELDS, **cells: Cell) -> Reading:
    """A row with these cells; `_` stands for a blank in a column's name."""
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    return reader(text).read(SourceRow(7, tuple(named.get(name) for name in HEADER)))


def test_a_full_row() -> None:
    """Every kind of field, in the mapping's order; what is sent is what stands there."""
    reading = read(
        First_Name="Ana", Last_Name="Núñez", Phone="(202) 555-0123", Mobile="+44 20 7946 0001", Email="Ana@Example.com",
        Note="call back", Owner="Dana", Owner_Phone="020 7946 0002",
    )  # fmt: skip
    assert reading.request is not None
    assert reading.notes == ()
    assert list(reading.request.payload.items()) == [
        ("lc_number", "+12025550123"),
        ("lc_number_2", "+442079460001"),
        ("country", "US"),
        ("lc_param_name", "Ana Núñez"),
        ("lc_param_email", "Ana@example.com"),
        ("lc_param_note", "call back"),
        ("lc_param_source", "spring-expo"),
        ("lc_param_agent01name", "Dana"),
        ("lc_param_agent01phone", "+442079460002"),
    ]
    assert [(phone.e164, phone.region) for phone in reading.request.numbers] == [
        ("+12025550123", "US"),
        ("+442079460001", "GB"),
    ]


def test_blank_fields_are_left_out() -> None:
    """Nothing is sent where nothing stands; defaults step in, agents are both or neither."""
    reading = read(Phone="+12025550123")
    assert reading.request is not None
    assert dict(reading.request.payload) == {
        "lc_number": "+12025550123",
        "country": "US",
        "lc_param_name": "Customer",
        "lc_param_source": "spring-expo",
    }


def test_a_missing_name_leaves_no_space() -> None:
    """A template of which one column is blank."""
    reading = read(Phone="+12025550123", Last_Name="Núñez")
    assert reading.request is not None
    assert reading.request.payload["lc_param_name"] == "Núñez"


def test_an_error_in_the_sheet_is_no_part_of_a_name() -> None:
    """A template over a formula that failed is a problem, and nobody is called `#REF!`."""
    reading = read(Phone="+12025550123", First_Name=CellFault("#REF!"), Last_Name="Núñez")
    assert [problem.code for problem in reading.problems] == [Code.CELL_ERROR]


def test_all_problems_are_told_at_once() -> None:
    """Each with its column, value and cure."""
    reading = read(Phone="home", Country="Atlantis", Note="UPPER CASE TOO LONG", Owner="Dana")
    assert reading.request is None
    told = {problem.code: problem for problem in reading.problems}
    assert set(told) == {
        Code.COUNTRY_UNKNOWN, next(code for code in told if code.startswith("phone.")), Code.TEXT_TOO_LONG, Code.TEXT_PATTERN,
        Code.AGENT_INCOMPLETE,
    }  # fmt: skip
    assert told[Code.COUNTRY_UNKNOWN].column == "Country"
    assert told[Code.COUNTRY_UNKNOWN].value == "Atlantis"
    for problem in reading.problems:
        assert problem.cure
        assert problem.message in problem.sentence()
        assert problem.value in problem.sentence()


@pytest.mark.parametrize(
    ("fields", "cures"),
    [
        ("{lc_number: Phone}", ["Write the phone number."]),
        ("{lc_number: {column: [Phone, Home]}}", ["Write the phone number, or leave the cell blank."]),
        (
            "{lc_number: Phone, lc_number_2: Mobile}",
            ["Write the phone number.", "Correct the number, or leave the cell blank."],
        ),
        (
            "{lc_number: Home, lc_param_email: {column: Email, type: email}}",
            ["Correct the address, or leave the cell blank."],
        ),
        ("{lc_number: Home, lc_param_email: {column: Email, type: email, required: true}}", ["Correct the address."]),
    ],
)
def test_a_cell_that_is_needed_is_not_to_be_left_blank(fields: str, cures: list[str]) -> None:
    """That would be the next problem; of several columns one may be, and of a field that may be missing."""
    reading = read(
        f"version: 1\nfields: {fields}\n", Phone="n/a", Home="+44 20 7946 0001", Mobile="+44 20 7946", Email="ana@"
    )
    assert [problem.cure for problem in reading.problems] == cures


@pytest.mark.parametrize(
    ("line", "where", "said"),
    [
        ("country: {column: Country, default: Germny}", "line 4, fields.country.default", "Did you mean Germany?"),
        ("country: {value: Germny}", "line 4, fields.country.value", "Did you mean Germany?"),
        (
            "lc_param_email: {column: Email, type: email, default: ana@, on_invalid: drop}",
            "line 4, fields.lc_param_email.default",
            "Correct the address.",
        ),
        ("lc_param_plan: {value: gold, choices: [basic]}", "line 4, fields.lc_param_plan.value", "basic"),
        ("lc_number_2: {column: Mobile, default: 020 7946 0001}", "line 4, fields.lc_number_2.default", "country code"),
    ],
)
def test_a_default_or_constant_that_is_wrong_is_told_once_with_its_line(line: str, where: str, said: str) -> None:
    """It stands in the mapping, not in the cells of the rows that take it."""
    with pytest.raises(MappingError) as error:
        reader(f"version: 1\nfields:\n  lc_number: Phone\n  {line}\n")
    assert where in error.value.message
    assert said in error.value.cure
    assert "cell" not in error.value.cure


def test_the_constants_of_agents_are_looked_at_too() -> None:
    """With their place in the mapping."""
    agents = "agents:\n  - {name: {value: Dana}, phone: {column: Owner Phone, default: 020 7946 0001}}\n"
    with pytest.raises(MappingError, match=r"line 5, agents\.0\.phone\.default"):
        reader(f"version: 1\nfields:\n  lc_number: Phone\n{agents}")


def test_dropped_values_leave_a_note() -> None:
    """`on_invalid: drop` sends the row without the value and says so."""
    reading = read(Phone="+12025550123", Email="nobody", Mobile="12")
    assert reading.request is not None
    assert "lc_param_email" not in reading.request.payload
    assert "lc_number_2" not in reading.request.payload
    assert [note.text.split(" was left out")[0] for note in reading.notes] == ['Mobile "12"', 'Email "nobody"']


def test_national_numbers_are_read_in_the_row_s_own_country() -> None:
    """The same digits are another person elsewhere; a + says it all by itself."""
    for country, number, e164 in (
        ("UK", "020 7946 0001", "+442079460001"),
        ("Germany", "030 23125 001", "+493023125001"),
        (None, "202 555 0123", "+12025550123"),
        ("Germany", "+1 202 555 0123", "+12025550123"),
    ):
        reading = read(Phone=number, Country=country)
        assert reading.request is not None
        assert reading.request.phone.e164 == e164


def test_the_lead_s_country_is_not_the_agent_s() -> None:
    """An agent's national number is read in the country that the mapping gives it."""
    reading = read(Phone="+12025550123", Country="US", Owner="Dana", Owner_Phone="020 7946 0002")
    assert reading.request is not None
    assert reading.request.payload["lc_param_agent01phone"] == "+442079460002"


def test_a_second_number_in_the_cell_goes_where_the_mapping_has_a_place() -> None:
    """The first valid one is called; without `lc_number_2` in the mapping the second is only told."""
    cell = "+12025550123; +12025550199"
    reading = read(Phone=cell)
    assert reading.request is not None
    assert reading.request.payload["lc_number_2"] == "+12025550199"
    alone = read("version: 1\nfields: {lc_number: Phone}", Phone=cell)
    assert alone.request is not None
    assert [phone.e164 for phone in alone.request.numbers] == ["+12025550123"]
    assert any("+12025550199" in note.text for note in alone.notes)


def test_the_same_number_twice_is_one_number() -> None:
    """The vendor may call both: nobody is rung twice for one lead."""
    reading = read(Phone="+12025550123", Mobile="(202) 555 0123")
    assert reading.request is not None
    assert len(reading.request.numbers) == 1
    assert "lc_number_2" not in reading.request.payload


def test_a_row_that_is_too_long_is_a_problem() -> None:
    """Its cells may have shifted: nobody is called by a shifted cell."""
    reading = reader().read(SourceRow(7, (*[None] * 2, "+12025550123", *[None] * 7, "what is this")))
    assert [problem.code for problem in reading.problems] == [Code.RAGGED]
    assert "what is this" in reading.problems[0].sentence()


def test_spreadsheet_errors_are_problems() -> None:
    """`#N/A` is no value."""
    assert Code.CELL_ERROR in {problem.code for problem in read(Phone="+12025550123", Note=CellFault("#N/A")).problems}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\nfields:\n  lc_number: Fone\n", ["line 3, fields.lc_number", "'Fone'", "did you mean 'Phone'"]),
        (
            "version: 1\nfields:\n  lc_number: Phone\n  lc_param_x: {template: '{Frist Name}'}\n",
            ["line 4", "'First Name'"],
        ),
        (
            "version: 1\nfields:\n  lc_number: Phone\npolicy:\n  consent: {column: Optin, accept: y}\n",
            ["line 5", "policy.consent"],
        ),
        (
            "version: 1\nfields:\n  lc_number: Phone\npolicy:\n  skip_when:\n    - {column: X, blank: true}\n",
            ["line 6", "skip_when"],
        ),
        (
            "version: 1\nfields:\n  lc_number: Phone\nagents:\n  - {name: Ownr, phone: Owner Phone}\n",
            ["line 5", "'Owner'"],
        ),
    ],
)
def test_a_column_that_the_list_does_not_have(text: str, said: list[str]) -> None:
    """File, line, key and the nearest right name; all of them at once."""
    with pytest.raises(MappingError) as caught:
        reader(text)
    for words in ("mapping.yaml", *said):
        assert words in caught.value.message


def test_capitals_and_spaces_of_a_column_don_t_matter_where_it_is_clear() -> None:
    """`phone` finds `Phone `; with both there, the exact one is meant."""
    assert (
        reader("version: 1\nfields: {lc_number: phone}", ("Name", "PHONE"))
        .read(SourceRow(2, ("x", "+12025550123")))
        .request
    )
    both = reader("version: 1\nfields: {lc_number: phone}", ("Phone", "phone"))
    assert both.read(SourceRow(2, (None, "+12025550123"))).request is not None
    with pytest.raises(MappingError):
        reader("version: 1\nfields: {lc_number: PHONE}", ("Phone", "phone"))


cells = (
    st.none()
    | st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.builds(CellFault, st.text(max_size=5))
)


@given(st.lists(cells, min_size=len(HEADER), max_size=len(HEADER) + 2))
def test_arbitrary_cells_give_a_request_or_problems(row: list[Any]) -> None:
    """Never both, never neither, and every value that is sent is text."""
    reading = reader().read(SourceRow(2, tuple(row)))
    assert (reading.request is None) == bool(reading.problems)
    if reading.request is not None:
        assert all(isinstance(value, str) and value for value in reading.request.payload.values())
        assert reading.request.payload["lc_number"] == reading.request.phone.e164


def test_the_columns_that_a_list_has_are_told_once() -> None:
    """However many of the mapping's it does not have; one with a near name is told beside its line."""
    with pytest.raises(MappingError) as error:
        reader(
            "version: 1\nfields: {lc_number: Tel, country: Land, lc_param_email: E-Mails}\n",
            ("Telefon", "Staat", "E-Mail"),
        )
    lines = error.value.message.splitlines()
    assert [line.partition(": ")[2] for line in lines[1:-1]] == [
        "the list has no column 'Tel': did you mean 'Telefon'?",
        "the list has no column 'Land'.",
        "the list has no column 'E-Mails': did you mean 'E-Mail'?",
    ]
    assert lines[-1] == "It has the columns: Telefon, Staat, E-Mail"
