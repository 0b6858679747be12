"""The workspace's own do-not-call list: one SQLite file, looked up by its index and never loaded.

It is no part of the journal, so that it can be changed while a run holds that: who has just asked not to be called must
not wait. What cannot be read stops everything; only a list that was never begun is an empty one.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from pathlib import Path

from campaign.adapters.durable import sync_folder
from campaign.adapters.named_sql import named_statements
from campaign.core.errors import SuppressionError
from campaign.core.lead import Phone
from campaign.core.policy.number_list import same_phone
from campaign.core.policy.own_entry import OwnEntry, earliest_day
from campaign.core.policy.suppression import Suppression

NAME = "this workspace's do-not-call list"
_VERSION = 1
_OURS = 0x63646E63  # marks the file as ours ("cdnc"): another database is not taken for a list
_IN_ONE_COMMIT = 10_000
_PATIENCE = 30  # seconds that a writer waits for another


class OwnList:
    """The list at `path`. Raises `SuppressionError` where it can't be used; one that does not exist is empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: sqlite3.Connection | None = None
        # It lies there as long as the list must: one that has gone is no empty one.
        self._begun = path.with_suffix(".begun")
        self._identity: tuple[int, int] | None = None
        self._looked_for = False
        self._connected()

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def check(self) -> None:
        """Read all of the file once. Raises `SuppressionError` if any part of it is damaged."""
        with self._explained():
            db = self._connected()
            said = db.execute("PRAGMA quick_check(1)").fetchone()[0] if db is not None else "ok"
        if said != "ok":
            raise _damaged(self.path, said)

    # --- asking --------------------------------------------------------------------------------------------------

    def find(self, phone: Phone, now: datetime) -> Suppression | None:
        """Why the number must not be called at that moment, as the list stands now; None if nothing is against it."""
        entry = self.entry_for(phone, now)
        if entry is None:
            return None
        remarks = (
            entry.reason,
            f"source: {entry.source}" if entry.source else "",
            f"since {entry.added_at:%Y-%m-%d}",
            f"until {entry.until}" if entry.until else "",
        )
        prefix = entry.number if entry.number.endswith("*") else ""
        return Suppression(NAME, prefix, 0, tuple(filter(None, remarks)))

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """While open, the file is neither looked for nor opened anew before each number: for rows that are judged at one moment."""
        with self._explained():
            db = self._connected()
            if db is not None:
                db.execute("BEGIN")  # only to read: it waits for nobody, and nobody for it
        self._looked_for = True
        try:
            yield
        finally:
            self._looked_for = False
            if db is not None:
                db.rollback()

    def entry_for(self, phone: Phone, now: datetime) -> OwnEntry | None:
        """The entry that names the number and has not expired, a prefix too; None if there is none."""
        if self._looked_for and self._db is None:
            return None
        try:  # not `_explained`: this is asked for every number of every row, and that takes as long as the look itself
            db = self._db if self._looked_for else self._connected()
            row = _row_for(db, same_phone(phone.e164), earliest_day(now).isoformat()) if db is not None else None
        except sqlite3.DatabaseError as error:
            raise _in_words(self.path, error) from error
        return _entry(row) if row is not None else None

    def known(self, number: str) -> OwnEntry | None:
        """The entry of exactly that number or prefix, expired or not."""
        with self._explained():
            db = self._connected()
            row = db.execute(_sql()["known"], (number,)).fetchone() if db is not None else None
        return _entry(row) if row is not None else None

    def count(self, digits: str = "") -> int:
        """How many entries have these digits in a row."""
        with self._explained():
            db = self._connected()
            return int(db.execute(_sql()["count_found"], (digits,)).fetchone()[0]) if db is not None else 0

    def search(self, digits: str, limit: int) -> Iterator[OwnEntry]:
        """The entries that have these digits in a row, the newest first, streamed."""
        return self._streamed("search", {"digits": digits, "limit": limit})

    def entries(self) -> Iterator[OwnEntry]:
        """All entries, in the order of their numbers, streamed."""
        return self._streamed("all", {})

    def _streamed(self, query: str, values: Mapping[str, str | int]) -> Iterator[OwnEntry]:
        with self._explained():
            db = self._connected()
            if db is not None:
                for row in db.execute(_sql()[query], values):
                    yield _entry(row)

    # --- changing ------------------------------------------------------------------------------------------------

    def add(self, entries: Iterable[OwnEntry], now: datetime) -> int:
        """Add entries, durably; returns how many numbers were not suppressed before. May be repeated.

        An entry that is there keeps its reason, and the later of the two last days.
        """
        today = earliest_day(now).isoformat()
        new = 0
        with self._explained():
            db = self._connected() or self._make()
            for batch in _batches(entries):
                with _atomic(db):
                    new += sum(_add(db, entry, today) for entry in batch)
        return new

    def remove(self, numbers: Iterable[str]) -> list[str]:
        """Take exactly these numbers and prefixes off, durably; returns those that stood there."""
        with self._explained():
            db = self._connected()
            if db is None:
                return []
            with _atomic(db):
                return [number for number in numbers if db.execute(_sql()["remove"], (number,)).rowcount]

    # --- the file ------------------------------------------------------------------------------------------------

    def _connected(self) -> sqlite3.Connection | None:
        """The connection to the file that lies there now; None if none was ever seen.

        Asked before every look: the file may be begun, or restored from a backup, while a run goes on.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            if self._identity is not None or self._begun.exists():
                raise SuppressionError(
                    f"The do-not-call list {self.path} is gone. It is not taken for an empty one.",
                    "Restore it from your backup of the workspace. To begin anew, with nobody on it, remove "
                    f"{self._begun.name} too.",
                ) from None
            return None
        except OSError as error:
            raise _unusable(self.path, error.strerror or str(error)) from None
        identity = (status.st_dev, status.st_ino)
        if self._db is None or identity != self._identity:
            self.close()
            with self._explained():
                self._db = _opened(self.path)
            self._identity = identity
            if not self._begun.exists():  # restored from a backup without it, or begun when the machine went down
                with suppress(OSError):
                    self._begun.touch(mode=0o600)
        return self._db

    def _make(self) -> sqlite3.Connection:
        """Begin the list: the file appears whole, or not at all."""
        from filelock import FileLock

        fresh = self.path.with_suffix(".new")
        try:
            with FileLock(self.path.with_suffix(".lock")):
                if not self.path.exists():
                    fresh.unlink(missing_ok=True)
                    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # its owner's from the start
                    _fill(fresh)
                    fresh.replace(self.path)
                    self._begun.touch(mode=0o600)
                    sync_folder(self.path.parent)
        except OSError as error:
            raise _unusable(self.path, error.strerror or str(error)) from None
        made = self._connected()
        assert made is not None
        return made

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _in_words(self.path, error) from error


def _row_for(db: sqlite3.Connection, forms: Sequence[str], today: str) -> sqlite3.Row | None:
    """The entry of a number, written in one of its forms, or else the longest prefix of it."""
    row: sqlite3.Row
    for number in forms:
        row = db.execute(_sql()["find"], {"number": number, "today": today}).fetchone()
        if row["number"] is not None:
            return row
    if not row["prefixes"]:
        return None
    prefixes = [f"{number[:end]}*" for number in forms for end in range(2, len(number) + 1)]
    found: sqlite3.Row | None
    found = db.execute(_sql()["find_prefix"], {"prefixes": json.dumps(prefixes), "today": today}).fetchone()
    return found


def _add(db: sqlite3.Connection, entry: OwnEntry, today: str) -> bool:
    """Write one entry; whether it was not suppressed before."""
    known = db.execute(_sql()["known"], (entry.number,)).fetchone()
    values = {
        "number": entry.number,
        "reason": entry.reason,
        "source": entry.source,
        "added_at": int(entry.added_at.timestamp() * 1000),
        "until": entry.until.isoformat() if entry.until else None,
        "today": today,
    }
    db.execute(_sql()["add"], values)
    return known is None or (known["until"] is not None and known["until"] < today)


def _opened(path: Path) -> sqlite3.Connection:
    """The file, opened durably; `SuppressionError` if it is not such a list."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE)
    try:
        db.row_factory = sqlite3.Row
        ours = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if ours == _OURS and version > _VERSION:
            raise SuppressionError(
                f"The do-not-call list {path} was written by a newer version of campaign (format {version}).",
                "Update campaign: pip install --upgrade campaign.",
            )
        if ours != _OURS or version != _VERSION:
            raise _damaged(path, "it is empty, or no such list")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # a number that is taken off leaves no copy
        db.execute(_sql()["probe"]).fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _fill(path: Path) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    try:
        # Readers never wait for a writer, nor a writer for them. Kept in the file from here on.
        mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        db.execute("PRAGMA synchronous = FULL")
        if mode != "wal":
            raise SuppressionError(
                f"The do-not-call list {path} can't be written durably here (mode {mode}).",
                "Put the workspace on a local disk: --home FOLDER or CAMPAIGN_HOME.",
            )
        with _atomic(db):
            db.execute(_sql()["make"])
            db.execute(_sql()["make_index"])
            db.execute(f"PRAGMA application_id = {_OURS}")
            db.execute(f"PRAGMA user_version = {_VERSION}")
    finally:
        db.close()  # the write-ahead log goes into the file and is removed


