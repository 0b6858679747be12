"""What stands in the journal, without holding the workspace: status, export, results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.adapters.journal import JournalReader, is_outdated
from campaign.adapters.workspace import Workspace
from campaign.assembly.no_campaign import forgotten, no_such_campaign
from campaign.core.record import CampaignSummary
from campaign.core.result import CampaignFacts, ResultRow

if TYPE_CHECKING:
    from campaign.ports import Progress


@contextmanager
def look_into(home: Path) -> Iterator[JournalReader | None]:
    """The workspace's journal, only to be read, also while another process writes it; None if there is none yet."""
    workspace = Workspace(home)
    path = workspace.journal_path
    if not path.exists():
        yield None
        return
    if is_outdated(path):  # brought up to date once, while no other process delivers from it
        from campaign.adapters.journal import Journal  # not at the top: `status` and completion only look

        with workspace.sole_use():
            Journal(path).close()
    journal = JournalReader(path)
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def known_journal(home: Path, campaign: str) -> Iterator[JournalReader]:
    """The journal that has the campaign. Raises `UsageError` if there is none of that id."""
    with look_into(home) as journal:
        yield _known(journal, campaign)


def campaigns(home: Path) -> list[CampaignSummary]:
    """All campaigns of the workspace, the newest first."""
    with look_into(home) as journal:
        return journal.campaigns() if journal else []


def facts(home: Path, campaign: str) -> CampaignFacts:
    """A campaign's facts. Raises `UsageError` if there is none of that id."""
    with known_journal(home, campaign) as journal:
        return journal.facts(campaign)


def running(home: Path) -> str:
    """Which process is using the workspace now; "" if none is."""
    return Workspace(home).holder()


def results(home: Path, campaign: str) -> Iterator[ResultRow]:
    """Every row of a campaign, streamed. Raises `UsageError` if there is none of that id, or it was forgotten."""
    with look_into(home) as journal:
        yield from _remembered(journal, campaign).results(campaign)


def export(home: Path, campaign: str, output: Path, *, force: bool, progress: Progress | None = None) -> CampaignFacts:
    """Write the result file again, from the journal. Raises `UsageError`, `OutputError`."""
    from campaign.adapters.results import result_writer
    from campaign.assembly.exporting import write_result

    writer = result_writer(output, force=force)
    with look_into(home) as journal:
        return write_result(_remembered(journal, campaign), campaign, writer, progress)


def _known(journal: JournalReader | None, campaign: str) -> JournalReader:
    if journal is None or journal.campaign(campaign) is None:
        raise no_such_campaign(campaign, [known.id for known in journal.campaigns()] if journal else ())
    return journal


def _remembered(journal: JournalReader | None, campaign: str) -> JournalReader:
    known = _known(journal, campaign)
    if (at := known.facts(campaign).forgotten_at) is not None:
        raise forgotten(campaign, at)
    return known
