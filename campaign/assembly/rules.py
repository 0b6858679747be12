"""The rules that are asked once more before each call, with the do-not-call lists as they are at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from campaign.assembly.prepare import window_of
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.errors import SourceError
from campaign.core.lead import Phone
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.screening import Screening
from campaign.core.policy.suppression import DoNotCall
from campaign.core.problem import Note
from campaign.core.record import Judgement

_LOOK_EVERY = timedelta(seconds=30)
_TRIES = 5  # a program that is just saving the list has this many seconds to end


class RulesAtSending:
    """A campaign may run for days: a do-not-call list that is saved anew meanwhile is read anew, and the workspace's own
    list is looked up for every call.

    Raises `SourceError` if a list can't be read, also while calls go out: sending then stops, because a list that can't be
    read is never treated as an empty one; and `SuppressionError` likewise for the workspace's own.
    """

    def __init__(self, loaded: LoadedMapping, files: SuppressionFiles, own: DoNotCall, pause: float = 1.0) -> None:
        """`pause` is how many seconds to wait before a list that can't be read is tried again."""
        self._loaded = loaded
        self._files = files
        self._own = own
        self._pause = pause
        self._looked: datetime | None = None
        self._turn = asyncio.Lock()
        self._compile()

    async def refresh(self, now: datetime) -> None:
        """Read the lists anew if they were saved since; off the event loop, because a long one takes its time."""
        async with self._turn:
            if self._looked is None or not self._looked <= now < self._looked + _LOOK_EVERY:
                self._looked = now
                if self._files.changed():
                    await self._read()

    def recheck(self, phones: Sequence[Phone], now: datetime) -> Judgement | None:
        """Why the row must not be sent now; None if it may."""
        return self._screening.recheck(phones, now)

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """Why the row is sent without its second number; None if it keeps what it has."""
        return self._screening.objection_to_second(phones, now)

    async def _read(self) -> None:
        for left in reversed(range(_TRIES)):
            try:
                await asyncio.to_thread(self._files.read)
                break
            except SourceError:
                if not left:
                    self._looked = None
                    raise
                await asyncio.sleep(self._pause)
        self._compile()

    def _compile(self) -> None:
        policy = self._loaded.mapping.policy
        self._screening = Screening(
            [], self._files.lists, duplicates("first"), policy.recontact_after, window_of(self._loaded)
        )
        self._screening.heed(self._own)
