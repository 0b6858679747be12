"""The journal's file: opened durably, brought to the newest version, its errors told in words that help a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from campaign.adapters.journal.person_key import PersonKey, key_path, make_key, read_key
from campaign.adapters.journal.queries import migration, queries, schema
from campaign.core.errors import CampaignError, IllegalTransition, WorkspaceError
from campaign.core.lifecycle import TRANSITIONS

SCHEMA_VERSION = 2
_FIRST_WITH_KEY = 2


class Database:
    """One connection to the journal's file, whose statements go by name. Raises `WorkspaceError` where it can't be used."""

    def __init__(self, path: Path, *, readonly: bool) -> None:
        self.path = path
        self._sql = queries()
        with self.explained():
            self.connection = _connect(path, readonly=readonly)
            self.connection.row_factory = sqlite3.Row
            try:
                self._open_schema(readonly=readonly)
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

    def clean(self) -> None:
        """Leave nothing of what was erased in the files. Raises `WorkspaceError` where another program reads them."""
        with self.explained():
            # The pages are overwritten (secure_delete), but the write-ahead log has older copies until it is emptied.
            busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise WorkspaceError(
                f"Erased, but another program is reading the journal {self.path}, so its log still has older copies.",
                "Give the same command again once that program has ended.",
            )

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

    def _open_schema(self, *, readonly: bool) -> None:
        """Make the tables, or bring them to the newest version; a journal that is only read must have it already."""
        version = self._version()
        if version > SCHEMA_VERSION:
            raise WorkspaceError(
                f"The journal {self.path} was written by a newer version of campaign (format {version}).",
                "Update campaign: pip install --upgrade campaign.",
            )
        if readonly:
            self._take_key(read_key(key_path(self.path)))
            return
        key = (make_key if version < _FIRST_WITH_KEY else read_key)(key_path(self.path))
        self._take_key(key, known=version >= _FIRST_WITH_KEY)
        if version < SCHEMA_VERSION:
            steps = [migration(step) for step in range(version + 1, SCHEMA_VERSION + 1)] if version else [schema()]
            # executescript commits by itself, so the version goes into the same script: all of it or nothing.
            self.connection.executescript(
                "\n".join(("BEGIN IMMEDIATE;", *steps, f"PRAGMA user_version = {SCHEMA_VERSION};", "COMMIT;"))
            )
        with self.atomic():
            self.connection.execute("DELETE FROM transition")
            self.connection.executemany(
                "INSERT INTO transition VALUES (?, ?)",
                [(origin, target) for origin, ways in TRANSITIONS.items() for target in ways],
            )

    def _version(self) -> int:
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def _take_key(self, key: PersonKey, *, known: bool = True) -> None:
        """Let statements mark numbers with `key`. Raises `WorkspaceError` if the journal was written with another."""
        if known:
            check = self.run("key_check").fetchone()
            if check is None or check[0] != key.check():
                raise WorkspaceError(
                    f"{key_path(self.path)} is not the key of the journal {self.path}. Nothing was sent.",
                    "The two belong together: restore both from the same backup of the workspace.",
                )
        self.connection.create_function("person", 1, key.mark, deterministic=True)
        self.connection.create_function("key_check", 0, key.check, deterministic=True)


def is_outdated(path: Path) -> bool:
    """Whether the journal is of an older version: it must be opened for writing once before it can be only read."""
    try:
        connection = _connect(path, readonly=True)
        try:
            return int(connection.execute("PRAGMA user_version").fetchone()[0]) < SCHEMA_VERSION
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise _in_words(path, error) from error


def _uri(path: Path) -> str:
    uri = path.absolute().as_uri()
    # A network path of Windows: SQLite takes no host in the address, but four slashes.
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if readonly:
        return sqlite3.connect(
            f"{_uri(path)}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=10
        )
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    path.chmod(0o600)
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten: `forget` means it
    durable = db.execute("PRAGMA synchronous").fetchone()[0] == 2
    if mode != "wal" or not durable:
        db.close()
        raise WorkspaceError(
            f"The journal {path} can't be written durably here (mode {mode}).",
            "Put the workspace on a local disk: --home FOLDER or CAMPAIGN_HOME.",
        )
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
            f"The journal {path} can't be opened for writing ({said}).",
            "Check your rights to the folder, or choose another workspace: --home FOLDER or CAMPAIGN_HOME.",
        )
    if "locked" in said or "busy" in said:
        return WorkspaceError(
            f"The journal {path} is in use by another program.", "Wait until it has finished, then try again."
        )
    if "malformed" in said or "not a database" in said:
        return WorkspaceError(
            f"The journal {path} is damaged ({said}). Nothing was sent.",
            "Keep a copy of it: it knows who was called. Then restore it from a backup, or `sqlite3 journal.db .recover`.",
        )
    return WorkspaceError(
        f"The journal {path} can't be used: {said}.",
        "Nothing was sent. Try again, or use another workspace: --home FOLDER.",
    )
