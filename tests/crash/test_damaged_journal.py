"""A journal that is damaged: told before anything is sent, and kept as it is, because it knows who was called."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from command import Campaign, leads
from people import entered, pending

from campaign.adapters.journal import Journal
from campaign.adapters.journal.wal import lost_commits
from campaign.adapters.sandbox import Sandbox
from campaign.core.errors import WorkspaceError
from campaign.core.lifecycle import State

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "--force")


def overwrite(path: Path, at: int, length: int) -> None:
    """Rubbish in the place of what stood there."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * length)


def cut(path: Path, share: float) -> None:
    """Keep so much of it."""
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


def page_of(journal: Path, table: str) -> int:
    """Where the root page of a table begins."""
    with closing(sqlite3.connect(journal)) as db:
        page: int = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    return (page - 1) * 4096


DAMAGES: dict[str, Callable[[Path], None]] = {
    "rubbish in the header": lambda path: overwrite(path, 0, 60),
    "rubbish all over": lambda path: overwrite(path, 0, path.stat().st_size),
    "emptied": lambda path: cut(path, 0),
    "cut in its header": lambda path: cut(path, 0.0005),
    "cut in half": lambda path: cut(path, 0.5),
    "last bytes cut": lambda path: cut(path, 0.99),
    "a page of the rows overwritten": lambda path: overwrite(path, page_of(path, "lead"), 4096),
    "a page of the numbers overwritten": lambda path: overwrite(path, page_of(path, "number"), 4096),
    "a page in the middle overwritten": lambda path: overwrite(path, path.stat().st_size // 8192 * 4096, 4096),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_journal_sends_nothing_and_is_kept(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """Exit 2 with what to do; not a byte of it changes; with a good copy in its place everything goes on."""
    leads(work, 300)
    name = campaign(*RUN, "--limit", "50", "--json").json["campaign"]
    home = tmp_path / "home"
    shutil.copytree(home, tmp_path / "copy")
    damage(home / "journal.db")
    damaged = (home / "journal.db").read_bytes()
    for command in (RUN, ("resume", "--yes"), ("rerun", name, "--yes"), ("cancel", name, "--yes")):
        done = campaign(*command)
        assert done.code == 2, done.err
        assert "damaged" in done.err
        assert "backup" in done.err
        assert "Traceback" not in done.err
        assert (home / "journal.db").read_bytes() == damaged
    assert len(server.ledger.arrivals) == 50
    shutil.copy(tmp_path / "copy" / "journal.db", home / "journal.db")
    assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "accepted": 299}
    assert server.ledger.called_twice() == ()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A journal's log as a killed process leaves it: 40 rows are entered, then 20 are cancelled one by one."""
    journal = Journal(tmp_path / "alive.db")
    entered(journal, [pending(row) for row in range(2, 42)])
    for lead in range(1, 21):
        with journal.atomic():
            journal._db.connection.execute("UPDATE lead SET state = 'cancelled' WHERE id = ?", (lead,))
    for ending in ("", "-wal"):  # not the index of the log: as after a power cut
        shutil.copy(tmp_path / f"alive.db{ending}", tmp_path / f"journal.db{ending}")
    shutil.copy(tmp_path / "alive.key", tmp_path / "journal.key")
    journal.close()
    return tmp_path / "journal.db-wal"


def test_a_whole_log_is_read(log: Path) -> None:
    """What the killed process had committed is there."""
    assert lost_commits(log) == 0
    journal = Journal(log.with_name("journal.db"))
    assert journal.counts("c1") == {State.PENDING: 20, State.CANCELLED: 20}
    journal.close()


@pytest.mark.parametrize("part", ["header", "salt of a frame", "checksum of a frame", "first page", "middle page"])
def test_a_damaged_log_is_told_and_kept(log: Path, part: str) -> None:
    """SQLite would leave out all that follows, and rows that were called would be pending again."""
    at = {
        "header": 8,
        "salt of a frame": 32 + 9 * (4096 + 24) + 8,
        "checksum of a frame": 32 + 9 * (4096 + 24) + 16,
        "first page": 32 + 24 + 100,
        "middle page": 32 + log.stat().st_size // 2 // 4120 * 4120 + 24 + 7,
    }[part]
    overwrite(log, at, 3)
    damaged = log.read_bytes()
    with pytest.raises(WorkspaceError, match=r"damaged .*journal\.db-wal"):
        Journal(log.with_name("journal.db"))
    assert log.read_bytes() == damaged


def test_a_log_that_a_power_cut_left_unfinished_is_no_damage(log: Path) -> None:
    """Its last commit is not whole: nobody had relied on it yet, and all the others are there."""
    log.write_bytes(log.read_bytes()[:-1000])
    journal = Journal(log.with_name("journal.db"))
    assert journal.counts("c1") == {State.PENDING: 21, State.CANCELLED: 19}
    journal.close()


def test_a_log_without_its_journal_is_damage(log: Path) -> None:
    """A new, empty journal beside it would know nobody who was called."""
    log.with_name("journal.db").unlink()
    with pytest.raises(WorkspaceError, match="it is gone"):
        Journal(log.with_name("journal.db"))
    assert not log.with_name("journal.db").exists()


def test_a_journal_whose_making_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    """What stands beside its place is not it: a kill at the very first start leaves nothing that is in the way."""
    (tmp_path / "journal.db.new").write_bytes(b"half a journal")
    (tmp_path / "journal.db.new-journal").write_bytes(b"and how to undo it")
    journal = Journal(tmp_path / "journal.db")
    entered(journal, [pending(2)])
    journal.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.db", "journal.key"]
