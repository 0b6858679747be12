"""Lines for the mapping that would mend a whole column: told with examples, done by nobody but the person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import Cell
from campaign.core.lead import SourceRow
from campaign.core.mapping.flow import flow
from campaign.core.mapping.row_reader import RowReader
from campaign.core.mapping.suggestions import Suggestions
from campaign.core.suggestion import Suggestion

HEADER = ("Phone", "Mobile", "Country", "Owner", "Owner Phone")
PLAIN = "version: 1\nfields:\n  lc_number: Phone\n"
COUNTRY = PLAIN + "  country: {column: Country}\n"
LONDON = [f"44207946{n:04d}" for n in range(20)]
NEW_YORK = [f"({area}) 555-01{n:02d}" for n, area in enumerate((212, 202, 415, 303, 212, 202, 415, 303, 312, 214))]
ROME = [f"0612345{n:02d}"[1:] for n in range(20)]


def suggested(text: str, rows: Sequence[Sequence[Cell]]) -> tuple[Suggestion, ...]:
    """What is suggested for a list of these rows."""
    loaded = parse_mapping(text, "mapping.yaml", Path())
    reader, suggestions = RowReader(loaded, HEADER, "leads.csv"), Suggestions(loaded, HEADER)
    for number, cells in enumerate(rows, 2):
        row = SourceRow(number, (*cells, *(None,) * (len(HEADER) - len(cells))))
        suggestions.look(reader.read(row))
    return suggestions.found()


def phones(cells: Sequence[Cell]) -> list[list[Cell]]:
    """A row for each number."""
    return [[cell] for cell in cells]


def read_with(text: str, suggestion: Suggestion, rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows can be sent once the person has written the suggested line in place of the old one."""
    number = int(suggestion.where.split("line ")[1].split(",")[0]) - 1
    lines = text.splitlines()
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    lines[number] = f"{indent}{suggestion.line}"
    reader = RowReader(parse_mapping("\n".join(lines), "mapping.yaml", Path()), HEADER, "leads.csv")
    full = [SourceRow(2, (*cells, *(None,) * (len(HEADER) - len(cells)))) for cells in rows]
    return sum(reader.read(row).request is not None for row in full)


def test_a_lost_plus() -> None:
    """The line, the number of rows, two examples; and the line does what it says."""
    rows = phones([*LONDON, "+442079460999", "n/a"])
    [one] = suggested(PLAIN, rows)
    assert (one.field, one.column, one.rows, one.filled) == ("lc_number", "Phone", 20, 22)
    assert one.line == 'lc_number: {column: Phone, restore: "+"}'
    assert one.where == "mapping.yaml, line 3, fields.lc_number"
    assert one.examples == (("442079460000", "+442079460000 (GB)"), ("442079460001", "+442079460001 (GB)"))
    assert read_with(PLAIN, one, rows) == 21


def test_a_lost_zero() -> None:
    """Numbers that need their zero, as in Italy; what the mapping says already stays in the line."""
    text = PLAIN.replace("Phone", "{column: Phone, country: Italy}")
    [one] = suggested(text, phones(ROME))
    assert one.line == 'lc_number: {column: Phone, country: IT, restore: "0"}'
    assert one.rows == read_with(text, one, phones(ROME)) == 20


def test_a_missing_country() -> None:
    """On the phone where the mapping has no country field, else as the default of that one."""
    rows = phones(NEW_YORK)
    [on_phone] = suggested(PLAIN, rows)
    assert on_phone.line == "lc_number: {column: Phone, country: US}"
    assert on_phone.examples[0] == ("(212) 555-0100", "+12125550100 (US)")
    [on_country] = suggested(COUNTRY, rows)
    assert on_country.line == "country: {column: Country, default: US}"
    assert on_country.where == "mapping.yaml, line 4, fields.country"
    assert read_with(PLAIN, on_phone, rows) == read_with(COUNTRY, on_country, rows) == len(rows)


