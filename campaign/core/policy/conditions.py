"""Consent and skip rules: what a row's own cells say about whether the person may be called."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.core.cells.cell import Cell, CellFault, is_blank, text
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.policy_part import Consent, PolicySpec, SkipRule
from campaign.core.policy.consent_date import fault_of_age, holds_until, read_moment
from campaign.core.problem import Code

_NOTHING = "Nothing to do: this person is not called."
_NOT_FOUND = "#N/A"  # what a look-up in a do-not-call sheet gives for a person who is not on it


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a row is held back. `cause` is the reason without the row's own values. `by_person`: the cell speaks for the
    person, so it holds for every row with one of their numbers; a consent that is merely missing does not. `column` and
    `value` are the cell's, `cure` what may be done."""

    reason: str
    cause: str
    by_person: bool
    code: Code
    column: str
    value: str
    cure: str


Condition = Callable[[Sequence[Cell], datetime], Objection | None]
"""Takes a row's cells and the moment, and gives the objection to calling, None if there is none."""

ValidUntil = Callable[[Sequence[Cell]], datetime | None]
"""Takes the cells of a row without objection and gives the moment from which its consent holds no more, None if never."""


def conditions(policy: PolicySpec, columns: Columns) -> list[Condition]:
    """The policy's skip rules and its consent rule, compiled."""
    rules: list[Condition] = [_skip(rule, columns.index(rule.column)) for rule in policy.skip_when]
    if policy.consent is not None:
        rules.append(_consent(policy.consent, columns.index(policy.consent.column)))
        if policy.consent.date is not None:
            rules.append(_consent_date(policy.consent, columns.index(policy.consent.date.column)))
    return rules


def valid_until(policy: PolicySpec, columns: Columns) -> ValidUntil:
    """How long the consent of a row holds."""
    consent = policy.consent
    if consent is None or consent.date is None or consent.max_age is None:
        return lambda _cells: None
    index, form, max_age = columns.index(consent.date.column), consent.date.format, consent.max_age

    def until(cells: Sequence[Cell]) -> datetime | None:
        given = read_moment(cells[index], form)
        return holds_until(given, max_age) if isinstance(given, datetime) else None

    return until


def _consent_date(consent: Consent, index: int) -> Condition:
    assert consent.date is not None
    column, form, max_age = consent.date.column, consent.date.format, consent.max_age
    cause = f"no consent by its date in {column}"

    def check(cells: Sequence[Cell], now: datetime) -> Objection | None:
        given = read_moment(cells[index], form)
        fault = given if isinstance(given, str) else fault_of_age(given, max_age, now)
        if not fault:
            return None
        reason = f"no consent: {column} {fault}"
        return Objection(reason, cause, False, Code.CONSENT, column, text(cells[index]), _NOTHING)

    return check


def _consent(consent: Consent, index: int) -> Condition:
    accepted = {_word(value).strip() for value in consent.accept}
    cause = f"no consent in {consent.column}"
    cure = f"Nothing to do, unless the person has agreed: then {consent.column} says {' or '.join(consent.accept)}."

    def check(cells: Sequence[Cell], _now: datetime) -> Objection | None:
        said = text(cells[index])
        if _word(said).strip() in accepted:
            return None
        reason = f"no consent: {consent.column} is {_quoted(said)}"
        return Objection(reason, cause, bool(said), Code.CONSENT, consent.column, said, cure)

    return check


def _skip(rule: SkipRule, index: int) -> Condition:
    cause = f"skip rule on {rule.column}"
    holds = _test(rule)

    def check(cells: Sequence[Cell], _now: datetime) -> Objection | None:
        cell = cells[index]
        if isinstance(cell, CellFault) and cell.shown != _NOT_FOUND:
            reason = f'{rule.column} can\'t be read: "{cell.shown}"'  # nobody knows that it does not say "do not call"
            cure = "Correct the formula, or replace it by its value, and save the file."
            unread = f"{rule.column} can't be read"
            return Objection(reason, unread, False, Code.SKIP_RULE, rule.column, cell.shown, cure)
        if not holds(cell):
            return None
        said = text(cell)
        reason = f"skip rule: {rule.column} is {_quoted(said)}"
        return Objection(reason, cause, not is_blank(cell), Code.SKIP_RULE, rule.column, said, _NOTHING)

    return check


def _test(rule: SkipRule) -> Callable[[Cell], bool]:
    if rule.blank is not None:
        wanted = rule.blank
        return lambda cell: is_blank(cell) is wanted
    if rule.equals is not None:
        equals = {_word(value).strip() for value in rule.equals}
        return lambda cell: _word(text(cell)).strip() in equals
    parts = [_word(value) for value in rule.contains or ()]

    def contains(cell: Cell) -> bool:
        said = _word(text(cell))
        return any(part in said for part in parts)

    return contains


def _word(said: str) -> str:
    """A text as it is compared: what looks alike is alike, in full-width letters and with invisible signs too."""
    if said.isascii():
        return said.casefold()
    plain = unicodedata.normalize("NFKC", said)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", seen.casefold())


def _quoted(said: str) -> str:
    return f'"{said}"' if said else "blank"
