"""A glance at the journal that leaves no trace: it takes no lock, waits for nobody and makes no file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaign.adapters.journal.failures import damaged, explained
from campaign.adapters.journal.opening import (
    FIRST_WITH_KEY,
    check_key,
    check_version,
    file_uri,
    look_at_log,
    version_of,
)
from campaign.adapters.journal.person_key import key_path
from campaign.adapters.journal.queries import queries
from campaign.adapters.journal.rows import from_ms_or_none
from campaign.core.errors import WorkspaceError

_MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class Health:
    """A journal that is whole: the version of its file, how many campaigns it has, and when the newest was made."""

    version: int
    campaigns: int
    newest: datetime | None


def campaign_names(path: Path) -> list[tuple[str, str]]:
    """The newest campaigns of the journal: id, and the name of its list. Empty where there is no journal.

    Raises `WorkspaceError` if it can't be read.
    """
    if not path.exists():
        return []
    with explained(path), closing(_opened(path)) as db:
        return db.execute(queries()["campaign_names"], (_MOST_NAMES,)).fetchall()


def examine(path: Path) -> Health | None:
    """Read all of the journal once, as a run does before it sends; None where there is no journal yet.

    Raises `WorkspaceError` as a run would: damaged, of a newer version, without its key, or with another's.
    """
    with explained(path):
        look_at_log(path)
        if not path.exists():
            if key_path(path).exists():
                raise WorkspaceError(
                    f"The journal {path} is gone, and its key {key_path(path).name} is left.",
                    "It knows who was called: restore it from your backup of the workspace.",
                )
            return None
        with closing(_opened(path)) as db:
            check_version(path, db)
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise damaged(path, " ".join(str(found).split()))
            version = version_of(db)
            if version >= FIRST_WITH_KEY:
                check_key(path, db)
            campaigns, newest = db.execute(queries()["campaigns_made"]).fetchone()
            return Health(version, campaigns, from_ms_or_none(newest))


def _opened(path: Path) -> sqlite3.Connection:
    # SQLite makes an index beside a journal that is opened the usual way, even to read it. It needs none for a file that
    # nobody is writing: then there is no log.
    log = path.with_name(f"{path.name}-wal")
    quiet = not log.exists() or log.stat().st_size == 0
    more = "&immutable=1" if quiet else ""
    return sqlite3.connect(f"{file_uri(path)}?mode=ro{more}", uri=True, timeout=0)
