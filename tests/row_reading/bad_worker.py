"""Workers that go wrong, each in its way; started as `python -m row_reading.bad_worker`. The first row's first cell says how."""

from __future__ import annotations

import os
import sys
import time

from campaign.adapters.row_reading.frames import read_frame, write_frame
from campaign.adapters.row_reading.wire import rows_received
from campaign.adapters.row_reading.worker import READY


def main() -> None:
    """Be ready, and then fail as the first batch says."""
    given, said = sys.stdin.buffer, sys.stdout.buffer
    read_frame(given)
    write_frame(said, READY)
    match rows_received(read_frame(given))[0].cells[0]:
        case "dies":
            os._exit(9)
        case "dies while it answers":
            said.write((1000).to_bytes(8, "big") + b"half of it")
            said.flush()
            os._exit(9)
        case _:
            time.sleep(600)


if __name__ == "__main__":
    main()
