"""Whatever a list is called and holds: the proposal loads, fits the list, and calls only what are phone numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import given, settings
from hypothesis import strategies as st
from made_lists import NAMES, loaded, proposed
from phonenumbers import SUPPORTED_REGIONS

from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.cells.phone import PhoneReader
from campaign.core.errors import SourceError
from campaign.core.mapping.columns import named_columns
from campaign.core.proposal.header_names import Meaning

# Numbers kept for fiction: how people write them at home, and in international form.
WRITTEN: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "US": (lambda n: f"(202) 555-01{n % 100:02d}", lambda n: f"+1 202 555 01{n % 100:02d}"),
    "GB": (lambda n: f"020 7946 0{n % 1000:03d}", lambda n: f"+44 20 7946 0{n % 1000:03d}"),
    "DE": (lambda n: f"030 23125{n % 1000:03d}", lambda n: f"+49 30 23125{n % 1000:03d}"),
    "FR": (lambda n: f"01 99 00 {n % 100:02d} 07", lambda n: f"+33 1 99 00 {n % 100:02d} 07"),
    "SE": (lambda n: f"08-465 004 {n % 100:02d}", lambda n: f"+46 8 465 004 {n % 100:02d}"),
}
VALUES: dict[Meaning, Callable[[int], Cell]] = {
    Meaning.FAX: lambda n: f"+44 20 7946 0{n % 1000:03d}",
    Meaning.EMAIL: lambda n: f"p{n}@example.com",
    Meaning.FIRST_NAME: lambda n: f"Ana{'abcdefgh'[n % 8]}",
    Meaning.LAST_NAME: lambda n: f"Berg{'abcdefgh'[n % 8]}",
    Meaning.COMPANY: lambda n: f"Amber {n} Ltd",
    Meaning.CITY: lambda _n: "Springfield",
    Meaning.DO_NOT_CALL: lambda n: "yes" if n % 9 == 0 else "",
    Meaning.CONSENT: lambda n: "yes" if n % 3 else "no",
    Meaning.POSTCODE: lambda n: f"{10_000 + n}",
    Meaning.IDENTIFIER: lambda n: 4_930_231_250 + n,
    Meaning.MOMENT: lambda n: f"2026-07-{n % 28 + 1:02d}",
    Meaning.AMOUNT: lambda n: 1_000_000 + n,
}
PHONE_MEANINGS = (Meaning.PHONE, Meaning.MOBILE)
EVERY = NAMES.every()


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[str], list[list[Cell]], dict[str, Meaning]]:
    """A list with a phone column or two, other columns, names of any language in any spelling, in any order."""
    phones = draw(st.sampled_from([[Meaning.PHONE], [Meaning.MOBILE], [Meaning.PHONE, Meaning.MOBILE]]))
    others = draw(st.lists(st.sampled_from(list(VALUES)), unique=True, max_size=8))
    rows = draw(st.integers(1, 30))
    country = draw(st.sampled_from(list(WRITTEN)))
    spelled = draw(st.sampled_from([str.lower, str.upper, str.title]))
    made: list[tuple[str, Meaning, list[Cell]]] = []
    for meaning in [*phones, *others]:
        name = spelled(draw(st.sampled_from(EVERY[meaning]))[0])
        if any(name == other for other, _, _ in made):
            continue
        if meaning in phones:
            at_home, abroad = WRITTEN[country]
            forms = draw(st.lists(st.sampled_from([at_home, abroad]), min_size=rows, max_size=rows))
            cells: list[Cell] = [form(n) for n, form in enumerate(forms)]
        else:
            cells = [VALUES[meaning](n) for n in range(rows)]
        made.append((name, meaning, cells))
    made = draw(st.permutations(made))
    header = [name for name, _, _ in made]
    return header, [list(row) for row in zip(*(cells for _, _, cells in made), strict=True)], {n: m for n, m, _ in made}


@settings(max_examples=25)
@given(lists())
def test_a_list_with_names_of_any_language_is_mapped(
    made: tuple[list[str], list[list[Cell]], dict[str, Meaning]],
) -> None:
    """The phone columns and no others are called; no objection is left out, and no consent is taken as given."""
    header, rows, meanings = made
    proposal = proposed(header, rows)
    mapping = loaded(proposal).mapping
    assert {name for _, name in named_columns(mapping)} <= set(header)
    called = {column for choice in proposal.fields if choice.field.startswith("lc_number") for column in choice.columns}
    assert called
    assert {meanings[column] for column in called} <= set(PHONE_MEANINGS)
    for column in called:
        assert share_of_numbers([row[header.index(column)] for row in rows]) >= 0.5
    objections = {name for name, meaning in meanings.items() if meaning is Meaning.DO_NOT_CALL}
    assert objections <= {rule.column for rule in proposal.rules}
    for rule in mapping.policy.skip_when:
        assert rule.column in objections
    if mapping.policy.consent:
        assert meanings[mapping.policy.consent.column] is Meaning.CONSENT
        assert "no" not in mapping.policy.consent.accept


def share_of_numbers(cells: list[Cell], regions: Iterable[str] = tuple(WRITTEN)) -> float:
    """The share of filled cells that are a number in any of the countries."""
    reader = PhoneReader("", "")
    filled = [cell for cell in cells if not is_blank(cell)]
    good = sum(any(reader.read(cell, region).phones for region in ("", *regions)) for cell in filled)
    return good / len(filled) if filled else 1.0


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
cells = st.one_of(
    st.none(),
    texts,
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.sampled_from(["+442079460001", "yes", "dnc"]),
)


@settings(max_examples=80)
@given(st.lists(texts, min_size=1, max_size=5, unique=True), st.data())
def test_arbitrary_headers_and_cells_make_no_trouble(header: list[str], data: st.DataObject) -> None:
    """A mapping that loads and fits, or an error with a cure; whatever signs stand in names and cells."""
    named = [name.strip() or f"column {place}" for place, name in enumerate(header)]
    named = [name if named.index(name) == place else f"{name} ({place + 1})" for place, name in enumerate(named)]
    named[0] = data.draw(
        st.sampled_from([named[0], "Phone", "Phone {x}", 'Tel "no": #1', "- phone", "phone: {a}, [b]"])
    )
    if len(set(named)) < len(named):
        return
    rows = data.draw(st.lists(st.lists(cells, min_size=len(named), max_size=len(named)), max_size=8))
    try:
        proposal = proposed(named, rows)
    except SourceError:
        return
    for choice in proposal.fields:
        if choice.field.startswith("lc_number"):
            for column in choice.columns:
                values = [row[named.index(column)] for row in rows]
                assert all(is_blank(value) for value in values) or share_of_numbers(values, SUPPORTED_REGIONS) >= 0.5


def test_the_values_of_people_do_not_stand_in_the_file() -> None:
    """A mapping is shared and kept; the samples are shown, not written."""
    rows: list[list[Cell]] = [["+442079460001", "Zebulon Quillfeather", "zq@example.com"]]
    proposal = proposed(["Phone", "Name", "Email"], rows)
    assert ("Zebulon Quillfeather",) in [choice.samples for choice in proposal.fields]
    for value in rows[0]:
        assert text(value) not in proposal.yaml
