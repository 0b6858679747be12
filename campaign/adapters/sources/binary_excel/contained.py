"""A reader in a process of its own, started fresh on every system, watched while it works and ended when it hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from campaign.adapters.fresh_process import start
from campaign.adapters.sources.sheets.damage import SAVE_AGAIN
from campaign.core.errors import SourceError
from campaign.core.limits import Limits

NO_SPACE = 74
"""Exit status of a reader that can't write what it has read."""
_LOOK = 0.05


def run_contained(module: str, request: str, output: Path, limits: Limits, name: str) -> None:
    """Run `python -m module request` and write what it says into `output`.

    Raises `SourceError`, in which the file is called `name`, if the process dies, is silent for too long or says too much.
    """
    with output.open("xb") as spool:
        child = start(module, request, stdout=spool)
        try:
            _watch(child, spool.fileno(), limits, name)
        finally:
            child.kill()
            child.wait()
    if child.returncode:
        raise _died(child.returncode, limits, name)


def _watch(child: subprocess.Popen[bytes], spool: int, limits: Limits, name: str) -> None:
    """Return when the process has ended."""
    size, sign = 0, time.monotonic()
    while True:
        try:
            child.wait(_LOOK)
        except subprocess.TimeoutExpired:
            pass
        else:
            return
        written = os.fstat(spool).st_size
        if written > limits.unpacked:
            raise limits.exceeded("unpacked", f"{name} unpacks to more than {written:,} bytes")
        if written > size:
            size, sign = written, time.monotonic()
        elif time.monotonic() - sign > limits.seconds:
            raise limits.exceeded(
                "seconds", f"Reading {name} was stopped: no sign of life for {limits.seconds} seconds"
            )


def _died(code: int, limits: Limits, name: str) -> SourceError:
    if code == NO_SPACE:
        return SourceError(
            f"{name} can't be read: the temporary file that it is read into can't be written.",
            "Free some space on the disk that holds your temporary files.",
        )
    if code < 0 and -code in (signal.SIGABRT, getattr(signal, "SIGKILL", signal.SIGABRT)):
        # This is how compiled code ends that gets no memory, and whom the system ends when memory runs out.
        return limits.exceeded("memory", f"{name} can't be read: reading it took more memory than there is for it")
    return SourceError(f"{name} is damaged: reading it made the reader break down ({_ending(code)}).", SAVE_AGAIN)


def _ending(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit status {code:#x}"
    except ValueError:
        return f"signal {-code}"
