"""The sample lists hold what they are meant to hold, and the template shows every key of the mapping format."""

from __future__ import annotations

import importlib
import re
import sys
import types
import typing
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from campaign.adapters.mapping_file import load_mapping_file, parse_mapping
from campaign.adapters.sources import open_source
from campaign.assembly.prepare import make_plan
from campaign.core.cells.cell import Cell, Formatted, shown, text
from campaign.core.cells.country import read_country
from campaign.core.cells.phone import PhoneReader, PhoneType
from campaign.core.lifecycle import State
from campaign.core.mapping.delivery_part import DeliverySpec
from campaign.core.mapping.document import KeySpec, Mapping
from campaign.core.mapping.policy_part import PolicySpec
from campaign.core.problem import Code
from campaign.core.reading import Reading
from campaign.core.record import Judgement

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_data"
TEMPLATE = ROOT / "templates" / "brightcall.yaml"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)

# Written down once more, apart from the generator's own table: a number may be in the samples only if one of these has it.
RESERVED = re.compile(
    r"""\+1[2-9][0-9]{2}55501[0-9]{2}
      | \+44 (?:207946|161496|113496|117496) 0[0-9]{3} | \+44 9098790 [0-9]{3}
      | \+49 (?:3023125|6990009) [0-9]{3} | \+49 17139200 [0-9]{2}
      | \+33 (?:19900|26191|35301|46571|53649) [0-9]{4}
      | \+61 [237]5550 [0-9]{4} | \+61 491570 (?:006|110|15[6-9])
      | \+46 8465004 [0-9]{2} | \+46 7017406 (?:0[5-9]|[1-9][0-9])""",
    re.VERBOSE,
)

Judged = list[tuple[Reading, Judgement]]


@pytest.fixture(scope="module")
def generator() -> Iterator[types.ModuleType]:
    """The generator, which is a script beside its data and not a part of any package."""
    sys.path.insert(0, str(SAMPLES))
    try:
        yield importlib.import_module("make_sample_data")
    finally:
        sys.path.remove(str(SAMPLES))


def judged(leads: str, mapping: str) -> Judged:
    """Every row of a sample list, read and judged as a campaign would."""
    loaded = load_mapping_file(SAMPLES / mapping)
    source = open_source(SAMPLES / leads, sheet=loaded.mapping.source.sheet)
    plan = make_plan(loaded, source, SAMPLES)
    assert plan.warnings == ()
    for row in source.rows():
        plan.screening.look(row, plan.reader, NOW)
    readings = [plan.reader.read(row) for row in source.rows()]
    return [(reading, plan.screening.judge(reading, NOW, {})) for reading in readings]


@pytest.fixture(scope="module")
def expo() -> Judged:
    """The trade fair's leads."""
    return judged("expo_leads.csv", "expo_mapping.yaml")


@pytest.fixture(scope="module")
def clinic() -> Judged:
    """The clinic's patients."""
    return judged("clinic_leads.xlsx", "clinic_mapping.yaml")


def counts(rows: Judged) -> Counter[State]:
    """How many rows are in each state."""
    return Counter(judgement.state for _, judgement in rows)


@pytest.mark.parametrize("name", ["expo_leads.csv", "clinic_leads.xlsx", "do_not_call.csv"])
def test_the_committed_lists_are_the_generators(generator: types.ModuleType, name: str) -> None:
    """What is committed is what the generator writes, byte for byte, each time it runs."""
    made = generator.files()[name]
    assert made == (SAMPLES / name).read_bytes()
    assert made == generator.files()[name]


def test_each_row_becomes_what_it_is_meant_to(generator: types.ModuleType, expo: Judged, clinic: Judged) -> None:
    """Every row has the state, the problem and the first number that the generator made it for."""
    for rows, meant in ((expo, generator.expo_rows()), (clinic, generator.clinic_rows())):
        for (reading, judgement), row in zip(rows, meant, strict=True):
            seen = f"row {reading.row.number}: {judgement.reason}"
            assert judgement.state == row.state, seen
            if row.problem:
                assert row.problem in {problem.code for problem in reading.problems}, seen
            elif reading.request is not None:
                assert reading.request.phone.e164 == row.number.e164, seen
                assert reading.problems == (), seen


