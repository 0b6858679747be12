"""Mapping files: strict, and every error with file, line, key and the nearest right name."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.mapping_file import load_mapping_file, mapping_from_dict, parse_mapping
from campaign.core.errors import MappingError
from campaign.core.mapping.document import Mapping, json_schema
from campaign.core.mapping.loaded import LoadedMapping


def mapping(text: str) -> LoadedMapping:
    """The mapping that this text holds."""
    return parse_mapping(text, "mapping.yaml", Path())


def fault(text: str) -> str:
    """What is said of this mapping."""
    with pytest.raises(MappingError) as caught:
        mapping(text)
    assert caught.value.cure
    return caught.value.message


WHOLE = """\
version: 1
source: {sheet: Leads, header_row: 1}
fields:
  lc_number:       Phone
  lc_number_2:     {column: [Mobile, Home]}
  country:         {column: Country, default: US}
  lc_param_name:   {template: "{First Name} {Last Name}"}
  lc_param_email:  {column: Email, type: email, on_invalid: drop}
  lc_param_source: {value: spring-expo}
agents:
  - {name: {column: Owner}, phone: {column: Owner Phone}}
policy:
  duplicates: first
  recontact_after: 30d
  suppress: [dnc.csv]
  consent: {column: Opt In, accept: ["yes", "true", "1"]}
  skip_when: [{column: Do Not Call, equals: ["yes", "true", "1"]}]
  calling_window: auto
delivery:
  method: POST
  rate: 5/s
  concurrency: 10
  retry: {attempts: 4}
  stop_after: {consecutive: 20, ratio: 0.5}
"""


def test_the_design_s_own_example() -> None:
    """The mapping of the design document is one."""
    loaded = mapping(WHOLE).mapping
    assert loaded.fields["lc_number"].column == ("Phone",)
    assert loaded.fields["lc_number_2"].column == ("Mobile", "Home")
    assert loaded.policy.recontact_after == timedelta(days=30)
    assert str(loaded.delivery.rate) == "5/s"
    assert [names for _, names in loaded.numbered_agents()] == [("lc_param_agent01name", "lc_param_agent01phone")]


def test_the_defaults_are_the_careful_ones() -> None:
    """Who says nothing calls nobody twice in a day, and nobody at night."""
    loaded = mapping("version: 1\nfields: {lc_number: Phone}").mapping
    assert loaded.policy.recontact_after == timedelta(days=1)
    assert loaded.policy.calling_window.mode.value == "auto"
    assert loaded.policy.duplicates == "first"
    assert loaded.delivery.method == "POST"
    assert not loaded.delivery.retry.on_503


def test_what_was_read_is_not_read_again() -> None:
    """The same text is checked once, but stays where it is: its relative paths start at each one's own folder."""
    text = "version: 1\nfields: {lc_number: Phone}\n"
    here, there = parse_mapping(text, "m.yaml", Path("here")), parse_mapping(text, "m.yaml", Path("there"))
    assert here.mapping is there.mapping
    assert (here.folder, there.folder) == (Path("here"), Path("there"))
    assert parse_mapping(text, "other.yaml", Path()).where(("fields",)) == "other.yaml, line 2, fields"


def test_yaml_words_are_words() -> None:
    """YAML 1.2: `off` and `no` are text, and `NO` is Norway."""
    loaded = mapping(
        "version: 1\nfields:\n  lc_number: Phone\n  country: {value: NO}\n  lc_param_a: {value: no}\n"
        "  lc_param_b: {value: 007}\n  lc_param_c: {value: +12025550101}\n"
        "  lc_param_d: {value: true}\n  lc_param_e: {value: 1.50}\n"
        "policy: {recontact_after: off, calling_window: off}"
    ).mapping
    assert [spec.value for spec in loaded.fields.values()] == [None, "NO", "no", "007", "+12025550101", "true", "1.50"]
    assert loaded.policy.recontact_after is None
    assert loaded.policy.calling_window.mode.value == "off"


