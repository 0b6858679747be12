"""Which columns are the lead's phones, which one is called first, and of which country national numbers are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from campaign.core.errors import SourceError
from campaign.core.proposal.column import Column
from campaign.core.proposal.confidence import Confidence
from campaign.core.proposal.header_names import PHONES, HeaderNames, Meaning
from campaign.core.proposal.home_country import HomeCountry, find_home
from campaign.core.proposal.phone_cells import PhoneCells, looks_like_phones, read_phone_cells
from campaign.core.proposal.proposal import FieldChoice

_MOST_CELLS = 0.5  # of a column whose name says phone must be numbers
_NEARLY_ALL = 0.8  # of a column whose name says nothing
_MANY = 10  # cells of such a column, at least
_FEW_WRONG = 0.9  # so many good cells make a phone column sure
_FEW = 0.1  # of the cells without a country code leave the whole as sure as it is without them
_MOBILE_BONUS = 0.25  # a mobile is nearer to the person than a landline, but not if half of the list lacks it
_NO_PHONES = frozenset(
    {
        Meaning.FAX,
        Meaning.POSTCODE,
        Meaning.IDENTIFIER,
        Meaning.MOMENT,
        Meaning.AMOUNT,
        Meaning.DO_NOT_CALL,
        Meaning.CONSENT,
    }
)


@dataclass(frozen=True, slots=True)
class PhoneChoice:
    """The phone columns, the one to call first in front, and the home country of their national numbers.

    `home` is None if no number needs one. `plus_lost` tells that the cells lack their +.
    """

    phones: tuple[PhoneCells, ...]
    home: HomeCountry | None
    plus_lost: bool = False
    by_name_only: bool = False

    @property
    def region(self) -> str:
        """The home country, "" if it is open or not needed."""
        return self.home.region if self.home else ""

    @property
    def regions(self) -> frozenset[str]:
        """The countries of the numbers, as far as they are known."""
        told = {phone.region for cells in self.phones for phone in cells.phones}
        return frozenset(told | ({self.region} if self.region else set()))


def choose_phones(
    columns: Sequence[Column], regions: Sequence[str], names: HeaderNames, languages: Sequence[str], list_name: str
) -> PhoneChoice:
    """The list's phone columns. `regions` are the ISO countries that the rows name. Raises `SourceError` if there is none."""
    own = [column for column in columns if not column.named.another_s and column.named.meaning not in _NO_PHONES]
    named = [column for column in own if column.named.meaning in PHONES]
    read = [read_phone_cells(column, regions) for column in named if column.filled]
    if not any(_may_be(cells) for cells in read):
        others = [column for column in own if column.filled and column not in named and looks_like_phones(column)]
        read += [read_phone_cells(column, regions) for column in others]
    spoken = names.countries_of(languages)
    abroad = sum((cells.abroad for cells in read), Counter[str]())
    rows = Counter(region for region in regions if region)
    for cells in read:
        if _lost_plus(cells, {*spoken, *rows}):
            return PhoneChoice((cells,), None, plus_lost=True)
    could_be = [cells for cells in read if _may_be(cells)]
    national = [cell for cells in could_be for cell in cells.national]
    home = find_home(national, abroad, rows, spoken) if national else None
    if home and len(national) < _FEW * sum(cells.total for cells in could_be):
        home = replace(home, few=True)
    found = [cells for cells in read if _is_phone(cells, home)]
    if found:
        used = home if home and any(cells.national for cells in found) else None
        return PhoneChoice(tuple(sorted(found, key=lambda cells: _rank(cells, home))), used)
    blank = [column for column in named if not column.filled]
    if blank and not read:
        return PhoneChoice(tuple(PhoneCells(column) for column in blank), None, by_name_only=True)
    raise SourceError(_not_found(list_name, columns, read, home), _cure(read))


def _may_be(cells: PhoneCells) -> bool:
    return len(cells.phones) + len(cells.national) >= _MOST_CELLS * cells.total


