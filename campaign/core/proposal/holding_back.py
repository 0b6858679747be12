"""Columns that say who must not be called, and who agreed to be: never left out, and a yes is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from campaign.core.proposal.column import Column
from campaign.core.proposal.confidence import Confidence
from campaign.core.proposal.header_names import HeaderNames, Meaning, Words
from campaign.core.proposal.proposal import ConsentChoice, RuleChoice

_USUAL_YES = ("yes", "true", "1", "y", "x")  # only the first rows are looked at: further down others may stand
_FEW = 30  # different values, of which a person can say what they mean
_PARTS = re.compile(r"[,;|/\n]")
_NAMES = frozenset({Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.FULL_NAME, Meaning.COMPANY, Meaning.CITY})
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST = 500  # characters of a cell of tags; more is prose
_TAKE_IN = "take the '# ' away from its lines"  # in the mapping, where a rule that is left to the person is a comment


def opt_out_rules(columns: Sequence[Column], names: HeaderNames) -> list[RuleChoice]:
    """A rule for every column of objections, by its name, and for every column in which one stands among other values."""
    rules: list[RuleChoice] = []
    for column in columns:
        meaning = column.named.meaning
        if meaning in (Meaning.DO_NOT_CALL, Meaning.CLOSED):
            rules.append(_by_name(column, names))
        else:
            rules += _by_values(column, names)
    return rules


def objections(header: Iterable[str], names: HeaderNames) -> list[str]:
    """The columns that say by their names who must not be called."""
    return [
        name
        for name, said in ((name, names.look_up(name)) for name in header)
        if said.meaning is Meaning.DO_NOT_CALL and Words.BY_MAIL not in said.beside and not said.another_s
    ]


def consents(columns: Sequence[Column], names: HeaderNames) -> list[ConsentChoice]:
    """What to ask of every column of consent. Asking is the safe side: who is not said to have agreed is not called."""
    found = [column for column in columns if column.named.meaning is Meaning.CONSENT]
    about_calls = [column for column in found if Words.BY_MAIL not in column.named.beside]
    best = max(about_calls, key=lambda c: (_says_yes(c, names), c.named.exact, -c.place), default=None)
    return [_consent(column, names, active=column is best) for column in found]


def answers(columns: Sequence[Column], names: HeaderNames) -> list[str]:
    """The columns that hold nothing but yes or no, to a question that their names don't tell: it may be whether to call."""
    return [
        column.name
        for column in columns
        if column.named.meaning is None
        and not column.named.another_s
        and Words.BY_MAIL not in column.named.beside
        and column.values
        and all(_objects(value, names) or _objects_not(value, names) for value in column.values)
    ]


def _says_yes(column: Column, names: HeaderNames) -> bool:
    return any(_agrees(value, names) for value in column.values)


def _agrees(value: str, names: HeaderNames) -> bool:
    """Whether a cell of a column of consent gives it."""
    return names.says(Words.YES, value) or names.says(Words.AGREES, value)


def _objects(value: str, names: HeaderNames) -> bool:
    """Whether a cell of a column of objections is one."""
    return names.says(Words.YES, value) or names.says(Words.OBJECTS, value)


def _objects_not(value: str, names: HeaderNames) -> bool:
    return names.says(Words.NO, value) or names.says(Words.AGREES, value)


def _by_name(column: Column, names: HeaderNames) -> RuleChoice:
    about = (
        "people who must not be called"
        if column.named.meaning is Meaning.DO_NOT_CALL
        else "leads that are none any more"
    )
    by_name = f"'{column.name}' is a name of columns of {about}"
    test, values, said, sure = _test(column, names)
    if Words.BY_MAIL in column.named.beside:
        check = (
            f"'{column.name}' is about mail, by its name. If it says that people must not be called either, {_TAKE_IN}."
        )
        return RuleChoice(column.name, test, values, False, Confidence.UNSURE, (by_name, said), column.samples, check)
    check = "" if sure else f"which values of '{column.name}' say that a person must not be called? Now: {said}."
    evidence = (by_name, said) if sure else (by_name,)  # what is asked about need not be said twice
    confidence = Confidence.SURE if sure and column.named.exact else Confidence.LIKELY
    return RuleChoice(column.name, test, values, True, confidence, evidence, column.samples, check)


