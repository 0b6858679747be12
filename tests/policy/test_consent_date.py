"""Consents with a date: never guessed, too old, or in the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import request

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.errors import MappingError
from campaign.core.lead import SourceRow
from campaign.core.lifecycle import State
from campaign.core.mapping.columns import Columns
from campaign.core.policy.conditions import conditions, valid_until
from campaign.core.policy.consent_date import DateFormat, read_moment
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.screening import Screening, lapsed
from campaign.core.policy.suppression import SuppressionList
from campaign.core.policy.window import CallingWindow, parse_window
from campaign.core.reading import Reading
from campaign.core.record import Judgement

NOW = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
HEADER = ("Phone", "Opt In", "Consent Date")


def judged(
    said: Cell, rule: str = "max_age: 365d", agreed: str = "yes", now: datetime = NOW, form: str = ""
) -> Judgement:
    """What is decided about a row with such a consent date."""
    return screening(rule, form).judge(Reading(SourceRow(2, ("x", agreed, said)), request(1)), now, {})


def screening(rule: str, form: str = "") -> Screening:
    """The rules of a mapping that asks for a consent and its date."""
    dated = f"{{column: Consent Date, format: {form}}}" if form else "Consent Date"
    consent = f"consent: {{column: Opt In, accept: 'yes', date: {dated}{', ' if rule else ''}{rule}}}"
    policy = parse_mapping(
        f"version: 1\nfields: {{lc_number: Phone}}\npolicy: {{{consent}}}\n", "m", Path()
    ).mapping.policy
    columns = Columns(HEADER)
    window = CallingWindow(parse_window("off"), load_presets())
    return Screening(
        conditions(policy, columns), SuppressionList(), duplicates("first"), None, window, valid_until(policy, columns)
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "blank"),
        ("03/04/2026", "two dates"),
        ("25/12/2025", "can't be read"),
        ("last spring", "can't be read"),
        (46_000, "can't be read"),
        ("2026-02-30", "no date"),
        (CellFault("#REF!"), "#REF!"),
        (date(2025, 6, 30), "held until 2026-06-30"),
        ("2025-06-30", "held until 2026-06-30"),
        (datetime(2026, 7, 4), "future"),
        ("2027-01-01", "future"),
    ],
)
def test_a_date_that_proves_nothing_is_no_consent(said: Cell, words: str) -> None:
    """And the row says what is wrong with it."""
    held = judged(said)
    assert held.state is State.SUPPRESSED
    assert words in held.reason
    assert "Consent Date" in held.reason


@pytest.mark.parametrize(
    "said",
    [
        date(2025, 7, 2),
        Formatted(datetime(2026, 3, 4), "DD/MM/YYYY"),
        "2026-03-04",
        " 2026-03-04 ",
        "2026-03-04T12:00:00+02:00",
        "2026-03-04 12:00",
        date(2026, 7, 2),  # there are places where it is tomorrow
    ],
)
def test_a_plain_date_is_consent(said: Cell) -> None:
    """A cell that is a date, or an ISO text."""
    assert judged(said).state is State.PENDING


def test_a_date_alone_is_asked_for_without_an_age() -> None:
    """Then a consent holds for good, and a missing date is none."""
    assert judged("1999-01-01", rule="").state is State.PENDING
    assert judged(None, rule="").state is State.SUPPRESSED
    assert judged("1999-01-01", rule="").valid_until is None


def test_a_date_does_not_stand_for_the_yes() -> None:
    """Both are needed."""
    assert judged("2026-06-01", agreed="no").state is State.SUPPRESSED


@pytest.mark.parametrize(
    ("form", "said", "day"),
    [
        ("DD/MM/YYYY", "03/04/2026", date(2026, 4, 3)),
        ("MM/DD/YYYY", "03/04/2026", date(2026, 3, 4)),
        ("DD.MM.YY", "3.4.26", date(2026, 4, 3)),
        ("YYYY/MM/DD", "2026/04/03 18:30", date(2026, 4, 3)),
    ],
)
def test_a_format_says_which_date_is_meant(form: str, said: str, day: date) -> None:
    """A text that does not have it is no date, not even one that could be read otherwise."""
    assert read_moment(said, DateFormat.parse(form)) == datetime.combine(day, time(), UTC)
    assert isinstance(read_moment("13.13.2026", DateFormat.parse(form)), str)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["DD/MM/YYYY", "MM-DD-YYYY", "YYYY.MM.DD"]))
def test_what_is_written_in_a_format_reads_back(day: date, form: str) -> None:
    """And without the format it is this date or none: never another one."""
    said = form.replace("YYYY", f"{day.year}").replace("MM", f"{day.month:02d}").replace("DD", f"{day.day:02d}")
    wanted = datetime.combine(day, time(), UTC)
    assert read_moment(said, DateFormat.parse(form)) == wanted
    assert isinstance(read_moment(said, None), str)


@given(st.text(max_size=20))
def test_any_text_is_a_moment_or_words(said: str) -> None:
    """No traceback for whatever stands in the cell."""
    for form in (None, DateFormat.parse("DD/MM/YYYY")):
        assert isinstance(read_moment(said, form), (datetime, str))


@given(st.integers(0, 800), st.integers(1, 700))
@settings(deadline=None)  # each example reads a mapping
def test_consent_lapses_at_the_moment_that_goes_with_the_row(age: int, most: int) -> None:
    """What holds at entry says until when, and does not hold at sending from then on."""
    day = (NOW - timedelta(days=age)).date()
    found = judged(day, rule=f"max_age: {most}d")
    until = datetime.combine(day, time(), UTC) + timedelta(days=most)
    assert (found.state is State.PENDING) == (until > NOW)
    if found.state is State.PENDING:
        assert found.valid_until == until
        assert lapsed(found.valid_until, until - timedelta(seconds=1)) is None
        late = lapsed(found.valid_until, until)
        assert late is not None
        assert late.state is State.SUPPRESSED
        assert f"{until:%Y-%m-%d}" in late.reason


@given(st.dates())
def test_whether_a_row_objects_can_be_asked_for_any_date(day: date) -> None:
    """A date of consent, even the first or the last there is, says nothing for the person against being called."""
    assert not screening("max_age: 365d").objects(("x", "yes", day))
    assert screening("max_age: 365d").objects(("x", "no", day))


@pytest.mark.parametrize(
    "consent",
    [
        "{column: Opt In, accept: 'yes', max_age: 365d}",
        "{column: Opt In, accept: 'yes', date: Consent Date, max_age: off}",
        "{column: Opt In, accept: 'yes', date: {column: Consent Date, format: DD/MM}}",
        "{column: Opt In, accept: 'yes', date: {column: Consent Date, format: '%d.%m.%Y'}}",
    ],
)
def test_a_rule_that_says_too_little_is_refused(consent: str) -> None:
    """An age without a date, and forms that are none."""
    with pytest.raises(MappingError, match="consent"):
        parse_mapping(f"version: 1\nfields: {{lc_number: Phone}}\npolicy:\n  consent: {consent}\n", "m", Path())
