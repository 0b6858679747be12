"""The ZIP archive that a workbook is, checked from its directory before anything of it is unpacked."""

from __future__ import annotations

import contextlib
from enum import StrEnum
from io import BufferedReader
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from campaign.adapters.sources.sheets.metered import MOST_DEPTH
from campaign.core.errors import SourceError
from campaign.core.limits import Limits

MOST_RATIO = 250
"""How many times its packed size a large part may have. Sheets are seldom above 20; deflate can reach 1,030."""
LARGE = 50 << 20
"""Bytes from which on a part is large."""
MOST_SMALL = 16 << 20
"""Bytes that a part may have which is held in memory as a whole: names of sheets, formats. It has some kilobytes."""
_ENCRYPTED = 1
_MOST_ELEMENTS = 500_000


class Kind(StrEnum):
    """What an archive is; the value is how a person is told of it."""

    EXCEL = "an Excel workbook"
    BINARY = "a binary workbook (.xlsb)"
    OPEN_DOCUMENT = "an OpenDocument file"
    OTHER = "a ZIP archive"


_CURES = {
    Kind.EXCEL: "Give the file the ending .xlsx.",
    Kind.BINARY: "Give the file the ending .xlsb, or open it in Excel and save it again as Excel Workbook (.xlsx).",
    Kind.OPEN_DOCUMENT: "Give the file the ending .ods if it is a spreadsheet, or save the list as Excel Workbook (.xlsx).",
    Kind.OTHER: "Save the list as Excel Workbook (.xlsx), or unpack it.",
}


class SmallParts(ZipFile):
    """An archive of which only small parts can be read as a whole; all others are streamed."""

    def read(self, name: str | ZipInfo, pwd: bytes | None = None) -> bytes:
        """The whole part. Raises `SourceError` if it is not small."""
        size = (name if isinstance(name, ZipInfo) else self.getinfo(name)).file_size
        if size > MOST_SMALL:
            raise SourceError(
                f"The part {name} of the workbook has {size:,} bytes; it should have some thousands.",
                "Copy the list into a new workbook and save that as Excel Workbook (.xlsx).",
            )
        content = super().read(name, pwd)
        _check_elements(content, str(name))
        return content


def _check_elements(content: bytes, name: str) -> None:
    """Raises `SourceError` if a small part is XML that would become large in memory; broken XML is left to its reader."""
    depth = count = 0

    def begins(_tag: str, _attributes: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MOST_DEPTH or count > _MOST_ELEMENTS:
            raise SourceError(
                f"The part {name} of the workbook has more elements, or deeper ones, than any workbook needs.",
                "Copy the list into a new workbook and save that as Excel Workbook (.xlsx).",
            )

    def ends(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = ParserCreate()
    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    with contextlib.suppress(ExpatError):
        parser.Parse(content, True)


def check_archive(file: BufferedReader, name: str, limits: Limits, wanted: Kind = Kind.EXCEL) -> None:
    """Raises `SourceError` if the archive is broken, not what is wanted, locked, or unpacks to an absurd size."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError, UnicodeError, OverflowError):
        raise SourceError(
            f"{name} is damaged or was not copied whole.", "Download or copy it again, or save it again from Excel."
        ) from None
    kind = _kind({part.filename for part in parts})
    if kind is not wanted:
        raise SourceError(f"{name} is {kind} and no {_WANTED[wanted]}.", _CURES[kind])
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise SourceError(
            f"{name} is an archive protected with a password.", "Unpack it with its password, and name what was in it."
        )
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked:
        raise limits.exceeded("unpacked", f"{name} would unpack to {total:,} bytes")
    for part in parts:
        if part.file_size > LARGE and part.file_size > part.compress_size * MOST_RATIO:
            raise SourceError(
                f"{name} would unpack to an absurd size: {part.filename} makes {part.file_size:,} bytes of "
                f"{part.compress_size:,}.",
                "If you trust the file: open it in Excel and save it again as Excel Workbook (.xlsx).",
            )


_WANTED = {Kind.EXCEL: "Excel workbook", Kind.BINARY: "binary workbook", Kind.OPEN_DOCUMENT: "OpenDocument spreadsheet"}


def _kind(names: set[str]) -> Kind:
    if "[Content_Types].xml" in names:
        return Kind.BINARY if any(name.endswith("workbook.bin") for name in names) else Kind.EXCEL
    return Kind.OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else Kind.OTHER
