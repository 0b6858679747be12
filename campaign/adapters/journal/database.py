"""The journal's file as statements that go by name, and transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from campaign.adapters.journal.failures import explained
from campaign.adapters.journal.opening import open_to_read, open_to_write
from campaign.adapters.journal.queries import queries
from campaign.adapters.journal.transaction import Transaction
from campaign.core.errors import WorkspaceError
from campaign.core.lifecycle import TRANSITIONS


class Database:
    """One connection to the journal's file, whose statements go by name. Raises `WorkspaceError` where it can't be used."""

    def __init__(self, path: Path, *, readonly: bool) -> None:
        self.path = path
        self._explained = explained(path)
        self._sql = queries()
        self.connection = open_to_read(path) if readonly else open_to_write(path)
        self.connection.row_factory = sqlite3.Row
        self._atomic = Transaction(self.connection, self._explained, begin="BEGIN IMMEDIATE")
        self._snapshot = Transaction(self.connection, self._explained, begin="BEGIN")
        if not readonly:
            try:
                self._allow_transitions()
            except BaseException:
                self.connection.close()
                raise

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self.connection.close()

    def atomic(self) -> AbstractContextManager[None]:
        """All writes inside are committed together, durably, or not at all."""
        return self._atomic

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read inside is of one moment."""
        return self._snapshot

    def undo(self) -> None:
        """Undo what an interrupt has left open between two steps of the program."""
        self._atomic.undo()

    def clean(self) -> None:
        """Leave nothing of what was erased in the files. Raises `WorkspaceError` where another program reads them."""
        with self.explained():
            # Freed space is overwritten (secure_delete), but a page that was split keeps what it gave away, until the file
            # is written anew; and the write-ahead log has older copies until it is emptied.
            self.connection.execute("VACUUM")
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

    def run_for(self, name: str, rows: Sequence[tuple[Any, ...]]) -> sqlite3.Cursor:
        """Execute a statement of queries.sql for one row of values or more at a time; they stand in it as `(VALUES :rows)`."""
        # Few sizes, so that SQLite knows the statement already: the rest is rows of nothing, which match nothing.
        width, size = len(rows[0]), 1 << (len(rows) - 1).bit_length()
        values = [value for row in rows for value in row] + [None] * (width * (size - len(rows)))
        return self.connection.execute(_for_rows(self._sql[name], width, size), values)

    def number(self, name: str, values: Sequence[Any] = ()) -> int:
        """The one number that a statement of queries.sql asks for."""
        return int(self.run(name, values).fetchone()[0])

    def explained(self) -> AbstractContextManager[None]:
        """SQLite's errors inside are raised as our own: `IllegalTransition`, `WorkspaceError`."""
        return self._explained

    def _allow_transitions(self) -> None:
        with self.atomic():
            self.connection.execute("DELETE FROM transition")
            self.connection.executemany(
                "INSERT INTO transition VALUES (?, ?)",
                [(origin, target) for origin, ways in TRANSITIONS.items() for target in ways],
            )


@cache
def _for_rows(sql: str, width: int, size: int) -> str:
    """The statement for so many rows of so many values."""
    row = f"({', '.join('?' * width)})"
    return sql.replace(":rows", ", ".join([row] * size))
