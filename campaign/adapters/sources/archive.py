"""The ZIP archive that a workbook is, checked from its directory before anything of it is unpacked."""

from __future__ import annotations

from io import BufferedReader
from zipfile import BadZipFile, LargeZipFile, ZipFile

from campaign.core.errors import SourceError

MOST_BYTES = 2 << 30
"""Bytes that all parts together may have unpacked; a sheet of a million rows and twenty columns has about one GiB."""
MOST_RATIO = 250
"""How many times its packed size a large part may have. Sheets are seldom above 20; deflate can reach 1,030."""
_LARGE = 50 << 20
_ENCRYPTED = 1
_SAVE_AGAIN = "Open it in Excel and save it again as Excel Workbook (.xlsx)."


def check_archive(file: BufferedReader, name: str) -> None:
    """Raises `SourceError` if the archive is broken, no workbook, locked, or unpacks to an absurd size."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError, UnicodeError, OverflowError):
        raise SourceError(
            f"{name} is damaged or was not copied whole.", "Download or copy it again, or save it again from Excel."
        ) from None
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        what = "an OpenDocument file" if "mimetype" in names and "content.xml" in names else "a ZIP archive"
        raise SourceError(
            f"{name} is {what} and no Excel workbook.", "Save the list as Excel Workbook (.xlsx), or unpack it."
        )
    if any(part.filename.endswith("workbook.bin") for part in parts):
        raise SourceError(f"{name} is a binary workbook (.xlsb).", _SAVE_AGAIN)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise SourceError(
            f"{name} is an archive protected with a password.", "Unpack it with its password, and name what was in it."
        )
    total = sum(part.file_size for part in parts)
    if total > MOST_BYTES:
        raise SourceError(
            f"{name} would unpack to {total / (1 << 30):,.1f} GiB, more than any lead list has.",
            "If it is a real list, split it, or save it as CSV.",
        )
    for part in parts:
        if part.file_size > _LARGE and part.file_size > part.compress_size * MOST_RATIO:
            raise SourceError(
                f"{name} would unpack to an absurd size: {part.filename} makes {part.file_size:,} bytes of "
                f"{part.compress_size:,}.",
                "If you trust the file: " + _SAVE_AGAIN[0].lower() + _SAVE_AGAIN[1:],
            )
