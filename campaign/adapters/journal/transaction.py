"""A transaction of SQLite as a block of the program, which an interrupt may hit anywhere."""

from __future__ import annotations

import sqlite3
from typing import Literal

from campaign.adapters.journal.failures import explained


class Transaction:
    """Entered for each transaction of one kind: what is written inside is kept wholly, or not at all; what is read inside is of
    one moment.

    A class, not a generator: an interrupt between a generator's first step and the block would leave the transaction open
    until somebody collects the generator.
    """

    def __init__(
        self, connection: sqlite3.Connection, explain: explained, *, begin: Literal["BEGIN", "BEGIN IMMEDIATE"]
    ) -> None:
        """`BEGIN` is for reading alone, and keeps nothing."""
        self._connection = connection
        self._explained = explain
        self._begin = begin
        self._keeps = begin != "BEGIN"

    def __enter__(self) -> None:
        """Begin. Raises `WorkspaceError`."""
        try:
            with self._explained:
                self._connection.execute(self._begin)
        except BaseException:
            self.undo()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Commit, unless the block has failed. Raises `WorkspaceError`, also for what SQLite said in the block."""
        try:
            if error is None and self._keeps:
                with self._explained:
                    self._connection.commit()
        finally:
            self.undo()
        self._explained.__exit__(kind, error, trace)

    def undo(self) -> None:
        """Undo what is open, if anything is."""
        if self._connection.in_transaction:
            with self._explained:
                self._connection.execute("ROLLBACK")
