"""Whether files were saved since they were read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Stamps = list[tuple[int, int, int] | None]


def stamps(files: Iterable[Path]) -> Stamps:
    """Which file each is, its size and its time; None for one that is gone, which reading will tell."""
    found: Stamps = []
    for path in files:
        try:
            status = path.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return found
