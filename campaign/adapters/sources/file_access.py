"""The file itself: opened, weighed and hashed, with the system's refusals told in words a person can act on."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from campaign.adapters.near_file import did_you_mean
from campaign.core.errors import SourceError

_CHUNK = 1 << 20


class Stamp(NamedTuple):
    """What changes when a file is saved anew: its size in bytes and its modification time in nanoseconds."""

    size: int
    modified: int


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """The file, open for reading bytes. Raises `SourceError` for whatever the system refuses while it is open."""
    with _refusals_told(path), path.open("rb") as file:
        yield file


def stamp(path: Path, *endings: str) -> Stamp:
    """The file's stamp. Raises `SourceError` if there is no such file, with the nearest that has one of the `endings`."""
    with _refusals_told(path, *endings):
        try:
            status = path.stat()
        except ValueError:  # a name that no system can have, with a NUL in it
            raise SourceError(f"{str(path)!r} is no name for a file.", "Check the name.") from None
        if path.is_dir():
            raise SourceError(f"{path} is a folder.", "Name a file in it.")
        if not path.is_file():
            raise SourceError(f"{path} is not a file.", "Save the list to a file and name that.")
    return Stamp(status.st_size, status.st_mtime_ns)


def sha256(path: Path) -> str:
    """SHA-256 of the file's bytes, hex. Raises `SourceError`."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def chunks(file: BufferedReader) -> Iterator[bytes]:
    """The rest of the file, a mebibyte at a time."""
    while chunk := file.read(_CHUNK):
        yield chunk


def holds(path: Path, needle: bytes) -> bool:
    """Whether `needle` stands anywhere in the file. Raises `SourceError`."""
    tail = b""
    with opened(path) as file:
        for chunk in chunks(file):
            if needle in tail + chunk:
                return True
            tail = (tail + chunk)[1 - len(needle) :]
    return False


@contextlib.contextmanager
def _refusals_told(path: Path, *endings: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        cure = f"{did_you_mean(path, *endings)}Check the name and the folder."
        raise SourceError(f"There is no file {path}.", cure) from None
    except PermissionError:
        raise SourceError(
            f"{path} may not be read.",
            "If it is open in Excel, close it there; if not, check your rights to it.",
        ) from None
    except OSError as error:
        said = error.strerror or str(error)
        raise SourceError(f"{path} can't be read: {said}.", "Check the name, or copy it to this computer.") from None
