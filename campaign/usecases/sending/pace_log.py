"""How fast calls can go, written down whenever it changes, for those who look on and for the report."""

from __future__ import annotations

from datetime import datetime, timedelta

from campaign.core.pacing.pace import Pace
from campaign.ports import Clock
from campaign.usecases.sending.delivery import Delivery, DeliveryJournal
from campaign.usecases.sending.pacer import Pacer

_PROLONGED = timedelta(seconds=1)  # every late answer of a burst prolongs a wait by a little


class PaceLog:
    """Keeps the pacer's rate in the journal. The rate changes about once a second at most, so this is few lines; nobody waits
    for them."""

    def __init__(self, delivery: Delivery, journal: DeliveryJournal, pacer: Pacer, clock: Clock) -> None:
        self._delivery = delivery
        self._journal = journal
        self._pacer = pacer
        self._clock = clock
        self._last: Pace | None = None

    def look(self) -> None:
        """Keep the rate, if it has changed."""
        allowed, wait, last = self._pacer.allowed, self._pacer.wait, self._last
        if last is not None and allowed == last.allowed and not wait:
            return
        until = self._clock.now() + timedelta(seconds=wait) if wait else None
        if last is None or allowed != last.allowed or _is_later(until, last.waits_until):
            self._keep(allowed, until)

    def end(self) -> None:
        """Keep that nothing is sent from now on."""
        self._keep(None)

    def _keep(self, allowed: float | None, waits_until: datetime | None = None) -> None:
        now = max(self._clock.now(), self._delivery.not_before)
        self._last = Pace(now, allowed, waits_until)
        self._journal.keep_pace(self._delivery.campaign, self._last)


def _is_later(until: datetime | None, known: datetime | None) -> bool:
    return until is not None and (known is None or until >= known + _PROLONGED)
