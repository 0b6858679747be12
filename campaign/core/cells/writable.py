"""Text that every kind of file can hold."""

from __future__ import annotations

import re

# XML 1.0 (section 2.2, Char) has no place for these, and a lone surrogate is no character in UTF-8 either.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def scrubbed(text: str) -> str:
    """`text` with each character that no workbook can hold replaced by U+FFFD, so that the loss can be seen."""
    # None of them is printable, and to know that takes a fifth of the time of a search.
    return text if text.isprintable() else _UNWRITABLE.sub("\ufffd", text)
