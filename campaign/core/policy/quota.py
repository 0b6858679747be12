"""How many calls a campaign may make, in all and in a day: what is reached is never exceeded, because calls that are under
way count as made until it is proven that they were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from campaign.core.lead import Phone
from campaign.core.mapping.field_names import is_agent_phone

_Key = tuple[str | date, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """After so many calls the campaign pauses; `rule` says why."""

    calls: int
    rule: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a campaign; None and empty are no bound. Those of a day are counted in the campaign alone."""

    goals: tuple[Goal, ...] = ()
    per_day: int | None = None
    per_agent: int | None = None
    per_country: MappingOf[str, int] = field(default_factory=dict)

    @property
    def by_day(self) -> bool:
        """Whether calls are counted by the day."""
        return bool(self.per_day is not None or self.per_agent is not None or self.per_country)

    @property
    def none(self) -> bool:
        """Whether nothing is bounded."""
        return not self.goals and not self.by_day


class Call(NamedTuple):
    """What a call is counted by: the phones of its agents, and the countries of its numbers."""

    agents: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @classmethod
    def of(cls, payload: MappingOf[str, str], phones: tuple[Phone, ...]) -> Call:
        """The call of a row. One that several agents may be given counts for each of them."""
        agents = dict.fromkeys(value for name, value in payload.items() if is_agent_phone(name))
        return cls(tuple(agents), tuple(dict.fromkeys(phone.region for phone in phones)))


@dataclass(frozen=True, slots=True)
class Granted:
    """The call may be made. It counts; `Quota.settle` says how it went."""

    keys: tuple[_Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Full:
    """Calls under way may use up what is left: ask again when one of them has ended."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A bound is reached: until `until`, or for good (None: a goal, at which the campaign pauses). `whole`: for every row."""

    rule: str
    until: datetime | None
    whole: bool


class Quota:
    """Keeps the count. Days are those of `zone`, which is this machine's if None."""

    def __init__(self, limits: Limits, zone: tzinfo | None = None) -> None:
        self._limits = limits
        self._unbounded = limits.none
        self._zone = zone
        self._made: Counter[_Key] = Counter()
        self._under_way: Counter[_Key] = Counter()

    def day_begins(self, at: datetime) -> datetime:
        """When the day of a moment began, UTC."""
        return self._midnight(self._day(at), at)

    def made(self, calls: int) -> None:
        """So many calls were made by earlier runs, for the goals."""
        self._made["all",] += calls

    def made_today(self, call: Call, at: datetime, calls: int = 1) -> None:
        """So many calls were made by earlier runs, for the bounds of their day."""
        for key, _, _ in self._of_day(call, self._day(at)):
            self._made[key] += calls

    def day_ends(self, at: datetime) -> datetime:
        """When the day of a moment ends, UTC."""
        return self._midnight(self._day(at) + timedelta(days=1), at)

    def ask(self, call: Call, at: datetime) -> Granted | Full | Reached:
        """Whether a call may be made at a moment. If so, it counts from now on."""
        answer = self.look(call, at)
        if isinstance(answer, Granted):
            self._under_way.update(answer.keys)
        return answer

    def look(self, call: Call, at: datetime) -> Granted | Full | Reached:
        """What `ask` would say; nothing counts."""
        if self._unbounded:
            return Granted()
        full = False
        for goal in self._limits.goals:
            if self._made["all",] >= goal.calls:
                return Reached(goal.rule, None, whole=True)
            full |= self._made["all",] + self._under_way["all",] >= goal.calls
        keys: list[_Key] = [("all",)] if self._limits.goals else []
        day = self._day(at) if self._limits.by_day else date.min
        for key, most, rule in self._of_day(call, day):
            if self._made[key] >= most:
                return Reached(rule, self._midnight(day + timedelta(days=1), at), whole=key[0] == "day")
            full |= self._made[key] + self._under_way[key] >= most
            keys.append(key)
        return Full() if full else Granted(tuple(keys))

    def made_on(self, at: datetime) -> int:
        """The calls of a moment's day, as far as a cap of the day counts them."""
        return self._made["day", self._day(at)]

    def share_left(self, call: Call, at: datetime) -> int | None:
        """How many such calls the caps of its agents and countries leave for a moment's day; None: they don't bound it."""
        left = [most - self._made[key] for key, most, _ in self._of_day(call, self._day(at)) if key[0] != "day"]
        return max(min(left), 0) if left else None

    def settle(self, granted: Granted, *, called: bool) -> None:
        """A granted call has ended; `called` unless it is proven that nobody was called."""
        self._under_way.subtract(granted.keys)
        if called:
            self._made.update(granted.keys)

    def _of_day(self, call: Call, day: date) -> Iterator[tuple[_Key, int, str]]:
        limits = self._limits
        if limits.per_day is not None:
            yield ("day", day), limits.per_day, f"{_calls(limits.per_day)} a day are made (caps.per_day)"
        if limits.per_agent is not None:
            for agent in call.agents:
                said = f"an agent of this row has {_calls(limits.per_agent)} today (caps.per_agent)"
                yield ("agent", day, agent), limits.per_agent, said
        for country in call.countries:
            if (most := limits.per_country.get(country)) is not None:
                said = f"{_calls(most)} a day to {country} are made (caps.per_country)"
                yield ("country", day, country), most, said

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _midnight(self, day: date, like: datetime) -> datetime:
        naive = datetime.combine(day, time())
        local = naive.replace(tzinfo=self._zone) if self._zone is not None else naive
        return local.astimezone(like.tzinfo)


def _calls(many: int) -> str:
    return f"{many:,} call{'s' if many != 1 else ''}"
