"""SQLite's write-ahead log, looked at before SQLite does: it leaves out whatever follows a damaged place, without a word.

What is left out here are calls that were made: their rows would be `pending` again. Source: SQLite, "WAL-mode File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = 0x377F0682  # its lowest bit says that checksums are over big-endian words


def lost_commits(log: Path) -> int:
    """How many commits stand in the log behind a place that is damaged, so that SQLite would not read them.

    One commit may be cut short by a power cut before anybody relied on it. It takes a second one to prove damage, because
    the next commit begins only when the one before it is safe on the disk.
    """
    try:
        data = log.read_bytes()
    except FileNotFoundError:
        return 0
    if len(data) < _HEADER.size + _FRAME.size:
        return 0
    magic, _, page, _, *salts, first, second = _HEADER.unpack_from(data)
    order = ">" if magic & 1 else "<"
    sums = _sums(data[:24], order, (0, 0))
    sound = magic & ~1 == _MAGIC and sums == (first, second)
    if not sound:  # then the frames tell how they hang together; 4096 is the page that every journal has
        page, salts = 4096, list(_FRAME.unpack_from(data, _HEADER.size)[2:4])
    lost = 0
    for frame, content in _frames(data, page):
        _, commit, *own, first, second = _FRAME.unpack(frame)
        ours = own == salts  # others are left over from before the log was begun anew: behind the last of ours
        if sound:
            sums = _sums(content, order, _sums(frame[:8], order, sums))
            sound = ours and sums == (first, second)
        if ours and commit and not sound:
            lost += 1
    return lost


def _frames(data: bytes, page: int) -> Iterator[tuple[bytes, bytes]]:
    size = _FRAME.size + page
    for start in range(_HEADER.size, len(data) - size + 1, size):
        yield data[start : start + _FRAME.size], data[start + _FRAME.size : start + size]


def _sums(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    one, two = sums
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for word, next_word in zip(words, words, strict=True):
        one = one + word + two & 0xFFFFFFFF
        two = two + next_word + one & 0xFFFFFFFF
    return one, two
