"""How a workbook is written and saved, or leaves nothing behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from campaign.adapters.results.sheets.row_sheet import RowSheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LEVEL = 3  # a third of the time of zlib's usual 6, for a file 7% larger
_END_OF_ROWS = b"</sheetData>"


class NewWorkbook:
    """A workbook that is being written: sheets of openpyxl's own, and those whose rows are streamed."""

    def __init__(self, title: str) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties.creator, self._book.properties.title = "campaign", title
        self._streamed: list[RowSheet] = []

    def sheet(self, title: str, index: int | None = None) -> Worksheet:
        """A new sheet, the last one or the one at `index`."""
        sheet: Worksheet = self._book.create_sheet(title, index)
        return sheet

    def row_sheet(self, title: str, index: int | None = None) -> RowSheet:
        """A new sheet for any number of rows, the last one or the one at `index`."""
        self._streamed.append(RowSheet(self.sheet(title, index)))
        return self._streamed[-1]

    def save(self, path: Path) -> None:
        """Write the file. Raises `OSError`."""
        # Not `Workbook.save`, which leaves its archive open when the disk is full.
        with _Archive(path, self._streamed) as archive:
            ExcelWriter(self._book, archive).write_data()

    def discard(self) -> None:
        """Remove the temporary files, which hold people's data. After `save`, too."""
        for sheet in self._book.worksheets:
            _discard(sheet)
        for streamed in self._streamed:
            with contextlib.suppress(OSError):
                streamed.close()


@contextlib.contextmanager
def saved(path: Path, title: str) -> Iterator[NewWorkbook]:
    """A workbook that is saved to `path` at the end; its temporary files never outlive the block."""
    book = NewWorkbook(title)
    try:
        yield book
        book.save(path)
    finally:
        book.discard()


class _Archive(ZipFile):
    """The file that openpyxl's writer fills; the rows of streamed sheets are put into their frames on the way."""

    def __init__(self, path: Path, streamed: Iterable[RowSheet]) -> None:
        super().__init__(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._streamed = {sheet.frame: sheet for sheet in streamed}

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        rows = self._streamed.get(Path(filename))
        if rows is None:
            super().write(filename, arcname, compress_type, compresslevel)
            return
        head, end, tail = Path(filename).read_bytes().partition(_END_OF_ROWS)
        with self.open(str(arcname), "w", force_zip64=True) as part:
            part.write(head)
            rows.copy_to(part)
            part.write(end + tail)


def _discard(sheet: Any) -> None:
    # openpyxl would remove the temporary file of an unfinished sheet only when the program ends. It has no public way to do it
    # earlier; closing flushes, so it may meet the same full disk again.
    writer = sheet._writer
    if writer is None or not Path(writer.out).exists():
        return
    for close in (sheet._rows.close if sheet._rows else writer.close, writer.close, writer.cleanup):
        with contextlib.suppress(OSError, ValueError):
            close()