def test_a_country_that_occurs_in_the_list_is_likelier() -> None:
    """London's numbers are valid in other countries, too: only a list that has others of the same country tells."""
    london = [[f"020 7946 {n:04d}"] for n in range(20)]
    assert suggested(COUNTRY, london) == ()
    [one] = suggested(COUNTRY, [*london, ["+442079460999"], ["020 7946 0998", None, "UK"]])
    assert one.line == "country: {column: Country, default: GB}"
    assert one.rows == 20


def test_ten_digits_that_lost_their_zero_are_not_taken_for_american() -> None:
    """20 7946 0123 could be in Maine or in London: nothing is suggested."""
    assert [one for one in suggested(PLAIN, phones([f"20794601{n:02d}" for n in range(20)])) if "US" in one.line] == []


@pytest.mark.parametrize("rows", [LONDON[:4], [*LONDON, *["n/a"] * 6], [*LONDON, *["+442079460999"] * 6], []])
def test_a_few_cells_are_no_column(rows: list[str]) -> None:
    """Fewer than five cells, or fewer than four in five of those that are filled."""
    assert suggested(PLAIN, phones(rows)) == ()


def test_a_list_in_order_gets_no_suggestion() -> None:
    """Numbers that are read as they stand need none, with or without a sign."""
    good = [[f"1202555{n:04d}", None, "US"] for n in range(100, 120)]
    assert suggested(COUNTRY, good) == ()
    assert suggested(PLAIN, phones([f"+{cell}" for cell in LONDON])) == ()


def test_what_is_written_already_is_not_suggested_again() -> None:
    """With the sign put back, or a country that does not fit, the person has decided."""
    assert suggested(PLAIN.replace("Phone", '{column: Phone, restore: "+"}'), phones(ROME)) == ()
    assert suggested(PLAIN.replace("Phone", "{column: Phone, country: GB}"), phones(NEW_YORK)) == ()


def test_second_numbers_and_agents_phones_as_well() -> None:
    """Each in its own line; wrong second numbers count although their rows are sent."""
    text = PLAIN + (
        "  lc_number_2: {column: Mobile, on_invalid: drop}\nagents:\n  - name: Owner\n    phone: Owner Phone\n"
    )
    rows = [[f"+{LONDON[0]}", cell, None, "Dana", cell] for cell in LONDON[1:]]
    second, agent = suggested(text, rows)
    assert second.line == 'lc_number_2: {column: Mobile, on_invalid: drop, restore: "+"}'
    assert (second.rows, second.field) == (19, "lc_number_2")
    assert agent.line == 'phone: {column: Owner Phone, restore: "+"}'
    assert (agent.field, agent.where) == ("lc_param_agent01phone", "mapping.yaml, line 7, agents.0.phone")
    assert read_with(text, agent, rows) == 19


def test_the_mapping_s_key_is_read() -> None:
    """With its note; a 0 without quotes is as good, another sign is refused by name."""
    loaded = parse_mapping(PLAIN.replace("Phone", "{column: Phone, country: IT, restore: 0}"), "m.yaml", Path())
    read = RowReader(loaded, HEADER, "leads.csv").read(SourceRow(2, ("612345678", None, None, None, None)))
    assert read.request is not None
    assert read.request.payload["lc_number"] == "+390612345678"
    assert [note.text for note in read.notes] == ['Phone "612345678" was read as +390612345678, with restore: "0"']


TEXTS = st.text(max_size=20) | st.sampled_from(
    ["no", "Off", "1e3", "0", "+1", "NO", "#x", "a: b", "a #b", "[x]", "=1", "~"]
)


@given(
    spec=st.dictionaries(
        st.sampled_from(["column", "default", "template", "pattern"]),
        TEXTS | st.integers(0, 99) | st.booleans() | st.lists(TEXTS, min_size=2, max_size=3),
        min_size=1,
    )
)
def test_a_line_reads_back_as_it_was_meant(spec: dict[str, object]) -> None:
    """Whatever the columns are called, the line can be copied into the mapping."""
    loaded = YAML(typ="safe", pure=True).load(f"lc_number: {flow(spec)}")
    assert loaded == {"lc_number": spec}
