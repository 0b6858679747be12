"""The rest of the page for engineers against the program: the Python API, exit statuses, environment variables, files."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pages import DOCS, ROOT, Page, table

import campaign
from campaign import api
from campaign.adapters.sandbox import Sandbox

PAGE = Page(DOCS / "engineers.md")
API = PAGE.section("## Python API")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "campaign").rglob("*.py"))


def names(cell: str) -> list[str]:
    """What stands in a cell as code."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_exported_name_is_told_and_no_other() -> None:
    """Functions, types and errors."""
    told = [names(row[0])[0] for row in table(API) if names(row[0])[0] in dir(campaign) or row[0][1].isupper()]
    functions = [row for row in table(API) if hasattr(api, names(row[0])[0]) and len(row) == 3]
    assert sorted({*told, *(names(row[0])[0] for row in functions)}) == sorted(campaign.__all__)


def test_every_argument_is_told() -> None:
    """In the order in which the function has them."""
    told = {names(row[0])[0]: names(row[1]) for row in table(API) if len(row) == 3}
    assert told == {name: list(inspect.signature(getattr(campaign, name)).parameters) for name in api.__all__}


def test_every_attribute_that_is_told_is_there() -> None:
    """Of the types that have several."""
    for row in table(API):
        kind = getattr(campaign, names(row[0])[0], None)
        if not dataclasses.is_dataclass(kind) or not isinstance(kind, type):
            continue
        has = {field.name for field in dataclasses.fields(kind)} | set(dir(kind))
        assert {name for name in names(row[1]) if name.isidentifier()} - {"repr"} <= has, row


def test_errors_are_one_family_as_told() -> None:
    """Seven below UsageError."""
    errors = {name for name in campaign.__all__ if isinstance(getattr(campaign, name), type)}
    family = {name for name in errors if issubclass(getattr(campaign, name), Exception)}
    assert all(issubclass(getattr(campaign, name), campaign.CampaignError) for name in family)
    below = {name for name in family if issubclass(getattr(campaign, name), campaign.UsageError)} - {"UsageError"}
    assert len(below) == 7


def test_states_are_strings() -> None:
    """What scripts compare them with."""
    assert {state.value for state in campaign.State} == set(campaign.State)
    assert "accepted" in {campaign.State.ACCEPTED}


def test_the_python_example_runs(server: Sandbox, work: Path) -> None:
    """As it stands, with a mapping and a frame."""
    [block] = PAGE.blocks("python")
    frame = pd.DataFrame({"Name": ["Ana", "Bo"], "Phone": ["+12025550123", "+12025550124"]})
    seen: dict[str, Any] = {"frame": frame}
    exec(block.text, seen)
    assert list(seen["rows"]["call_status"]) == ["accepted", "accepted"]
    assert server.ledger.called_twice() == ()
    assert (work / "mapping.yaml").exists()


def test_every_environment_variable_is_told() -> None:
    """All that the program asks for, and no other."""
    told = {names(row[0])[0] for row in table(PAGE.section("## Environment variables"))}
    read = set(re.findall(r'"((?:BRIGHTCALL|CAMPAIGN)_[A-Z_]+)"', CODE))
    assert read == told


def test_every_exit_status_is_told() -> None:
    """Those of errors, of runs, and of usage."""
    told = {int(row[0]) for row in table(PAGE.section("## Exit status"))}
    assert told == {0, 1, 2, 3, 4, campaign.CampaignError.exit_code}
    assert {campaign.UsageError.exit_code, campaign.CampaignHalted.exit_code} <= told


@pytest.mark.usefixtures("server")
def test_the_files_of_a_workspace_are_told(work: Path, tmp_path: Path) -> None:
    """All that a run and a do-not-call entry leave there."""
    frame = pd.DataFrame({"Name": ["Ana"], "Phone": ["+12025550123"]})
    campaign.run(frame, work / "mapping.yaml")
    campaign.suppress_numbers(["+12025550199"])
    told = set(names(PAGE.section("## Workspaces") + PAGE.section("## Locking")))
    left = {path.name for path in (tmp_path / "home").iterdir() if not path.name.endswith((".lock", "-wal", "-shm"))}
    assert left <= told
    assert "journal.lock" in told
