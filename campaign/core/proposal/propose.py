"""From the first rows of a list to a proposed mapping."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from campaign.core.lead import SourceRow
from campaign.core.proposal.annotated import annotated
from campaign.core.proposal.column import Column, columns_of
from campaign.core.proposal.header_names import PHONES, HeaderNames, Meaning
from campaign.core.proposal.holding_back import answers, consents, opt_out_rules
from campaign.core.proposal.known_exports import known_export
from campaign.core.proposal.other_fields import agent_choice, country_column, country_field, plain_fields, regions_of
from campaign.core.proposal.phone_choice import PhoneChoice, choose_phones, phone_fields
from campaign.core.proposal.proposal import Proposal
from campaign.core.proposal.whereabouts import place_choices
from campaign.core.result import CALL_COLUMNS

_OURS = re.compile(rf"(?:{'|'.join(CALL_COLUMNS)})(?:_\d+)?")
_RESULT_FILE = ("This is a result file: campaign rerun sends its failed rows, and those that you corrected.",)
_EVERYWHERE = frozenset({"en"})  # a name that English shares with another language says nothing of the language


def suggest(
    list_name: str,
    sheet: str,
    header: Sequence[str],
    rows: Sequence[SourceRow],
    names: HeaderNames,
    *,
    name_sheet: bool,
) -> Proposal:
    """The proposed mapping of a list, by its header and first rows.

    `name_sheet` writes the sheet into the mapping. Raises `SourceError` if no column can be taken for the phones.
    """
    every = columns_of(header, rows, names)
    columns = [column for column in every if not _is_ours(column.name, header)]
    of_country = country_column(columns)
    regions = regions_of(of_country, len(rows))
    choice = choose_phones(columns, regions, names, languages(columns), list_name)
    fields = phone_fields(choice, len(rows), beside_country=of_country is not None)
    if of_country is not None:
        fields.append(country_field(of_country, choice.home, choice.phones))
    places = place_choices(columns, {*regions, *choice.regions} - {""})
    used = {name for field in fields for name in field.columns}
    fields += plain_fields([column for column in columns if column.name not in used])
    rules = opt_out_rules(columns, names)
    agreed = consents(columns, names)
    used |= {name for field in (*fields, *places) for name in field.columns}
    used |= {rule.column for rule in rules} | {consent.column for consent in agreed}
    unused = [column for column in columns if column.name not in used]
    proposal = Proposal(
        list_name=list_name,
        sheet=sheet if name_sheet else "",
        rows_seen=len(rows),
        export=known_export(columns),
        fields=tuple(fields),
        places=tuple(places),
        home=choice.home,
        rules=tuple(rules),
        consents=tuple(agreed),
        agent=agent_choice(columns, names, regions, choice.region),
        unused=tuple(column.name for column in unused),
        answers=tuple(answers(unused, names)),
        remarks=(*_RESULT_FILE[: len(columns) < len(every)], *_remarks(columns, choice, len(rows), used)),
    )
    return replace(proposal, yaml=annotated(proposal))


def _is_ours(name: str, header: Sequence[str]) -> bool:
    """Whether a column is one that a result file has beside the list's own."""
    return CALL_COLUMNS[-1] in header and _OURS.fullmatch(name) is not None


def languages(columns: Sequence[Column]) -> list[str]:
    """The languages that the header is in: those of which it has most names, other ones than English first."""
    votes = Counter(language for column in columns if column.named.exact for language in column.named.languages)
    others = {language: count for language, count in votes.items() if language not in _EVERYWHERE}
    most = max(others.values(), default=0)
    if most * 2 < votes["en"]:
        return ["en"]
    return [language for language, count in others.items() if count == most]


def _remarks(columns: Sequence[Column], choice: PhoneChoice, rows: int, used: set[str]) -> list[str]:
    """What was left aside and a person may wonder about."""
    remarks = []
    if not rows:
        remarks.append("The list has no rows: the columns were judged by their names alone.")
    phones = {cells.column.name for cells in choice.phones}
    for column in columns:
        if column.named.another_s and column.named.meaning in PHONES:
            remarks.append(
                f"'{column.name}' is the phone of an agent or another person, by its name: leads are not called there."
            )
        elif column.named.meaning is Meaning.FAX:
            remarks.append(f"'{column.name}' is a fax number, by its name: it is not called.")
        elif column.named.meaning in PHONES and column.name not in phones:
            why = "most of its cells are no phone numbers" if column.filled else "it is blank in the rows looked at"
            remarks.append(f"'{column.name}' is not called: {why}.")
    given = {column.name for column in columns}
    twice = sorted(name for name in used if f"{name} (2)" in given)
    return remarks + [
        f"Several columns are called '{name}': the second of them is '{name} (2)' here." for name in twice
    ]
