"""What stands in the journal, without holding the workspace: status, export, results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign.adapters.journal import Journal
from campaign.adapters.results import result_writer
from campaign.adapters.workspace import Workspace
from campaign.assembly.desk import no_such_campaign
from campaign.core.record import CampaignSummary
from campaign.core.result import CampaignFacts, ResultRow


@contextmanager
def _journal(home: Path) -> Iterator[Journal | None]:
    path = Workspace(home).journal_path
    if not path.exists():
        yield None
        return
    journal = Journal(path, readonly=True)
    try:
        yield journal
    finally:
        journal.close()


def campaigns(home: Path) -> list[CampaignSummary]:
    """All campaigns of the workspace, the newest first."""
    with _journal(home) as journal:
        return journal.campaigns() if journal else []


def facts(home: Path, campaign: str) -> CampaignFacts:
    """A campaign's facts. Raises `UsageError` if there is none of that id."""
    with _journal(home) as journal:
        if journal is None or journal.campaign(campaign) is None:
            raise no_such_campaign(campaign, [known.id for known in journal.campaigns()] if journal else ())
        return journal.facts(campaign)


def running(home: Path) -> str:
    """Which process is using the workspace now; "" if none is."""
    return Workspace(home).holder()


def results(home: Path, campaign: str) -> Iterator[ResultRow]:
    """Every row of a campaign, streamed. Raises `UsageError` if there is none of that id."""
    with _journal(home) as journal:
        if journal is None or journal.campaign(campaign) is None:
            raise no_such_campaign(campaign, [known.id for known in journal.campaigns()] if journal else ())
        yield from journal.results(campaign)


def export(home: Path, campaign: str, output: Path, *, force: bool) -> CampaignFacts:
    """Write the result file again, from the journal. Raises `UsageError`, `OutputError`."""
    writer = result_writer(output, force=force)
    with _journal(home) as journal:
        if journal is None or journal.campaign(campaign) is None:
            raise no_such_campaign(campaign, [known.id for known in journal.campaigns()] if journal else ())
        found = journal.facts(campaign)
        writer.write(found, journal.results(campaign))
        return found
