"""The first rows of a list become a proposed mapping."""

from __future__ import annotations

from itertools import islice

from campaign.core.proposal.column import ROWS
from campaign.core.proposal.header_names import HeaderNames
from campaign.core.proposal.proposal import Proposal
from campaign.core.proposal.propose import suggest
from campaign.ports import LeadSource


def suggest_for(source: LeadSource, names: HeaderNames, *, name_sheet: bool) -> Proposal:
    """The mapping that is proposed for a list. However long it is, only its first rows are read. Raises `SourceError`."""
    rows = list(islice(source.rows(), ROWS))
    return suggest(source.name, source.sheet, source.header, rows, names, name_sheet=name_sheet)