def test_the_expo_list_is_a_tenth_wrong(expo: Judged) -> None:
    """Most of the 500 leads can be called, a tenth is wrong, and the rules hold back some dozens."""
    assert len(expo) == 500
    found = counts(expo)
    assert 370 <= found[State.PENDING] <= 400
    assert found[State.INVALID] == 50
    assert 40 <= found[State.SUPPRESSED] <= 50
    assert 12 <= found[State.DUPLICATE] <= 20
    assert found.total() == sum(found[State(state)] for state in ("pending", "invalid", "suppressed", "duplicate"))


def test_the_clinic_list_is_a_tenth_wrong(clinic: Judged) -> None:
    """Most of the 200 patients can be called, a tenth is wrong, and the rules hold back some."""
    assert len(clinic) == 200
    found = counts(clinic)
    assert 145 <= found[State.PENDING] <= 160
    assert found[State.INVALID] == 20
    assert 20 <= found[State.SUPPRESSED] <= 24
    assert found[State.DUPLICATE] == 5


def test_every_way_of_being_wrong_is_shown(expo: Judged, clinic: Judged) -> None:
    """Together the lists show these problems, so that a first `validate` is instructive."""
    wrong = [reading for reading, judgement in expo + clinic if judgement.state == "invalid"]
    assert {problem.code for reading in wrong for problem in reading.problems} >= {
        Code.REQUIRED,
        Code.RAGGED,
        Code.PHONE_UNREADABLE,
        Code.PHONE_INVALID,
        Code.PHONE_PRECISION,
        Code.PHONE_DATE,
        Code.PHONE_DECIMAL,
        Code.PHONE_LETTERS,
        Code.PHONE_TYPE,
        Code.EMAIL_INVALID,
        Code.COUNTRY_UNKNOWN,
        Code.TEXT_PATTERN,
        Code.CELL_ERROR,
        Code.AGENT_INCOMPLETE,
    }


def test_what_is_left_out_of_good_rows_is_noted(expo: Judged) -> None:
    """A wrong e-mail and a second number that is another lead's are left out, and the row is sent."""
    notes = [note.text for _, judgement in expo if judgement.state == "pending" for note in judgement.notes]
    left_out = [note for note in notes if "was left out" in note]
    assert sum("e-mail" in note for note in left_out) == 6
    assert sum(re.search(r"number \+\d+ .*row \d+ has it", note) is not None for note in left_out) == 5
    assert any("extension 45" in note.lower() for note in notes)


def test_the_rules_that_hold_people_back_are_all_shown(expo: Judged, clinic: Judged) -> None:
    """Opt-outs, missing consent, the do-not-call list and its prefix each hold back some rows."""
    held = [(reading, judgement) for reading, judgement in expo + clinic if judgement.state == "suppressed"]
    reasons = (("no consent: Opt In", 24), ("no consent: May We Call", 14), ("Do Not Call is", 12), ("Status is", 4))
    for part, rows in reasons:
        assert sum(part in judgement.reason for _, judgement in held) == rows, part
    by_list = [reading.request for reading, judgement in held if "do_not_call.csv" in judgement.reason]
    listed = [request.phone.e164 for request in by_list if request is not None]
    assert sum(number.startswith("+49699000991") for number in listed) == 4
    assert len(listed) == 14


def test_payloads_keep_zeros_dates_and_agents(expo: Judged, clinic: Judged) -> None:
    """Leading zeros, padded formats, dates and agents arrive as the person sees them."""
    sent = [judgement.request.payload for _, judgement in expo if judgement.state == "pending" and judgement.request]
    assert all(re.fullmatch(r"0\d{5}", payload["lc_param_budget"]) for payload in sent)
    assert len({payload["lc_param_agent01phone"] for payload in sent if "lc_param_agent01phone" in payload}) == 3
    assert {payload["country"] for payload in sent} == {"US", "CA", "GB", "DE", "FR", "AU", "SE"}
    assert sum("lc_number_2" in payload for payload in sent) > 80
    sent = [judgement.request.payload for _, judgement in clinic if judgement.state == "pending" and judgement.request]
    assert all(re.fullmatch(r"021\d\d", payload["lc_param_zip"]) for payload in sent)
    assert all(re.fullmatch(r"202\d-\d\d-\d\d", payload["lc_param_last_visit"]) for payload in sent)


