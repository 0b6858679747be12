"""Waits that end when the campaign stops, be it for minutes or hours: what only waits stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Patience:
    """Shared by the workers of a run."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Task[Any]] = set()
        self._over = False
        self._left = False

    async def wait(self, awaited: Coroutine[Any, Any, T]) -> T | None:
        """Wait, and wait no longer once the campaign stops: then None."""
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            if self._over:
                awaited.close()
                return None
            result = await awaited
        except asyncio.CancelledError:
            if not self._over or self._left:
                raise
            task.uncancel()
            return None
        finally:
            self._waiting.discard(task)
        return None if self._over else result

    def end(self) -> None:
        """The campaign stops: nobody waits any longer."""
        self._over = True
        for task in tuple(self._waiting):
            task.cancel()

    def leave(self) -> None:
        """The campaign is left at once: who is cancelled from now on is meant to be."""
        self._over = self._left = True
