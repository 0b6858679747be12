"""The rules that are asked once more before each call, with do-not-call lists and calling hours as they are then."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from campaign.assembly.prepare import own_hours_files, window_of
from campaign.assembly.stamps import stamps
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.errors import SourceError
from campaign.core.lead import Phone
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.places.place import Place
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.person_caps import PersonCap
from campaign.core.policy.screening import Screening
from campaign.core.policy.suppression import DoNotCall
from campaign.core.problem import Note
from campaign.core.record import Judgement

_LOOK_EVERY = timedelta(seconds=30)
_TRIES = 5  # a program that is just saving the list has this many seconds to end


class RulesAtSending:
    """A campaign may run for days: a do-not-call list, or a file of calling hours, that is saved anew meanwhile is read anew,
    and the workspace's own list is looked up for every call.

    Raises `UsageError` (`SourceError` for a list) if one can't be read, also while calls go out: sending then stops, because
    a list that can't be read is never treated as an empty one; and `SuppressionError` likewise for the workspace's own.
    """

    def __init__(
        self, loaded: LoadedMapping, home: Path, files: SuppressionFiles, own: DoNotCall, pause: float = 1.0
    ) -> None:
        """`pause` is how many seconds to wait before a list that can't be read is tried again."""
        self._loaded = loaded
        self._home = home
        self._files = files
        self._hours = own_hours_files(loaded, home)
        self._own = own
        self._pause = pause
        self._looked: datetime | None = None
        self._unreadable: SourceError | None = None  # found by one call, it stops all others without a try of their own
        self._turn = asyncio.Lock()
        self._moment: ExitStack | None = None
        self._compile()

    async def refresh(self, now: datetime) -> None:
        """Read the lists anew if they were saved since; off the event loop, because a long one takes its time."""
        if not self._has_looked(now) or self._turn.locked():
            await self._look(now)
        self._hold_moment()

    def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
        """Why the row must not be sent now; None if it may."""
        return self._screening.recheck(phones, place, now)

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """Why the row is sent without its second number; None if it keeps what it has."""
        return self._screening.objection_to_second(phones, now)

    def caps_of(self, phones: Sequence[Phone], place: Place) -> Sequence[PersonCap]:
        """How often the person may be called."""
        return self._screening.caps_of(phones, place)

    def closes_at(self, phones: Sequence[Phone], place: Place, now: datetime) -> datetime | None:
        """When the calling hours close that are open at a moment, or open next."""
        return self._screening.closes_at(phones, place, now)

    def until(self, phones: Sequence[Phone], place: Place, rule: str, earliest: datetime | None) -> Judgement:
        """A row that a rule holds back until a moment, and then until its calling hours are open."""
        return self._screening.until(phones, place, rule, earliest)

    async def _look(self, now: datetime) -> None:
        async with self._turn:
            if self._unreadable is not None:
                raise self._unreadable
            if not self._has_looked(now):
                self._looked = now
                if self._files.changed():
                    await self._read()
                elif stamps(self._hours) != self._hours_read_at:
                    await asyncio.to_thread(self._compile)

    def _hold_moment(self) -> None:
        """All rows of one turn of the event loop are asked about at one moment: to open the workspace's list for each of them
        costs more than all other rules."""
        if self._moment is None:
            with ExitStack() as moment:
                moment.enter_context(self._own.at_once())
                self._moment = moment.pop_all()
            asyncio.get_running_loop().call_soon(self._end_moment)

    def _end_moment(self) -> None:
        if self._moment is not None:
            self._moment.close()
            self._moment = None

    def _has_looked(self, now: datetime) -> bool:
        return self._looked is not None and self._looked <= now < self._looked + _LOOK_EVERY

    async def _read(self) -> None:
        for left in reversed(range(_TRIES)):
            try:
                await asyncio.to_thread(self._files.read)
                break
            except SourceError as error:
                if not left:
                    self._looked, self._unreadable = None, error
                    raise
                await asyncio.sleep(self._pause)
        self._compile()

    def _compile(self) -> None:
        policy, read_at = self._loaded.mapping.policy, stamps(self._hours)
        screening = Screening(
            [],
            self._files.lists,
            duplicates("first"),
            policy.recontact_after,
            window_of(self._loaded, self._home),
            caps=policy.attempts_per_person,
        )
        screening.heed(self._own)
        # Only now: what can't be read is refused again and again.
        self._screening, self._hours_read_at = screening, read_at
