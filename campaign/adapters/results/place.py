"""The place where a result file goes: checked early, written beside, renamed when it is whole."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from campaign.core.errors import OutputError

_LEFTOVER = re.compile(r"\..+\.[0-9a-f]{8}\.tmp")
"""The names that `_beside` makes."""


def check_output(path: Path, force: bool) -> None:
    """Raise `OutputError` where `path` can't be written: it exists and `force` is not given, or its folder won't do."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Name a file in it.")
    if path.exists():
        _check_existing(path, force)
    check_folder(path)


def check_folder(path: Path) -> None:
    """Raise `OutputError` where no new file can be written at `path`."""
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"{path}: there is no folder {folder}.", "Create it, or choose another place.")
    try:
        # Only trying tells: permission bits say little on Windows and on network drives.
        trial = _beside(path)
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as error:
        raise OutputError(
            f"{path}: nothing can be written in the folder {folder} ({_why(error)}).", "Choose another place."
        ) from error


@contextlib.contextmanager
def written_beside(path: Path, *, force: bool, campaign: str = "") -> Iterator[Path]:
    """A fresh file in the folder of `path` to write to; it takes the place of `path` when the block ends well.

    When it does not, the fresh file is removed and what stood at `path` stays as it was. An `OSError` (full disk,
    permission, a file held open by a spreadsheet program) becomes an `OutputError` whose cure names `campaign`.
    """
    target = Path(os.path.realpath(path))  # a link goes on pointing to the file
    fresh = _beside(target)
    try:
        fresh.touch(exist_ok=False)  # its name is known before it is there: an interrupt now leaves nothing behind
        yield fresh
        _flush_to_disk(fresh)
        if target.exists():
            # Asked again: the early check may be hours old.
            _check_existing(path, force, campaign)
            shutil.copymode(target, fresh)
        fresh.replace(target)
    except OSError as error:
        held = isinstance(error, PermissionError) and target.exists()
        hint = " If it is open in another program, close it there." if held else ""
        raise OutputError(f"{path} could not be written: {_why(error)}.{hint}", _again(path, campaign)) from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _check_existing(path: Path, force: bool, campaign: str = "") -> None:
    if not force:
        cure = "Use --force to replace it, or another name."
        raise OutputError(f"{path} already exists.", f"{cure} {_again(path, campaign)}" if campaign else cure)
    try:
        with path.open("r+b"):
            pass
    except OSError as error:
        raise OutputError(
            f"{path} can't be replaced: it is write-protected or open in another program ({_why(error)}).",
            "Close it there, or choose another name.",
        ) from error


def _beside(path: Path) -> Path:
    # Not `tempfile`: its files are for the owner only, and a result is shared as any other file of the person is.
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")


def leftovers(folder: Path) -> list[Path]:
    """What results that were broken off have left in a folder."""
    return sorted(path for path in folder.glob(".*.tmp") if _LEFTOVER.fullmatch(path.name))


def _flush_to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _again(path: Path, campaign: str) -> str:
    if not campaign:
        return "Choose another place."
    return f"Nothing is lost, the journal has every row: campaign export {campaign} -o OTHER{path.suffix}"


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
