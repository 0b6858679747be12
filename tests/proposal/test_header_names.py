"""What a column's name says: many languages, any spelling, and whose it is."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from made_lists import NAMES

from campaign.core.proposal.header_names import HeaderNames, Meaning, Words, compact, normal

FILE = tomllib.loads(resources.files("campaign").joinpath("data", "header_names.toml").read_text(encoding="utf-8"))


def test_every_name_of_the_file_is_found_with_its_meaning() -> None:
    """As it stands there, in capitals, and with other punctuation; no name has two meanings."""
    count = 0
    for group in ("part", "whole"):
        for meaning, names in FILE[group].items():
            for language, listed in names.items():
                for name in listed:
                    for spelled in (name, name.upper(), name.replace(" ", "_"), f" {name}: "):
                        found = NAMES.look_up(spelled)
                        assert (found.meaning, found.exact) == (Meaning(meaning), True), spelled
                        assert language in found.languages
                    count += 1
    assert count > 900
    assert {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ru", "ar", "zh", "ja"} <= set(FILE["part"]["phone"])


def test_a_name_with_two_meanings_is_refused() -> None:
    """Who extends the file is told."""
    words = {kind.value: {"en": ["x"]} for kind in Words}
    with pytest.raises(ValueError, match="'Tel' is both phone and fax"):
        HeaderNames({"phone": {"en": ["tel"]}, "fax": {"de": ["Tel"]}}, {}, words, {})
    with pytest.raises(ValueError, match="phoen"):
        HeaderNames({"phoen": {"en": ["tel"]}}, {}, words, {})


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("PhoneNumber", Meaning.PHONE),
        ("phone_number", Meaning.PHONE),
        ("Phone2", Meaning.PHONE),
        ("Tel.-Nr.", Meaning.PHONE),
        ("TÉLÉPHONE", Meaning.PHONE),
        ("What's your phone number?", Meaning.PHONE),
        ("I agree to be called", Meaning.CONSENT),
        ("May we call you?", Meaning.CONSENT),
        ("STOP", Meaning.DO_NOT_CALL),
        ("Bus stop", None),
        ("Telefon (privat)", Meaning.PHONE),
        ("お電話番号（自宅）", Meaning.PHONE),
        ("رقم الهاتف", Meaning.PHONE),
        ("Handy-Nr.", Meaning.MOBILE),
        ("Мобильный телефон", Meaning.MOBILE),
        ("E-Mail", Meaning.EMAIL),
        ("Customer First Name", Meaning.FIRST_NAME),
        ("Quel est votre prénom ?", Meaning.FIRST_NAME),
        ("Lead Name", Meaning.FULL_NAME),
        ("Form name", None),
        ("Company size", None),
        ("Do-Not-Call", Meaning.DO_NOT_CALL),
        ("Phone: do not call", Meaning.DO_NOT_CALL),
        ("Phone/Fax", Meaning.FAX),
        ("Fax phone number", Meaning.FAX),
        ("Order No.", Meaning.IDENTIFIER),
        ("Phone ID", Meaning.IDENTIFIER),
        ("Postal Code", Meaning.POSTCODE),
        ("Rückfrage", None),
    ],
)
def test_names_as_people_write_them(header: str, meaning: Meaning | None) -> None:
    """Capitals, accents, punctuation, and words around."""
    assert NAMES.look_up(header).meaning is meaning


@pytest.mark.parametrize(
    "header",
    [
        "Owner Phone",
        "Agent's mobile",
        "Assigned to - phone",
        "Telefon Berater",
        "Emergency contact phone",
        "Notfall-Telefon",
    ],
)
def test_the_phone_of_another_is_told_apart(header: str) -> None:
    """An agent or a third person, by a word beside."""
    found = NAMES.look_up(header)
    assert found.meaning in (Meaning.PHONE, Meaning.MOBILE)
    assert found.another_s


def test_names_are_compared_by_their_letters() -> None:
    """No accents, capitals, punctuation or Turkish dots; voiced kana and vowel signs stay."""
    assert normal("ÉMAIL_Adresse (2)") == "email adresse 2"
    assert compact("KİMLİK NO") == compact("kimlik no")
    assert compact("ガス") != compact("カス")
    assert compact("✓") == "✓"