def _is_phone(cells: PhoneCells, home: HomeCountry | None) -> bool:
    """Whether a column is one of phones: by its cells, and the fewer its name says, the more they must."""
    region = (home.region or next(iter(home.rivals), "")) if home else ""
    share = cells.share(region)
    if cells.column.named.meaning in PHONES:
        return share >= _MOST_CELLS
    if cells.coded >= _NEARLY_ALL * cells.total:
        return True
    # Digits alone are amounts and orders as well: they must be many, of one country, and no run.
    return bool(home and home.region) and share >= _FEW_WRONG and cells.total >= _MANY and not cells.is_run


def _lost_plus(cells: PhoneCells, supported: set[str]) -> bool:
    """Whether the whole column lacks its +, and something else says that its country codes are meant."""
    column = cells.column
    if not cells.total or cells.lost_plus < _FEW_WRONG * cells.total or column.named.meaning not in PHONES:
        return False
    if "{" in column.name or "}" in column.name:  # a template can't name it
        return False
    found = Counter(region for region in cells.with_plus() if region)
    return any(count >= _FEW_WRONG * cells.total and region in supported for region, count in found.most_common(1))


def _rank(cells: PhoneCells, home: HomeCountry | None) -> tuple[float, int]:
    region = home.region if home else ""
    rows = len(cells.column.filled) * max(cells.share(region), 0.01)
    is_mobile = cells.column.named.meaning is Meaning.MOBILE
    mobiles = max(float(is_mobile), cells.mobile_share(region))
    return -rows * (1 + _MOBILE_BONUS * mobiles), cells.column.place


def phone_fields(choice: PhoneChoice, rows: int, *, beside_country: bool) -> list[FieldChoice]:
    """`lc_number`, and `lc_number_2` if there are further phone columns.

    `beside_country`: a country column is mapped, and the home country is the default of that field.
    """
    first, *further = choice.phones
    columns = [cells.column.name for cells in choice.phones]
    home = {"country": choice.region} if choice.region and not beside_country else {}
    evidence = [_evidence(first, choice)]
    if further:
        evidence.append(_why_first(first, further, rows))
    spec: dict[str, str | tuple[str, ...]] = {"column": columns[0] if not further else tuple(columns), **home}
    if choice.plus_lost:
        spec = {"template": "+{" + columns[0] + "}"}
    check = _check(choice)
    instead = None
    if not beside_country and choice.home:
        question, likeliest = home_check(choice.home, choice.phones)
        check = " ".join(filter(None, (check, question)))
        instead = {**spec, "country": likeliest} if likeliest else None
    confidence = _confidence(first, choice)
    fields = [
        FieldChoice(
            "lc_number", tuple(columns), spec, confidence, tuple(evidence), first.column.samples, check, instead
        )
    ]
    if further:
        names = tuple(columns[1:])
        second: dict[str, str | tuple[str, ...]] = {"column": names[0] if len(names) == 1 else names, **home}
        why = tuple(_evidence(cells, choice) for cells in further)
        sure = max((_confidence(cells, choice) for cells in further), key=list(Confidence).index)
        samples = further[0].column.samples
        fields.append(FieldChoice("lc_number_2", names, {**second, "on_invalid": "drop"}, sure, why, samples))
    return fields


def _confidence(cells: PhoneCells, choice: PhoneChoice) -> Confidence:
    if choice.plus_lost or choice.by_name_only:
        return Confidence.UNSURE
    share = cells.share(choice.region or _first_rival(choice))
    if cells.column.named.meaning in PHONES:
        sure = cells.column.named.exact and share >= _FEW_WRONG
        return Confidence.SURE if sure else Confidence.LIKELY
    return Confidence.LIKELY if cells.written_as_phones >= _NEARLY_ALL and cells.phones else Confidence.UNSURE


def _first_rival(choice: PhoneChoice) -> str:
    return next(iter(choice.home.rivals), "") if choice.home else ""


def _evidence(cells: PhoneCells, choice: PhoneChoice) -> str:
    column = cells.column
    words = "is a name of phone columns" if column.named.exact else "has a word for phones in its name"
    said = f"'{column.name}' {words}" if column.named.meaning in PHONES else f"'{column.name}' says nothing by its name"
    if choice.by_name_only:
        return f"{said}; it has no values that could confirm it"
    if choice.plus_lost:
        return f"{said}; {cells.lost_plus} of {cells.total} cells are numbers if a + is put in front"
    region = choice.region or _first_rival(choice)
    parts = [f"{cells.share(region):.0%} of {cells.total:,} cells read are phone numbers"]
    if cells.national:
        parts.append(f"{len(cells.national) / cells.total:.0%} without a country code")
    if cells.wrong:
        reason, count = cells.wrong.most_common(1)[0]
        parts.append(f"{count} not: {reason}")
    return f"{said}; " + ", ".join(parts)


