"""Which rows are due, in which order, and when further ones will be."""

from __future__ import annotations

from datetime import datetime

from campaign.core.record import DueLead
from campaign.ports import Clock
from campaign.usecases.sending.delivery import Delivery, DeliveryJournal, Recheck

_PAGE = 500  # rows that are judged and written together


class Openings:
    """The campaign's rows by when they may be called. A run that stays takes those first whose hours close soonest."""

    def __init__(self, delivery: Delivery, journal: DeliveryJournal, rules: Recheck, clock: Clock) -> None:
        self._delivery = delivery
        self._journal = journal
        self._rules = rules
        self._clock = clock

    async def due(self, after: DueLead | None, limit: int) -> list[DueLead]:
        """The next rows that are due, after one."""
        campaign = self._delivery.campaign
        if self._delivery.wait:
            return await self._journal.due_by_closing(campaign, after, limit)
        return await self._journal.due(campaign, after.number if after is not None else 0, limit)

    async def put_in_order(self) -> None:
        """Rows that were judged on another day go by the hours of this one."""
        now = self._clock.now()
        while self._delivery.wait and (rows := await self._journal.closed_by(self._delivery.campaign, now, _PAGE)):
            closing = [(lead.id, self._rules.closes_at(lead.phones, lead.place, now)) for lead in rows]
            await self._journal.set_closing(closing)

    async def next(self) -> tuple[datetime | None, int]:
        """When the first deferred row may be called, and how many there are; None if no row knows its moment."""
        return await self._journal.waiting(self._delivery.campaign, self._delivery.only)

    async def release(self) -> int:
        """Make the deferred rows due whose moment has come. Returns how many."""
        now = self._clock.now()
        opens, _ = await self.next()
        if opens is None or opens > now:
            return 0
        return await self._journal.release_waiting(self._delivery.campaign, now, self._delivery.only)
