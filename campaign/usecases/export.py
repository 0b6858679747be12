"""The journal's rows become the result file, at any time and as often as it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from campaign.core.lead import SourceRow
from campaign.core.lifecycle import State
from campaign.core.mapping.row_reader import RowReader
from campaign.core.result import CampaignFacts, ResultRow
from campaign.ports import Progress, ResultWriter
from campaign.usecases.counting import counted


class ResultJournal(Protocol):
    """What the result file asks of the journal."""

    def facts(self, campaign: str, *, over_time: bool) -> CampaignFacts:
        """The campaign as its summary tells it."""

    def results(self, campaign: str) -> Iterator[ResultRow]:
        """Every row of the campaign in the order of the file, streamed."""


def export(
    campaign: str,
    journal: ResultJournal,
    reader: RowReader | None,
    writer: ResultWriter,
    progress: Progress | None = None,
) -> CampaignFacts:
    """Write the campaign's result. `reader` finds the cells that are wrong in rows that could not be read; without one only
    their reasons are told. `progress` is told how many rows have come out of the journal. Raises `OutputError`."""
    facts = journal.facts(campaign, over_time=True)
    rows = counted(journal.results(campaign), progress, "the journal")
    writer.write(facts, rows if reader is None else (_with_problems(row, reader) for row in rows))
    return facts


def _with_problems(row: ResultRow, reader: RowReader) -> ResultRow:
    """The row with the problems that its reason tells of: the journal keeps only the sentences."""
    if row.state is not State.INVALID:
        return row
    problems = reader.read(SourceRow(row.number, row.cells)).problems
    said = " ".join(problem.sentence() for problem in problems)
    return row._replace(problems=problems) if said and row.reason.startswith(said) else row
