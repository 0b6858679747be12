"""A check of the set-up, as a person reads it: what was looked at, how it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a thing stands. A `problem` would stop a run; a `warning` would not."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at (`name`), how it stands, what was seen, and the cure where it needs one."""

    name: str
    health: Health
    said: str
    cure: str = ""


def ok(name: str, said: str) -> Check:
    """A check that found nothing wrong."""
    return Check(name, Health.OK, said)


def warning(name: str, said: str, cure: str) -> Check:
    """Something to know, which stops no run."""
    return Check(name, Health.WARNING, said, cure)


def problem(name: str, said: str, cure: str) -> Check:
    """Something that would stop a run."""
    return Check(name, Health.PROBLEM, said, cure)


def would_run(checks: Iterable[Check]) -> bool:
    """Whether nothing was found that would stop a run."""
    return all(check.health is not Health.PROBLEM for check in checks)
