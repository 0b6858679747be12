"""Exports of well-known programs, recognised by the names of their columns or the form of their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.core.cells.cell import text
from campaign.core.proposal.column import Column
from campaign.core.proposal.header_names import compact
from campaign.core.proposal.proposal import Export


@dataclass(frozen=True, slots=True)
class _Mark:
    """An export: all names of `all_of` are there, and `some` of those in `any_of`; names in their compact form."""

    export: Export
    all_of: frozenset[str]
    any_of: frozenset[str] = frozenset()
    some: int = 0

    def fits(self, names: frozenset[str]) -> bool:
        return self.all_of <= names and len(self.any_of & names) >= self.some


def _mark(name: str, template: str, all_of: str, any_of: str = "", some: int = 0) -> _Mark:
    names, others = (frozenset(compact(word) for word in words.split(", ") if word) for words in (all_of, any_of))
    return _Mark(Export(name, template), names, others, some)


_META = Export("Meta lead ads export", "meta")
_PIPEDRIVE = Export("Pipedrive people export", "pipedrive")
_MARKS = (
    _mark(
        "Meta lead ads export", "meta", "ad_id, form_id", "created_time, adset_id, campaign_id, platform, is_organic", 2
    ),
    _mark("Zoho CRM leads export", "zoho", "Record Id, Lead Owner.id"),
    _mark("Zoho CRM leads export", "zoho", "Record Id, Is Converted, Lead Owner"),
    _mark(
        "HubSpot contacts export",
        "hubspot",
        "Record ID",
        "Phone Number, Mobile Phone Number, Contact owner, Lead Status, Create Date, Lifecycle Stage, Associated Company, "
        "Marketing contact status",
        2,
    ),
    _mark("Salesforce leads report", "salesforce", "Company / Account, Lead Owner"),
    _mark(
        "Salesforce leads report", "salesforce", "Lead ID, Lead Owner", "Company, Lead Source, Rating, Lead Status", 1
    ),
    _mark("Calendly events export", "calendly", "Invitee Email", "Event Type Name, Invitee Name, Canceled", 1),
    _mark(
        "Typeform responses export", "typeform", "Network ID", "Response Type, Submit Date (UTC), Start Date (UTC)", 2
    ),
    _mark("GoHighLevel contacts export", "gohighlevel", "Contact Id, Tags", "Last Activity, Created, Phone", 2),
)
_META_VALUE = re.compile(r"(l|ag|as|c|f|p|z):\S")
_PIPEDRIVE_NAME = re.compile(r"Person - (?:Name|Phone|Email|Organization)\b")


def known_export(columns: Sequence[Column]) -> Export | None:
    """The program that the list is exported from, None if it is none of the known ones."""
    names = frozenset(compact(column.name) for column in columns)
    if mark := next((mark for mark in _MARKS if mark.fits(names)), None):
        return mark.export
    if sum(bool(_PIPEDRIVE_NAME.match(column.name)) for column in columns) >= 2:
        return _PIPEDRIVE
    # Meta writes its headers in the language of the account, but its values always with the same prefixes.
    return _META if len({prefix for column in columns if (prefix := _prefix(column))}) >= 3 else None


def _prefix(column: Column) -> str:
    """The prefix that all cells of the column have, test rows aside."""
    said = [text(cell) for _, cell in column.closely]
    found = [match[1] for value in said if (match := _META_VALUE.match(value))]
    tests = sum(value.startswith("<test lead") for value in said)
    return found[0] if found and len(set(found)) == 1 and len(found) + tests == len(said) else ""
