"""Stopping a run that was started from inside a running event loop, as in a notebook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.adapters.sandbox import SandboxSettings, run_in_thread

NOTEBOOK = """
import asyncio, sys
import pandas, campaign

MAPPING = {
    "version": 1,
    "fields": {"lc_number": "Phone"},
    "policy": {"calling_window": "off"},
    "delivery": {"rate": "100/s"},
}

async def cell():
    frame = pandas.DataFrame({"Phone": [f"+44207946{n:04d}" for n in range(300)]})
    result = campaign.run(frame, MAPPING, endpoint=sys.argv[1], home=sys.argv[2])
    print(result.interrupted, sum(result.counts.values()), result.counts.get(campaign.State.PENDING, 0) > 0)

"""
LOOPS = {"notebook": "asyncio.new_event_loop().run_until_complete(cell())", "script": "asyncio.run(cell())"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("loop", LOOPS)
def test_an_interrupt_in_a_running_loop_drains(work: Path, tmp_path: Path, loop: str) -> None:
    """The calls under way are finished, the rest stays pending, and nothing goes on behind the caller's back; also where
    `asyncio.run` has a handler of its own, which would wait for the end."""
    with run_in_thread(SandboxSettings(latency=0.02)) as server:
        command = [sys.executable, "-c", NOTEBOOK + LOOPS[loop], server.url, str(tmp_path / "notebook")]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
        ) as process:
            while len(server.ledger.arrivals) < 20 and process.poll() is None:
                pass
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert out.split() == ["True", "300", "True"], err
        assert server.ledger.called_twice() == ()
