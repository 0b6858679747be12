"""A run of another process, followed from the journal: the same that the run itself shows, without holding the workspace."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.journal import JournalReader
from campaign.adapters.workspace import Workspace
from campaign.assembly.bounds import course_of
from campaign.assembly.desk import mapping_of
from campaign.assembly.lookup import look_into
from campaign.assembly.no_campaign import no_such_campaign
from campaign.core.course import Course, Speed
from campaign.core.errors import UsageError
from campaign.core.lifecycle import WAITING, State
from campaign.core.pacing.pace import Pace
from campaign.core.pacing.recent import Recent
from campaign.core.pacing.slow_spell import SlowSpell
from campaign.core.record import CampaignRecord
from campaign.core.run import Options
from campaign.core.standing import TROUBLES_SHOWN, Phase, Standing, Wait

_ASK_AGAIN = 2.0  # seconds after which it is asked again whether a process holds the workspace,
_PLAN_AGAIN = timedelta(minutes=1)  # and what lies ahead, which takes a look at every row that waits
_SENT = (State.ACCEPTED, State.REJECTED, State.FAILED, State.UNKNOWN)


class Following:
    """Looks at a campaign while a run of another process sends it."""

    def __init__(self, journal: JournalReader, record: CampaignRecord, workspace: Workspace) -> None:
        self._journal = journal
        self._record = record
        self._workspace = workspace
        self._clock = SystemClock()
        self._recent = Recent()
        self._spell = SlowSpell()
        self._asked = 0.0
        self._held = (-math.inf, False)
        self._course: tuple[datetime, bool, Course] | None = None

    @property
    def campaign(self) -> str:
        """The campaign's id."""
        return self._record.id

    def standing(self) -> Standing:
        """Where it stands now. Its phase is `OVER` once no run is going on, or none is needed any more."""
        now, campaign = self._clock.now(), self._record.id
        counts, pace = self._journal.counts(campaign), self._journal.last_pace(campaign)
        going_on = any(counts.get(state) for state in WAITING) and self._is_held() and not self._sends_another(pace)
        wait = self._wait(counts, pace, now) if going_on else None
        sent = sum(counts.get(state, 0) for state in _SENT)
        speed = self._speed(pace, sent)
        stays = wait is not None and not counts.get(State.PENDING)
        left = sum(counts.get(state, 0) for state in (State.PENDING, State.SENDING))
        arrival = None
        if going_on and pace is not None:
            course = self._ahead(now, stays=stays)
            held_until = wait.until if wait is not None else None
            arrival = course.arrival(counts, 0, course.pace.made, speed, now, held_until)
        return Standing(
            campaign=campaign,
            list_name=self._record.list_name,
            at=now,
            counts=counts,
            done=sent,
            expected=sent + left + (counts.get(State.DEFERRED, 0) if stays else 0),
            phase=Phase.OVER if not going_on else Phase.WAITING if wait is not None else Phase.SENDING,
            speed=speed,
            arrival=arrival,
            wait=wait,
            troubles=self._journal.troubles(campaign, TROUBLES_SHOWN),
        )

    def _is_held(self) -> bool:
        asked_at, held = self._held
        now = time.monotonic()
        if now - asked_at >= _ASK_AGAIN:
            held = bool(self._workspace.holder())
            self._held = now, held
        return held

    def _sends_another(self, pace: Pace | None) -> bool:
        """Whether it is another campaign that the holder of the workspace sends."""
        sends = pace is not None and pace.allowed is not None
        return not sends and bool(self._journal.being_sent())

    def _wait(self, counts: dict[State, int], pace: Pace | None, now: datetime) -> Wait | None:
        campaign = self._record.id
        if pace is not None and pace.waits_until is not None and pace.waits_until > now and pace.allowed is not None:
            return Wait.slowed_down(pace.waits_until, pace.allowed)
        if not counts.get(State.PENDING) and not counts.get(State.SENDING) and (rows := counts.get(State.DEFERRED)):
            opens = self._journal.next_allowed(campaign)
            if opens is not None and opens > now:
                return Wait.for_hours(opens, rows)
        return None

    def _speed(self, pace: Pace | None, sent: int) -> Speed:
        allowed = pace.allowed if pace is not None and pace.allowed is not None else 0.0
        if allowed and not self._asked:
            # What was asked for is what the run began with.
            for earlier in self._journal.paces(self._record.id):
                self._asked = max(self._asked, earlier.allowed) if earlier.allowed is not None else 0.0
        self._asked = max(self._asked, allowed) if allowed else 0.0
        moment = time.monotonic()
        through = self._spell.see(moment, sent, allowed, self._asked)
        return Speed(self._asked, allowed, self._recent.see(moment, sent, allowed), through)

    def _ahead(self, now: datetime, *, stays: bool) -> Course:
        if self._course is None or self._course[1] is not stays or now - self._course[0] > _PLAN_AGAIN:
            delivery = mapping_of(self._record).mapping.delivery
            self._course = now, stays, course_of(self._journal, self._record, delivery, Options(wait=stays), now)
        return self._course[2]


@contextmanager
def follow(home: Path, campaign: str | None) -> Iterator[Following]:
    """Follow a campaign; None is the one that is being sent, else the newest. Raises `UsageError` if there is none."""
    with look_into(home) as journal:
        ids = [each.id for each in journal.campaigns()] if journal is not None else []
        if journal is None or not ids:
            raise UsageError("This workspace has no campaigns yet.", "Start with: campaign demo")
        name = campaign or next(iter(journal.being_sent()), ids[0])
        record = journal.campaign(name)
        if record is None:
            raise no_such_campaign(name, ids)
        yield Following(journal, record, Workspace(home))
