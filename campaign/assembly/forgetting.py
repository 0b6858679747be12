"""forget: a campaign's personal data is erased, and what keeps its people from being called again stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.assembly.desk import open_desk
from campaign.assembly.no_campaign import no_such_campaign
from campaign.core.errors import UsageError
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: `rows` of the list. `guarded` is how many numbers are still kept from a second call."""

    campaign: str
    rows: int
    guarded: int


def forget(home: Path, campaign: str, confirm: Callable[[CampaignRecord, int], bool]) -> Forgotten | None:
    """Erase a finished campaign's personal data from the journal; None if `confirm` says no: it is given how many rows are
    unknown, which can't be settled afterwards.

    Raises `UsageError` if there is no such campaign or rows of it are still to be sent, `WorkspaceError` if the journal
    can't be cleaned. May be repeated.
    """
    with open_desk(home) as desk:
        record = desk.journal.campaign(campaign)
        if record is None:
            raise no_such_campaign(campaign, [known.id for known in desk.journal.campaigns()])
        if unsent := desk.unsent(campaign):
            raise UsageError(
                f"Campaign {campaign} is not finished: {unsent:,} rows are still to be sent. Nothing was erased.",
                f"Send them: campaign resume {campaign}\nor take them out: campaign cancel {campaign}",
            )
        if not confirm(record, desk.journal.counts(campaign).get(State.UNKNOWN, 0)):
            return None
        guarded = desk.journal.forget(campaign, SystemClock().now())
        return Forgotten(campaign, sum(desk.journal.counts(campaign).values()), guarded)
