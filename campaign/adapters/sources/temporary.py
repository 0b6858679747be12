"""A private folder for what a list is unpacked or turned into while it is read."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from campaign.core.errors import SourceError


class TemporaryFolder:
    """A folder that only this user may look into; it is removed with `owner`, and at the latest when the process ends."""

    def __init__(self) -> None:
        """Raises `SourceError` if there is no place for it."""
        try:
            self.path = Path(tempfile.mkdtemp(prefix="campaign-"))
        except OSError as error:
            raise _no_place(error) from None
        self._end = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def last_as_long_as(self, owner: object) -> None:
        """Stay until `owner` is gone."""
        weakref.finalize(owner, self.remove)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        self._end()

    @contextlib.contextmanager
    def kept_if_all_goes_well(self) -> Iterator[Path]:
        """The path; the folder is removed if what is done with it raises. Raises `SourceError` for a full disk."""
        try:
            yield self.path
        except OSError as error:
            self.remove()
            raise _no_place(error) from None
        except BaseException:
            self.remove()
            raise


def _no_place(error: OSError) -> SourceError:
    return SourceError(
        f"A temporary file for reading the list can't be written: {error.strerror or error}.",
        "Free some space on the disk that holds your temporary files, or unpack the list yourself and save it as CSV.",
    )