FIELDS = "version: 1\nfields:\n  lc_number: Phone\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FIELDS + "  lc_param_name: {colum: Name}\n", ["line 4, fields.lc_param_name.colum", "did you mean 'column'"]),
        (
            "version: 1\nfeilds: {lc_number: Phone}\n",
            ["line 2, feilds", "did you mean 'fields'", "'fields' is missing"],
        ),
        (FIELDS + "policy:\n  duplicate: first\n", ["line 5, policy.duplicate", "did you mean 'duplicates'"]),
        (
            FIELDS + "delivery:\n  retry:\n    atempts: 3\n",
            ["line 6, delivery.retry.atempts", "did you mean 'attempts'"],
        ),
        (FIELDS + "agents:\n  - nmae: Owner\n    phone: P\n", ["line 5, agents.0.nmae", "did you mean 'name'"]),
        (FIELDS + "policy:\n  duplicates: frist\n", ["line 5, policy.duplicates", "did you mean first"]),
        (FIELDS + "delivery: {rate: fast}\n", ["line 4, delivery.rate", "5/s"]),
        (FIELDS + "delivery: {concurrency: many}\n", ["line 4, delivery.concurrency", "a number is wanted"]),
        (FIELDS + "policy: {recontact_after: soon}\n", ["line 4, policy.recontact_after", "30d"]),
        (FIELDS + "policy: {calling_window: 9-17}\n", ["line 4, policy.calling_window"]),
        (FIELDS + "  lc_nmber_2: Mobile\n", ["line 4", "did you mean lc_number_2"]),
        (FIELDS + "  lc_param_a-b: X\n", ["line 4", "lc_param_a-b", "letters A-Z, digits or _"]),
        (FIELDS + "  lc_param_" + "x" * 21 + ": X\n", ["line 4", "1 to 20"]),
        (FIELDS + "  lc_param_row_id: Id\n", ["line 4", "is ours"]),
        (FIELDS + "  lc_param_Name: A\n  lc_param_name: B\n", ["given twice"]),
        (FIELDS + "  lc_param_x: {column: A, value: B}\n", ["line 4", "exactly one of column, template and value"]),
        (FIELDS + "  lc_param_x: {column: A, pattern: '['}\n", ["line 4", "no regular expression"]),
        (FIELDS + "  country: {column: C, country: Atlantis}\n", ["line 4", "no country"]),
        (FIELDS + "  lc_param_x:\n", ["line 4", "lc_param_x"]),
        ("version: 1\nfields: {lc_number_2: Mobile}\n", ["lc_number"]),
        ("version: 2\nfields: {lc_number: Phone}\n", ["line 1, version"]),
        ("version: 1\nfields: [lc_number]\n", ["line 2, fields", "keys and values are wanted"]),
        (FIELDS + "  lc_number: Mobile\n", ["line 4", "second time", "line 3"]),
        ("version: 1\nfields: {lc_number: Phone\n", ["not valid YAML"]),
        ("version: 1\nfields:\n\tlc_number: Phone\n", ["line 3", "not valid YAML"]),
        ("just words", ["holds no mapping"]),
        ("", ["holds no mapping"]),
        (FIELDS + "policy: {skip_when: [{column: A}]}\n", ["line 4", "exactly one of equals, contains and blank"]),
    ],
)
def test_every_fault_says_where_and_what(text: str, said: list[str]) -> None:
    """File, line, key, and the nearest right name."""
    message = fault(text)
    assert "mapping.yaml" in message
    for words in said:
        assert words in message, message


@pytest.mark.parametrize("key", ["widget_key", "api_key"])
def test_a_key_in_the_mapping_is_refused_with_its_cure(key: str) -> None:
    """At the top or among the fields; and the secret is not repeated."""
    for text in (FIELDS + f"{key}: s3cret\n", FIELDS + f"  {key}: {{value: s3cret}}\n"):
        message = fault(text)
        assert "BRIGHTCALL_" in message
        assert "s3cret" not in message
        assert "line 4" in message


def test_a_key_may_be_named() -> None:
    """Two accounts, two pairs of variables."""
    assert mapping(FIELDS + "widget_key: {env: OTHER}\n").mapping.widget_key.env == "OTHER"


