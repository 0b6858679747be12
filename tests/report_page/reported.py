"""Campaigns to report on, with every status, two countries, agents, a 429, and names that would like to be scripts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from people import NOW, number, record

from campaign.adapters.journal import Journal
from campaign.adapters.report_page import report_page
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.record import Judgement, LeadRecord

EVIL = "<script>document.title = 'run'</script>"
ENDS = (*[State.ACCEPTED] * 6, State.REJECTED, State.FAILED, State.UNKNOWN)
SECOND = timedelta(seconds=1)


def row(n: int) -> LeadRecord:
    """The n-th row: most of them ready, some held back."""
    phone = Phone(number(n if n % 3 else n + 1000), "GB" if n % 3 else "US")
    payload = {"lc_number": phone.e164, "lc_param_name": EVIL, "lc_param_agent01name": f"Ana & {EVIL}"}
    request = CallRequest(payload | {"lc_param_agent01phone": "+442079460999"}, (phone,))
    cells = (phone.e164, EVIL)
    if n % 10 == 8:
        return LeadRecord(n, cells, Judgement(State.INVALID, None, f"Phone: {EVIL}.", f"Phone: {EVIL}"))
    if n % 10 == 9:
        held = (State.DUPLICATE, State.SUPPRESSED, State.DEFERRED)[n // 10 % 3]
        return LeadRecord(n, cells, Judgement(held, request, "A reason.", "A reason."))
    return LeadRecord(n, cells, Judgement(State.PENDING, request))


def report(folder: Path, rows: int = 300, *, send: bool = True) -> Path:
    """The page about such a campaign of so many rows."""
    journal = Journal(folder / "journal.db")
    journal.add_campaign(record())
    with journal.atomic():
        journal.add_leads("c1", [row(n) for n in range(2, rows + 2)])
    journal.open_campaign("c1")
    if send:
        _send(journal)
    page = folder / "report.html"
    page.write_text(page_of(journal), encoding="utf-8")
    journal.close()
    return page


def page_of(journal: Journal, running: str = "") -> str:
    """The page, as it is made an hour later."""
    now = NOW + timedelta(hours=1)
    return report_page(journal.facts("c1"), journal.figures("c1", now), running, now)


def _send(journal: Journal) -> None:
    leads = journal.due("c1", 0, 10_000)
    with journal.atomic():
        journal.keep_pace("c1", Pace(NOW, 5.0))
        journal.keep_pace("c1", Pace(NOW + 20 * SECOND, 2.5, NOW + 30 * SECOND))
        journal.keep_pace("c1", Pace(NOW + len(leads) * SECOND / 4, None))
        for n, lead in enumerate(leads):
            at = NOW + n * SECOND / 4
            state = ENDS[n % len(ENDS)]
            verdict = Verdict(state, "" if state is State.ACCEPTED else f"Because of {EVIL}.")
            status = None if state is State.UNKNOWN else 200
            assert journal.begin("c1", lead.id, at, None) is None
            journal.finish(lead.id, verdict, Exchange(connected=True, status=status), at + (n % 40 + 5) * SECOND / 50)
        said = ("answered", "no_answer", f"{EVIL}$x$")
        journal.set_dispositions("c1", {lead.number: said[n % 3] for n, lead in enumerate(leads) if n % len(ENDS) < 5})
