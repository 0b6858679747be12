"""A row's own place at the moment of sending: it stands in the journal, and calling hours go by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people import NOW, entered, pending
from pool import Pool

from campaign.adapters.journal import Journal
from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.sandbox import Sandbox, SandboxSettings
from campaign.assembly.rules import RulesAtSending
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.cells.cell import Cell
from campaign.core.errors import UsageError
from campaign.core.lifecycle import State
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.places.place import NOWHERE, Place
from campaign.core.policy.suppression import SuppressionList
from campaign.core.record import LeadRecord

AUTO = "version: 1\nfields: {lc_number: Phone}\npolicy: {calling_window: auto}\n"
OWN = "- {name: UK, regions: [GB], hours: {mon-sun: %s}, source: ours, checked: 2027-01}\n"
AUCKLAND, NEW_YORK, FLORIDA = Place(("Pacific/Auckland",)), Place(("America/New_York",)), Place(states=("US-FL",))


def at_place(row: int, place: Place) -> LeadRecord:
    """A row of somebody with a London number who is at `place`."""
    record = pending(row)
    assert record.judgement.request is not None
    request = record.judgement.request._replace(place=place)
    return replace(record, judgement=record.judgement._replace(request=request))


def mapping(folder: Path, text: str = AUTO) -> LoadedMapping:
    """A mapping in a folder."""
    return parse_mapping(text, "m", folder)


def rules_of(loaded: LoadedMapping, home: Path) -> RulesAtSending:
    """The rules of a mapping in a workspace without a do-not-call list of its own."""
    return RulesAtSending(loaded, home, SuppressionFiles(loaded), SuppressionList())


@pytest.mark.parametrize(
    ("place", "now", "state"),
    [
        (NOWHERE, NOW, State.ACCEPTED),  # four in the afternoon in London
        (AUCKLAND, NOW, State.DEFERRED),  # three in the morning there
        (NOWHERE, NOW.replace(hour=22), State.DEFERRED),  # eleven at night in London
        (NEW_YORK, NOW.replace(hour=22), State.ACCEPTED),  # six in the evening there
        (FLORIDA, NOW, State.ACCEPTED),
        (FLORIDA, NOW.replace(hour=19, minute=30), State.DEFERRED),  # half past eight in London, of Florida's hours
    ],
)
async def test_the_hours_of_the_row_s_own_place_are_kept(
    journal: Journal, tmp_path: Path, place: Place, now: datetime, state: State
) -> None:
    """What the number alone tells would be wrong in both directions."""
    entered(journal, [at_place(2, place)])
    async with Sandbox(SandboxSettings()) as server:
        await Pool(journal, server.url, rules=rules_of(mapping(tmp_path), tmp_path), now=now).run()
    assert journal.counts("c1") == {state: 1}
    [row] = journal.results("c1")
    assert (row.next_allowed is not None) == (state is State.DEFERRED)


async def test_a_deferred_row_keeps_its_place_until_it_is_sent(journal: Journal, tmp_path: Path) -> None:
    """Held back, gone on with too early and at the right time: each time by the place, and called once."""
    entered(journal, [at_place(2, AUCKLAND)])
    rules = rules_of(mapping(tmp_path), tmp_path)
    async with Sandbox(SandboxSettings()) as server:
        await Pool(journal, server.url, rules=rules, now=NOW).run()
        opens = journal.next_allowed("c1")
        assert opens == NOW.replace(hour=20)  # eight in the morning in Auckland, and nine at night in London
        assert journal.release_deferred("c1", opens - timedelta(minutes=1)) == 0
        assert journal.release_deferred("c1", opens) == 1
        await Pool(journal, server.url, rules=rules, now=opens - timedelta(minutes=1)).run()
        assert journal.counts("c1") == {State.DEFERRED: 1}
        journal.release_deferred("c1", opens)
        await Pool(journal, server.url, rules=rules, now=opens).run()
        assert list(server.ledger.calls_per_person().values()) == [1]
    assert journal.counts("c1") == {State.ACCEPTED: 1}


def test_the_journal_gives_places_back(journal: Journal) -> None:
    """As they were entered, or as a corrected row has them; nothing of them is left of a forgotten campaign."""
    both = Place(("UTC+05:30", "Asia/Kolkata"), ("US-CT", "US-NY"))
    entered(journal, [at_place(2, both), at_place(3, NOWHERE)])
    first, second = journal.due("c1", 0, 10)
    assert (first.place, second.place) == (both, NOWHERE)
    cells: tuple[Cell, ...] = ("x",)
    with journal.atomic():
        journal.correct(second.id, cells, at_place(3, FLORIDA).judgement)
    assert journal.due("c1", 2, 10)[0].place == FLORIDA
    journal.cancel("c1", "Taken out.")
    journal.forget("c1", NOW)
    for path in journal.path.parent.glob("journal.db*"):
        assert b"US-FL" not in path.read_bytes()
        assert b"Asia/Kolkata" not in path.read_bytes()


async def test_hours_of_one_s_own_that_are_saved_meanwhile_hold(tmp_path: Path) -> None:
    """Read anew while a campaign runs, as do-not-call lists are; a file that is spoilt stops the sending."""
    home = tmp_path / "home"
    home.mkdir()
    rules = rules_of(mapping(tmp_path), home)
    person = pending(2).judgement.request
    assert person is not None
    assert rules.recheck(person.numbers, NOWHERE, NOW) is None
    (home / "calling_hours.yaml").write_text(OWN % "9-10", encoding="utf-8")
    await rules.refresh(NOW)
    held = rules.recheck(person.numbers, NOWHERE, NOW)
    assert held is not None
    assert "9:00-10:00 every day" in held.reason
    (home / "calling_hours.yaml").write_text(OWN % "9-30", encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"calling_hours.yaml, line 1, row 1 \('UK'\), hours: '9-30' is no time of day"
    ):
        await rules.refresh(NOW + timedelta(minutes=1))


def test_the_mapping_s_own_hours_go_before_the_workspace_s(tmp_path: Path) -> None:
    """Two files: both are read, the mapping's wins; a file that it names must be there."""
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    (home / "calling_hours.yaml").write_text(OWN % "9-10", encoding="utf-8")
    named = mapping(folder, AUTO.replace("auto}", "auto, calling_hours: h.yaml}"))
    with pytest.raises(UsageError, match=r"m, line 3, policy\.calling_hours: there is no file"):
        rules_of(named, home)
    (folder / "h.yaml").write_text(OWN % "0-24", encoding="utf-8")
    person = pending(2).judgement.request
    assert person is not None
    night = datetime(2026, 7, 1, 2, tzinfo=UTC)
    assert rules_of(named, home).recheck(person.numbers, NOWHERE, night) is None
    assert rules_of(mapping(folder), home).recheck(person.numbers, NOWHERE, night) is not None
