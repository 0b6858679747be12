"""report: a campaign as one page, from the journal."""

from __future__ import annotations

from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.results.place import check_output, written_beside
from campaign.assembly.lookup import known_journal, running
from campaign.core.errors import OutputError
from campaign.core.result import CampaignFacts

_ENDINGS = (".html", ".htm")


def write_report(home: Path, campaign: str, output: Path, *, force: bool) -> CampaignFacts:
    """Write the campaign's page to `output`, also while it is being sent. Raises `UsageError`, `OutputError`."""
    if output.suffix.lower() not in _ENDINGS:
        raise OutputError(
            f"{output}: the report is a page, and this name does not end in .html.",
            f"Choose a name such as {output.stem or 'report'}.html.",
        )
    check_output(output, force)
    now = SystemClock().now()
    with known_journal(home, campaign) as journal, journal.snapshot():
        facts, figures = journal.facts(campaign), journal.figures(campaign, now)
    # Not at the top: the charts' library takes half a second, and no other command needs it.
    from campaign.adapters.report_page import report_page

    page = report_page(facts, figures, running(home), now)
    with written_beside(output, force=force) as file:
        file.write_text(page, encoding="utf-8", newline="\n")
    return facts
