"""What stands in the way of a list as a whole, and what to do: no header, another header, rows that nobody sees."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from campaign.core.cells.cell import text
from campaign.core.cells.phone_like import is_like_a_phone
from campaign.core.errors import SourceError, UsageError
from campaign.core.mapping.columns import Columns, named_columns
from campaign.core.mapping.document import Mapping
from campaign.ports import HiddenRows, LeadSource

_LOOKED_THROUGH = 50  # rows in which the names of the columns may stand

HIDDEN_CURE = (
    "Add --hidden-rows call to call them too, or --hidden-rows skip to leave them out. "
    'In a mapping: source: {hidden_rows: skip}; from Python: hidden_rows="skip".'
)


def wrong_header(mapping: Mapping, source: LeadSource) -> SourceError | None:
    """Why no column fits: the list has no header, or it is another row. None if neither seems so. Raises `SourceError`."""
    if source.lead_in_header:
        return no_header(source)
    wanted = {name for _, name in named_columns(mapping)}
    missing = {name for name in wanted if Columns(source.header).find(name) is None}
    for row in islice(source.rows(), _LOOKED_THROUGH):
        columns = Columns([text(cell) for cell in row.cells])
        there = [name for name in wanted if columns.find(name) is not None]
        if len(there) == len(wanted):
            return SourceError(
                f"{source.name}: the names that the mapping uses stand in row {row.number}, not in row {source.header_row}, "
                "which was taken for the header.",
                f"Give the number of that row in the mapping: source: {{header_row: {row.number}}}.",
            )
        if row.number == source.header_row + 1 and (below := missing.intersection(there)):
            return SourceError(
                f"{source.name}: the header seems to have two lines: row {source.header_row} was taken for it, and "
                f"{', '.join(sorted(below))} stands in row {row.number}.",
                "Write the names of all columns into one row, and give its number: source: {header_row: "
                f"{row.number}}}.",
            )
    return None


def refuse_names_of_a_lead(source: LeadSource, used: Iterable[str]) -> None:
    """Raises `SourceError` if one of the columns that are `used` is named by a lead's phone or e-mail address: the list has no
    header, and its first lead would be lost."""
    told = source.lead_in_header
    if told and any(name == told or is_like_a_phone(name) for name in used):
        raise no_header(source)


def no_header(source: LeadSource) -> SourceError:
    """The error that a lead stands where the names of the columns should."""
    return SourceError(
        f"{source.name} seems to have no header: row {source.header_row} should hold the names of the columns, and it "
        f"holds '{source.lead_in_header}', which is a lead's.",
        "Insert a row above it with a name for each column, such as Name and Phone, and use these names in the mapping. "
        "If the names stand in another row, give its number: source: {header_row: 3}.",
    )


def hidden_told(hidden: HiddenRows) -> tuple[str, ...]:
    """What a person should know about the list's hidden rows."""
    if not hidden.count:
        return ()
    match hidden.choice:
        case "call":
            return (f"{hidden.sentence()}: called like the others, as you said.",)
        case "skip":
            return (f"{hidden.sentence()}: left out, as you said.",)
        case None:
            return (f"{hidden.sentence()}. A run sends nothing until you say what to do with them. {HIDDEN_CURE}",)


def refuse_undecided(source: LeadSource) -> None:
    """Raise `UsageError` if the list has hidden rows and nobody said what to do with them."""
    hidden = source.hidden
    if hidden.undecided:
        raise UsageError(
            f"{source.name}: {hidden.sentence()}, and nobody said whether they are to be called. Nothing was sent.",
            HIDDEN_CURE,
        )
