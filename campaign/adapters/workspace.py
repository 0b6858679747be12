"""The workspace: the folder that holds the journal and its own do-not-call list.

Both guard people across campaigns: against a second call, and against any.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from campaign.core.errors import WorkspaceError

_PROBE = 0.2  # seconds; for a moment it is held by whoever asks whether it is
_NO_SPACE = "Free some space on that disk, then run the same command again."
_CURE = "Check your rights to it, or choose another workspace: --home FOLDER or CAMPAIGN_HOME."


def home_folder(given: str | Path | None) -> Path:
    """`--home`, else CAMPAIGN_HOME, else the platform's folder for user data."""
    if given is not None:
        return Path(given).expanduser()
    if env := os.environ.get("CAMPAIGN_HOME"):
        return Path(env).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("campaign", appauthor=False))


class Workspace:
    """A folder that only its owner can read. Raises `WorkspaceError` where it can't be made or used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal_path = folder / "journal.db"
        self.suppressions_path = folder / "suppressions.db"
        self._lock_path = folder / "journal.lock"
        self._holder_path = folder / "journal.holder.json"

    def create(self) -> None:
        """Make the folder, private to its owner, and see that it can be written."""
        try:
            if not self.folder.is_dir():  # a folder that was there before is shared or not as its owner wants it
                self.folder.mkdir(parents=True, mode=0o700)
            probe = self.folder / ".writable"
            probe.write_bytes(b"campaign")
            probe.unlink()
        except OSError as error:
            raise self._unwritable(error) from None

    @contextmanager
    def sole_use(self) -> Iterator[None]:
        """Hold the workspace: one process delivers from one journal at a time. Raises `WorkspaceError` naming the holder."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock_path)
        try:
            lock.acquire(timeout=_PROBE, poll_interval=_PROBE / 10)
        except Timeout:
            raise WorkspaceError(
                f"Another campaign command is using the workspace {self.folder}{self._holder()}.",
                "Wait until it has finished (campaign status shows where it stands), or stop it with Ctrl-C in its window.",
            ) from None
        except OSError as error:
            raise WorkspaceError(
                f"The workspace {self.folder} can't be locked: {error.strerror or error}.", _CURE
            ) from None
        try:
            self._say_who_holds()
            yield
        finally:
            with suppress(OSError):  # on Windows, while another process reads it
                self._holder_path.unlink(missing_ok=True)
            lock.release()

    def holder(self) -> str:
        """Which process holds the workspace now (`process 123, since ...`); "" if none does."""
        from filelock import FileLock, Timeout

        if not self._lock_path.exists():
            return ""
        try:
            with FileLock(self._lock_path).acquire(timeout=0):
                return ""
        except Timeout:
            return self._holder().strip(" ()") or "by another process"
        except OSError:
            return ""

    def _say_who_holds(self) -> None:
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        try:
            self._holder_path.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> WorkspaceError:
        cure = _NO_SPACE if error.errno in (errno.ENOSPC, errno.EDQUOT) else _CURE
        return WorkspaceError(
            f"The workspace {self.folder} can't be written: {error.strerror or error}. Nothing was sent.", cure
        )

    def _holder(self) -> str:
        try:
            holder = json.loads(self._holder_path.read_text(encoding="utf-8"))
            return f" (process {holder['pid']}, since {holder['since']})"
        except (OSError, ValueError, KeyError):
            return ""
