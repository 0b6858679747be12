"""A reader that fails in the way that it is asked for; `test_source_contained` runs it as a process of its own."""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    """Fail."""
    way = sys.argv[1]
    if way == "abort":
        os.abort()
    if way == "exit":
        os._exit(3)
    if way == "full":
        os._exit(74)
    if way == "hang":
        time.sleep(600)
    if way == "talk":
        while True:
            sys.stdout.write("x" * 100_000)
    if way == "slow":
        for _ in range(16):
            sys.stdout.write("\n")
            sys.stdout.flush()
            time.sleep(0.25)
    if way == "environment":
        sys.stdout.write("\n".join(os.environ))
    if way == "path":
        sys.stdout.write(os.pathsep.join(sys.path))


if __name__ == "__main__":
    main()
