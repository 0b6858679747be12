"""Where the rows of a run stand, kept up as they move."""

from __future__ import annotations

import time
from collections import deque
from datetime import date, datetime

from campaign.core.course import Course, Speed
from campaign.core.event import (
    TROUBLES,
    Attempted,
    Event,
    Halted,
    Paused,
    Resumed,
    SlowedDown,
    Stopping,
    Waiting,
)
from campaign.core.lifecycle import State
from campaign.core.pacing.recent import Recent
from campaign.core.pacing.slow_spell import SlowSpell
from campaign.core.record import Trouble
from campaign.core.standing import TROUBLES_SHOWN, Phase, Standing, Wait
from campaign.ports import Clock
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.pacer import Pacer


class Tally:
    """Counts rows by state, keeps what a person should see, and tells the onlookers what happens.

    It is changed by the run alone, on its event loop; `standing` may be asked from any thread.
    """

    def __init__(self, course: Course, onlookers: Onlookers, pacer: Pacer, clock: Clock) -> None:
        self._course = course
        self._onlookers = onlookers
        self._pacer = pacer
        self._clock = clock
        self._asked = pacer.allowed
        self._counts = {state: course.counts.get(state, 0) for state in State}
        self._attempts = 0
        self._settled = 0
        self._recent = Recent()
        self._spell = SlowSpell()
        self._troubles: deque[Trouble] = deque(maxlen=TROUBLES_SHOWN)
        self._wait: Wait | None = None
        self._phase = Phase.SENDING
        self._ended = ""
        self._day: tuple[date, int] = (date.min, 0)
        self._expected = course.left(self._counts, 0, course.pace.made)

    def show(self) -> None:
        """Let the onlookers see where the rows stand, from now on."""
        self._onlookers.sending(self.standing)

    def moved(self, origin: State, target: State, rows: int = 1) -> None:
        """Rows went from one state to another."""
        self._counts[origin] -= rows
        self._counts[target] += rows

    def attempted(self, event: Attempted) -> None:
        """An attempt has ended."""
        self._attempts += 1
        self._settled += event.status is not State.PENDING
        if event.status in TROUBLES:
            self._troubles.appendleft(Trouble(event.row, event.phone, event.status, event.reason))
        self._onlookers.happened(event)

    def held_up(self, event: SlowedDown, *, news: bool) -> None:
        """Nothing goes for a while, because the endpoint asked for it. Without `news` a wait that was told gets longer."""
        self._wait = Wait.slowed_down(event.until, event.allowed)
        if news:
            self._onlookers.happened(event)

    def happened(self, event: Event) -> None:
        """Anything else that the onlookers are told."""
        match event:
            case Waiting():
                self._wait = Wait(event.until, event.reason)
            case Resumed():
                self._wait = None
            case Stopping():
                self._phase = Phase.LEAVING if event.at_once else Phase.STOPPING
            case Paused() | Halted():
                self._phase, self._ended = Phase.STOPPING, event.reason
        self._onlookers.happened(event)

    def over(self) -> None:
        """Nothing goes any more."""
        self._phase = Phase.OVER

    def standing(self) -> Standing:
        """Where the rows stand now."""
        # Copies of C's making: the run can't change the originals in between.
        counts, troubles = dict(self._counts), tuple(self._troubles)
        attempts, settled, now, wait = self._attempts, self._settled, self._clock.now(), self._wait
        if wait is not None and wait.until <= now:
            wait = None
        asked, allowed, moment = self._asked, self._pacer.allowed, time.monotonic()
        through = self._spell.see(moment, settled, allowed, asked)
        speed = Speed(asked, allowed, self._recent.see(moment, attempts, allowed), through)
        today = self._calls_today(now, settled)
        phase = Phase.WAITING if wait is not None and self._phase is Phase.SENDING else self._phase
        held_until = wait.until if wait is not None else None
        going_on = phase in (Phase.SENDING, Phase.WAITING)
        return Standing(
            campaign=self._course.campaign,
            list_name=self._course.list_name,
            at=now,
            counts={state: count for state, count in counts.items() if count},
            done=max(self._expected - self._course.left(counts, settled, today), 0),
            expected=self._expected,
            phase=phase,
            speed=speed,
            arrival=self._course.arrival(counts, settled, today, speed, now, held_until) if going_on else None,
            wait=wait,
            troubles=troubles,
            ended=self._ended,
        )

    def _calls_today(self, now: datetime, settled: int) -> int:
        """The calls of this day, as far as caps of a day count them."""
        today = now.astimezone(self._course.pace.zone).date()
        if self._day[0] != today:
            self._day = (today, -self._course.pace.made if self._day[0] == date.min else settled)
        return settled - self._day[1]
