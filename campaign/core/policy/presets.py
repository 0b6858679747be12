"""Calling-hour presets: what a country or state allows, each with its source and the day it was checked.

They are data that a person can read, override and extend; none of it is legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from campaign.core.policy.opening_times import CallingHours
from campaign.core.policy.weekly_hours import WeeklyHours

NO_LEGAL_ADVICE = (
    "Calling-hour presets are no legal advice: check the rules that bind you, for every place that you call."
)


@dataclass(frozen=True, slots=True)
class Preset:
    """The hours in which people in `regions` (ISO 3166-1, the first is the country) may be called, in their local time.

    `state` is the part of the country for which it holds, "" for all of it. `note` names rules that go with the hours
    and that are *not* enforced. `checked` is the month of the check, such as 2026-11.
    """

    name: str
    regions: tuple[str, ...]
    state: str
    week: WeeklyHours
    holidays: bool
    source: str
    checked: str
    note: str = ""

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
        holidays = ", not on public holidays" if self.holidays else ""
        when = f"{self.week.words()}{holidays}, local time of the person called"
        return f"{self.name} hours are {when} ({self.source}, checked {self.checked})"


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
        hint = f"did you mean '{names[near[0]]}'?" if near else f"there are {', '.join(names.values())}."
        raise ValueError(f"there is no calling-hour preset '{name}': {hint} Or write auto, off, or hours of your own")

    def of_country(self, region: str) -> Preset | None:
        """The preset that holds for a number of `region` whose state is not known; None where none was checked."""
        for preset in reversed(self.rows):
            if region in preset.regions and not preset.state:
                return preset
        return None
