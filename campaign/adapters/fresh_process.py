"""A module of ours in a process of its own, started fresh on every system: by `-m`, so that it works from scripts without a
guard, `python -c` and notebooks, and with nothing of the environment that may hold a key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parents[2]  # the folder in which the package `campaign` is
_KEPT = {
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "COMSPEC"),
}
# No console window flashes up on Windows when the campaign has none itself.
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def start(
    module: str, *arguments: str, stdin: int = subprocess.DEVNULL, stdout: int | IO[bytes] = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start `python -m module arguments`. What it says on its standard error is lost."""
    return subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs us
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=_NO_WINDOW,
    )


def _environment() -> dict[str, str]:
    """What an interpreter needs to start, and no more: keys may stand in the environment."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in _KEPT}
    return {**kept, "PYTHONPATH": os.pathsep.join(_search_path()), "PYTHONUTF8": "1"}


def _search_path() -> list[str]:
    """Where this process finds modules, so that the other one finds the same; never just "the folder one is in"."""
    return list(dict.fromkeys([*filter(None, sys.path), str(_ROOT)]))
