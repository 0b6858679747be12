"""Reads rows in a process of its own, for `ReadingProcess`: a pickled reader of rows comes in, then batches of rows, and for each
of them an answer goes out: b"ready", then the readings, without the rows, which the other side has.

It ends when its standard input does, so also when the process that started it has died.
"""

from __future__ import annotations

import pickle
import signal
import sys
from typing import IO

from campaign.adapters.cycles import look_for_cycles_less_often
from campaign.adapters.row_reading.frames import read_frame, write_frame
from campaign.adapters.row_reading.wire import readings_sent, rows_received
from campaign.core.reading import ReadsRows

READY = b"ready"


def answer(given: IO[bytes], said: IO[bytes]) -> None:
    """Read batches until there are no more. An error ends the process: the other side reads the batch itself, and meets it."""
    reader: ReadsRows = pickle.loads(read_frame(given))  # noqa: S301 - of our own process
    write_frame(said, READY)
    while message := read_frame(given):
        write_frame(said, readings_sent(reader.read_all(rows_received(message))))


def main() -> None:
    """Answer on standard output what is asked on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits: it ends this one
    look_for_cycles_less_often()
    answer(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
