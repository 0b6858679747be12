"""How a write-only workbook is saved, or leaves nothing behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter


@contextlib.contextmanager
def saved(path: Path) -> Iterator[Workbook]:
    """A write-only workbook that is saved to `path` at the end; its temporary files never outlive the block."""
    book = Workbook(write_only=True)
    try:
        yield book
        # Not `Workbook.save`, which leaves its archive open when the disk is full.
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).write_data()
    except BaseException:
        for sheet in book.worksheets:
            _discard(sheet)
        raise


def _discard(sheet: Any) -> None:
    # openpyxl would remove the temporary file of an unfinished sheet, which holds people's data, only when the program
    # ends. It has no public way to do it earlier; closing flushes, so it may meet the same full disk again.
    writer = sheet._writer
    if writer is None:
        return
    for close in (sheet._rows.close if sheet._rows else writer.close, writer.close, writer.cleanup):
        with contextlib.suppress(OSError, ValueError):
            close()
