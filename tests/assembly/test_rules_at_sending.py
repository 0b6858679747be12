"""Do-not-call lists that are saved while a campaign runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people import number, request

from campaign.adapters.mapping_file import parse_mapping
from campaign.assembly.rules import RulesAtSending
from campaign.core.errors import SourceError
from campaign.core.lifecycle import State
from campaign.core.places.place import NOWHERE

NOW = datetime(2026, 7, 1, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
MAPPING = "version: 1\nfields: {lc_number: Phone}\npolicy: {calling_window: off, suppress: [dnc.csv]}\n"


@pytest.fixture
def rules(tmp_path: Path) -> RulesAtSending:
    """Rules with one person on the list."""
    (tmp_path / "dnc.csv").write_text(f"number\n{number(1)}\n", encoding="utf-8")
    return RulesAtSending(parse_mapping(MAPPING, "m", tmp_path), tmp_path / "home")


async def test_a_list_that_is_saved_anew_is_read_anew(rules: RulesAtSending, tmp_path: Path) -> None:
    """Who asks not to be called on the second day of a campaign is not called on it."""
    await rules.refresh(NOW)
    assert rules.recheck(request(1).numbers, NOWHERE, NOW) is not None
    assert rules.recheck(request(2).numbers, NOWHERE, NOW) is None
    (tmp_path / "dnc.csv").write_text(f"number\n{number(1)}\n{number(2)}\n", encoding="utf-8")
    await rules.refresh(LATER)
    held = rules.recheck(request(2).numbers, NOWHERE, LATER)
    assert held is not None
    assert held.state is State.SUPPRESSED


@pytest.mark.parametrize("content", [None, "", "number\nrubbish\nmore rubbish\n"])
async def test_a_list_that_becomes_unreadable_stops_the_sending(
    rules: RulesAtSending, tmp_path: Path, content: str | None
) -> None:
    """It is never treated as an empty one."""
    if content is None:
        (tmp_path / "dnc.csv").unlink()
    else:
        (tmp_path / "dnc.csv").write_text(content, encoding="utf-8")
    for moment in (LATER, LATER + timedelta(minutes=1)):
        with pytest.raises(SourceError):
            await rules.refresh(moment)
