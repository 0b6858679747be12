"""A disk of a few megabytes, which can be filled to the last byte, emptied again, and made read-only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaign.adapters.sandbox import Sandbox
from campaign.adapters.sandbox.ledger import Arrival


class SmallDisk:
    """A tmpfs that is mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Take all that is free."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                while True:
                    try:
                        file.write(b"x" * size)
                    except OSError:
                        break

    def make_room(self) -> None:
        """Give it back."""
        self._filler.unlink()

    def read_only(self) -> None:
        """Nothing can be written any more."""
        subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)


@contextmanager
def small_disk(folder: Path, size: str = "12m") -> Iterator[SmallDisk]:
    """Mount it, or skip the test and say what is missing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs Linux and root, to mount a small tmpfs")
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a tmpfs: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_at(server: Sandbox, arrivals: int, disk: SmallDisk) -> None:
    """Fill the disk when so many requests have arrived, before the last of them is answered."""
    keep = server.ledger.add

    def kept(arrival: Arrival) -> None:
        keep(arrival)
        if len(server.ledger.arrivals) == arrivals:
            disk.fill()

    server.ledger.add = kept  # type: ignore[method-assign] # this one sandbox's, for a moment that no clock could hit
