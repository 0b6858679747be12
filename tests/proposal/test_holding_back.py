"""Who must not be called, and who agreed: no such column is left out, and no yes is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from made_lists import loaded, london, proposed

from campaign.adapters.mapping_file import parse_mapping
from campaign.core.cells.cell import Cell
from campaign.core.proposal.proposal import Proposal


def with_column(name: str, values: Sequence[Cell]) -> Proposal:
    """The proposal for a list of phones with one more column."""
    return proposed(["Phone", name], [[london(n), value] for n, value in enumerate(values)])


def test_the_values_that_mean_yes_are_taken_from_the_column() -> None:
    """And the usual ones besides, because only the first rows are looked at."""
    made = with_column("Do Not Call", ["Ja", "nein", "", "Ja"])
    [rule] = loaded(made).mapping.policy.skip_when
    assert rule.column == "Do Not Call"
    assert rule.equals is not None
    assert {"Ja", "yes", "true", "1"} <= set(rule.equals)
    assert "nein" not in rule.equals


@pytest.mark.parametrize("values", [["x", "", ""], ["2026-05-01", "", "by phone"], ["", "", ""], [True, None, None]])
def test_where_nothing_means_no_whatever_stands_there_is_an_objection(values: list[Cell]) -> None:
    """A tick, a date, a word: the safe side, also for values further down."""
    [rule] = loaded(with_column("DNC", values)).mapping.policy.skip_when
    assert rule.blank is False


def test_a_value_that_is_not_understood_holds_back_and_is_asked_about() -> None:
    """Neither a yes nor a no: taken for a yes, and marked."""
    made = with_column("Opt Out", ["no", "perhaps", "yes", "no"])
    [rule] = loaded(made).mapping.policy.skip_when
    assert rule.equals is not None
    assert "perhaps" in rule.equals
    assert any('"perhaps"' in check for check in made.checks)


@pytest.mark.parametrize(
    "name",
    [
        "Do Not Call",
        "DNC",
        "Opt Out",
        "Unsubscribed",
        "Is Converted",
        "Canceled",
        "Do Not Contact",
        "Nicht anrufen",
        "Sperre",
        "Telefonsperre (intern)",
        "No llamar",
        "Ne pas appeler",
        "Não ligar",
        "Non chiamare",
        "Niet bellen",
        "Nie dzwonić",
        "Aramayın",
        "Не звонить",
        "请勿致电",
        "電話不可",
    ],
)
def test_columns_of_objections_are_rules(name: str) -> None:
    """By their names, in many languages."""
    [rule] = loaded(with_column(name, ["true", "false", "false"])).mapping.policy.skip_when
    assert rule.column == name
    assert rule.equals is not None
    assert "true" in rule.equals
    assert "false" not in rule.equals


@pytest.mark.parametrize("name", ["Email Opt Out", "Unsubscribed from all email", "Newsletter abgemeldet"])
def test_an_opt_out_of_mail_is_a_question(name: str) -> None:
    """Offered in a comment: it may be about calls as well."""
    made = with_column(name, ["1", "0", "0"])
    assert loaded(made).mapping.policy.skip_when == ()
    assert "# - {column: " in made.yaml
    assert any("about mail" in check for check in made.checks)


def test_what_is_left_to_a_person_is_said_in_whole_sentences_and_can_be_done() -> None:
    """The terminal shows the question without the lines; with their comment signs taken away they are a mapping."""
    header = ["Phone", "Owner", "Owner Phone", "Email Opt Out", "Status", "Opt In", "Opt In Date"]
    made = proposed(
        header, [[london(n), "Jo Moe", london(99), "yes", "Converted", "yes", "2026-01-01"] for n in range(5)]
    )
    assert len(made.checks) == 5
    assert not any(check.endswith(":") for check in made.checks)
    assert loaded(made).mapping.agents == ()
    taken_in = re.sub(r"^( *)# (?=skip_when:|agents:| *- \{)", r"\1", made.yaml, flags=re.MULTILINE)
    mapping = parse_mapping(taken_in, "mapping.yaml", Path()).mapping
    assert [agent.name.column for agent in mapping.agents if agent.name] == [("Owner",)]
    assert [rule.column for rule in mapping.policy.skip_when] == ["Email Opt Out", "Status"]


def test_an_objection_among_other_values_is_seen() -> None:
    """A status, tags: a rule for that value."""
    [rule] = loaded(with_column("Lead Status", ["New", "Do Not Call", "Won"])).mapping.policy.skip_when
    assert (rule.column, rule.equals) == ("Lead Status", ("Do Not Call",))
    [rule] = loaded(with_column("Tags", ["web", "web, DNC", ""])).mapping.policy.skip_when
    assert (rule.column, rule.contains) == ("Tags", ("DNC",))
    made = with_column("State of things", ["alive", "deceased"])
    assert loaded(made).mapping.policy.skip_when == ()
    assert "deceased" in made.yaml


def test_consent_is_asked_for_and_never_given() -> None:
    """Only words for yes are accepted, and the column is active until a person says otherwise."""
    made = with_column("Opt In", ["yes", "YES", "no", "", "maybe", "Oui"])
    consent = loaded(made).mapping.policy.consent
    assert consent is not None
    assert [value.casefold() for value in consent.accept] == ["yes", "oui"]
    assert any("Opt In" in check for check in made.checks)


def test_consent_without_a_word_for_yes_lets_nobody_through() -> None:
    """A date of consent: nobody is called until a person decides."""
    made = with_column("Consent", ["2026-01-01", "", "2026-02-01"])
    consent = loaded(made).mapping.policy.consent
    assert consent is not None
    assert set(consent.accept) == {"yes", "true", "1"}


def test_consent_to_mail_is_no_consent_to_calls() -> None:
    """It becomes neither a rule nor a yes."""
    made = with_column("Email opt-in", ["yes", "no"])
    assert loaded(made).mapping.policy.consent is None
    assert "# consent: {column: Email opt-in" in made.yaml


def test_of_several_consents_the_clearest_is_active() -> None:
    """That with a yes among its values; the others are offered."""
    made = proposed(["Phone", "Opt In Date", "Opt In"], [[london(n), "2026-01-01", "yes"] for n in range(5)])
    consent = loaded(made).mapping.policy.consent
    assert consent is not None
    assert consent.column == "Opt In"
    assert "# consent: {column: Opt In Date" in made.yaml


def test_a_name_is_no_objection() -> None:
    """Robinson is a family, and a list of people who don't want calls."""
    made = proposed(["Phone", "Last Name", "Lead Owner"], [[london(n), "Robinson", "Nix"] for n in range(5)])
    assert made.rules == ()