def test_the_lists_are_found_without_being_described() -> None:
    """The title line, the second sheet and the blank rows are left out by themselves, and told."""
    clinic, expo = open_source(SAMPLES / "clinic_leads.xlsx"), open_source(SAMPLES / "expo_leads.csv")
    assert (clinic.sheet, clinic.header_row, clinic.other_sheets) == ("Leads", 3, ("Readme",))
    rows = list(expo.rows())
    middle, end = expo.skipped()
    assert (middle.first, middle.last, middle.why) == (252, 252, "blank")
    assert end.first > rows[-1].number


def test_the_lists_hold_what_a_result_must_survive(expo: Judged, clinic: Judged) -> None:
    """Formula-like texts, line breaks, quotes, emoji, foreign scripts, typed and formatted cells are all there."""
    cells = [cell for reading, _ in expo for cell in reading.row.cells if isinstance(cell, str)]
    for start in "=+@-":
        assert any(cell.startswith(start) for cell in cells), start
    for inside in ("\n", '"', ",", "🚀", "小明", "é", "\u00a0", "＋"):
        assert any(inside in cell for cell in cells), inside
    typed = {type(cell) for reading, _ in clinic for cell in reading.row.cells}
    assert typed >= {str, int, bool, Formatted, type(None)}
    assert any(shown(cell) == "#N/A" for reading, _ in clinic for cell in reading.row.cells[-1:])


def phones_in(cells: Iterable[Cell], region: str) -> Iterator[str]:
    """Every number that our own reader, or libphonenumber's search in text, sees in the cells, in E.164."""
    reader = PhoneReader("", "", allow_types=frozenset(PhoneType))
    for cell in cells:
        if (plain := re.sub(r"\+\d+\*", "", text(cell))) != text(cell):
            cell = plain  # the beginning of numbers is none
        yield from (phone.e164 for phone in reader.read(cell, region).phones)
        for match in phonenumbers.PhoneNumberMatcher(plain, region or None):
            yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)


def test_no_number_is_anybodys(expo: Judged, clinic: Judged) -> None:
    """Every number in the samples, wherever it stands, is of a range that is reserved for fiction."""
    found: list[str] = []
    for reading, _ in expo:
        region = read_country(reading.row.cells[6]) or "US"
        found += phones_in(reading.row.cells, region)
    for reading, _ in clinic:
        found += phones_in(reading.row.cells, "US")
    for row in open_source(SAMPLES / "do_not_call.csv").rows():
        found += phones_in(row.cells, "US")
    for file in ("README.md", "expo_mapping.yaml", "clinic_mapping.yaml", "sample_rows.py"):
        found += phones_in([(SAMPLES / file).read_text(encoding="utf-8")], "")
    assert len(found) > 1_000
    assert [number for number in found if not RESERVED.fullmatch(number)] == []


def test_every_reserved_range_is_valid(generator: types.ModuleType) -> None:
    """The generator's ranges are those of the table here, and libphonenumber knows their numbers as valid."""
    reserved = importlib.import_module("reserved_numbers")
    for block in (*reserved.RANGES, *reserved.BOSTON, reserved.PREMIUM_RATE, generator.OBJECTOR):
        *_, last = numbers = list(block.numbers())
        for number in (numbers[0], last):
            assert RESERVED.fullmatch(number.e164), number.e164
            assert phonenumbers.is_valid_number(phonenumbers.parse(number.e164)), number.e164


# --- templates/brightcall.yaml ----------------------------------------------------------------------------------------


def template() -> str:
    """The template's text."""
    return TEMPLATE.read_text(encoding="utf-8")


def taken_in(part: str) -> str:
    """A part of the template with its optional keys: the one sign that leaves them out is taken away, `##` is prose."""
    return re.sub(r"(?m)^( *)# ", r"\1", part)


def whole_template() -> str:
    """The template with every optional key in it. Its first line is for editors."""
    first, rest = template().split("\n", 1)
    return f"{first}\n{taken_in(rest)}"


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation such as `tuple[AgentSpec, ...]` or `dict[str, FieldSpec]` is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from models_in(inner)


