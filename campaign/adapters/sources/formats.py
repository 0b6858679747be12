"""The formats that are read: which ending stands for which content, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from campaign.adapters.sources.content import CURES, Content, content_of
from campaign.adapters.sources.file_access import stamp
from campaign.adapters.sources.gzipped import unpack
from campaign.adapters.sources.list_file import ListFile
from campaign.adapters.sources.table import Table, Wishes
from campaign.adapters.sources.temporary import TemporaryFolder
from campaign.core.errors import SourceError
from campaign.core.limits import Limits
from campaign.ports import HiddenChoice


def _text(path: Path, wishes: Wishes) -> Table:
    from campaign.adapters.sources.text.delimited import DelimitedText

    return DelimitedText(path, wishes)


def _workbook(path: Path, wishes: Wishes) -> Table:
    # Not at the top: openpyxl takes a good part of a second, and not every list is a workbook.
    from campaign.adapters.sources.excel.workbook import WorkbookSheet

    return WorkbookSheet(path, wishes)


def _old_workbook(path: Path, wishes: Wishes) -> Table:
    from campaign.adapters.sources.binary_excel.calamine_sheet import CalamineSheet

    return CalamineSheet(path, wishes)


def _open_document(path: Path, wishes: Wishes) -> Table:
    from campaign.adapters.sources.open_document.spreadsheet import OpenDocumentSheet

    return OpenDocumentSheet(path, wishes)


class _Format(NamedTuple):
    """What a file with a certain ending has to be, and who reads it."""

    content: Content
    read: Callable[[Path, Wishes], Table]


_FORMATS = {
    ".csv": _Format(Content.TEXT, _text),
    ".tsv": _Format(Content.TEXT, _text),
    ".txt": _Format(Content.TEXT, _text),
    ".xlsx": _Format(Content.ARCHIVE, _workbook),
    ".xlsm": _Format(Content.ARCHIVE, _workbook),
    ".xls": _Format(Content.COMPOUND, _old_workbook),
    ".xlsb": _Format(Content.ARCHIVE, _old_workbook),
    ".ods": _Format(Content.ARCHIVE, _open_document),
}
_PACKED = ".gz"

ENDINGS = tuple(_FORMATS)
"""The endings that are known, in lower case, with their dot. Each may be followed by `.gz`."""


def open_source(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    hidden_rows: HiddenChoice | None = None,
    limits: Limits | None = None,
) -> ListFile:
    """The list in `path`, its header found. What is left out is found as well; a sheet's name means nothing to a text
    file, and encoding and delimiter nothing to a workbook. `header_row` counts as `SourceRow.number` does. Without a word
    about `hidden_rows` they are given like the others, marked as hidden.

    Raises `SourceError` if the file can't be read, is not what its ending says, is beyond `limits`, or has no header.
    """
    before = stamp(path, *ENDINGS)
    wishes = Wishes(sheet, encoding, delimiter, limits or Limits())
    if path.suffix.lower() != _PACKED:
        return ListFile(path, _table(path, wishes), header_row, before, hidden_rows)
    _format(path.with_suffix(""), path.name)
    _check_content(path, content_of(path), Content.GZIP)
    folder = TemporaryFolder()
    with folder.kept_if_all_goes_well():
        table = _table(unpack(path, folder, wishes.limits), wishes)
        folder.last_as_long_as(table)
        return ListFile(path, table, header_row, before, hidden_rows)


def _table(path: Path, wishes: Wishes) -> Table:
    wanted = _format(path, path.name)
    _check_content(path, content_of(path), wanted.content)
    return wanted.read(path, wishes)


def _format(path: Path, name: str) -> _Format:
    known = _FORMATS.get(path.suffix.lower())
    if known is None:
        raise SourceError(
            f"{name} can't be read: '{path.suffix}' is not the ending of a list."
            if path.suffix
            else f"{name} can't be read: it has no ending that tells what it is.",
            f"Save the list as one of {', '.join(ENDINGS)}, or as one of these compressed: {ENDINGS[0]}{_PACKED}.",
        )
    return known


def _check_content(path: Path, content: Content, wanted: Content) -> None:
    if content is Content.EMPTY:
        raise SourceError(f"{path.name} is empty.", CURES[content])
    if content is not wanted:
        raise SourceError(f"{path.name} is not what its ending says: it is {content}.", CURES[content])
