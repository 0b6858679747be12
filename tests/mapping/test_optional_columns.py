"""Fields that do without columns which a list lacks: exports differ in their columns, and a mapping may say so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from campaign.adapters.mapping_file import parse_mapping
from campaign.assembly.prepare import make_plan, open_leads
from campaign.core.errors import MappingError
from campaign.core.lead import CallRequest, SourceRow
from campaign.core.mapping.columns import Columns, absent_columns, check_columns
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.mapping.row_reader import RowReader

TEXT = """\
version: 1
fields:
  lc_number: {column: [Mobile, Phone], optional: true}
  lc_number_2: {column: Phone, on_invalid: drop, optional: true}
  lc_param_name: {template: "{First} {Last}", optional: true}
  lc_param_source: {column: Source, default: expo, optional: true}
agents:
  - {name: {column: Owner, optional: true}, phone: {column: Owner Phone, optional: true}}
"""


def mapping(text: str = TEXT) -> LoadedMapping:
    """The mapping."""
    return parse_mapping(text, "mapping.yaml", Path())


def request(header: Sequence[str], *cells: str) -> CallRequest | None:
    """What becomes of a row."""
    return RowReader(mapping(), header, "leads.csv").read(SourceRow(2, cells)).request


def test_absent_columns_count_as_blank() -> None:
    """Of several the ones that are there are read; a template leaves no gap, and a default steps in."""
    made = request(["Phone", "Last"], "+442079460001", "Berg")
    assert made is not None
    assert dict(made.payload) == {"lc_number": "+442079460001", "lc_param_name": "Berg", "lc_param_source": "expo"}
    assert absent_columns(mapping().mapping, Columns(["Phone", "Last"])) == [
        "Mobile",
        "First",
        "Source",
        "Owner",
        "Owner Phone",
    ]


def test_columns_that_are_there_are_read_as_ever() -> None:
    """Optional says nothing about them."""
    header = ["Mobile", "Phone", "First", "Last", "Source", "Owner", "Owner Phone"]
    made = request(header, "+442079460001", "+442079460002", "Ana", "Berg", "web", "Tom", "+442079460900")
    assert made is not None
    assert made.payload["lc_number_2"] == "+442079460002"
    assert made.payload["lc_param_name"] == "Ana Berg"
    assert made.payload["lc_param_source"] == "web"
    assert made.payload["lc_param_agent01name"] == "Tom"


def test_the_number_needs_one_of_its_columns() -> None:
    """A list without any phone column is an error, with the nearest name."""
    with pytest.raises(MappingError, match="no column 'Phone': did you mean 'Phones'"):
        check_columns(mapping(), ["Phones", "First"], "leads.csv")


def test_other_columns_are_needed_as_ever() -> None:
    """Only what is marked may be absent; rules never may."""
    loaded = mapping(TEXT + "policy: {skip_when: [{column: Do Not Call, blank: false}]}\n")
    with pytest.raises(MappingError, match="'Do Not Call'"):
        check_columns(loaded, ["Phone"], "leads.csv")


def test_a_column_that_the_list_had_must_not_vanish() -> None:
    """In a corrected result file a renamed column would make every correction a blank."""
    before = ["Phone", "First", "Last"]
    check_columns(mapping(), ["Phone", "First", "Last", "call_status"], "results.csv", before)
    with pytest.raises(MappingError, match="'First'"):
        check_columns(mapping(), ["Phone", "Firstname", "Last"], "results.csv", before)


def test_the_preview_tells_what_the_list_lacks(tmp_path: Path) -> None:
    """A name that is misspelt in the mapping looks like a column that is not there."""
    (tmp_path / "leads.csv").write_text("Phone\n+442079460001\n", encoding="utf-8")
    loaded = mapping()
    [told] = [
        words
        for words in make_plan(loaded, open_leads(tmp_path / "leads.csv", loaded), tmp_path).warnings
        if "lacks" in words
    ]
    assert "Mobile" in told
    assert "Source" in told