def keys_known(model: type[BaseModel]) -> set[tuple[str, str]]:
    """Every key of the format: the model that has it, and its name."""
    found = {(model.__name__, key) for key in model.model_fields}
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            found |= keys_known(inner)
    return found


def keys_used(model: type[BaseModel], document: Any) -> set[tuple[str, str]]:
    """The keys that a document, or a part of it, writes down."""
    if isinstance(document, list):
        return set().union(*(keys_used(model, item) for item in document))
    if not isinstance(document, dict):
        return set()
    found = {(model.__name__, key) for key in document if key in model.model_fields}
    for key, value in document.items():
        annotation = model.model_fields[key].annotation
        values = list(value.values()) if typing.get_origin(annotation) is dict and isinstance(value, dict) else value
        for inner in models_in(annotation):
            found |= keys_used(inner, values)
    return found


def test_the_template_is_a_mapping() -> None:
    """It can be used as it stands, on a list with the usual columns."""
    mapping = parse_mapping(template(), TEMPLATE.name, TEMPLATE.parent).mapping
    assert list(mapping.fields) == ["lc_number", "lc_number_2", "country", "lc_param_name", "lc_param_email"]
    assert mapping.fields["lc_number_2"].on_invalid == mapping.fields["lc_param_email"].on_invalid == "drop"
    assert mapping.policy.suppress == ()
    assert mapping.policy.calling_window == PolicySpec().calling_window


def test_the_template_shows_every_key() -> None:
    """With its optional keys taken in it is still valid, and no key of the format is missing from it."""
    whole = whole_template()
    parse_mapping(whole, TEMPLATE.name, TEMPLATE.parent)
    document = YAML(typ="safe", pure=True).load(whole)
    assert keys_known(Mapping) - keys_used(Mapping, document) == set()


def test_each_optional_part_can_be_taken_in_alone() -> None:
    """A person takes in one paragraph, not all of them: each one alone gives a valid mapping, too."""
    first, *paragraphs = template().split("\n\n")
    optional = [place for place, paragraph in enumerate(paragraphs) if taken_in(paragraph) != paragraph]
    assert len(optional) >= 14
    for place in optional:
        text = "\n\n".join([first, *paragraphs[:place], taken_in(paragraphs[place]), *paragraphs[place + 1 :]])
        parse_mapping(text, TEMPLATE.name, TEMPLATE.parent)


def test_optional_delivery_keys_show_the_defaults() -> None:
    """What the template shows of delivery and keys is what holds without it, as it says."""
    mapping = parse_mapping(whole_template(), TEMPLATE.name, TEMPLATE.parent).mapping
    examples = {"success", "stop_when", "cost_per_call", "caps"}  # nothing of them holds unless it is written
    assert mapping.delivery.model_dump(exclude=examples) == DeliverySpec().model_dump(exclude=examples)
    assert mapping.policy.duplicates == PolicySpec().duplicates
    assert (mapping.widget_key, mapping.api_key) == (
        KeySpec(env="BRIGHTCALL_WIDGET_KEY"),
        KeySpec(env="BRIGHTCALL_API_KEY"),
    )


def test_the_defaults_in_words_are_the_defaults() -> None:
    """`Default: 30.` in the explanation above a key of delivery is the default of that key."""
    delivery = DeliverySpec()
    for part in (delivery, delivery.timeout, delivery.retry, delivery.stop_after):
        for key in type(part).model_fields:
            value = getattr(part, key)
            if isinstance(value, BaseModel):
                continue
            explained = re.search(rf"((?:^ *##.*\n)+) *(?:# +)?{key}:", template(), re.MULTILINE)
            said = re.search(r"Default: (\S+?)\.(?:\s|$)", explained[1]) if explained else None
            assert said is not None, key
            shown_default = (
                str(value).lower() if isinstance(value, bool) or value is None else str(value).removesuffix(".0")
            )
            assert said[1] == shown_default, key


def test_template_and_samples_name_their_schema() -> None:
    """The first line of every mapping that is shipped lets an editor find the schema."""
    for path in (TEMPLATE, SAMPLES / "expo_mapping.yaml", SAMPLES / "clinic_mapping.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=mapping.schema.json"