@contextmanager
def _atomic(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@cache
def _sql() -> dict[str, str]:
    return named_statements(__package__, "queries.sql")


def _entry(row: sqlite3.Row) -> OwnEntry:
    until = date.fromisoformat(row["until"]) if row["until"] else None
    added = datetime.fromtimestamp(row["added_at"] / 1000, UTC)
    return OwnEntry(row["number"], row["reason"], row["source"], added, until)


def _batches(entries: Iterable[OwnEntry]) -> Iterator[list[OwnEntry]]:
    rest = iter(entries)
    while batch := list(islice(rest, _IN_ONE_COMMIT)):
        yield batch


def _damaged(path: Path, said: str) -> SuppressionError:
    return SuppressionError(
        f"The do-not-call list {path} is damaged ({said}). It is not taken for an empty one, so nothing more is sent.",
        f"Restore it from a backup, or keep a copy and try: sqlite3 {path.name} .recover",
    )


def _unusable(path: Path, said: str) -> SuppressionError:
    return SuppressionError(
        f"The do-not-call list {path} can't be used: {said}. It is not taken for an empty one, so nothing more is sent.",
        "Check your rights to it and the free space, then try again.",
    )


def _in_words(path: Path, error: sqlite3.DatabaseError) -> SuppressionError:
    said = str(error)
    if "malformed" in said or "not a database" in said or "no such" in said:
        return _damaged(path, said)
    if "locked" in said or "busy" in said:
        return SuppressionError(
            f"The do-not-call list {path} is being changed by another program.",
            "Wait until it has finished, then try again.",
        )
    return _unusable(path, said)
