"""Consent and skip rules: what a row's own cells say about whether the person may be called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.document import Consent, PolicySpec, SkipRule


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule. `objection` takes a row's cells and gives the reason to hold the row back, None if there is none; `cause`
    is that reason without the row's own values."""

    cause: str
    objection: Callable[[Sequence[Cell]], str | None]


def conditions(policy: PolicySpec, columns: Columns) -> list[Condition]:
    """The policy's skip rules and its consent rule, compiled."""
    rules = [_skip(rule, columns.index(rule.column)) for rule in policy.skip_when]
    if policy.consent is not None:
        rules.append(_consent(policy.consent, columns.index(policy.consent.column)))
    return rules


def _consent(consent: Consent, index: int) -> Condition:
    accepted = {value.casefold() for value in consent.accept}

    def check(cells: Sequence[Cell]) -> str | None:
        said = text(cells[index])
        if said.casefold() in accepted:
            return None
        shown = f'"{said}"' if said else "blank"
        return f"no consent: {consent.column} is {shown}"

    return Condition(f"no consent in {consent.column}", check)


def _skip(rule: SkipRule, index: int) -> Condition:
    cause = f"skip rule on {rule.column}"
    if rule.blank is not None:
        reason = f"skip rule: {rule.column} is {'blank' if rule.blank else 'not blank'}"
        return Condition(cause, lambda cells: reason if is_blank(cells[index]) is rule.blank else None)
    if rule.equals is not None:
        equals = {value.casefold() for value in rule.equals}

        def is_one(cells: Sequence[Cell]) -> str | None:
            said = text(cells[index])
            return _said(rule.column, said) if said.casefold() in equals else None

        return Condition(cause, is_one)
    parts = [value.casefold() for value in rule.contains or ()]

    def contains(cells: Sequence[Cell]) -> str | None:
        said = text(cells[index])
        return _said(rule.column, said) if any(part in said.casefold() for part in parts) else None

    return Condition(cause, contains)


def _said(column: str, said: str) -> str:
    return f'skip rule: {column} is "{said}"'
