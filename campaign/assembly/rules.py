"""The rules that are asked once more before each call, with do-not-call lists and calling hours as they are then."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from campaign.assembly.prepare import load_suppression, own_hours_files, suppression_files, window_of
from campaign.core.lead import Phone
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.places.place import Place
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.person_caps import PersonCap
from campaign.core.policy.screening import Screening
from campaign.core.record import Judgement

_LOOK_EVERY = timedelta(seconds=30)


class RulesAtSending:
    """A campaign may run for days: a do-not-call list, or a file of calling hours, that is saved anew meanwhile is read anew.

    Raises `UsageError` (`SourceError` for a list) if one can't be read, also while calls go out: sending then stops,
    because a list that can't be read is never treated as an empty one.
    """

    def __init__(self, loaded: LoadedMapping, home: Path) -> None:
        self._loaded = loaded
        self._home = home
        self._files = [*suppression_files(loaded), *own_hours_files(loaded, home)]
        self._looked: datetime | None = None
        self._turn = asyncio.Lock()
        self._read()

    async def refresh(self, now: datetime) -> None:
        """Read the lists anew if they were saved since; off the event loop, because a long one takes its time."""
        async with self._turn:
            if self._looked is None or not self._looked <= now < self._looked + _LOOK_EVERY:
                self._looked = now
                if self._stamps() != self._read_at:
                    await asyncio.to_thread(self._read)

    def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
        """Why the row must not be sent now; None if it may."""
        return self._screening.recheck(phones, place, now)

    def caps_of(self, phones: Sequence[Phone], place: Place) -> Sequence[PersonCap]:
        """How often the person may be called."""
        return self._screening.caps_of(phones, place)

    def closes_at(self, phones: Sequence[Phone], place: Place, now: datetime) -> datetime | None:
        """When the calling hours close that are open at a moment, or open next."""
        return self._screening.closes_at(phones, place, now)

    def until(self, phones: Sequence[Phone], place: Place, rule: str, earliest: datetime | None) -> Judgement:
        """A row that a rule holds back until a moment, and then until its calling hours are open."""
        return self._screening.until(phones, place, rule, earliest)

    def _read(self) -> None:
        stamps = self._stamps()
        suppression, _ = load_suppression(self._loaded)
        policy = self._loaded.mapping.policy
        window = window_of(self._loaded, self._home)
        self._screening = Screening(
            [], suppression, duplicates("first"), policy.recontact_after, window, policy.attempts_per_person
        )
        self._read_at = stamps  # only now: a list that can't be read is refused again and again

    def _stamps(self) -> list[tuple[int, int] | None]:
        """Size and time of each list; None for one that is gone, which reading will tell."""
        stamps: list[tuple[int, int] | None] = []
        for path in self._files:
            try:
                found = path.stat()
            except OSError:
                stamps.append(None)
            else:
                stamps.append((found.st_size, found.st_mtime_ns))
        return stamps
