"""The workspace's own do-not-call list: durable, private, changed while others look, and never silently empty."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import number

from campaign.adapters.suppressions import OwnList
from campaign.core.errors import SuppressionError
from campaign.core.lead import Phone
from campaign.core.policy.own_entry import OwnEntry

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TODAY = NOW.date()


def entry(named: str, until: date | None = None, reason: str = "", at: datetime = NOW) -> OwnEntry:
    """An entry."""
    return OwnEntry(named, reason, "", at, until)


@pytest.fixture
def own_list(tmp_path: Path) -> Iterator[OwnList]:
    """A list that has begun."""
    opened = OwnList(tmp_path / "suppressions.db")
    opened.add([entry(number(0))], NOW)
    yield opened
    opened.close()


def suppressed(own: OwnList, e164: str, now: datetime = NOW) -> bool:
    """Whether the list names the number."""
    return own.find(Phone(e164, ""), now) is not None


def test_a_list_that_was_never_begun_is_empty(tmp_path: Path) -> None:
    """And looking makes no file."""
    own = OwnList(tmp_path / "suppressions.db")
    own.check()
    assert not suppressed(own, number(1))
    assert (own.count(), list(own.entries()), list(own.search("", 9)), own.known(number(1))) == (0, [], [], None)
    assert own.remove([number(1)]) == []
    assert list(tmp_path.iterdir()) == []


def test_an_addition_counts_at_once_for_whoever_has_it_open(tmp_path: Path) -> None:
    """Also for one who opened it before it began, and for one while another is writing."""
    path = tmp_path / "suppressions.db"
    early, other = OwnList(path), OwnList(path)
    other.add([entry(number(1))], NOW)
    assert suppressed(early, number(1))
    other.add([entry("+974*")], NOW)
    assert suppressed(early, "+97455123456")
    with sqlite3.connect(path, isolation_level=None) as writing:
        writing.execute("BEGIN IMMEDIATE")
        assert suppressed(early, number(1))  # does not wait
        writing.execute("ROLLBACK")
    writing.close()
    other.remove([number(1)])
    assert not suppressed(early, number(1))
    early.close()
    other.close()


actions = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove"]),
        st.sampled_from([number(1), number(2), "+4420794600*", "+44*"]),
        st.none() | st.integers(-3, 6),
    ),
    max_size=12,
)


@given(actions, st.integers(0, 8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_it_does_what_a_dictionary_would(tmp_path: Path, steps: list[tuple[str, str, int | None]], later: int) -> None:
    """Additions, removals, last days that only ever move out, and what that makes of a number on some later day."""
    path = tmp_path / "suppressions.db"
    for file in tmp_path.glob("suppressions.*"):
        file.unlink()
    own = OwnList(path)
    obvious: dict[str, date | None] = {}
    for action, named, days in steps:
        until = TODAY + timedelta(days=days) if days is not None else None
        if action == "remove":
            assert own.remove([named]) == ([named] if obvious.pop(named, "none") != "none" else [])
            continue
        old = obvious.get(named, TODAY - timedelta(days=1))
        counted = old is None or old >= TODAY
        assert own.add([entry(named, until)], NOW) == (0 if counted else 1)
        if counted and (old is None or until is None):
            obvious[named] = None
        elif counted:
            assert old is not None
            assert until is not None
            obvious[named] = max(old, until)
        else:
            obvious[named] = until
    moment = NOW + timedelta(days=later)
    for n in (1, 2, 500):
        wanted = any(
            number(n).startswith(named.rstrip("*")) and (until is None or until >= moment.date())
            for named, until in obvious.items()
        )
        assert suppressed(own, number(n), moment) == wanted
    assert {one.number: one.until for one in own.entries()} == obvious
    own.close()


def test_a_last_day_counts_until_it_is_over_everywhere(own_list: OwnList) -> None:
    """Then the entry stays, as an expired one, until it is added again."""
    own_list.add([entry(number(1), date(2026, 7, 4), "holidays")], NOW)
    over = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)
    assert suppressed(own_list, number(1), over - timedelta(seconds=1))
    assert not suppressed(own_list, number(1), over)
    known = own_list.known(number(1))
    assert known is not None
    assert known.expired(over)
    assert own_list.add([entry(number(1), None, "for good", over)], over) == 1
    assert own_list.known(number(1)) == entry(number(1), None, "for good", over)


def test_what_it_says_of_a_number(own_list: OwnList) -> None:
    """The reason that was first given, where from, since when and until when."""
    own_list.add([OwnEntry(number(1), "asked by phone", "agent Ana", NOW, date(2027, 1, 1))], NOW)
    own_list.add([OwnEntry(number(1), "another reason", "", NOW, date(2026, 8, 1))], NOW)
    found = own_list.find(Phone(number(1), ""), NOW)
    assert found is not None
    assert found.said == (
        "on this workspace's do-not-call list (asked by phone, source: agent Ana, since 2026-07-01, until 2027-01-01)"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_it_is_for_its_owner_alone(own_list: OwnList) -> None:
    """Whatever the rights of new files are; its log too."""
    before = os.umask(0)
    try:
        own_list.add([entry(number(5))], NOW)
        for file in own_list.path.parent.glob("suppressions.db*"):
            assert file.stat().st_mode & 0o077 == 0, file
    finally:
        os.umask(before)


def test_it_is_written_durably(own_list: OwnList) -> None:
    """What a command has confirmed survives a power cut."""
    connection = own_list._connected()
    assert connection is not None
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_removed_number_leaves_no_copy(own_list: OwnList) -> None:
    """The person's wish to be forgotten included."""
    own_list.add([entry(number(7), None, "a telling reason")], NOW)
    own_list.remove([number(7)])
    own_list.close()
    data = b"".join(file.read_bytes() for file in own_list.path.parent.glob("suppressions.db*"))
    assert number(7).encode() not in data
    assert b"a telling reason" not in data


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be looked at" * 40])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file too: SQLite would take it for a new database."""
    path = tmp_path / "suppressions.db"
    path.write_bytes(content)
    with pytest.raises(SuppressionError, match="damaged"):
        OwnList(path)


