"""A proposed mapping: every choice with its evidence, its samples and how sure it is. Data; other modules make and write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaign.core.proposal.confidence import Confidence, least
from campaign.core.proposal.home_country import HomeCountry

_SHOWN = 8  # names of columns in a sentence


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """Where the value of a field, or of a part of `policy.place`, comes from: `spec` is its part of the mapping.

    `check` says what a person must look at, "" if nothing. `instead` is a second form that is offered in a comment.
    """

    field: str
    columns: tuple[str, ...]
    spec: Mapping[str, str | tuple[str, ...]]
    confidence: Confidence
    evidence: tuple[str, ...]
    samples: tuple[str, ...]
    check: str = ""
    instead: Mapping[str, str | tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """A column by which rows are held back. `active` is false for one that a person must decide on first."""

    column: str
    test: str
    values: tuple[str, ...]
    active: bool
    confidence: Confidence
    evidence: tuple[str, ...]
    samples: tuple[str, ...]
    check: str = ""


@dataclass(frozen=True, slots=True)
class ConsentChoice:
    """A column of people's consent and the values that may mean yes."""

    column: str
    accept: tuple[str, ...]
    active: bool
    evidence: tuple[str, ...]
    samples: tuple[str, ...]
    check: str


@dataclass(frozen=True, slots=True)
class AgentChoice:
    """Columns of an agent's name and phone, offered in a comment."""

    name: str
    phone: str
    country: str
    samples: tuple[str, ...]
    check: str


@dataclass(frozen=True, slots=True)
class Export:
    """A program that lists are exported from, and the template for it."""

    name: str
    template: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What `campaign map` makes of a list. `yaml` is the annotated mapping; it loads as it stands.

    `answers` are those of the `unused` columns that hold nothing but yes or no.
    """

    list_name: str
    sheet: str
    rows_seen: int
    export: Export | None
    fields: tuple[FieldChoice, ...]
    home: HomeCountry | None
    places: tuple[FieldChoice, ...] = ()
    rules: tuple[RuleChoice, ...] = ()
    consents: tuple[ConsentChoice, ...] = ()
    agent: AgentChoice | None = None
    unused: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    yaml: str = field(default="", repr=False)

    @property
    def confidence(self) -> Confidence:
        """How sure the whole is: as its least sure part that decides who is called and at which number."""
        parts = [choice.confidence for choice in self.fields if choice.field.startswith(("lc_number", "country"))]
        parts += [rule.confidence for rule in self.rules if rule.active]
        if self.home is not None:
            parts.append(Confidence.LIKELY if self.home.few else self.home.confidence)
        if self.consents or any(not rule.active for rule in self.rules):
            parts.append(Confidence.LIKELY)
        return least(parts)

    @property
    def check_of_answers(self) -> str:
        """What a person must look at in the columns of a yes or no that are not used; "" if there are none."""
        if not self.answers:
            return ""
        shown = ", ".join(f"'{name}'" for name in self.answers[:_SHOWN])
        more = f" and {len(self.answers) - _SHOWN} more" if len(self.answers) > _SHOWN else ""
        several = len(self.answers) > 1
        return (
            f"{shown}{more} {'hold' if several else 'holds'} only yes or no, and {'are' if several else 'is'} not used. Does "
            f"{'one of them' if several else 'it'} say who must not be called, or who may? Then it belongs under policy, as "
            "skip_when or consent."
        )

    @property
    def checks(self) -> tuple[str, ...]:
        """What a person must look at before the mapping is used."""
        checks = [choice.check for choice in self.fields] + [rule.check for rule in self.rules]
        checks += [consent.check for consent in self.consents] + ([self.agent.check] if self.agent else [])
        checks.append(self.check_of_answers)
        return tuple(filter(None, checks))
