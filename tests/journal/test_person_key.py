"""Numbers in the journal: kept as marks under a key, known again by them, and nowhere else to be found."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW, entered, number, pending, request

from campaign.adapters.journal import Journal, JournalReader, is_outdated
from campaign.adapters.journal.person_key import PersonKey, keep_key, key_path, new_key
from campaign.core.errors import WorkspaceError
from campaign.core.lifecycle import TRANSITIONS, State
from campaign.core.places.place import NOWHERE
from campaign.core.record import Contact, Judgement, LeadRecord

SCHEMAS = {version: (Path(__file__).parent / f"schema_{version}.sql").read_text(encoding="utf-8") for version in (1, 2)}

digits = st.integers(10**6, 10**15 - 1)


@given(digits, digits, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_mark_stands_for_one_number_under_one_key(one: int, other: int, key: bytes, another: bytes) -> None:
    """The same number is known again; another number, or the same one under another key, is not taken for it."""
    mark = PersonKey(key).mark(one)
    assert -(2**63) <= mark < 2**63
    assert (PersonKey(key).mark(other) == mark) == (one == other)
    assert (PersonKey(another).mark(one) == mark) == (key == another)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_key_is_for_its_owner_alone(journal: Journal) -> None:
    """Who can read the journal's folder must not be able to try numbers."""
    assert key_path(journal.path).stat().st_mode & 0o077 == 0


def test_the_key_is_not_in_the_journal(journal: Journal) -> None:
    """Who has only the journal can tell nobody's number from a mark."""
    key = key_path(journal.path).read_text(encoding="ascii")
    data = journal.path.read_bytes()
    assert key.encode() not in data
    assert bytes.fromhex(key) not in data


@pytest.mark.parametrize("open_it", [Journal, JournalReader])
@pytest.mark.parametrize(
    ("content", "said"), [(None, "is gone"), ("not a key", "damaged"), ("", "damaged"), ("0" * 64, "not the key")]
)
def test_a_journal_without_its_key_is_not_used(
    journal: Journal, open_it: type[JournalReader], content: str | None, said: str
) -> None:
    """Nobody would be known again, so everybody could be called twice: it is refused, with the cure."""
    path = key_path(journal.path)
    if content is None:
        path.unlink()
    else:
        path.write_text(content, encoding="ascii")
    with pytest.raises(WorkspaceError, match=said) as refused:
        open_it(journal.path)
    assert "estore" in refused.value.cure


def test_a_key_without_its_journal_is_told(tmp_path: Path) -> None:
    """Half a backup, or a deleted file: a new, empty journal would know nobody, and everybody could be called twice."""
    journal = Journal(tmp_path / "journal.db")
    journal.close()
    (tmp_path / "journal.db").unlink()
    with pytest.raises(WorkspaceError, match=r"is gone, and its key journal\.key is left"):
        Journal(tmp_path / "journal.db")
    assert not (tmp_path / "journal.db").exists()


def test_a_journal_that_a_crash_left_beside_its_place_is_taken(tmp_path: Path) -> None:
    """The key is written when the journal is whole: a crash before the last step must not lock the workspace."""
    Journal(tmp_path / "journal.db").close()
    (tmp_path / "journal.db").rename(tmp_path / "journal.db.new")
    Journal(tmp_path / "journal.db").close()
    assert not (tmp_path / "journal.db.new").exists()


def test_an_older_journal_is_brought_up_to_date(tmp_path: Path) -> None:
    """Version 1 kept the numbers themselves: afterwards the same people are known, by their marks alone."""
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMAS[1])
        db.execute("PRAGMA user_version = 1")
        db.executemany(
            "INSERT INTO transition VALUES (?, ?)",
            [(origin, target) for origin, targets in TRANSITIONS.items() for target in targets],
        )
        db.execute(
            "INSERT INTO campaign VALUES ('old', 0, 'leads.csv', '', '', '', '[\"Phone\"]', '', '', '', '', '', 0, '')"
        )
        phone = request(700).phone
        for lead, state in ((1, "accepted"), (2, "pending")):
            db.execute(
                "INSERT INTO lead (id, campaign, number, row_id, cells, payload, phones, state, reason, cause, notes, submitted_at)"
                " VALUES (?, 'old', ?, ?, '[]', '{}', '[]', ?, '', '', '[]', ?)",
                (lead, lead + 1, f"old-{lead + 1}", state, NOW.timestamp() * 1000),
            )
            db.execute("INSERT INTO number VALUES (?, ?)", (phone.digits + lead - 1, lead))
    db.close()
    assert is_outdated(path)
    with pytest.raises(WorkspaceError, match="key"):
        JournalReader(path)
    journal = Journal(path)
    assert not is_outdated(path)
    assert [known.number for known in journal.leads_with_number("old", phone.digits)] == [2]
    assert [lead.place for lead in journal.due("old", 0, 10)] == [NOWHERE]
    entered(journal, [pending(2, 700)])
    with journal.atomic():
        contact = journal.begin("c1", 3, NOW, NOW.replace(year=2025))
    assert isinstance(contact, Contact)
    assert contact.campaign == "old"
    stored = {row[0] for row in journal._db.connection.execute("SELECT person FROM number")}
    assert not stored & {phone.digits, phone.digits + 1}
    journal.close()


