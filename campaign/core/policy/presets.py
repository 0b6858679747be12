"""Calling-hour presets: what a country or state allows, each with its source and the day it was checked.

They are data that a person can read, override and extend; none of it is legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum

from campaign.core.mapping.duration import in_words
from campaign.core.policy.opening_times import CallingHours
from campaign.core.policy.weekly_hours import WeeklyHours

NO_LEGAL_ADVICE = (
    "Calling-hour presets are no legal advice: check the rules that bind you, for every place that you call."
)


class Counted(StrEnum):
    """Which calls to a person a cap counts."""

    ALL = "all"
    UNANSWERED = "unanswered"
    SUBJECT = "one subject"


@dataclass(frozen=True, slots=True)
class Cap:
    """How often a person may be called: at most `calls` calls in any span of `within`. `after_refusal`: in the span that
    begins when the person refuses."""

    calls: int
    within: timedelta
    counted: Counted = Counted.ALL
    after_refusal: bool = False

    def words(self) -> str:
        """The cap as a person reads it: `at most 3 calls in 1 day on one subject`."""
        what = "unanswered call" if self.counted is Counted.UNANSWERED else "call"
        many = f"at most {self.calls} {what}{'s' if self.calls != 1 else ''}" if self.calls else f"no {what}"
        subject = " on one subject" if self.counted is Counted.SUBJECT else ""
        return f"{many} in {in_words(self.within)}{subject}{' after a refusal' if self.after_refusal else ''}"


@dataclass(frozen=True, slots=True)
class Preset:
    """The hours in which people in `regions` (ISO 3166-1, the first is the country) may be called, in their local time.

    `state` is the part of the country for which it holds, "" for all of it. `caps` go with the hours; `note` names rules
    that go with them and that are *not* enforced. `checked` is the month or day of the check, such as 2026-11. `origin`
    is the file of a person's own preset, "" for those that are shipped.
    """

    name: str
    regions: tuple[str, ...]
    state: str
    week: WeeklyHours
    holidays: bool
    source: str
    checked: str
    note: str = ""
    caps: tuple[Cap, ...] = ()
    origin: str = ""

    @property
    def code(self) -> str:
        """The short name: `US FL`, `FR`."""
        return f"{self.regions[0]} {self.state}".strip()

    def calling_hours(self, region: str) -> CallingHours:
        """The hours, closed on the holidays of `region` if that is one of the preset's, else of its country."""
        if not self.holidays:
            return CallingHours(self.week)
        elsewhere = region in self.regions[1:]
        return CallingHours(self.week, (region, "") if elsewhere else (self.regions[0], self.state))

    def words(self) -> str:
        """The preset as a person reads it, with its source."""
        own = f", in {self.origin}" if self.origin else ""
        when = f"{self.hours_in_words()}, local time of the person called"
        return f"{self.name} hours are {when} ({self.source}, checked {self.checked}{own})"

    def hours_in_words(self) -> str:
        """The hours alone: `Mon-Fri 9:00-21:00, not on public holidays`."""
        return f"{self.week.words()}{', not on public holidays' if self.holidays else ''}"


@dataclass(frozen=True, slots=True)
class Presets:
    """All presets, in their order: of two with one name or for one country the later holds, so that own ones win."""

    rows: tuple[Preset, ...] = ()

    def find(self, name: str) -> Preset:
        """The preset of that name or code; capitals don't matter. Raises `ValueError` with the nearest name."""
        wanted = " ".join(name.split()).casefold()
        for preset in reversed(self.rows):
            if wanted in (preset.name.casefold(), preset.code.casefold()):
                return preset
        names = {preset.name.casefold(): preset.name for preset in self.rows}
        near = get_close_matches(wanted, names, n=1)
        hint = f"did you mean '{names[near[0]]}'?" if near else f"there are {', '.join(names.values())}"
        raise ValueError(f"there is no calling-hour preset '{name}': {hint}")

    def in_force(self) -> list[Preset]:
        """The presets that hold, each where the first of its name stood: those of a person's own in place of others."""
        return list({preset.name.casefold(): preset for preset in self.rows}.values())

    def own(self) -> list[Preset]:
        """The presets of a person's own files that hold."""
        return [preset for preset in self.in_force() if preset.origin]

    def of_country(self, region: str) -> Preset | None:
        """The preset that holds in all of `region`; None where none was checked."""
        for preset in reversed(self.rows):
            if region in preset.regions and not preset.state:
                return preset
        return None

    def of_state(self, state: str) -> Preset | None:
        """The preset of a state by its ISO 3166-2 code (US-FL), besides that of its country; None where there is none."""
        for preset in reversed(self.rows):
            if preset.state and f"{preset.regions[0]}-{preset.state}" == state:
                return preset
        return None
