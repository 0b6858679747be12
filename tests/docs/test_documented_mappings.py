"""Every mapping that the pages show can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import WRITTEN, Block, Page
from ruamel.yaml import YAML

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.mapping_file import parse_mapping

_SETTINGS_OF_OTHERS = "# .github/"
BLOCKS = [(page, block) for page in WRITTEN for block in page.blocks("yaml")]


def completed(text: str) -> str:
    """A part of a mapping with what every mapping has."""
    parts = [] if re.search(r"^version:", text, re.MULTILINE) else ["version: 1\n"]
    parts += [] if re.search(r"^fields:", text, re.MULTILINE) else ["fields: {lc_number: Phone}\n"]
    return "".join(parts) + text


@pytest.mark.parametrize(
    ("page", "block"), BLOCKS, ids=lambda part: part.name if isinstance(part, Page) else str(part.line)
)
def test_every_yaml_example_loads(page: Page, block: Block, tmp_path: Path) -> None:
    """By the real loader: a mapping or a part of one, a file of presets, or another program's settings."""
    if block.text.startswith(_SETTINGS_OF_OTHERS):
        assert YAML(typ="safe", pure=True).load(block.text)
    elif block.text.startswith("- name:"):
        (tmp_path / "hours.yaml").write_text(block.text, encoding="utf-8")
        assert load_presets(tmp_path / "hours.yaml").rows
    else:
        assert parse_mapping(completed(block.text), f"{page.name}, example in line {block.line}", Path()).mapping


def inline() -> list[tuple[str, str]]:
    """Parts of mappings that stand in sentences: `policy: {...}`, and fields."""
    codes = [(page.name, code) for page in WRITTEN for code in re.findall(r"`([^`\n]+)`", page.prose())]
    keys = r"(source|policy|delivery|country|lc_\w+): \{.*\}"
    return [(name, code) for name, code in codes if re.fullmatch(keys, code) and "..." not in code]


@pytest.mark.parametrize(("page", "code"), inline())
def test_every_mapping_in_a_sentence_loads(page: str, code: str) -> None:
    """Such as `policy: {recontact_after: 30d}`."""
    field = code.startswith(("country", "lc_"))
    text = f"version: 1\nfields:\n  lc_number: Phone\n  {code}\n" if field else completed(code)
    assert parse_mapping(text, page, Path()).mapping


def test_examples_are_found() -> None:
    """In blocks and in sentences."""
    assert len(BLOCKS) > 8
    assert inline()
