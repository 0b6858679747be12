"""Messages on a pipe: eight bytes of length, then as many bytes."""

from __future__ import annotations

from typing import IO

_LENGTH = 8


def write_frame(pipe: IO[bytes], message: bytes) -> None:
    """Write a message. Raises `OSError` if nobody reads any more."""
    pipe.write(len(message).to_bytes(_LENGTH, "big") + message)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes:
    """The next message; b"" if there is none, whole, any more."""
    length = int.from_bytes(pipe.read(_LENGTH), "big")
    message = pipe.read(length)
    return message if len(message) == length else b""
