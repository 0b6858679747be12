"""The journal's file is opened: made whole or not at all, examined before it is written, brought to the newest version.

A new file is made beside its place and renamed when it is whole: what stands at its place is a journal, or damaged.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from campaign.adapters.journal.failures import damaged, explained
from campaign.adapters.journal.person_key import PersonKey, keep_key, key_path, new_key, read_key
from campaign.adapters.journal.queries import migration, queries, schema
from campaign.adapters.journal.wal import lost_commits
from campaign.core.errors import WorkspaceError

SCHEMA_VERSION = 3
FIRST_WITH_KEY = 2
_PATIENCE = 10.0  # seconds to wait for another program that holds the file


def open_to_write(path: Path) -> sqlite3.Connection:
    """The journal, made if there is none. Raises `WorkspaceError`; a damaged one is kept as it is."""
    with explained(path):
        look_at_log(path)
        if path.exists():
            _examine(path)
        else:
            _make(path)
        db = _connect_to_write(path)
        try:
            _bring_up_to_date(path, db)
        except BaseException:
            db.close()
            raise
        return db


def open_to_read(path: Path) -> sqlite3.Connection:
    """The journal, only to be read, of the newest version. Raises `WorkspaceError`."""
    with explained(path):
        db = _connect_to_read(path)
        try:
            check_version(path, db)
            _let_mark(db, check_key(path, db))
        except BaseException:
            db.close()
            raise
        return db


def is_outdated(path: Path) -> bool:
    """Whether the journal is of an older version: it must be opened for writing once before it can be only read."""
    with explained(path), closing(_connect_to_read(path)) as db:
        return 0 < version_of(db) < SCHEMA_VERSION


def look_at_log(path: Path) -> None:
    """Raise `WorkspaceError` if SQLite would not read all that its log holds, or if only the log is left."""
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() and log.exists() and log.stat().st_size:
        raise damaged(path, f"it is gone, and {log.name} is left of it")
    if (lost := lost_commits(log)) > 1:
        raise damaged(path, f"{lost} commits of {log.name} can't be read")


def _make(path: Path) -> None:
    """A new journal. The key is written when the journal is whole, so a key without one tells that the journal has gone."""
    fresh = path.with_name(f"{path.name}.new")
    if key_path(path).exists():
        if not _belongs(fresh, read_key(key_path(path))):
            raise WorkspaceError(
                f"The journal {path} is gone, and its key {key_path(path).name} is left. Nothing was sent.",
                "It knows who was called: restore it from your backup of the workspace. To begin anew, knowing nobody, remove "
                "the key too.",
            )
    else:
        for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
            leftover.unlink(missing_ok=True)
        key = new_key()
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            fresh.chmod(0o600)
            _let_mark(db, key)
            _run(db, schema())
        keep_key(key, key_path(path))
    fresh.replace(path)


def _belongs(fresh: Path, key: PersonKey) -> bool:
    """Whether a crash has left a whole journal beside its place, made with that key."""
    if not fresh.exists():
        return False
    try:
        with closing(_connect_to_read(fresh)) as db:
            check = db.execute(queries()["key_check"]).fetchone()
    except sqlite3.DatabaseError:
        return False
    return check is not None and check[0] == key.check()


def _examine(path: Path) -> None:
    """Read the whole file once, and change nothing in it, because a damaged one must be kept as it is."""
    with closing(_connect_to_read(path)) as db:
        check_version(path, db)
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise damaged(path, " ".join(str(found).replace("*** in database main ***", "").split()))


def check_version(path: Path, db: sqlite3.Connection) -> None:
    """Raise `WorkspaceError` for a file that is no journal, or one of a newer version."""
    version = version_of(db)
    if version == 0:
        raise damaged(path, "there is no journal in it")
    if version > SCHEMA_VERSION:
        raise WorkspaceError(
            f"The journal {path} was written by a newer version of campaign (format {version}).",
            "Update campaign: pip install --upgrade campaign.",
        )


def _bring_up_to_date(path: Path, db: sqlite3.Connection) -> None:
    version = version_of(db)
    if version < FIRST_WITH_KEY:
        if not key_path(path).exists():
            keep_key(new_key(), key_path(path))
        _let_mark(db, read_key(key_path(path)))
    else:
        _let_mark(db, check_key(path, db))
    if version < SCHEMA_VERSION:
        _run(db, *(migration(step) for step in range(version + 1, SCHEMA_VERSION + 1)))


def _run(db: sqlite3.Connection, *scripts: str) -> None:
    # executescript commits by itself, so the version goes into the same script: all of it or nothing.
    db.executescript("\n".join(("BEGIN IMMEDIATE;", *scripts, f"PRAGMA user_version = {SCHEMA_VERSION};", "COMMIT;")))


def check_key(path: Path, db: sqlite3.Connection) -> PersonKey:
    """The journal's key. Raises `WorkspaceError` if it is gone or damaged, or the journal was written with another."""
    key = read_key(key_path(path))
    check = db.execute(queries()["key_check"]).fetchone()
    if check is None or check[0] != key.check():
        raise WorkspaceError(
            f"{key_path(path)} is not the key of the journal {path}. Nothing was sent.",
            "The two belong together: restore both from the same backup of the workspace.",
        )
    return key


def _let_mark(db: sqlite3.Connection, key: PersonKey) -> None:
    db.create_function("person", 1, key.mark, deterministic=True)
    db.create_function("key_check", 0, key.check, deterministic=True)


def version_of(db: sqlite3.Connection) -> int:
    """The version of the file; 0 where there is no journal in it."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _connect_to_write(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE)
    try:
        path.chmod(0o600)
        mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten: `forget` means it
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
        f"{file_uri(path)}?mode=ro{more}", uri=True, isolation_level=None, check_same_thread=False, timeout=_PATIENCE
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


def file_uri(path: Path) -> str:
    """The path as SQLite takes it in an address."""
    uri = path.absolute().as_uri()
    # A network path of Windows: SQLite takes no host in the address, but four slashes.
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)