def test_an_objection_in_the_place_of_the_number_is_seen() -> None:
    """Some write it there."""
    made = proposed(["Phone"], [["Do not call" if n == 3 else london(n)] for n in range(12)])
    [rule] = loaded(made).mapping.policy.skip_when
    assert (rule.column, rule.equals) == ("Phone", ("Do not call",))


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        (["opted in", "opted out", ""], ["opted in"]),
        (["yes", "do not call", "unsubscribed", "STOP"], ["yes"]),
        (["ja", "gesperrt"], ["ja"]),
        (["DNC", "opt out"], ["yes", "true", "1"]),
    ],
)
def test_an_objection_in_a_column_of_consent_is_no_consent(values: list[Cell], accepted: list[str]) -> None:
    """Opted out is a yes of a column of objections, and the opposite in one of consent."""
    consent = loaded(with_column("Consent", values)).mapping.policy.consent
    assert consent is not None
    assert list(consent.accept) == accepted


def test_who_opted_in_is_called_and_who_opted_out_is_not() -> None:
    """In a column of objections, where these are the no and the yes."""
    [rule] = loaded(with_column("Opt out status", ["opted in", "opted out", "subscribed"])).mapping.policy.skip_when
    assert rule.equals is not None
    assert "opted out" in rule.equals
    assert not {"opted in", "subscribed"} & set(rule.equals)


def test_a_stop_among_other_values_is_an_objection() -> None:
    """As people write it into remarks; the stop of a bus is none."""
    [rule] = loaded(with_column("Remarks", ["call in the morning", "STOP", ""])).mapping.policy.skip_when
    assert (rule.column, rule.equals) == ("Remarks", ("STOP",))
    assert loaded(with_column("Bus stop", ["Main Street", "", ""])).mapping.policy.skip_when == ()


@pytest.mark.parametrize("values", [["x", "", ""], ["ja", "nein"], [True, False], ["1", "0"]])
def test_a_yes_or_no_of_which_the_name_tells_nothing_is_asked_about(values: list[Cell]) -> None:
    """It may be the very column of who must not be called: the person who knows the list is asked, once for all such columns."""
    made = proposed(
        ["Phone", "Flag", "Kennz. 7", "Remark"], [[london(n), value, value, "hello"] for n, value in enumerate(values)]
    )
    assert made.rules == ()
    [check] = made.checks
    assert "'Flag', 'Kennz. 7' hold only yes or no" in check
    assert "# CHECK: 'Flag', 'Kennz. 7'" in made.yaml


def test_what_is_asked_about_a_rule_is_not_said_beside_it_again() -> None:
    """The evidence and the question stand one below the other."""
    [rule] = with_column("Opt Out", ["no", "perhaps", "yes", "no"]).rules
    assert '"perhaps"' in rule.check
    assert not any('"perhaps"' in reason for reason in rule.evidence)
