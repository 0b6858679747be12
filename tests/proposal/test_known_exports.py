"""Exports of well-known programs: recognised, mapped without help, and read as they are by their templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_lists import EXPORTS, columns, export_file, loaded, proposed

from campaign import validate
from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.shipped import template_names, template_text
from campaign.assembly.proposal import suggest_mapping
from campaign.cli.schema import schema
from campaign.core.lifecycle import State
from campaign.core.proposal.confidence import Confidence

# Of twelve people in each: who is held back, and the lines that are no leads.
HELD_BACK = {"salesforce": 2, "zoho": 2, "gohighlevel": 1, "calendly": 2}
NOT_CALLED = {"meta": 1, "salesforce": 3}
FIRST = {
    "meta": ("phone_number",),
    "hubspot": ("Phone Number", "Mobile Phone Number"),
    "salesforce": ("Phone",),
    "zoho": ("Mobile", "Phone"),
    "pipedrive": ("Person - Phone - Work", "Person - Phone - Mobile"),
    "gohighlevel": ("Phone",),
    "calendly": ("Text Reminder Number",),
    "typeform": ("Phone number",),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_template_reads_the_export_as_it_is(tmp_path: Path, name: str) -> None:
    """Nothing to edit: people who objected are suppressed, test leads and footers are not called, all others are."""
    seen = validate(export_file(tmp_path, name), f"template:{name}", home=tmp_path)
    assert seen.counts[State.SUPPRESSED] == HELD_BACK.get(name, 0)
    assert seen.sendable == 12 - HELD_BACK.get(name, 0) - (name == "meta")
    assert seen.counts[State.INVALID] <= NOT_CALLED.get(name, 0)
    assert seen.first_payload is not None
    assert {"lc_number", "lc_param_name", "lc_param_email", "lc_param_source"} <= set(seen.first_payload)


@pytest.mark.parametrize("name", EXPORTS)
def test_map_recognises_it_and_needs_no_help(tmp_path: Path, name: str) -> None:
    """The program is named, and the proposed mapping calls the same people as the template."""
    path = export_file(tmp_path, name)
    made = suggest_mapping(path).proposal
    assert made.export is not None
    assert made.export.template == name
    assert set(columns(made, "lc_number")) == set(FIRST[name])
    assert columns(made, "lc_param_name")
    assert columns(made, "lc_param_email")
    seen = validate(path, loaded(made), home=tmp_path)
    assert seen.sendable == 12 - HELD_BACK.get(name, 0) - (name == "meta")
    assert seen.counts[State.SUPPRESSED] == HELD_BACK.get(name, 0)


def test_other_people_s_columns_of_an_export_are_left_alone(tmp_path: Path) -> None:
    """Owners are no leads, and an opt-out of e-mail is a question, not a rule."""
    made = suggest_mapping(export_file(tmp_path, "salesforce")).proposal
    rules = {rule.column: rule for rule in made.rules}
    assert rules["Do Not Call"].active
    assert not rules["Email Opt Out"].active
    assert rules["Email Opt Out"].check
    assert re.search(r"(?m)^ +# - \{column: Email Opt Out", made.yaml)
    assert "Lead Owner" in made.unused


def test_meta_is_known_by_its_values_in_any_language() -> None:
    """Headers in the account's language: the prefixes tell, and the values say which column is the phone."""
    header, *rows = EXPORTS["meta"]()
    localised = [f"Spalte {place}" for place in range(len(header))]
    made = proposed(localised, rows)
    assert made.export is not None
    assert made.export.template == "meta"
    assert columns(made, "lc_number") == (localised[header.index("phone_number")],)
    assert made.confidence is Confidence.LIKELY


def test_an_ordinary_list_is_no_export() -> None:
    """Names that many lists have are not enough."""
    assert (
        proposed(["First Name", "Phone", "Email", "Tags"], [["Ana", "+442079460001", "a@example.com", ""]]).export
        is None
    )


@pytest.mark.parametrize("name", EXPORTS)
def test_a_template_can_be_used_with_every_optional_part(name: str) -> None:
    """What its comments offer is valid where it stands."""
    first, rest = template_text(name).split("\n", 1)
    assert first == "# yaml-language-server: $schema=mapping.schema.json"
    parse_mapping(f"{first}\n" + re.sub(r"(?m)^( *)# ", r"\1", rest), name, Path())


def test_every_template_is_named_where_people_look() -> None:
    """In the help of `schema`, and in the guide for operators; the one with every key in the reference of keys."""
    docs = Path(__file__).parents[2] / "docs"
    guides = [(docs / page).read_text(encoding="utf-8") for page in ("operators.md", "reference/mapping.md")]
    said = next(str(parameter.to_info_dict()["help"]) for parameter in schema.params if parameter.name == "template")
    assert set(template_names()) == {*EXPORTS, "brightcall"}
    for name in template_names():
        assert name in said
        assert any(f"| `{name}` |" in guide or f"--template {name}" in guide for guide in guides)


def test_a_missing_opt_out_column_stops_the_template(tmp_path: Path) -> None:
    """Other columns may be missing; without this one nobody could be spared."""
    path = tmp_path / "report.csv"
    path.write_text("First Name,Phone\nAna,+442079460001\n", encoding="utf-8")
    with pytest.raises(Exception, match="has no column 'Do Not Call'"):
        validate(path, "template:salesforce", home=tmp_path)
