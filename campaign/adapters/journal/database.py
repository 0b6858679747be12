"""The journal's file: opened durably, brought to the newest version, its errors told in words that help a person."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from campaign.adapters.journal.queries import queries, schema
from campaign.adapters.journal.wal import lost_commits
from campaign.core.errors import CampaignError, IllegalTransition, WorkspaceError
from campaign.core.lifecycle import TRANSITIONS

SCHEMA_VERSION = 1
_PATIENCE = 10.0  # seconds to wait for another program that holds the file


class Database:
    """One connection to the journal's file, whose statements go by name. Raises `WorkspaceError` where it can't be used.

    A new file is made beside its place and renamed when it is whole: what stands at its place is a journal, or damaged.
    """

    def __init__(self, path: Path, *, readonly: bool) -> None:
        self.path = path
        self._sql = queries()
        with self.explained():
            if readonly:
                self.connection = _connect_to_read(path)
            else:
                _look_at_log(path)
                if path.exists():
                    _examine(path)
                else:
                    _make(path)
                self.connection = _connect_to_write(path)
            self.connection.row_factory = sqlite3.Row
            try:
                if readonly:
                    _check_version(path, self.connection)
                else:
                    self._allow_transitions()
            except BaseException:
                self.connection.close()
                raise

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self.connection.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All writes inside are committed together, durably, or not at all."""
        with self.explained():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def undoable(self) -> Iterator[None]:
        """Inside `atomic`: the writes inside are undone alone if the block raises."""
        self.connection.execute("SAVEPOINT one")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO one")
                self.connection.execute("RELEASE one")
            raise
        self.connection.execute("RELEASE one")

    def run(self, name: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """Execute a statement of queries.sql."""
        return self.connection.execute(self._sql[name], values)

    def run_many(self, name: str, rows: Iterator[tuple[Any, ...]]) -> None:
        """Execute a statement of queries.sql for every row."""
        self.connection.executemany(self._sql[name], rows)

    def number(self, name: str, values: Sequence[Any] = ()) -> int:
        """The one number that a statement of queries.sql asks for."""
        return int(self.run(name, values).fetchone()[0])

    @contextmanager
    def explained(self) -> Iterator[None]:
        """SQLite's errors as our own: `IllegalTransition` where the table's trigger refused, else `WorkspaceError`."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            if "illegal transition" in str(error):
                raise IllegalTransition("a row was asked to go where no row may go; nothing was changed") from error
            raise
        except sqlite3.DatabaseError as error:
            raise _in_words(self.path, error) from error

    def _allow_transitions(self) -> None:
        with self.atomic():
            self.connection.execute("DELETE FROM transition")
            self.connection.executemany(
                "INSERT INTO transition VALUES (?, ?)",
                [(origin, target) for origin, ways in TRANSITIONS.items() for target in ways],
            )


def _uri(path: Path) -> str:
    uri = path.absolute().as_uri()
    # A network path of Windows: SQLite takes no host in the address, but four slashes.
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def _look_at_log(path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() and log.exists() and log.stat().st_size:
        raise _damaged(path, f"it is gone, and {log.name} is left of it")
    if (lost := lost_commits(log)) > 1:
        raise _damaged(path, f"{lost} commits of {log.name} can't be read")


def _make(path: Path) -> None:
    fresh = path.with_name(f"{path.name}.new")
    for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
        leftover.unlink(missing_ok=True)
    db = sqlite3.connect(fresh, isolation_level=None)
    try:
        fresh.chmod(0o600)
        db.executescript(f"BEGIN IMMEDIATE;\n{schema()}\nPRAGMA user_version = {SCHEMA_VERSION};\nCOMMIT;")
    finally:
        db.close()
    fresh.replace(path)


def _examine(path: Path) -> None:
    """Read the whole file once, and change nothing in it, because a damaged one must be kept as it is."""
    with closing(_connect_to_read(path)) as db:
        _check_version(path, db)
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise _damaged(path, " ".join(str(found).replace("*** in database main ***", "").split()))


def _check_version(path: Path, db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        raise _damaged(path, "there is no journal in it")
    if version > SCHEMA_VERSION:
        raise WorkspaceError(
            f"The journal {path} was written by a newer version of campaign (format {version}).",
            "Update campaign: pip install --upgrade campaign.",
        )


def _connect_to_write(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE)
    try:
        path.chmod(0o600)
        mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        durable = db.execute("PRAGMA synchronous").fetchone()[0] == 2
        if mode != "wal" or not durable:
            raise WorkspaceError(
                f"The journal {path} can't be written durably here (mode {mode}).",
                "Put the workspace on a local disk: --home FOLDER or CAMPAIGN_HOME.",
            )
    except BaseException:
        db.close()
        raise
    return db


def _connect_to_read(path: Path, more: str = "") -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{_uri(path)}?mode=ro{more}", uri=True, isolation_level=None, check_same_thread=False, timeout=_PATIENCE
    )
    try:
        db.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        db.close()
        # On a read-only disk SQLite can't make the files that it needs beside this one. Without a log nobody has it open to
        # write, and nobody can begin to: then it can be read without them.
        if more or path.with_name(f"{path.name}-wal").exists() or os.access(path.parent, os.W_OK):
            raise
        return _connect_to_read(path, "&immutable=1")
    except BaseException:
        db.close()
        raise
    return db


def _in_words(path: Path, error: sqlite3.DatabaseError) -> CampaignError:
    said = str(error)
    if "full" in said or "disk I/O" in said:
        return WorkspaceError(
            f"The journal {path} can't be written: the disk is full or failing ({said}).",
            "Nothing is lost. Free some space, then run the same command again.",
        )
    if "readonly" in said or "unable to open" in said:
        return WorkspaceError(
            f"The journal {path} can't be {'written' if 'readonly' in said else 'opened'} ({said}).",
            "Check your rights to the folder, or choose another workspace: --home FOLDER or CAMPAIGN_HOME.",
        )
    if "locked" in said or "busy" in said:
        return WorkspaceError(
            f"The journal {path} is in use by another program.", "Wait until it has finished, then try again."
        )
    if "malformed" in said or "not a database" in said:
        return _damaged(path, said)
    return WorkspaceError(
        f"The journal {path} can't be used: {said}.",
        "Nothing was sent. Try again, or use another workspace: --home FOLDER.",
    )


def _damaged(path: Path, how: str) -> WorkspaceError:
    return WorkspaceError(
        f"The journal {path} is damaged ({how}). Nothing was sent.",
        f"Keep a copy of {path.name} and of the files beside it: they know who was called. Then restore them from a backup, or "
        f"try `sqlite3 {path.name} .recover`.",
    )
