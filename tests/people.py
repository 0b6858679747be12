"""People for tests, with numbers reserved for fiction, and campaigns that call them."""

from __future__ import annotations

from datetime import UTC, datetime

from campaign.adapters.journal import Journal
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord, Judgement, LeadRecord

NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)


def record(campaign: str = "c1", *, list_sha256: str = "list", header: tuple[str, ...] = ("Phone",)) -> CampaignRecord:
    """A campaign as it is entered."""
    return CampaignRecord(
        id=campaign,
        created_at=NOW,
        list_name="leads.csv",
        list_path="leads.csv",
        list_sha256=list_sha256,
        sheet="",
        header=header,
        mapping_name="mapping.yaml",
        mapping_text="version: 1\nfields: {lc_number: Phone}\npolicy: {calling_window: off}\n",
        mapping_folder=".",
        endpoint="http://127.0.0.1:1/",
        widget="fingerprint",
    )


def number(n: int) -> str:
    """The n-th of 8,000 numbers that are reserved for fiction (London, Ofcom) or, further on, for tests (+1 555 01xx)."""
    if n < 1000:
        return f"+44207946{n:04d}"
    area, line = divmod(n - 1000, 100)
    return f"+1{AREAS[area]}55501{line:02d}"


AREAS = (
    202,
    212,
    213,
    214,
    215,
    303,
    305,
    312,
    313,
    314,
    404,
    408,
    412,
    414,
    415,
    416,
    503,
    504,
    512,
    513,
    602,
    604,
    612,
    615,
)


def request(*numbers: int) -> CallRequest:
    """A request for one or two of the numbers."""
    phones = tuple(Phone(number(n), "GB" if n < 1000 else "US") for n in numbers)
    payload = {"lc_number": phones[0].e164}
    if len(phones) > 1:
        payload["lc_number_2"] = phones[1].e164
    return CallRequest(payload, phones)


def pending(row: int, *numbers: int) -> LeadRecord:
    """A row that is ready to be sent."""
    wanted = request(*(numbers or (row,)))
    return LeadRecord(row, (wanted.phone.e164,), Judgement(State.PENDING, wanted))


def entered(journal: Journal, leads: list[LeadRecord], campaign: str = "c1") -> str:
    """Enter a campaign with these rows, and open it."""
    journal.add_campaign(record(campaign))
    with journal.atomic():
        journal.add_leads(campaign, leads)
    journal.open_campaign(campaign)
    return campaign
