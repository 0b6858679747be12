"""Whether a row may go: its turn at the pacer, the rules and bounds once more, and the intent, durable."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from campaign.core.event import HeldBack
from campaign.core.lead import shortened
from campaign.core.lifecycle import State
from campaign.core.policy.person_caps import CapReached
from campaign.core.policy.quota import Call, Full, Granted, Quota, Reached
from campaign.core.policy.screening import contacted, lapsed
from campaign.core.problem import Note
from campaign.core.record import DueLead, Judgement
from campaign.ports import Clock
from campaign.usecases.sending.delivery import Delivery, DeliveryJournal, Recheck
from campaign.usecases.sending.line import Line
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.patience import Patience
from campaign.usecases.sending.run_end import RunEnd
from campaign.usecases.sending.tally import Tally

_PAGE = 500  # rows that are held back together


@dataclass(frozen=True, slots=True)
class Admitted:
    """A row may go: as `lead` stands, with the `note` by which it has lost its second number; the moment that its intent is
    dated by, its turn at the pacer, its part of the quota."""

    lead: DueLead
    note: Note | None
    at: datetime
    turn: float
    granted: Granted


class Admission:
    """Lets rows pass one by one, and holds back those that must not go now."""

    def __init__(
        self,
        delivery: Delivery,
        journal: DeliveryJournal,
        rules: Recheck,
        pacer: Pacer,
        quota: Quota,
        clock: Clock,
        line: Line,
        patience: Patience,
        end: RunEnd,
        tally: Tally,
    ) -> None:
        """`quota` has the calls that were made already."""
        self._delivery = delivery
        self._journal = journal
        self._rules = rules
        self._pacer = pacer
        self._quota = quota
        self._clock = clock
        self._line = line
        self._patience = patience
        self._end = end
        self._tally = tally
        self._freed: asyncio.Event | None = None  # as long as somebody waits for a part of the quota

    async def ask(self, lead: DueLead) -> Admitted | None:
        """Wait until the row may go by rules, bounds and pace. None if it may not, or the campaign stops meanwhile.

        Rules and bounds are asked before the turn at the pacer, because a row that is held back spends none, and once more
        after it, unless it came at once: then it is the same moment. Follow it with `settle`.
        """
        call = Call.of(lead.payload, lead.phones)
        turn: float | None = None
        while True:
            now = self._clock.now()
            if self._delivery.ending is not None and now >= self._delivery.ending.at:
                await self._end.pause(self._delivery.ending.rule)
                return None
            await self._rules.refresh(now)
            note = self._rules.objection_to_second(lead.phones, now)
            going = lead.without_second() if note is not None else lead
            held = lapsed(going.valid_until, now) or self._rules.recheck(going.phones, going.place, now)
            if held is not None:
                await self.hold(lead, held)
                return None
            at = max(now, self._delivery.not_before)
            answer = self._quota.look(call, at) if turn is None else self._quota.ask(call, at)
            if isinstance(answer, Reached):
                await self._bounded(lead, answer)
                return None
            if isinstance(answer, Full):
                self._freed = self._freed or asyncio.Event()
                if await self._patience.wait(self._freed.wait()) is None:
                    return None
                turn = None
            elif turn is not None:
                return Admitted(going, note, at, turn, answer)
            elif self._end.stopping:
                return None
            elif (at_once := await self._pacer.turn_at_once()) is not None:
                granted = self._quota.ask(call, at)
                assert isinstance(granted, Granted)  # it said so above, and nothing has happened since
                return Admitted(going, note, at, at_once, granted)
            elif (turn := await self._patience.wait(self._pacer.turn())) is None:
                return None

    async def intend(self, admitted: Admitted) -> Judgement | None:
        """Write the intent. Returns why not, if the person was called already: then the row is to be held back."""
        lead = admitted.lead
        if admitted.note is not None:
            await self._journal.leave_out_second(lead, admitted.note)
        caps = self._rules.caps_of(lead.phones, lead.place)
        found = await self._journal.begin(
            self._delivery.campaign, lead.id, admitted.at, self._delivery.since(self._clock.now()), caps
        )
        if isinstance(found, CapReached):
            return self._rules.until(lead.phones, lead.place, found.cap.rule, found.next_allowed)
        return contacted(found) if found is not None else None

    async def hold(self, lead: DueLead, judgement: Judgement) -> None:
        """Write down why a row is not sent now."""
        state = await self._journal.hold(lead.id, judgement)
        self._tally.moved(State.PENDING, state)
        phone, cause = shortened(lead.phones[0].e164), judgement.cause
        self._tally.happened(HeldBack(lead.number, lead.row_id, phone, state, cause, judgement.next_allowed))

    def settle(self, admitted: Admitted, *, called: bool) -> None:
        """The call was made, or may have been, or was not: then its part of the quota is free for another row."""
        self._quota.settle(admitted.granted, called=called)
        if self._freed is not None:
            self._freed.set()
            self._freed = None

    async def _bounded(self, lead: DueLead, reached: Reached) -> None:
        """A bound is reached: the campaign pauses, or the row waits for the next day, and so do all others if it is theirs."""
        if reached.until is None:
            await self._end.pause(reached.rule)
            return
        await self.hold(lead, self._rules.until(lead.phones, lead.place, reached.rule, reached.until))
        while reached.whole and (batch := await self._line.take(_PAGE)):
            held = [self._rules.until(row.phones, row.place, reached.rule, reached.until) for row in batch]
            try:
                await asyncio.gather(*map(self.hold, batch, held))
            finally:
                for row in batch:
                    await self._line.done(row, sent=False)
