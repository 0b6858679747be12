"""What goes wrong with the journal's file, in words that help a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from campaign.core.errors import CampaignError, IllegalTransition, WorkspaceError


class explained:  # noqa: N801 - used like contextlib.suppress
    """SQLite's errors as our own: `IllegalTransition` where the table's trigger refused, else `WorkspaceError`.

    Entered for every write and every commit: as a class it costs a third of what `contextmanager` does, and one serves all.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.IntegrityError):
            if "illegal transition" in str(error):
                raise IllegalTransition("a row was asked to go where no row may go; nothing was changed") from error
        elif isinstance(error, sqlite3.DatabaseError):
            raise in_words(self._path, error) from error


def in_words(path: Path, error: sqlite3.DatabaseError) -> CampaignError:
    """What SQLite says of the journal, and what to do about it."""
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
        return damaged(path, said)
    return WorkspaceError(
        f"The journal {path} can't be used: {said}.",
        "Nothing was sent. Try again, or use another workspace: --home FOLDER.",
    )


def damaged(path: Path, how: str) -> WorkspaceError:
    """The journal, or part of it, can't be read: it must be kept, because it knows who was called."""
    return WorkspaceError(
        f"The journal {path} is damaged ({how}). Nothing was sent.",
        f"Keep a copy of {path.name} and of the files beside it: they know who was called. Then restore them from a backup, or "
        f"try `sqlite3 {path.name} .recover`.",
    )
