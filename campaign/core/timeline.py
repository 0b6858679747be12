"""What became of attempts over time: counted by stretches of a human length, few enough for a chart."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from campaign.core.lifecycle import State
from campaign.core.state_words import MEANING

MOST_STRETCHES = 60
_SECOND, _MINUTE, _HOUR, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WIDTHS = (
    *(_SECOND * n for n in (1, 5, 15)),
    *(_MINUTE * n for n in (1, 5, 15)),
    *(_HOUR * n for n in (1, 6)),
    *(_DAY * n for n in (1, 7)),
)
"""How long a stretch may be. What takes longer has stretches of several weeks."""
_WORDS = {State.PENDING: "to be tried again", State.SENDING: "under way"}
_ORIGIN = datetime(1969, 12, 29, tzinfo=UTC)  # a Monday before all clocks, so that weeks begin on Mondays


@dataclass(frozen=True, slots=True)
class Stretch:
    """The attempts that began from `start` (UTC) on and before the next stretch, by the state that they left the row in:
    `pending` is one after which the row was to be tried again, `sending` one whose end is not known yet."""

    start: datetime
    attempts: MappingOf[State, int]

    @property
    def total(self) -> int:
        """All attempts of the stretch."""
        return sum(self.attempts.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """Stretches of `width` without a gap, from the first attempt to the last; none if nothing was attempted."""

    width: timedelta
    stretches: tuple[Stretch, ...]

    @property
    def total(self) -> int:
        """All attempts."""
        return sum(stretch.total for stretch in self.stretches)

    @property
    def states(self) -> tuple[State, ...]:
        """The states that occur, in the order in which people are told of states."""
        found = {state for stretch in self.stretches for state in stretch.attempts}
        return tuple(state for state in MEANING if state in found)

    @property
    def width_in_words(self) -> str:
        """Such as `15 minutes`, `hour`: what stands after "per"."""
        units = ((_DAY * 7, "week"), (_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (_SECOND, "second"))
        for unit, name in units:
            n, rest = divmod(self.width, unit)
            if n and not rest:
                return name if n == 1 else f"{n} {name}s"
        return ""

    def labels(self) -> tuple[str, ...]:
        """When each stretch begins, as short as can be told apart: `10:15:30`, `10:15`, `23 Nov 10:00`, `23 Nov`."""
        days = {stretch.start.date() for stretch in self.stretches}
        clock = "" if self.width >= _DAY else "%H:%M" if self.width >= _MINUTE else "%H:%M:%S"
        years = " %Y" if len({day.year for day in days}) > 1 and not clock else ""
        day = f"%d %b{years}" if len(days) > 1 or not clock else ""
        form = f"{day} {clock}".strip()
        return tuple(stretch.start.strftime(form) for stretch in self.stretches)


NOTHING_ATTEMPTED = Timeline(WIDTHS[0], ())


def attempt_words(state: State) -> str:
    """What became of attempts that left their rows in the state."""
    return _WORDS.get(state, state.value)


def stretch_width(first: datetime, last: datetime) -> timedelta:
    """The shortest width by which the time from `first` to `last` makes at most `MOST_STRETCHES` stretches."""
    for width in WIDTHS:
        if stretch_of(last, width) - stretch_of(first, width) < MOST_STRETCHES:
            return width
    weeks = -(-(last - first) // (WIDTHS[-1] * (MOST_STRETCHES - 1)))
    return WIDTHS[-1] * weeks


def stretch_of(moment: datetime, width: timedelta) -> int:
    """The number of the stretch in which the moment is; counted from a Monday before 1970, so that days begin at 0:00 UTC."""
    return (moment - _ORIGIN) // width


def start_of(number: int, width: timedelta) -> datetime:
    """When the stretch of that number begins."""
    return _ORIGIN + number * width


def timeline(width: timedelta, counts: Iterable[tuple[int, State, int]]) -> Timeline:
    """The timeline of so many attempts by the number of their stretch and the state that they left the row in."""
    found: dict[int, dict[State, int]] = {}
    for number, state, attempts in counts:
        found.setdefault(number, {})[state] = attempts
    if not found:
        return NOTHING_ATTEMPTED
    numbers = range(min(found), max(found) + 1)
    return Timeline(width, tuple(Stretch(start_of(n, width), found.get(n, {})) for n in numbers))
