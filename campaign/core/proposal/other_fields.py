"""The fields beside the phones: country, name, e-mail and what else tells an agent whom they call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign.core.cells.cell import is_blank, text
from campaign.core.cells.country import read_country
from campaign.core.cells.email import EmailReader
from campaign.core.proposal.column import Column
from campaign.core.proposal.confidence import Confidence
from campaign.core.proposal.header_names import PHONES, HeaderNames, Meaning, Words
from campaign.core.proposal.home_country import HomeCountry
from campaign.core.proposal.phone_cells import PhoneCells, read_phone_cells
from campaign.core.proposal.phone_choice import home_check
from campaign.core.proposal.proposal import AgentChoice, FieldChoice

_MOST, _NEARLY_ALL = 0.5, 0.9
_EMAIL = EmailReader("", "")
_PERSON = re.compile(r"[^\W\d_]+\.?(?:[ '’-][^\W\d_]+\.?){1,3}")
_BRACES = re.compile(r"[{}]")
_PLAIN = {Meaning.COMPANY: "lc_param_company", Meaning.CITY: "lc_param_city", Meaning.SOURCE: "lc_param_source"}


def country_column(columns: Sequence[Column]) -> Column | None:
    """The column of the leads' countries: called so, and most of its cells are countries."""
    named = [column for column in columns if column.named.meaning is Meaning.COUNTRY and not column.named.another_s]
    shares = [(column.share(_is_country), column) for column in named]
    good = [(share, column) for share, column in shares if share >= _MOST]
    return max(good, key=lambda found: (found[0] * len(found[1].filled), -found[1].place))[1] if good else None


def regions_of(column: Column | None, rows: int) -> list[str]:
    """The ISO country that each row names, "" where it names none."""
    if column is None:
        return [""] * rows
    return [read_country(cell) or "" for cell in column.cells]


def country_field(column: Column, home: HomeCountry | None, phones: Sequence[PhoneCells]) -> FieldChoice:
    """`country`, with the home country for rows in which it is blank."""
    share = column.share(_is_country)
    evidence = (f"'{column.name}' is a name of country columns; {share:.0%} of its cells are countries",)
    spec = {"column": column.name, **({"default": home.region} if home and home.region else {})}
    sure = Confidence.SURE if share >= _NEARLY_ALL and column.named.exact else Confidence.LIKELY
    check = (
        ""
        if share >= _NEARLY_ALL
        else f"{1 - share:.0%} of the cells of '{column.name}' are not the name of a country."
    )
    question, likeliest = home_check(home, phones) if home else ("", "")
    check = " ".join(filter(None, (check, question)))
    instead = {**spec, "default": likeliest} if likeliest else None
    return FieldChoice("country", (column.name,), spec, sure, evidence, column.samples, check, instead)


def plain_fields(columns: Sequence[Column]) -> list[FieldChoice]:
    """Name, e-mail, company, city and source."""
    own = [column for column in columns if not column.named.another_s]
    fields = [_name(own), _email(own)]
    for meaning, field in _PLAIN.items():
        column = next((c for c in own if c.named.meaning is meaning and c.filled), None)
        if column is not None:
            said = (f"'{column.name}' is a name of such columns",)
            spec = {"column": column.name, "on_invalid": "drop"}
            fields.append(FieldChoice(field, (column.name,), spec, Confidence.LIKELY, said, column.samples))
    return [field for field in fields if field is not None]


def _is_country(said: str) -> bool:
    return read_country(said) is not None


def _email(columns: Sequence[Column]) -> FieldChoice | None:
    named = [column for column in columns if column.named.meaning is Meaning.EMAIL]
    unnamed = [column for column in columns if column.named.meaning is None]
    for group, least_share in ((named, _MOST), (unnamed, _NEARLY_ALL)):
        shares = [(column.share(_is_email), column) for column in group]
        good = [(share, column) for share, column in shares if share >= least_share]
        if not good:
            continue
        share, column = max(good, key=lambda found: (found[0] * len(found[1].filled), -found[1].place))
        said = f"'{column.name}' is a name of e-mail columns; " if column.named.meaning else f"'{column.name}'; "
        evidence = (f"{said}{share:.0%} of its cells are addresses",)
        sure = Confidence.SURE if column.named.meaning and share >= _NEARLY_ALL else Confidence.LIKELY
        spec = {"column": column.name, "type": "email", "on_invalid": "drop"}
        return FieldChoice("lc_param_email", (column.name,), spec, sure, evidence, column.samples)
    return None


