"""The report's page: what its template is given. It holds no phone in full, no name of a lead, and no key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from campaign.adapters.report_page.charts import (
    PERCENTILES,
    answer_chart,
    duration,
    funnel_chart,
    rate_chart,
    timeline_chart,
)
from campaign.adapters.report_page.drawing import Chart
from campaign.adapters.report_page.words import clock, count, share
from campaign.core.figures import ACTED_ON, AnswerTimes, Breakdown, Figures, Group, WaitingRow
from campaign.core.lifecycle import WAITING, State
from campaign.core.result import CampaignFacts
from campaign.core.state_colours import COLOURS
from campaign.core.state_words import MEANING, NEXT_STEP

MOST_REASONS = 25
_WORKBOOK = "results.xlsx"  # what the page calls the result file in the commands that it names


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the campaign stands, in words, with the command that goes on; `alarm` where something is wrong."""

    words: str
    command: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts that there is something to draw for."""

    funnel: Chart
    timeline: Chart | None
    rate: Chart | None
    answers: Chart | None


def report_page(facts: CampaignFacts, figures: Figures, running: str, made_at: datetime) -> str:
    """The page as HTML. `running` says which process uses the workspace, "" if none does."""
    timeline, times = figures.timeline, figures.answer_times
    against = [reason for reason in facts.reasons if reason[0] is not State.ACCEPTED]
    template = _environment().from_string(_file("page.html"))
    return template.render(
        facts=facts,
        style=Markup(_style()),  # noqa: S704 - a file of ours and the colours of the states
        host=urlsplit(facts.endpoint).hostname or "nowhere",
        made_at=made_at,
        version=version("campaign"),
        standing=_standing(facts, running),
        highlights=_highlights(facts, figures),
        charts=_charts(figures),
        lost=_lost(figures),
        meanings=MEANING,
        next_steps={state: words.replace("FILE", _WORKBOOK) for state, words in NEXT_STEP.items()},
        workbook=_WORKBOOK,
        timeline=timeline,
        outcomes=[(state, sum(one.attempts.get(state, 0) for one in timeline.stretches)) for state in timeline.states],
        stretches=list(zip(timeline.labels(), timeline.stretches, map(_limit, figures.allowed), strict=True)),
        is_limited=any(calls is not None and math.isfinite(calls) for calls in figures.allowed),
        answers=times.total,
        percentiles=_percentiles(times),
        reasons=against[:MOST_REASONS],
        all_reasons=len(against),
        countries=_named(figures.countries),
        rest_of_countries=_rest_of_countries(figures.countries, facts.total),
        agents=figures.agents,
        rest_of_agents=f"And {count(figures.agents.others)} smaller ones." if figures.agents.others else "",
        waiting=_waiting(facts, figures),
    )


def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(clock=clock, count=count, share=share)
    return environment


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _style() -> str:
    states = (
        f".s-{state} {{ --state-fill: #{colour.fill}; --state-ink: #{colour.ink}; --state-bar: #{colour.bar}; }}"
        for state, colour in COLOURS.items()
    )
    return "\n".join((_file("page.css"), *states))


def _standing(facts: CampaignFacts, running: str) -> Standing:
    waiting = sum(facts.counts.get(state, 0) for state in WAITING)
    rows = f"{count(waiting)} {'row waits' if waiting == 1 else 'rows wait'} to be sent"
    resume = f"campaign resume {facts.campaign}"
    if facts.forgotten_at is not None:
        at = clock(facts.forgotten_at)
        return Standing(
            f"The personal data of this campaign was erased on {at}. How many rows had which status is all that stays."
        )
    if facts.halted:
        return Standing(f"Halted: {facts.halted}", alarm=True)
    if waiting and running:
        return Standing(f"A run is going on ({running}); {rows}. This page shows where it stood when it was made.")
    if waiting:
        return Standing(f"Not finished: {rows}. Go on with", resume)
    if facts.first_submitted_at is None:
        return Standing("Nothing was sent, and no row waits to be sent.")
    if facts.counts.get(State.FAILED):
        return Standing("Finished; failed rows can be sent again with", resume)
    return Standing("Finished: no row waits to be sent.")


def _highlights(facts: CampaignFacts, figures: Figures) -> list[tuple[str, str, str]]:
    """The few numbers that are asked for first, each with what it is compared to."""
    found, times = figures.funnel, figures.answer_times
    taken = f"{share(found.accepted, found.sent)} of those sent" if found.sent else "nothing was sent"
    acted_on = ("–", "its rows are erased")
    if facts.forgotten_at is None:
        to_act_on = sum(facts.counts.get(state, 0) for state in ACTED_ON)
        acted_on = (count(to_act_on), f"{share(to_act_on, found.rows)} of the rows")
    return [
        ("Rows", count(found.rows), "in the list"),
        ("Sent", count(found.sent), f"{share(found.sent, found.rows)} of the rows"),
        ("Accepted", count(found.accepted), taken),
        ("To act on", *acted_on),
        ("Attempts", count(figures.timeline.total), _per_row(figures)),
        (
            "Answer time",
            duration(times.within(0.5)) if times.total else "–",
            "median" if times.total else "no answer yet",
        ),
    ]


def _per_row(figures: Figures) -> str:
    sent = figures.funnel.sent
    return f"{figures.timeline.total / sent:.2f} a row sent" if sent else "none"


def _charts(figures: Figures) -> Charts:
    timeline, times = figures.timeline, figures.answer_times
    return Charts(
        funnel=funnel_chart(figures),
        timeline=timeline_chart(timeline) if timeline.total else None,
        rate=rate_chart(timeline, figures.allowed, figures.fastest) if timeline.total else None,
        answers=answer_chart(times) if times.total else None,
    )


def _lost(figures: Figures) -> str:
    """What became of the rows that are in one step of the funnel and not in the next."""
    found, sentences = figures.funnel, []
    for words, lost in (
        ("Not valid", {State.INVALID: found.rows - found.valid}),
        ("Valid and not sent", found.lost_before_sent),
        ("Sent and not accepted", found.lost_after),
    ):
        told = ", ".join(f"{count(rows)} {state}" for state, rows in lost.items() if rows)
        if told:
            sentences.append(f"{words}: {told}.")
    return " ".join(sentences)


def _limit(calls: float | None) -> str:
    if calls is None:
        return "not known"
    return "no limit" if math.isinf(calls) else f"{calls:,.0f}"


def _percentiles(times: AnswerTimes) -> list[tuple[str, str]]:
    if not times.total:
        return []
    told = [
        ("half within" if part == 0.5 else f"{part:.0%} within", duration(times.within(part))) for part in PERCENTILES
    ]
    return [*told, ("longest", duration(times.within(1)))]


def _named(countries: Breakdown) -> Breakdown:
    """The countries by their English names."""
    from babel import Locale

    names = Locale("en").territories
    groups = (Group(names.get(group.name, group.name), group.counts) for group in countries.groups)
    return Breakdown(tuple(groups), countries.others)


def _rest_of_countries(countries: Breakdown, rows: int) -> str:
    """What is to be said of the rows that are in no country that is told."""
    rest = rows - countries.total
    if countries.others:
        return (
            f"And {count(countries.others)} smaller ones: {count(rest)} rows are of these, or have no number to call."
        )
    if rest:
        return f"Besides, {count(rest)} {'row has' if rest == 1 else 'rows have'} no number to call."
    return ""


def _waiting(facts: CampaignFacts, figures: Figures) -> list[tuple[State, list[WaitingRow], int]]:
    """The rows that wait for a person, by state, and how many of each there are; of a forgotten campaign there are none."""
    if facts.forgotten_at is not None:
        return []
    by_state = ((state, [row for row in figures.waiting if row.state is state]) for state in ACTED_ON)
    return [(state, rows, facts.counts[state]) for state, rows in by_state if rows]
