"""How many bytes: `2GiB`, `500MB`, as mappings write it."""

from __future__ import annotations

import re

_FORM = re.compile(r"(\d+)\s*(b|kb|kib|mb|mib|gb|gib)?", re.IGNORECASE)
_UNITS = {"": 1, "b": 1, "kb": 1000, "kib": 1 << 10, "mb": 1000**2, "mib": 1 << 20, "gb": 1000**3, "gib": 1 << 30}
_DIGITS = 15


def parse_size(text: str) -> int:
    """The number of bytes that `text` names. Raises `ValueError` with the accepted forms."""
    match = _FORM.fullmatch(text.strip())
    if match is None or len(match[1]) > _DIGITS:
        raise ValueError(f"'{text}' is no size: write it like 500MB or 2GiB")
    return int(match[1]) * _UNITS[(match[2] or "").lower()]


def size_in_words(size: int) -> str:
    """The size in the largest unit that it has: `2 GiB`, `1.5 MiB`, `300 bytes`."""
    for name, unit in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= unit:
            return f"{size / unit:,.1f}".removesuffix(".0") + f" {name}"
    return f"{size:,} bytes"
