"""docs/calling-hours.md against the program."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.mapping_file import parse_mapping
from campaign.core.lead import Phone
from campaign.core.mapping.document import json_schema
from campaign.core.mapping.policy_part import PlaceSpec
from campaign.core.places.place import Place
from campaign.core.policy.window import CallingWindow, parse_window

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "calling-hours.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_presets_is_the_data() -> None:
    """Every row, word for word, and no other."""
    table = PAGE.split("<!-- presets:")[1].split("\n\n")[0].splitlines()[3:]
    assert table == [
        f"| {preset.name} | `{preset.code}` | {preset.hours_in_words()} | {'; '.join(cap.words() for cap in preset.caps)} | "
        f"{preset.source} | {preset.checked} |"
        for preset in load_presets().rows
    ]


def test_the_page_names_every_key_and_its_examples_are_mappings(tmp_path: Path) -> None:
    """What can be copied from it can be used."""
    first, own = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    policy = parse_mapping(f"version: 1\nfields: {{lc_number: Phone}}\n{first}", "page", Path()).mapping.policy
    jsonschema: Any = pytest.importorskip("jsonschema")
    document = YAML(typ="safe", pure=True).load(first) | {"version": 1, "fields": {"lc_number": "Phone"}}
    jsonschema.Draft202012Validator(json_schema()).validate(document)
    document["policy"]["place"]["zone"] = "TZ"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(document)
    assert all(getattr(policy.place, key) is not None for key in PlaceSpec.model_fields)
    assert policy.calling_hours == "my_hours.yaml"
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    germany = load_presets(tmp_path / "own.yaml").of_country("DE")
    assert germany is not None
    assert germany.origin == "own.yaml"


def test_the_example_of_the_page_is_true() -> None:
    """A number of Miami, a row that says Texas: from 9:00 to 20:00 in Dallas."""
    window = CallingWindow(parse_window("auto"), load_presets())
    open_at = [
        hour
        for hour in range(24)
        if window.opening(
            Phone("+13055550123", "US"), datetime(2026, 1, 6, hour, tzinfo=UTC), Place(states=("US-TX",))
        ).allowed
    ]
    assert sorted((hour - 6) % 24 for hour in open_at) == list(range(9, 20))


def test_it_is_no_legal_advice() -> None:
    """And says so, on the page and in the README."""
    assert "legal advice" in PAGE
    assert "no legal\nadvice" in README or "no legal advice" in README
