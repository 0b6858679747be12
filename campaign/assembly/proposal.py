"""map: a list is opened, a mapping proposed and, if asked for, written."""

from __future__ import annotations

from pathlib import Path

from campaign.adapters.header_names import load_header_names
from campaign.adapters.results.place import check_output
from campaign.adapters.results.report import new_text_file
from campaign.adapters.sources import DataFrameSource, open_source
from campaign.assembly.prepare import Leads
from campaign.core.proposal.proposal import Proposal
from campaign.usecases.propose import suggest_for


def suggest_mapping(leads: Leads, sheet: str | None = None) -> tuple[Proposal, tuple[str, ...]]:
    """The mapping that is proposed for a list, and what was assumed about the file. Raises `SourceError`."""
    source = open_source(Path(leads), sheet=sheet) if isinstance(leads, (str, Path)) else DataFrameSource(leads)
    return suggest_for(source, load_header_names(), name_sheet=sheet is not None), source.notes


def map_list(leads: Path, sheet: str | None, output: Path | None, *, force: bool) -> tuple[Proposal, tuple[str, ...]]:
    """The same, and the mapping written to `output`. Raises `SourceError`, `OutputError`."""
    if output is not None:
        check_output(output, force)
    proposal, notes = suggest_mapping(leads, sheet)
    if output is not None:
        with new_text_file(output, force=force) as file:
            file.write(proposal.yaml)
    return proposal, notes