@pytest.mark.parametrize("version", SCHEMAS)
def test_an_older_journal_ends_up_like_a_new_one(tmp_path: Path, version: int) -> None:
    """The same tables, columns, indices and triggers, from every version there was."""
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    key = new_key()
    keep_key(key, key_path(old))
    with closing(sqlite3.connect(old)) as db:
        db.create_function("key_check", 0, key.check)
        db.executescript(f"{SCHEMAS[version]} PRAGMA user_version = {version};")
    for path in (old, new):
        Journal(path).close()
    assert shape(old) == shape(new)


def shape(path: Path) -> set[tuple[object, ...]]:
    """What a journal's tables, indices and triggers are, whatever the order of their columns."""
    with closing(sqlite3.connect(path)) as db:
        things = db.execute("SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
        columns = [
            (table, *column[1:]) for _, table, _ in things for column in db.execute(f"PRAGMA table_info({table})")
        ]
    return {*things, *columns}


def test_forgetting_leaves_nothing_in_the_files_but_keeps_the_guard(tmp_path: Path) -> None:
    """Looked for byte by byte, in the journal and its log; and the person is still not called by another campaign."""
    journal = Journal(tmp_path / "journal.db")
    entered(journal, [pending(2, 700, 701), pending(3, 702)])
    with journal.atomic():
        assert journal.begin("c1", 1, NOW, None) is None
    journal.recover(NOW)
    assert journal.cancel("c1", "Taken out.") == 1
    secrets = [number(n).encode() for n in (700, 701, 702)]

    def found() -> int:
        data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        return sum(secret in data for secret in secrets)

    assert found() == 3
    assert journal.forget("c1", NOW) == 2
    assert found() == 0
    assert journal.forget("c1", NOW) == 2
    entered(journal, [pending(2, 701), pending(3, 702)], "c2")
    with journal.atomic():
        contact = journal.begin("c2", 3, NOW, NOW.replace(year=2025))
        assert journal.begin("c2", 4, NOW, NOW.replace(year=2025)) is None
    assert isinstance(contact, Contact)
    assert (contact.campaign, contact.row) == ("c1", 2)
    journal.close()


def test_forgetting_leaves_nothing_of_long_lists(tmp_path: Path) -> None:
    """Rows of all lengths, corrected once, whose pages were split and filled again: not one of them is left in the file."""
    journal = Journal(tmp_path / "journal.db")
    entered(
        journal, [LeadRecord(row, (f"ZEBRA{row}" * (row % 9 + 1),), pending(row).judgement) for row in range(2, 802)]
    )
    due = journal.due("c1", 0, 200)
    with journal.atomic():
        for lead in due:
            journal.correct(lead.id, (f"ZEBRA{lead.number}" * 20,), Judgement(State.PENDING, request(lead.number)))
    journal.cancel("c1", "Taken out.")
    assert b"ZEBRA" in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    journal.forget("c1", NOW)
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"ZEBRA" not in data
    assert not [row for row in range(2, 802) if number(row).encode() in data]
    journal.close()


def test_a_reader_that_keeps_old_copies_is_told_of(journal: Journal) -> None:
    """The log can't be emptied under a reader: the person hears of it, and a repetition finishes."""
    entered(journal, [pending(row) for row in range(2, 9)])
    journal._db.connection.execute("PRAGMA busy_timeout = 1")
    journal.cancel("c1", "Taken out.")
    reader = JournalReader(journal.path)
    rows = reader.results("c1")
    next(rows)
    with pytest.raises(WorkspaceError, match="older copies"):
        journal.forget("c1", NOW)
    rows.close()  # type: ignore[attr-defined] # a generator
    reader.close()
    assert journal.forget("c1", NOW) == 0
