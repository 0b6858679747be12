"""Damaged workbooks: whatever a reader trips over becomes one error that a person can act on."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from campaign.core.errors import SourceError

SAVE_AGAIN = "Open it in Excel and save it again as Excel Workbook (.xlsx), then try again."


@contextlib.contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Raises `SourceError` for everything that goes wrong with the workbook while it is open."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # the system's own: the drive is gone; a damaged archive can name a place before the file's first byte
        # Damaged workbooks make openpyxl, zipfile and the XML parser raise nearly everything there is.
        raise damaged(name, f"{type(error).__name__}: {error}") from error


def damaged(name: str, said: str) -> SourceError:
    """The error that the workbook can't be read."""
    return SourceError(f"{name} is damaged or not a workbook that can be read ({said}).", SAVE_AGAIN)
