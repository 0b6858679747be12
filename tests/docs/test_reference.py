"""The reference is what the code says, and what it says is true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from make_reference import COMMAND, MappingPage, commands, pages
from pages import DOCS

from campaign.adapters.mapping_file import mapping_from_dict
from campaign.core.mapping.document import Mapping, json_schema

SCHEMA = json_schema()
Key = tuple[str, str, dict[str, Any]]


def parts() -> list[tuple[str, dict[str, Any]]]:
    """Every part of the mapping that has keys, by its name in the schema."""
    named = [(name, part) for name, part in SCHEMA["$defs"].items() if "enum" not in part]
    longest = [
        (name, next((one for one in part.get("anyOf", ()) if "properties" in one), part)) for name, part in named
    ]
    return [("Mapping", SCHEMA), *longest]


KEYS: list[Key] = [(name, key, value) for name, part in parts() for key, value in part["properties"].items()]
LEAVES = [key for key in KEYS if "examples" in key[2]]


def test_the_committed_reference_is_what_the_code_says() -> None:
    """If not, the message has the command that mends it."""
    for path, text in pages().items():
        where = path.relative_to(DOCS.parent).as_posix()
        assert path.read_text(encoding="utf-8") == text, f"{where} is not what the code says. Make it again: {COMMAND}"
    assert set((DOCS / "reference").iterdir()) == set(pages())


def test_every_key_has_its_line() -> None:
    """Each part of the mapping has a table, and each of its keys stands in it."""
    text = MappingPage(SCHEMA).text()
    for name, key, _ in KEYS:
        assert f"\n| `{key}` |" in text, f"{name}.{key}"


def test_every_command_has_its_section() -> None:
    """With all of its options."""
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    for context, command in list(commands())[1:]:
        assert f"\n## {context.command_path}\n" in text
        for parameter in command.params:
            for option in parameter.opts:
                assert option in text, f"{context.command_path} {option}"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key[0]}.{key[1]}")
def test_every_key_has_an_example_unless_it_leads_to_others(key: Key) -> None:
    """What can be written is shown, not only told."""
    _, _, value = key
    forms = (value, value.get("items", {}), *value.get("anyOf", ()))
    assert value.get("examples") or any("$ref" in form for form in forms) or "patternProperties" in value


def mapping_with(name: str, key: str, value: Any) -> dict[str, Any]:
    """The smallest mapping that says `key: value` in a part, with what the part needs besides."""
    document: dict[str, Any] = {"version": 1, "fields": {"lc_number": "Phone"}}
    policy: dict[str, Any] = {}
    delivery: dict[str, Any] = {}
    said = {key: value}
    match name:
        case "Mapping":
            return document | said
        case "FieldSpec":
            origin = {} if key in ("column", "template", "value") else {"column": "X"}
            kind = {"type": "phone"} if key in ("country", "restore", "allow_types") else {}
            document["fields"]["lc_param_x"] = origin | kind | said
        case "AgentSpec":
            document["agents"] = [{"name": "Owner", "phone": "Owner Phone"} | said]
        case "SourceSpec":
            document["source"] = said
        case "LimitsSpec":
            document["source"] = {"limits": said}
        case "KeySpec":
            document["widget_key"] = said
        case "SuppressionFile":
            policy = {"suppress": [{"file": "dnc.csv"} | said]}
        case "Consent":
            policy = {"consent": {"column": "Opt In", "accept": "yes", "date": "Consent Date"} | said}
        case "ConsentDate":
            policy = {"consent": {"column": "Opt In", "accept": "yes", "date": {"column": "Consent Date"} | said}}
        case "SkipRule":
            policy = {"skip_when": [{"column": "A"} | ({"blank": True} if key == "column" else {}) | said]}
        case "PlaceOrigin":
            policy = {"place": {"state": said}}
        case "PlaceSpec":
            policy = {"place": said}
        case "PolicySpec":
            policy = said
        case "DeliverySpec":
            delivery = said
        case _:
            part = {"TimeoutSpec": "timeout", "RetrySpec": "retry", "StopSpec": "stop_after", "GoalSpec": "stop_when"}
            part |= {"CapsSpec": "caps", "SuccessSpec": "success"}
            delivery = {part[name]: said, "cost_per_call": 0.05}
    return document | ({"policy": policy} if policy else {}) | ({"delivery": delivery} if delivery else {})


def loaded(document: dict[str, Any]) -> Mapping:
    """The document, by the real loader."""
    return mapping_from_dict(document, Path()).mapping


@pytest.mark.parametrize("key", LEAVES, ids=lambda key: f"{key[0]}.{key[1]}")
def test_every_example_loads_and_says_something(key: Key) -> None:
    """And the independent validator agrees that it fits the schema."""
    jsonschema: Any = pytest.importorskip("jsonschema")
    name, word, value = key
    for example in value["examples"]:
        document = mapping_with(name, word, example)
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
        assert loaded(document)
        if "default" in value and len(value["examples"]) == 1:  # of several, the first may be the usual one
            assert example != value["default"]


@pytest.mark.parametrize("key", [key for key in KEYS if key[2].get("default")], ids=lambda key: f"{key[0]}.{key[1]}")
def test_the_default_that_is_told_is_the_one_that_holds(key: Key) -> None:
    """To write it down changes nothing."""
    name, word, value = key
    written = mapping_with(name, word, value["default"])
    without = mapping_with(name, word, value["default"])
    _leave_out(without, word, value["default"])
    assert loaded(written) == loaded(without)


def _leave_out(document: Any, key: str, value: Any) -> None:
    """Take `key: value` out, wherever it stands."""
    if isinstance(document, list):
        for item in document:
            _leave_out(item, key, value)
    elif isinstance(document, dict):
        if document.get(key) == value:
            del document[key]
        for item in document.values():
            _leave_out(item, key, value)
