"""The encoding of a text file: its byte order mark, then strict UTF-8, then Windows-1252, tried on the whole file.

The whole file, so that a byte that does not fit never comes to light when half of the list is read.
"""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from campaign.adapters.sources.file_access import chunks, opened
from campaign.core.errors import SourceError

LEGACY = "cp1252"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = "".join(map(chr, (*range(1, 9), *range(14, 32))))
# A share and a number of control characters that no text has: some stray ones are met in real lists.
_BINARY, _STRAY = 0.02, 20
_SAVE_AS = "In Excel, save the list as CSV UTF-8 (Comma delimited) or as Excel Workbook (.xlsx)."


def find_encoding(path: Path, declared: str | None) -> str:
    """The Python codec that decodes the whole file; that of `declared` if it is given.

    Raises `SourceError` if none does, if there is no such encoding, and if there is a NUL, which no text has.
    """
    if declared is not None:
        codec = _codec(declared)
        line = _undecodable_line(path, codec)
        if line is not None:
            raise SourceError(
                f"{path.name}: line {line:,} is not {declared} text.",
                "Correct the encoding, or leave it out so that it is found.",
            )
        return codec
    with opened(path) as file:
        head = file.read(4)
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    for codec in (marked,) if marked else ("utf-8", LEGACY):
        line = _undecodable_line(path, codec)
        if line is None:
            return codec
    raise SourceError(
        f"{path.name} is not text that can be read: line {line:,} holds bytes that are neither UTF-8 nor Windows-1252."
        if not marked
        else f"{path.name} begins as {marked.upper()} text, but line {line:,} is not.",
        f"{_SAVE_AS} If you know its encoding, name it.",
    )


def encoding_in_words(codec: str) -> str:
    """The name of an encoding as people know it."""
    return "Windows-1252" if codec == LEGACY else codec.removesuffix("-sig").upper()


def _codec(declared: str) -> str:
    try:
        "".encode(declared)  # refuses what is no encoding of text, such as base64
        name = codecs.lookup(declared).name
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError, UnicodeError):
        raise SourceError(
            f"There is no encoding '{declared}'.", "Use a name such as utf-8, cp1252 or iso-8859-2, or leave it out."
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def _undecodable_line(path: Path, codec: str) -> int | None:
    """The line that `codec` can't decode, None if it can decode all. Raises `SourceError` for a NUL and binary data."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(codec)(), translate=True)
    line = 1
    chunk = b""
    with opened(path) as file:
        try:
            for number, chunk in enumerate(chunks(file)):
                text = decoder.decode(chunk)
                _check_is_text(path, text, line, begins=number == 0)
                line += text.count("\n")
            _check_is_text(path, decoder.decode(b"", final=True), line, begins=False)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        except UnicodeError:  # some codecs tell no place
            return line
    return None


def _check_is_text(path: Path, text: str, line: int, *, begins: bool) -> None:
    nul = text.find("\0")
    if nul >= 0:
        raise SourceError(
            f"{path.name}: line {line + text.count(chr(10), 0, nul):,} holds a NUL byte, which no text file has.",
            "The file is damaged, of another kind, or UTF-16 without its mark; if it is that, say so in the mapping: "
            f"source: {{encoding: utf-16-le}}. {_SAVE_AS}",
        )
    if begins and sum(map(text.count, _CONTROLS)) > max(len(text) * _BINARY, _STRAY):
        raise SourceError(f"{path.name} is binary data and no text.", f"Check that it is the right file. {_SAVE_AS}")
