"""What a column's name says of it, looked up in the dictionary of header names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u0652\u0640]")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[^\W\d_])(?=\d)")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_MOST_WORDS = 5  # of a name in the dictionary
_LONG = 6  # letters of a first-name word such as "vorname", which may stand inside a question
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


class Meaning(StrEnum):
    """What a column can be by its name."""

    PHONE = "phone"
    MOBILE = "mobile"
    FAX = "fax"
    EMAIL = "email"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    COUNTRY = "country"
    COMPANY = "company"
    CITY = "city"
    SOURCE = "source"
    DO_NOT_CALL = "do_not_call"
    CLOSED = "closed"
    CONSENT = "consent"
    STATE = "state"
    POSTCODE = "postcode"
    TIME_ZONE = "time_zone"
    IDENTIFIER = "identifier"
    MOMENT = "moment"
    AMOUNT = "amount"
    LANGUAGE = "language"


class Words(StrEnum):
    """Words beside a name, and words in cells."""

    OWNER = "owner"
    OTHER_PERSON = "other_person"
    BY_MAIL = "by_mail"
    NOISE = "noise"
    OBJECTS = "objects"
    AGREES = "agrees"
    YES = "yes"
    NO = "no"


PHONES = frozenset({Meaning.PHONE, Meaning.MOBILE})
_HELD_BACK = (Meaning.DO_NOT_CALL, Meaning.CONSENT, Meaning.FAX)
_IDS = frozenset({"id", "ids", "uuid", "guid", "imei", "date", "time"})
_INSIDE_QUESTIONS = (Meaning.FIRST_NAME, Meaning.LAST_NAME)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says: `exact` if it is a name of the dictionary, else it contains one. None: nothing is known of it."""

    meaning: Meaning | None = None
    exact: bool = False
    languages: frozenset[str] = frozenset()
    beside: frozenset[Words] = frozenset()

    @property
    def another_s(self) -> bool:
        """Whether the column is about an agent or a third person, not about the lead."""
        return bool(self.beside & {Words.OWNER, Words.OTHER_PERSON})


@dataclass(frozen=True, slots=True)
class _Entry:
    meaning: Meaning
    languages: frozenset[str]


def normal(name: str) -> str:
    """A name without capitals, accents and punctuation, its words parted by spaces: `E-Mail` and `e_mail` are alike."""
    spaced = _POSSESSIVE.sub(" ", _CAMEL.sub(" ", name))
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", spaced.casefold())))
    plain = plain.replace("ı", "i").replace("'", "").replace("’", "").replace("°", "")
    return " ".join("".join(sign if _is_letter(sign) else " " for sign in plain).split())


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def compact(name: str) -> str:
    """A name in its normal form and without spaces, by which names are compared; signs that are no word stay."""
    return normal(name).replace(" ", "") or name.strip()


Names = Mapping[str, Sequence[str]]
"""Names by language."""


class HeaderNames:
    """The dictionary, compiled once."""

    def __init__(
        self,
        part: Mapping[str, Names],
        whole: Mapping[str, Names],
        words: Mapping[str, Names],
        countries: Mapping[str, Sequence[str]],
    ) -> None:
        """Raises `ValueError` for a meaning that does not exist, and for a name that has two."""
        self._entries: dict[str, _Entry] = {}
        self._parts: set[str] = set()
        for group, anywhere in ((part, True), (whole, False)):
            for key, names in group.items():
                self._add(Meaning(key), names, anywhere=anywhere)
        self._words = {kind: {compact(name) for name in _all(words[kind])} for kind in Words}
        self._unspaced = [name for name in self._parts if len(name) > 1 and _UNSPACED.match(name)]
        self._countries = {language: tuple(codes) for language, codes in countries.items()}

    def _add(self, meaning: Meaning, names: Names, *, anywhere: bool) -> None:
        for language, listed in names.items():
            for name in listed:
                key = compact(name)
                known = self._entries.get(key)
                if known and known.meaning is not meaning:
                    raise ValueError(f"'{name}' is both {known.meaning} and {meaning}")
                languages = known.languages if known else frozenset()
                self._entries[key] = _Entry(meaning, languages | {language})
                if anywhere or (meaning in _INSIDE_QUESTIONS and len(key) >= _LONG):
                    self._parts.add(key)

    def look_up(self, header: str) -> Named:
        """What the name `header` says."""
        words = normal(header).split()
        beside = frozenset(
            kind for kind in (Words.OWNER, Words.OTHER_PERSON, Words.BY_MAIL) if self._has(words, self._words[kind])
        )
        key = "".join(words)
        bare = "".join(self._without_noise(words))
        for wanted in (key, bare):
            if entry := self._entries.get(wanted):
                return Named(entry.meaning, True, entry.languages, beside)
        found = self._contained(words)
        if found is None:
            return Named(beside=beside)
        return Named(found.meaning, False, found.languages, beside)

    def says(self, kind: Words, value: str) -> bool:
        """Whether a cell's text is one of these words."""
        return compact(value) in self._words[kind]

    def meaning_of(self, value: str) -> Meaning | None:
        """What a cell's text is a name of, such as `Do not call` in a status column."""
        entry = self._entries.get(compact(value))
        return entry.meaning if entry else None

    def countries_of(self, languages: Iterable[str]) -> tuple[str, ...]:
        """Countries where lists with names in these languages are likely to be from."""
        return tuple(dict.fromkeys(code for language in languages for code in self._countries.get(language, ())))

    def every(self) -> dict[Meaning, list[tuple[str, str]]]:
        """Every name of the dictionary, normalised, with a language of it, by meaning."""
        names: dict[Meaning, list[tuple[str, str]]] = {}
        for key, entry in self._entries.items():
            names.setdefault(entry.meaning, []).append((key, min(entry.languages)))
        return names

    def _has(self, words: Sequence[str], wanted: set[str]) -> bool:
        return any(window in wanted for _, window in _windows(words))

    def _without_noise(self, words: list[str]) -> list[str]:
        left = words
        for length in range(_MOST_WORDS, 0, -1):
            place = 0
            while place + length <= len(left):
                if "".join(left[place : place + length]) in self._words[Words.NOISE] and len(left) > length:
                    left = left[:place] + left[place + length :]
                else:
                    place += 1
        return left

    def _contained(self, words: Sequence[str]) -> _Entry | None:
        found = [window for _, window in _windows(words) if window in self._parts]
        key = "".join(words)
        found += [name for name in self._unspaced if name in key]
        if not found:
            return None
        entries = {name: self._entries[name] for name in found}
        held_back = [name for name in found if entries[name].meaning in _HELD_BACK]
        # "Contract phone" is a phone, if its values are; "Phone ID" is none, though its values may look so.
        phones = [name for name in found if entries[name].meaning in PHONES]
        others = [name for name in found if name not in phones]
        wanted = others or phones if _IDS & set(words) else phones or others
        return entries[max(held_back or wanted, key=len)]


def _windows(words: Sequence[str]) -> Iterable[tuple[int, str]]:
    for length in range(min(_MOST_WORDS, len(words)), 0, -1):
        for place in range(len(words) - length + 1):
            yield place, "".join(words[place : place + length])


def _all(names: Names) -> Iterable[str]:
    for listed in names.values():
        yield from listed
