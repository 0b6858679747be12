"""map: a list is opened, a mapping proposed and, if asked for, written."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from campaign.adapters.header_names import load_header_names
from campaign.adapters.results.place import check_output
from campaign.adapters.results.report.writer import new_text_file
from campaign.adapters.sources import DataFrameSource, open_source
from campaign.assembly.prepare import Leads
from campaign.assembly.wrong_list import no_header, refuse_names_of_a_lead
from campaign.core.errors import SourceError
from campaign.core.proposal.proposal import Proposal
from campaign.ports import LeadSource
from campaign.usecases.propose import suggest_for


class Mapped(NamedTuple):
    """The mapping that is proposed for a list, what was assumed about it, what it was read as ("UTF-16, tabs"; "" for a frame)
    and where its header is."""

    proposal: Proposal
    notes: tuple[str, ...]
    form: str
    header_row: int


def suggest_mapping(leads: Leads, sheet: str | None = None) -> Mapped:
    """The mapping that is proposed for a list. Raises `SourceError`, also if its first lead stands in place of a header."""
    if isinstance(leads, (str, Path)):
        source: LeadSource = (file := open_source(Path(leads), sheet=sheet))
        form = file.form
    else:
        source, form = DataFrameSource(leads), ""
    try:
        made = suggest_for(source, load_header_names(), name_sheet=sheet is not None)
    except SourceError as error:
        if source.lead_in_header:
            raise no_header(source) from None
        # What was assumed, such as which of several sheets is meant, may be why there is nothing in it.
        raise SourceError("\n".join((error.message, *source.notes)), error.cure) from None
    refuse_names_of_a_lead(source, (column for choice in made.fields for column in choice.columns))
    return Mapped(made, source.notes, form, source.header_row)


def map_list(leads: Path, sheet: str | None, output: Path | None, *, force: bool) -> Mapped:
    """The same, and the mapping written to `output`. Raises `SourceError`, `OutputError`."""
    if output is not None:
        check_output(output, force)
    mapped = suggest_mapping(leads, sheet)
    if output is not None:
        with new_text_file(output, force=force) as file:
            file.write(mapped.proposal.yaml)
    return mapped
