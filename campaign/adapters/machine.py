"""What the machine has that a campaign needs: packages, time zones, room on the disk, a terminal that shows all letters."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

_TRIAL = 64 * 1024
_FOREIGN = "é ß ł Ж 李"


def versions() -> dict[str, str]:
    """`campaign` and every package that it needs, with the version that is installed; "" where it is missing."""
    needed = [one for one in metadata.requires("campaign") or () if "extra ==" not in one]
    names = ["campaign", *(re.split(r"[^\w.-]", one, maxsplit=1)[0] for one in needed)]
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def missing_zones(*zones: str) -> list[str]:
    """Those of the time zones of which the machine has no data."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    missing = []
    for zone in zones:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            missing.append(zone)
    return missing


def terminal_encoding() -> str:
    """The encoding of the terminal if it can't show all letters; "" if it can."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        _FOREIGN.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return encoding
    return ""


def nearest_folder(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    path = path.absolute()
    return next((folder for folder in (path, *path.parents) if folder.exists()), path)


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder."""
    return shutil.disk_usage(folder).free


def refusal_to_write(folder: Path) -> OSError | None:
    """Why nothing can be written in the folder; None if it can. Only trying tells; what is tried has no name that lasts."""
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"\0" * _TRIAL)
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        return error
    return None
