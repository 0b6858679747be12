"""The clock of the pictures: it starts at one moment, so that they change little when they are drawn again.

A command under it: python docs/pictures/clock.py validate leads.xlsx -m mapping.yaml
"""

from __future__ import annotations

import runpy
from datetime import UTC, datetime

import time_machine

MOMENT = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
"""When people in America may be called, most of Europe's may still, and Australia's sleep."""


def start() -> None:
    """From now on it is that moment, and goes on from there."""
    time_machine.travel(MOMENT, tick=True).start()


if __name__ == "__main__":
    start()
    runpy.run_module("campaign", run_name="__main__", alter_sys=True)
