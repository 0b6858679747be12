"""How often a person may be called in a span of time: the caps of the mapping and of the presets, over all campaigns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.core.mapping.duration import in_words, parse_duration
from campaign.core.policy.presets import Preset

_FORM = re.compile(r"([1-9][0-9]*)\s*/\s*(.+)")


@dataclass(frozen=True, slots=True)
class PersonCap:
    """At most `calls` calls to a person in any span of `within`; `rule` says so in words, with where it stands."""

    calls: int
    within: timedelta
    rule: str


@dataclass(frozen=True, slots=True)
class CapReached:
    """A person has had as many calls as `cap` allows. The next is allowed at `next_allowed`; None is never."""

    cap: PersonCap
    next_allowed: datetime | None


def parse_person_cap(value: object) -> PersonCap:
    """The cap that a text such as `3/24h` names. Raises `ValueError` with the accepted form."""
    match = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"'{value}' is no cap: write calls and a length of time, such as 3/24h, 1/1d or 4/30d")
    calls, within = int(match[1]), parse_duration(match[2])
    if not within:
        raise ValueError(f"'{value}' is no cap: the length of time must be more than 0")
    many = f"{calls} call{'s' if calls != 1 else ''}"
    return PersonCap(calls, within, f"at most {many} to a person in {in_words(within)} (attempts_per_person)")


def caps_of_preset(preset: Preset) -> tuple[PersonCap, ...]:
    """The caps of a preset that can be kept. Nobody here knows whether a call was answered or what it was about, so every
    call counts: that is stricter. Caps after a refusal are left out, because a refusal is not known either."""
    return tuple(
        PersonCap(cap.calls, cap.within, f"{preset.name}: {cap.words()} ({preset.source}, checked {preset.checked})")
        for cap in preset.caps
        if not cap.after_refusal
    )


def longest(caps: Iterable[PersonCap]) -> timedelta | None:
    """How far back calls count; None without caps."""
    return max((cap.within for cap in caps), default=None)


def cap_reached(caps: Sequence[PersonCap], calls: Iterable[datetime], now: datetime) -> CapReached | None:
    """The cap that forbids a call at `now` for the longest, given when the person was called; None if none does.

    A call from the future, made before a clock was set back, counts like one of this moment.
    """
    latest_first = sorted(calls, reverse=True)
    found: CapReached | None = None
    for cap in caps:
        if not cap.calls:
            return CapReached(cap, None)
        if len(latest_first) < cap.calls:
            continue
        free = latest_first[cap.calls - 1] + cap.within
        if free > now and (found is None or found.next_allowed is None or free > found.next_allowed):
            found = CapReached(cap, free)
    return found
