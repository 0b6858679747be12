"""The key that turns a number into a mark: how a person is known again without keeping the number.

A phone number is short enough to be found from a plain hash by trying all of them. So the hash is keyed, and the key lies
in a file of its own beside the journal: who has only one of the two files can tell nobody's number.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from campaign.adapters.durable import sync_folder
from campaign.core.errors import WorkspaceError

_BYTES = 32
_CURE = (
    "It is needed to know again whom earlier campaigns called. Restore it from your backup of the workspace, or use another "
    "workspace: --home FOLDER or CAMPAIGN_HOME."
)


class PersonKey:
    """Marks numbers. The same number always has the same mark in one workspace, and another one elsewhere."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hex(self) -> str:
        """The key as it is kept."""
        return self._key.hex()

    def mark(self, digits: int) -> int:
        """The mark of a number: 64 bits, signed, as SQLite keeps them."""
        digest = blake2b(str(digits).encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, signed=True)

    def check(self) -> str:
        """Tells whether a journal was written with this key, without telling the key."""
        return blake2b(b"campaign journal", key=self._key, digest_size=16).hexdigest()


def key_path(journal: Path) -> Path:
    """Where the key of a journal lies."""
    return journal.with_suffix(".key")


def read_key(path: Path) -> PersonKey:
    """The key that is there. Raises `WorkspaceError` if there is none or it is damaged."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise WorkspaceError(f"The journal's key {path} is gone. Nothing was sent.", _CURE) from None
    except OSError as error:
        raise WorkspaceError(
            f"The journal's key {path} can't be read: {error.strerror}. Nothing was sent.", _CURE
        ) from None
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise WorkspaceError(f"The journal's key {path} is damaged. Nothing was sent.", _CURE)
    return PersonKey(key)


def new_key() -> PersonKey:
    """A key that nobody has."""
    return PersonKey(os.urandom(_BYTES))


def keep_key(key: PersonKey, path: Path) -> None:
    """Write the key, whole and on disk before this returns. Raises `WorkspaceError`."""
    fresh = path.with_suffix(".key.new")
    try:
        # Only its owner may read it, from the first moment on.
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(key.hex())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise WorkspaceError(
            f"The journal's key {path} can't be written: {error.strerror}. Nothing was sent.",
            "Check your rights to the folder and its free space, or use another workspace: --home FOLDER or CAMPAIGN_HOME.",
        ) from None