def test_another_database_is_refused(tmp_path: Path) -> None:
    """One that is no do-not-call list, and one of a newer version."""
    path = tmp_path / "suppressions.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE entry (x)")
    db.close()
    with pytest.raises(SuppressionError, match="damaged"):
        OwnList(path)
    path.unlink()
    own = OwnList(path)
    own.add([entry(number(1))], NOW)
    own.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(SuppressionError, match="newer"):
        OwnList(path)


def test_damage_anywhere_is_found(own_list: OwnList) -> None:
    """Before anything is sent all of it is read once."""
    own_list.add((entry(number(n), None, "a reason that fills pages" * 4) for n in range(2_000)), NOW)
    own_list.close()
    data = bytearray(own_list.path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = b"\xff" * 4096
    own_list.path.write_bytes(data)
    with pytest.raises(SuppressionError):
        OwnList(own_list.path).check()


def test_a_list_that_was_cut_short_is_refused(own_list: OwnList) -> None:
    """As a disk that was full, or a copy that broke off, leaves it."""
    own_list.add((entry(number(n)) for n in range(2_000)), NOW)
    own_list.close()
    os.truncate(own_list.path, own_list.path.stat().st_size // 2)
    with pytest.raises(SuppressionError):
        OwnList(own_list.path).check()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file from being removed")
def test_a_list_that_vanishes_is_not_empty(own_list: OwnList) -> None:
    """Whoever had it open stops, and whoever opens it; one that is begun anew as the message says is taken."""
    for file in own_list.path.parent.glob("suppressions.db*"):
        file.unlink()
    with pytest.raises(SuppressionError, match="gone"):
        own_list.find(Phone(number(0), ""), NOW)
    with pytest.raises(SuppressionError, match="gone"):
        own_list.add([entry(number(1))], NOW)
    with pytest.raises(SuppressionError, match=r"remove suppressions\.begun"):
        OwnList(own_list.path)
    own_list.path.with_name("suppressions.begun").unlink()
    other = OwnList(own_list.path)
    other.add([entry(number(1))], NOW)
    assert suppressed(own_list, number(1))
    assert not suppressed(own_list, number(0))
    other.close()


def test_two_processes_begin_it_at_the_same_time(tmp_path: Path) -> None:
    """Nobody's number is lost."""
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from campaign.adapters.suppressions import OwnList; from campaign.core.policy.own_entry import OwnEntry\n"
        "now = datetime.now(UTC); sys.stdin.readline()\n"
        "own = OwnList(Path(sys.argv[1]))\n"
        "for n in range(20): own.add([OwnEntry(f'{sys.argv[2]}{n:02d}', '', '', now)], now)\n"
        "own.close()\n"
    )
    path = tmp_path / "suppressions.db"
    begins = ["+4420794600", "+4420794601", "+4420794602"]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), begin], stdin=subprocess.PIPE, text=True)
        for begin in begins
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.close()
    assert [process.wait() for process in running] == [0, 0, 0]
    own = OwnList(path)
    assert own.count() == 60
    own.close()
