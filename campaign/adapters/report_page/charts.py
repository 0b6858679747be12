"""The charts of a report: how far the rows came, what became of them over time, how fast, and how fast it was answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from campaign.adapters.report_page.drawing import ACCENT, INK, LINE, MUTED, TRACK, Chart, Size, chart
from campaign.adapters.report_page.words import clock, count, share
from campaign.core.figures import AnswerTimes, Figures
from campaign.core.lifecycle import State
from campaign.core.state_colours import COLOURS
from campaign.core.timeline import Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_DISPOSITIONS = 6
PERCENTILES = (0.5, 0.9, 0.95, 0.99)
_UNITS = ((1, "second"), (60, "minute"), (3_600, "hour"), (86_400, "day"))
_STEP = 44  # pixels of a step of the funnel
_LONGEST_NAME = 30


def bar(state: State) -> str:
    """The colour of a state in charts."""
    return f"#{COLOURS[state].bar}"


@dataclass(frozen=True, slots=True)
class _Step:
    """A bar of the funnel; what the phone did is set in from the left."""

    name: str
    rows: int
    share: str
    colour: str
    inset: float = 0.0


def funnel_chart(figures: Figures) -> Chart:
    """How many rows came how far, down to what the phone did."""
    found = figures.funnel
    steps = [
        _Step("Rows of the list", found.rows, "", ACCENT),
        _Step("Valid", found.valid, f"{share(found.valid, found.rows)} of the rows", ACCENT),
        _Step("Sent", found.sent, f"{share(found.sent, found.valid)} of the valid", ACCENT),
        _Step("Accepted", found.accepted, f"{share(found.accepted, found.sent)} of those sent", bar(State.ACCEPTED)),
    ]
    for said, rows in figures.dispositions[:MOST_DISPOSITIONS]:
        name = said.replace("_", " ").capitalize()[:_LONGEST_NAME]
        steps.append(
            _Step(name, rows, f"{share(rows, found.accepted)} of the accepted", bar(State.DEFERRED), inset=0.03)
        )
    height = _STEP * len(steps) + 6

    def draw(axes: Axes, size: Size) -> None:
        axes.set_axis_off()
        axes.set(xlim=(0, 1), ylim=(len(steps), 0))
        for n, step in enumerate(steps):
            axes.barh(n + 0.68, 1, 0.34, color=TRACK)
            axes.barh(n + 0.68, step.rows / found.rows if found.rows else 0, 0.34, color=step.colour)
            axes.text(step.inset, n + 0.42, step.name, va="bottom", weight="semibold")
            axes.text(1, n + 0.42, count(step.rows), va="bottom", ha="right", weight="semibold")
            if not size.narrow:
                axes.text(0.84, n + 0.42, step.share, va="bottom", ha="right", color=MUTED, size=11)

    words = "; ".join(f"{step.name}: {count(step.rows)}{step.share and f', {step.share}'}" for step in steps)
    return chart("funnel", "How far the rows came", f"{words}.", (Size(500, height), Size(340, height, True)), draw)


def timeline_chart(timeline: Timeline) -> Chart:
    """Attempts by stretch and by what became of them."""
    stretches, states = timeline.stretches, timeline.states

    def draw(axes: Axes, size: Size) -> None:
        below = [0] * len(stretches)
        for state in states:
            attempts = [stretch.attempts.get(state, 0) for stretch in stretches]
            axes.bar(range(len(stretches)), attempts, 0.86, below, color=bar(state))
            below = [low + n for low, n in zip(below, attempts, strict=True)]
        if len(stretches) <= (6 if size.narrow else 15):
            for n, total in enumerate(below):
                axes.text(n, total, count(total) if total else "", ha="center", va="bottom", size=11, color=INK)
        _stretch_axis(axes, timeline, size)
        _count_axis(axes, max(below))

    parts = ", ".join(
        f"{count(sum(stretch.attempts.get(state, 0) for stretch in stretches))} {state}" for state in states
    )
    peak = max(stretches, key=lambda stretch: stretch.total)
    words = (
        f"{count(timeline.total)} attempts per {timeline.width_in_words}, from {clock(stretches[0].start)} to "
        f"{clock(stretches[-1].start)}: {parts}. Most of them, {count(peak.total)}, from {clock(peak.start)} on."
    )
    return chart("timeline", "Outcomes over time", words, (Size(1010, 250), Size(340, 220, True)), draw)


def rate_chart(timeline: Timeline, allowed: Sequence[float | None], fastest: float | None) -> Chart:
    """Attempts a second, minute, hour or day that were made, and that were allowed. `fastest` is the highest rate allowed."""
    seconds = timeline.width.total_seconds()
    limits = [calls / seconds if calls is not None and math.isfinite(calls) else math.nan for calls in allowed]
    made = [stretch.total / seconds for stretch in timeline.stretches]
    highest = max(made + [limit for limit in limits if not math.isnan(limit)])
    per, unit = next(((per, unit) for per, unit in _UNITS if highest * per >= 1), _UNITS[-1])

    def draw(axes: Axes, size: Size) -> None:
        edges = [n - 0.5 for n in range(len(made) + 1)]
        axes.stairs([rate * per for rate in made], edges, fill=True, color=ACCENT, alpha=0.55)
        axes.stairs([limit * per for limit in limits], edges, baseline=None, color=INK, linewidth=1.8)
        _stretch_axis(axes, timeline, size)
        _count_axis(axes, highest * per, whole=highest * per >= 4)

    busy = sum(stretch.total > 0 for stretch in timeline.stretches)
    words = f"Attempts per {unit}: {timeline.total / busy / seconds * per:,.3g} on average where there were any, "
    words += f"{max(made) * per:,.3g} at most."
    # Not the highest of `limits`: a run that is over in less than a stretch could not use its rate in all of it.
    if fastest is None or not math.isfinite(fastest):
        words += " No limit was set, or none is known."
    else:
        words += f" Up to {fastest * per:,.3g} were allowed."
    return chart("rate", "Rate achieved and allowed", words, (Size(500, 240), Size(340, 220, True)), draw)


def answer_chart(times: AnswerTimes) -> Chart:
    """Attempts by how long the answer took, in ranges that grow."""
    edges = _edges(times)
    ranges = times.by_range(edges[:-1])

    def draw(axes: Axes, size: Size) -> None:
        axes.bar([n + 0.5 for n in range(len(ranges))], ranges, 0.88, color=ACCENT)
        for n, attempts in enumerate(ranges):
            axes.text(
                n + 0.5, attempts, share(attempts, times.total) if attempts else "", ha="center", va="bottom", size=10
            )
        every = math.ceil(len(edges) / (5 if size.narrow else 8))
        ticks = range(0, len(edges), every)
        axes.set_xticks(ticks, [duration(timedelta(milliseconds=edges[tick])) for tick in ticks])
        beside = max(6 - len(ranges), 0) / 2
        axes.set_xlim(-beside, len(ranges) + beside)
        _count_axis(axes, max(ranges))

    told = ", ".join(f"{at:.0%} within {duration(times.within(at))}" for at in PERCENTILES)
    words = f"{count(times.total)} answers: {told}; the longest took {duration(times.within(1))}."
    return chart("answers", "Time until the answer", words, (Size(500, 240), Size(340, 220, True)), draw)


def duration(time: timedelta) -> str:
    """A short time: `85 ms`, `1.2 s`, `45 s`, `12 min`."""
    ms = round(time / timedelta(milliseconds=1))
    if ms < 1_000:
        return f"{ms} ms"
    if ms < 10_000:
        return f"{ms / 1000:.3g} s"
    return f"{ms / 1000:.0f} s" if ms < 600_000 else f"{ms / 60_000:.0f} min"


def _edges(times: AnswerTimes) -> list[int]:
    """Milliseconds from which ranges begin, six of them to a power of ten: those from the shortest answer to past the longest."""
    edges = [0, *(step * 10**power for power in range(7) for step in (10, 15, 20, 30, 50, 70))]
    first = max((n for n, edge in enumerate(edges) if edge <= times.counts[0][0]), default=0)
    last = max((n for n, edge in enumerate(edges) if edge <= times.counts[-1][0]), default=0)
    return edges[first : last + 2]


def _stretch_axis(axes: Axes, timeline: Timeline, size: Size) -> None:
    labels = timeline.labels()
    room = size.width // (7 * max(map(len, labels)) + 18)  # pixels of a label and of what parts it from the next
    every = math.ceil(len(labels) / room)
    axes.set_xticks(range(0, len(labels), every), labels[::every])
    beside = max(8 - len(labels), 0) / 2  # a few bars are no wider than bars of many
    axes.set_xlim(-0.5 - beside, len(labels) - 0.5 + beside)


def _count_axis(axes: Axes, highest: float, *, whole: bool = True) -> None:
    axes.set_ylim(0, highest * 1.12 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=whole, min_n_ticks=2))
    axes.yaxis.set_major_formatter(lambda value, _at: f"{value:,.10g}" if value else "")
    axes.spines["bottom"].set_color(LINE)
