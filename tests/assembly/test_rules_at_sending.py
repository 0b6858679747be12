"""Do-not-call lists that are saved while a campaign runs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people import number, request

from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.suppressions import OwnList
from campaign.assembly.rules import RulesAtSending
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.errors import SourceError
from campaign.core.lifecycle import State
from campaign.core.places.place import NOWHERE
from campaign.core.policy.own_entry import OwnEntry
from campaign.core.policy.suppression import SuppressionList

NOW = datetime(2026, 7, 1, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
MAPPING = "version: 1\nfields: {lc_number: Phone}\npolicy: {calling_window: off, suppress: [dnc.csv]}\n"


@pytest.fixture
def rules(tmp_path: Path) -> RulesAtSending:
    """Rules with one person on the list."""
    (tmp_path / "dnc.csv").write_text(f"number\n{number(1)}\n", encoding="utf-8")
    loaded = parse_mapping(MAPPING, "m", tmp_path)
    return RulesAtSending(loaded, tmp_path / "home", SuppressionFiles(loaded), SuppressionList(), pause=0)


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
    for moment in (LATER, LATER, LATER + timedelta(minutes=1)):  # in the same second as well
        with pytest.raises(SourceError):
            await rules.refresh(moment)


async def test_calls_that_ask_together_stop_together(
    rules: RulesAtSending, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is tried for one of them: fifty calls at once halt as soon as one."""
    (tmp_path / "dnc.csv").write_text("number\nrubbish\nmore rubbish\n", encoding="utf-8")
    reads: list[SuppressionFiles] = []
    read = SuppressionFiles.read

    def counted(files: SuppressionFiles) -> None:
        reads.append(files)
        read(files)

    monkeypatch.setattr(SuppressionFiles, "read", counted)
    ended = await asyncio.gather(*(rules.refresh(LATER) for _ in range(50)), return_exceptions=True)
    assert {type(error) for error in ended} == {SourceError}
    assert len(reads) == 5


async def test_a_list_that_is_just_being_saved_is_waited_for(tmp_path: Path) -> None:
    """A program that writes it in two steps must not halt a campaign."""

    class SavedMeanwhile(SuppressionFiles):
        tries = 0

        def read(self) -> None:
            self.tries += 1
            if self.tries == 4:
                (tmp_path / "dnc.csv").write_text(f"number\n{number(2)}\n", encoding="utf-8")
            super().read()

    (tmp_path / "dnc.csv").write_text(f"number\n{number(1)}\n", encoding="utf-8")
    loaded = parse_mapping(MAPPING, "m", tmp_path)
    lists = SavedMeanwhile(loaded)
    rules = RulesAtSending(loaded, tmp_path, lists, SuppressionList(), pause=0)
    (tmp_path / "dnc.csv").write_bytes(b"")
    await rules.refresh(NOW)
    assert lists.tries == 4
    assert rules.recheck(request(2).numbers, NOWHERE, NOW) is not None
    assert rules.recheck(request(1).numbers, NOWHERE, NOW) is None


def test_the_workspace_s_list_is_looked_up_for_every_call(tmp_path: Path) -> None:
    """Another process adds a number and a prefix to it: the very next question knows."""
    loaded = parse_mapping(MAPPING.replace(", suppress: [dnc.csv]", ""), "m", tmp_path)
    home = tmp_path / "home"
    with closing(OwnList(home / "suppressions.db")) as own:
        rules = RulesAtSending(loaded, home, SuppressionFiles(loaded), own)
        assert rules.recheck(request(1).numbers, NOWHERE, NOW) is None
        assert rules.objection_to_second(request(1, 700).numbers, NOW) is None
        command = [sys.executable, "-m", "campaign", "suppress", "add", number(1), "+4420794607*", "--home", str(home)]
        subprocess.run(command, check=True, capture_output=True)
        held = rules.recheck(request(1).numbers, NOWHERE, NOW)
        assert held is not None
        assert held.state is State.SUPPRESSED
        note = rules.objection_to_second(request(2, 700).numbers, NOW)
        assert note is not None
        assert number(700) in note.text


async def test_a_turn_of_the_loop_asks_the_workspace_s_list_at_one_moment(tmp_path: Path) -> None:
    """Rows that go in one turn are judged by one state of the list, those of the next by what it is then."""
    loaded = parse_mapping(MAPPING.replace(", suppress: [dnc.csv]", ""), "m", tmp_path)
    home = tmp_path / "home"
    with closing(OwnList(home / "suppressions.db")) as own, closing(OwnList(home / "suppressions.db")) as other:
        other.add([OwnEntry(number(1), "asked", "", NOW)], NOW)
        rules = RulesAtSending(loaded, home, SuppressionFiles(loaded), own)
        await rules.refresh(NOW)
        assert rules.recheck(request(1).numbers, NOWHERE, NOW) is not None
        other.add([OwnEntry(number(2), "asked", "", NOW)], NOW)
        await rules.refresh(NOW)
        assert rules.recheck(request(2).numbers, NOWHERE, NOW) is None
        await asyncio.sleep(0)
        await rules.refresh(NOW)
        assert rules.recheck(request(2).numbers, NOWHERE, NOW) is not None