def _why_first(first: PhoneCells, further: Sequence[PhoneCells], rows: int) -> str:
    fills = [f"'{cells.column.name}' in {len(cells.column.filled) / rows:.0%}" for cells in (first, *further) if rows]
    return f"called first; the next where it is blank (filled: {', '.join(fills)} of the rows; mobiles go before landlines)"


def _check(choice: PhoneChoice) -> str:
    """What is to be looked at about the column of the first number."""
    column = choice.phones[0].column
    if choice.plus_lost:
        return f"the cells of '{column.name}' seem to have lost their +. It is put back here: is that right for all of them?"
    if choice.by_name_only:
        return f"'{column.name}' has no values in the rows looked at: is it the phone column?"
    if column.named.meaning in PHONES:
        return ""
    return f"nothing but its values says that '{column.name}' holds phone numbers of the leads: is that so?"


def home_check(home: HomeCountry, phones: Sequence[PhoneCells]) -> tuple[str, str]:
    """What is to be looked at about the home country, and the likeliest one where it is open ("": none)."""
    reasons = "; ".join(home.evidence)
    if home.confidence is Confidence.SURE:
        return "", ""
    if home.region:
        return f"Numbers without a country code are read as numbers of {home.region} ({reasons}): is that right?", ""
    count, total = sum(len(cells.national) for cells in phones), sum(cells.total for cells in phones)
    open_rows = (
        f"{count} of {total} cells read have no country code, and their country is open: {reasons}. "
        "Rows with such numbers are not called"
    )
    likeliest = home.rivals[0] if home.rivals and not home.mixed else ""
    return f"{open_rows} until it is named:" if likeliest else f"{open_rows} without a column that names it.", likeliest


def _not_found(list_name: str, columns: Sequence[Column], read: Sequence[PhoneCells], home: HomeCountry | None) -> str:
    lines = [f"No column of {list_name} can be taken for the leads' phone numbers. Looked at:"]
    by_name = {cells.column.name: cells for cells in read}
    lines += [f"  {c.name}: {_why_none(c, by_name.get(c.name), home)}" for c in columns[:_SHOWN]]
    if len(columns) > _SHOWN:
        lines.append(f"  and {len(columns) - _SHOWN} more columns")
    return "\n".join(lines)


_SHOWN = 20


def _why_none(column: Column, cells: PhoneCells | None, home: HomeCountry | None) -> str:
    if column.named.another_s and column.named.meaning in PHONES:
        return "the phone of an agent or another person, by its name"
    if column.named.meaning in _NO_PHONES:
        return f"by its name {str(column.named.meaning).replace('_', ' ')}"
    if not column.filled:
        return "blank in the rows looked at"
    if cells is None:
        return "nothing of a phone in its name or in most of its values"
    region = (home.region or next(iter(home.rivals), "")) if home else ""
    share = cells.share(region)
    if cells.is_run:
        return "one run of numbers, as of orders"
    if cells.wrong and share < _NEARLY_ALL:
        reason, count = cells.wrong.most_common(1)[0]
        return f"{share:.0%} of {cells.total} cells read are phone numbers; {count} not: {reason}"
    return f"{share:.0%} of {cells.total} cells read could be phone numbers, and its name does not say so"


def _cure(read: Sequence[PhoneCells]) -> str:
    lost = next((cells for cells in read if cells.total and cells.lost_plus >= _FEW_WRONG * cells.total), None)
    if lost is not None:
        name = lost.column.name
        return (
            f"If the numbers of '{name}' only lack their +, start from the template (campaign schema --template brightcall > "
            f'mapping.yaml) and write  lc_number: {{template: "+{{{name}}}"}}'
        )
    return (
        "Check that the right file and sheet are named (--sheet). If a column does hold the phones, give it a name such as Phone "
        "and try again, or name it yourself: campaign schema --template brightcall > mapping.yaml"
    )