def _is_email(said: str) -> bool:
    return "@" in said and bool(_EMAIL.read(said)[0])


def _name(columns: Sequence[Column]) -> FieldChoice | None:
    first, last, full = (_called(columns, m) for m in (Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.FULL_NAME))
    # "Nom" beside "Prénom", and "Nombre" beside "Apellidos", are halves of a name; alone they are the whole.
    if full and last and not first and not _has_both(full, last):
        first, full = full, None
    elif full and first and not last and not _has_both(full, first):
        last, full = full, None
    if first and last and not _BRACES.search(first.name + last.name):
        evidence = (f"'{first.name}' and '{last.name}' are names of first and last names",)
        samples = tuple(
            " ".join(f"{text(a)} {text(b)}".split())
            for a, b in zip(first.cells, last.cells, strict=True)
            if not (is_blank(a) and is_blank(b))
        )[:3]
        spec = {"template": f"{{{first.name}}} {{{last.name}}}", "on_invalid": "drop"}
        sure = Confidence.SURE if first.named.exact and last.named.exact else Confidence.LIKELY
        return FieldChoice("lc_param_name", (first.name, last.name), spec, sure, evidence, samples)
    if column := full or first or last:
        sure = Confidence.SURE if column.named.exact and column is full else Confidence.LIKELY
        return _name_field(column, sure, f"'{column.name}' is a name of such columns", "")
    found = [
        c for c in columns if c.named.meaning is None and not c.named.beside and c.share(_is_person) >= _NEARLY_ALL
    ]
    found = [c for c in found if len(c.values) >= _MOST * len(c.filled)]
    if not found:
        return None
    said = f"{found[0].share(_is_person):.0%} of the cells of '{found[0].name}' look like people's names"
    check = f"nothing but its values says that '{found[0].name}' holds the leads' names: is that so?"
    return _name_field(found[0], Confidence.UNSURE, said, check)


def _name_field(column: Column, sure: Confidence, said: str, check: str) -> FieldChoice:
    spec = {"column": column.name, "on_invalid": "drop"}
    return FieldChoice("lc_param_name", (column.name,), spec, sure, (said,), column.samples, check)


def _called(columns: Sequence[Column], meaning: Meaning) -> Column | None:
    """The column of that name whose cells are words, an exact name first."""
    named = [c for c in columns if c.named.meaning is meaning and (not c.filled or c.share(_is_words) >= _MOST)]
    return min(named, key=lambda c: (not c.filled, not c.named.exact, c.place), default=None)


def _is_words(said: str) -> bool:
    return "@" not in said and sum(sign.isdecimal() for sign in said) * 2 < len(said)


def _is_person(said: str) -> bool:
    return len(said) <= 40 and bool(_PERSON.fullmatch(said)) and not any(word.islower() for word in said.split()[:1])


def _has_both(full: Column, half: Column) -> bool:
    """Whether the full name holds the half, as it would not if it were the other half."""
    rows = [row for row in half.filled if not is_blank(full.cells[row])]
    holds = sum(text(half.cells[row]).casefold() in text(full.cells[row]).casefold() for row in rows)
    return holds * 2 > len(rows)


def agent_choice(
    columns: Sequence[Column], names: HeaderNames, regions: Sequence[str], home: str
) -> AgentChoice | None:
    """Columns of an agent's name and phone, if both are there."""
    owners = [c for c in columns if Words.OWNER in c.named.beside and c.filled]
    phones = [c for c in owners if c.named.meaning in PHONES]
    people = [c for c in owners if c.named.meaning in (None, Meaning.FULL_NAME) and c.share(_is_words) >= _MOST]
    good = [c for c in phones if read_phone_cells(c, [""] * len(regions)).share(home) >= _MOST]
    if not good or not people:
        return None
    name, phone = people[0], good[0]
    check = (
        f"'{name.name}' and '{phone.name}' seem to be agents'. With them in the mapping a lead goes to its agent instead of the "
        "widget's queue; if you want that, take the '# ' away from their lines."
    )
    return AgentChoice(name.name, phone.name, home, (*name.samples[:1], *phone.samples[:1]), check)
