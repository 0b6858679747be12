"""The event loop that a run is sent on: Python's own, or uvloop's, which takes a quarter less of the processor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from campaign.core.errors import UsageError

T = TypeVar("T")
NAME = "CAMPAIGN_EVENT_LOOP"


def run(start: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """As `asyncio.run`, on the loop that the environment names. Raises `UsageError` if there is none of that name."""
    with asyncio.Runner(loop_factory=_factory(os.environ.get(NAME) or "asyncio")) as runner:
        return runner.run(start())


def _factory(name: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if name == "asyncio":
        return None
    if name != "uvloop":
        raise UsageError(f"{NAME} is '{name}'. Nothing was sent.", "Write asyncio or uvloop.")
    try:
        from uvloop import new_event_loop
    except ImportError:
        raise UsageError(
            f"{NAME} asks for uvloop, which is not installed. Nothing was sent.",
            "Install it with pip install 'campaign[fast]' (Windows has none), or unset the variable.",
        ) from None
    return new_event_loop
