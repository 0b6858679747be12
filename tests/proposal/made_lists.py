"""Lists as `map` meets them: proposals for rows on the spot, and exports of well-known programs with invented people."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from campaign.adapters.header_names import load_header_names
from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import Cell
from campaign.core.lead import SourceRow
from campaign.core.mapping.columns import check_columns
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.proposal.proposal import Proposal
from campaign.core.proposal.propose import suggest

NAMES = load_header_names()


def proposed(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Proposal:
    """What is proposed for a list; the mapping loads, and fits the list."""
    made = suggest(
        "leads.csv", "", header, [SourceRow(n, tuple(row)) for n, row in enumerate(rows, 2)], NAMES, name_sheet=False
    )
    check_columns(loaded(made), header, "leads.csv")
    return made


def loaded(made: Proposal) -> LoadedMapping:
    """The proposed mapping, read back."""
    return parse_mapping(made.yaml, "mapping.yaml", Path())


def columns(made: Proposal, field: str) -> tuple[str, ...]:
    """The columns that a field is read from, () if it is not mapped."""
    return next((choice.columns for choice in made.fields if choice.field == field), ())


def check_of(made: Proposal, field: str) -> str:
    """What a person is asked about a field."""
    return next(choice.check for choice in made.fields if choice.field == field)


def london(n: int) -> str:
    """A number in London that is kept for fiction, in international form."""
    return f"+44 20 7946 {n:04d}"


_LETTERS = "ABCDEFGHIJKL"
_PEOPLE = range(12)


def _export(header: str, row: Callable[[int], dict[str, str]]) -> list[list[str]]:
    """Header and twelve rows; cells that a row does not name are blank. A name with a comma is none here."""
    names = [name.strip() for name in header.split(",")]
    return [names, *([cells.get(name, "") for name in names] for cells in map(row, _PEOPLE))]


def _person(n: int) -> dict[str, str]:
    return {
        "First Name": "Ana",
        "Last Name": f"Berg {_LETTERS[n]}",
        "Email": f"p{n}@example.com",
        "Company": "Amber Ltd",
    }


def _meta() -> list[list[str]]:
    def row(n: int) -> dict[str, str]:
        cells = {
            "created_time": "2026-07-01T10:00:00-05:00",
            "is_organic": "false",
            "platform": "fb",
            "lead_status": "CREATED",
        }
        for prefix, name in (("l", "id"), ("ag", "ad_id"), ("as", "adset_id"), ("c", "campaign_id"), ("f", "form_id")):
            cells[name] = f"{prefix}:{10**14 + n}"
        answers = {
            "what_is_your_budget?": "100-500",
            "email": f"p{n}@example.com",
            "full_name": f"Person {_LETTERS[n]}",
            "phone_number": f"p:+44207946{n:04d}",
            "zip_code": f"z:{10115 + n}",
        }
        if n == 3:
            answers = {name: f"<test lead: dummy data for {name}>" for name in answers}
        return cells | answers

    return _export(
        "id, created_time, ad_id, ad_name, adset_id, adset_name, campaign_id, campaign_name, form_id, form_name, is_organic, "
        "platform, what_is_your_budget?, email, full_name, phone_number, zip_code, lead_status",
        row,
    )


def _hubspot() -> list[list[str]]:
    return _export(
        "Record ID, First Name, Last Name, Email, Phone Number, Mobile Phone Number, Contact owner, Lead Status, Create Date",
        lambda n: (
            _person(n)
            | {
                "Record ID": str(51_000 + n),
                "Phone Number": london(n),
                "Mobile Phone Number": london(500 + n) if n % 2 else "",
                "Contact owner": "Tom Agent",
                "Lead Status": "NEW",
                "Create Date": "2026-07-01 10:00",
            }
        ),
    )


def _salesforce() -> list[list[str]]:
    leads = _export(
        "Lead ID, First Name, Last Name, Email, Email Opt Out, Phone, Mobile, Title, Lead Owner, Company / Account, Lead Source, "
        "Rating, Street, City, State/Province, Zip/Postal Code, Country, Do Not Call",
        lambda n: (
            _person(n)
            | {
                "Lead ID": f"00Q5g00000{n:05d}",
                "Email Opt Out": str(n % 2),
                "Phone": f"(202) 555-01{n:02d}",
                "Lead Owner": "Tom Agent",
                "Lead Source": "Web",
                "State/Province": "MA",
                "Zip/Postal Code": f"0211{n % 10}",
                "Country": "United States",
                "Do Not Call": "1" if n in (2, 5) else "0",
            }
        ),
    )
    footer = [
        "",
        "Grand Totals (12 records)",
        "Confidential Information - Do Not Distribute",
        "Copyright © 2026 Example Inc.",
    ]
    return leads + [[line] for line in footer]


def _zoho() -> list[list[str]]:
    return _export(
        "Record Id, Lead Owner.id, Lead Owner, Is Converted, Company, First Name, Last Name, Email, Phone, Mobile, Lead Source, "
        "Lead Status, Country, Email Opt Out, Unsubscribed Mode, Unsubscribed Time",
        lambda n: (
            _person(n)
            | {
                "Record Id": f"zcrm_55{n:04d}",
                "Lead Owner.id": "zcrm_9",
                "Lead Owner": "Tom Agent",
                "Is Converted": "true" if n == 1 else "false",
                "Phone": london(n),
                "Mobile": london(500 + n),
                "Country": "United Kingdom",
                "Email Opt Out": "false",
                "Unsubscribed Mode": "Manual" if n == 4 else "",
            }
        ),
    )


def _pipedrive() -> list[list[str]]:
    return _export(
        "Person - Name, Person - Phone - Work, Person - Phone - Mobile, Person - Phone - Home, Person - Phone - Other, "
        "Person - Email - Work, Person - Organization",
        lambda n: {
            "Person - Name": f"Ana Berg {_LETTERS[n]}",
            "Person - Phone - Work": london(n),
            "Person - Phone - Mobile": london(500 + n) if n % 2 else "",
            "Person - Email - Work": f"p{n}@example.com",
            "Person - Organization": "Amber Ltd",
        },
    )


def _gohighlevel() -> list[list[str]]:
    return _export(
        "Contact Id, First Name, Last Name, Phone, Email, Created, Last Activity, Tags",
        lambda n: (
            _person(n)
            | {
                "Contact Id": f"k{n}Xy",
                "Phone": london(n),
                "Created": "2026-06-01",
                "Last Activity": "2026-07-01",
                "Tags": "web, dnd" if n == 6 else "web",
            }
        ),
    )


def _calendly() -> list[list[str]]:
    return _export(
        "Invitee Name, Invitee First Name, Invitee Last Name, Invitee Email, Invitee Time Zone, Text Reminder Number, "
        "Event Type Name, Start Date & Time, End Date & Time, Canceled",
        lambda n: {
            "Invitee Name": "Ana Berg",
            "Invitee First Name": "Ana",
            "Invitee Last Name": "Berg",
            "Invitee Email": f"p{n}@example.com",
            "Invitee Time Zone": "Europe/London",
            "Text Reminder Number": london(n),
            "Event Type Name": "Intro call",
            "Start Date & Time": "2026-07-01 10:00",
            "Canceled": "true" if n in (0, 7) else "false",
        },
    )


def _typeform() -> list[list[str]]:
    return _export(
        "#, First name, Last name, Phone number, Email, Shall we call you in the morning?, Response Type, Start Date (UTC), "
        "Stage Date (UTC), Submit Date (UTC), Network ID",
        lambda n: {
            "#": f"a{n}b",
            "First name": "Ana",
            "Last name": f"Berg {_LETTERS[n]}",
            "Phone number": f"+44207946{n:04d}",
            "Email": f"p{n}@example.com",
            "Shall we call you in the morning?": "1",
            "Response Type": "completed",
            "Submit Date (UTC)": "2026-07-01 10:01:00",
            "Network ID": f"9f{n}c",
        },
    )


EXPORTS = {
    "meta": _meta,
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "zoho": _zoho,
    "pipedrive": _pipedrive,
    "gohighlevel": _gohighlevel,
    "calendly": _calendly,
    "typeform": _typeform,
}


def export_file(folder: Path, name: str) -> Path:
    """The sample export of a program as a CSV file of twelve people."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(EXPORTS[name]())
    return path