def _test(column: Column, names: HeaderNames) -> tuple[str, tuple[str, ...], str, bool]:
    """The test, its values, what was seen in words, and whether that leaves no doubt."""
    yes = [value for value in column.values if _objects(value, names)]
    no = [value for value in column.values if value not in yes and _objects_not(value, names)]
    other = [value for value in column.values if value not in no and value not in yes]
    if not no:
        said = (
            f"nothing in it means no (seen: {_listed(yes + other)})"
            if column.values
            else "it is blank in the rows looked at"
        )
        return "blank", ("false",), f"{said}: whoever has anything there is not called", not other or len(other) > _FEW
    if len(other) > _FEW:
        # Too many to name: a value that is not known to be a no counts as the wish, so the rule holds everybody back.
        return (
            "blank",
            ("false",),
            f"too many different values to tell a yes from a no (such as {_listed(other)})",
            False,
        )
    values = _distinct((*yes, *other, *_USUAL_YES))
    said = f"{_listed(yes + other) if yes or other else 'no value'} taken for yes, {_listed(no)} for no"
    return "equals", values, said, not other


def _by_values(column: Column, names: HeaderNames) -> list[RuleChoice]:
    """Rules for a column such as a status or tags, if the wish not to be called, or the end of a lead, is among its values."""
    # Names are left out: Robinson is a list in Denmark, and a family.
    named = column.named
    if Words.BY_MAIL in named.beside or named.another_s or named.meaning in {Meaning.CONSENT, *_NAMES}:
        return []
    found: dict[Meaning, tuple[list[str], set[str]]] = {Meaning.DO_NOT_CALL: ([], set()), Meaning.CLOSED: ([], set())}
    for value in column.values:
        if len(value) > _LONGEST or not _LETTER.search(value):
            continue
        for part in map(str.strip, _PARTS.split(value)):
            if (meaning := names.meaning_of(part)) in found and meaning is not None:
                whole, parts = found[meaning]
                whole.append(value) if part == value else parts.add(part)
    rules = []
    for meaning, (whole, parts) in found.items():
        values = _distinct((*whole, *sorted(parts)))
        if not values:
            continue
        said = f"{_listed(values)} stands among the values of '{column.name}'"
        active = meaning is Meaning.DO_NOT_CALL
        question = (
            "are there other values of people who must not be called?" if active else "are such leads to be left out?"
        )
        check = f"{said}: {question}" if active else f"{said}: {question} Then {_TAKE_IN}."
        test = "contains" if parts else "equals"
        sure = Confidence.LIKELY if active else Confidence.UNSURE
        rules.append(RuleChoice(column.name, test, values, active, sure, (said,), column.samples, check))
    return rules


def _consent(column: Column, names: HeaderNames, *, active: bool) -> ConsentChoice:
    yes = [value for value in column.values if _agrees(value, names)]
    other = [value for value in column.values if value not in yes]
    seen = f"yes by the words: {_listed(yes)}" if yes else "none of its values is a word for yes"
    evidence = [f"'{column.name}' is a name of columns of consent", seen]
    if other:
        evidence.append(f"not taken for yes: {_listed(other)}")
    accept = _distinct(yes) or ("yes", "true", "1")
    question = "does it hold the consent to be called, and do just these values give it?"
    if active:
        check = f"{question} Until you say otherwise, only people with such a value in '{column.name}' are called."
    else:
        check = f"'{column.name}' is one more column of consent, or about mail: {question} If so, put it in place of the other."
    return ConsentChoice(column.name, accept, active, tuple(evidence), column.samples, check)


def _distinct(values: Sequence[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for value in values:
        kept.setdefault(value.casefold(), value)
    return tuple(kept.values())


def _listed(values: Sequence[str]) -> str:
    shown = [f'"{" ".join(value.split())[:40]}"' for value in values[:6]]
    return ", ".join(shown) + (" and more" if len(values) > 6 else "") if shown else "nothing"