def test_all_faults_are_told_at_once() -> None:
    """Nobody corrects a mapping one error a run."""
    message = fault(
        "version: 1\nfields:\n  lc_number: {colum: Phone}\n  lc_nmber_2: X\ndelivery: {rate: x, methode: GET}\n"
    )
    assert "4 faults" in message or "5 faults" in message
    for words in ("colum", "lc_nmber_2", "delivery.rate", "methode"):
        assert words in message


def test_an_alias_bomb_is_no_mapping() -> None:
    """Bounded time and memory."""
    layers = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8))
    assert "too large" in fault("a: &a [x]\n" + layers)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("none.yaml", None, "no mapping file"),
        ("latin.yaml", "version: 1 # é".encode("latin-1"), "not UTF-8"),
        ("folder", None, "can't be read"),
    ],
)
def test_a_file_that_can_not_be_read(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    """One sentence and a cure."""
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    elif data is not None:
        path.write_bytes(data)
    with pytest.raises(MappingError, match=said):
        load_mapping_file(path)


def test_plain_data_is_as_good_as_a_file() -> None:
    """For people who call from Python; what is kept for resuming reads back to the same mapping."""
    loaded = mapping_from_dict({"version": 1, "fields": {"lc_number": "Phone", "lc_param_x": {"value": "007"}}}, Path())
    assert loaded.mapping.fields["lc_param_x"].value == "007"
    assert mapping(loaded.text).mapping == loaded.mapping


def test_the_schema_knows_every_key() -> None:
    """Editors complete what the loader takes, and nothing else."""
    schema = json_schema()
    assert set(schema["properties"]) == set(Mapping.model_fields)
    fields = schema["properties"]["fields"]
    assert fields["additionalProperties"] is False
    assert fields["required"] == ["lc_number"]
    assert set(fields["patternProperties"]) == {"^lc_param_[A-Za-z0-9_]{1,20}$"}
    text = json.dumps(schema)
    for key in (
        "column",
        "template",
        "on_invalid",
        "recontact_after",
        "calling_window",
        "stop_after",
        "allow_types",
        "on_503",
    ):
        assert f'"{key}"' in text
    for name, definition in schema["$defs"].items():
        for key, one in definition.get("properties", {}).items():
            assert one.get("description"), f"{name}.{key} has no description"


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    """Checked by an independent validator, where one is installed with the tests."""
    jsonschema: Any = pytest.importorskip("jsonschema")
    from ruamel.yaml import YAML

    document = YAML(typ="safe", pure=True).load(WHOLE)
    jsonschema.Draft202012Validator(json_schema()).validate(document)
    policy = document["policy"]
    policy["suppress"] = [{"file": "dnc.xlsx", "sheet": "2026", "column": "Phone", "country": "GB"}]
    for date in ("Consent Date", {"column": "Consent Date", "format": "DD/MM/YYYY"}):
        policy["consent"] |= {"date": date, "max_age": "365d"}
        jsonschema.Draft202012Validator(json_schema()).validate(document)
        loaded = mapping_from_dict(document, Path())
        assert loaded.mapping.policy.consent is not None
        assert loaded.mapping.policy.consent.max_age == timedelta(days=365)
        assert mapping(loaded.text).mapping == loaded.mapping
    document["fields"]["lc_nmber"] = "X"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(document)


@given(st.text(max_size=80))
def test_arbitrary_text_is_a_mapping_or_a_mapping_error(text: str) -> None:
    """No traceback for whatever stands in the file."""
    with suppress(MappingError):
        assert mapping(text).mapping.version == 1


plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["column", "value", "env", "policy", "fields", "lc_number", "rate", "equals", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(plain_data, st.sampled_from(["source", "fields", "agents", "policy", "delivery", "widget_key"]))
def test_arbitrary_values_are_told_in_words(value: Any, key: str) -> None:
    """Whatever stands under a key: a mapping, or faults that name it."""
    document = {"version": 1, "fields": {"lc_number": "Phone"}, key: value}
    with suppress(MappingError):
        assert mapping_from_dict(document, Path()).mapping.version == 1
