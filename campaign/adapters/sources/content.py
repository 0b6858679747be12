"""What a file really is, told from its first bytes: endings lie, and a renamed file must be called by its name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from campaign.adapters.sources.file_access import holds, opened

_HEAD = 1024
_BLANK = b" \t\r\n\xef\xbb\xbf"
_WEB = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<head", b"<meta")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Content(StrEnum):
    """What a file may turn out to be; the value is how a person is told of it."""

    EMPTY = "an empty file"
    TEXT = "a text file"
    ARCHIVE = "a workbook such as .xlsx, or another ZIP archive"
    LOCKED = "an Excel workbook that is protected with a password"
    COMPOUND = "a file of the old Office format, such as an Excel 97-2003 workbook (.xls)"
    GZIP = "a compressed file (gzip)"
    PDF = "a PDF document"
    WEB_PAGE = "a web page or XML file"


CURES = {
    Content.EMPTY: "Export or save the list again; this file holds nothing.",
    Content.TEXT: "Give the file the ending .csv, or open it in Excel and save it as Excel Workbook (.xlsx).",
    Content.ARCHIVE: "Give the file the ending .xlsx (.xlsb, .ods) if it is a workbook; unpack it if it is an archive.",
    Content.LOCKED: "Open it in Excel, remove the password (File > Info > Protect Workbook) and save it.",
    Content.COMPOUND: "Give the file the ending .xls if it is a workbook, or open it in Excel, with its password if it "
    "asks for one, and save it as Excel Workbook (.xlsx).",
    Content.GZIP: "Unpack the file and name what was in it, or give it the ending of that with .gz, such as .csv.gz.",
    Content.PDF: "Export the list as .xlsx or .csv where it comes from.",
    Content.WEB_PAGE: "Open it in Excel and save it as Excel Workbook (.xlsx).",
}
"""What to do about a file that is not what it should be."""


def content_of(path: Path) -> Content:
    """What the file is. Raises `SourceError` if it can't be read."""
    with opened(path) as file:
        head = file.read(_HEAD)
    if not head:
        return Content.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content.ARCHIVE
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An encrypted workbook is an OLE2 file with a stream of this name (MS-OFFCRYPTO 2.3.4.4).
        return Content.LOCKED if holds(path, _ENCRYPTED) else Content.COMPOUND
    if head.startswith(b"\x1f\x8b"):
        return Content.GZIP
    if head.startswith(b"%PDF-"):
        return Content.PDF
    return Content.WEB_PAGE if head.lstrip(_BLANK).lower().startswith(_WEB) else Content.TEXT
