"""The formats that are read: which ending stands for which content, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from campaign.adapters.sources.content import CURES, Content, content_of
from campaign.adapters.sources.file_access import stamp
from campaign.adapters.sources.list_file import ListFile
from campaign.adapters.sources.table import Table, Wishes
from campaign.core.errors import SourceError
from campaign.ports import HiddenChoice


def _text(path: Path, wishes: Wishes) -> Table:
    from campaign.adapters.sources.delimited import DelimitedText

    return DelimitedText(path, wishes)


def _workbook(path: Path, wishes: Wishes) -> Table:
    # Not at the top: openpyxl takes a good part of a second, and not every list is a workbook.
    from campaign.adapters.sources.workbook import WorkbookSheet

    return WorkbookSheet(path, wishes)


_CONTENTS = {
    ".csv": Content.TEXT,
    ".tsv": Content.TEXT,
    ".txt": Content.TEXT,
    ".xlsx": Content.ARCHIVE,
    ".xlsm": Content.ARCHIVE,
}
_READERS: dict[Content, Callable[[Path, Wishes], Table]] = {Content.TEXT: _text, Content.ARCHIVE: _workbook}

ENDINGS = tuple(_CONTENTS)
"""The endings that are known, in lower case, with their dot."""


def open_source(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    hidden_rows: HiddenChoice | None = None,
) -> ListFile:
    """The list in `path`, its header found. What is left out is found as well; a sheet's name means nothing to a text
    file, and encoding and delimiter nothing to a workbook. `header_row` counts as `SourceRow.number` does. Without a word
    about `hidden_rows` they are given like the others, marked as hidden.

    Raises `SourceError` if the file can't be read, is not what its ending says, or has no header.
    """
    before = stamp(path)
    expected = _CONTENTS.get(path.suffix.lower())
    if expected is None:
        raise SourceError(
            f"{path.name} can't be read: '{path.suffix}' is not the ending of a list."
            if path.suffix
            else f"{path.name} can't be read: it has no ending that tells what it is.",
            f"Save the list as one of {', '.join(ENDINGS)}.",
        )
    content = content_of(path)
    if content is Content.EMPTY:
        raise SourceError(f"{path.name} is empty.", CURES[content])
    if content is not expected:
        raise SourceError(f"{path.name} is not what its ending says: it is {content}.", CURES[content])
    table = _READERS[content](path, Wishes(sheet, encoding, delimiter))
    return ListFile(path, table, header_row, before, hidden_rows)
