"""Whatever a campaign came to, it can be drawn: no figures make the page fail, and none make it say what is not so."""

from __future__ import annotations

import math
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, record
from reported import EVIL

from campaign.adapters.report_page import report_page
from campaign.adapters.report_page.words import share
from campaign.core.figures import ACTED_ON, AnswerTimes, Figures, WaitingRow, breakdown, funnel
from campaign.core.lifecycle import State
from campaign.core.result import CampaignFacts
from campaign.core.timeline import WIDTHS, start_of, stretch_of, timeline

seen = st.text(st.characters(categories=["L", "M", "N", "P", "S"], include_characters=" "))
states = st.sampled_from(State)
counts = st.dictionaries(st.tuples(states, st.booleans()), st.integers(1, 10**7), max_size=6)
attempts = st.dictionaries(st.tuples(st.integers(0, 59), states), st.integers(1, 10**6), max_size=20)
times = st.dictionaries(st.integers(0, 4_000_000), st.integers(1, 10**6), max_size=9)
groups = st.lists(st.tuples(seen, states, st.integers(1, 10**6)), max_size=9)
allowances = st.lists(st.none() | st.just(math.inf) | st.floats(0, 10**7), min_size=60, max_size=60)


class Well(HTMLParser):
    """Sees that every element is closed, and none that could run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        assert tag not in ("script", "iframe", "object", "embed", "form")
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It closes the last one that is open."""
        assert self.open.pop() == tag


def facts(rows: dict[tuple[State, bool], int], halted: str) -> CampaignFacts:
    """The facts of a campaign of these rows."""
    found = {state: sum(n for (of, _), n in rows.items() if of is state) for state, _ in rows}
    reasons = [(state, EVIL, n) for state, n in found.items()]
    kept = record()
    return CampaignFacts(
        kept.id, EVIL, EVIL, kept.header, found, reasons, NOW, NOW, NOW, kept.endpoint, EVIL, "", halted
    )


@settings(max_examples=12)
@given(
    counts,
    attempts,
    st.sampled_from(WIDTHS),
    allowances,
    times,
    st.lists(st.tuples(seen, st.integers(1, 9))),
    groups,
    seen,
)
def test_any_figures_make_a_page(
    rows: dict[tuple[State, bool], int],
    made: dict[tuple[int, State], int],
    width: timedelta,
    allowed: list[float | None],
    answered: dict[int, int],
    dispositions: list[tuple[str, int]],
    grouped: list[tuple[str, State, int]],
    halted: str,
) -> None:
    """Well-formed, with charts that are XML, and nothing of what it was given is taken for HTML."""
    line = timeline(width, ((stretch_of(NOW, width) + n, state, number) for (n, state), number in made.items()))
    assert not line.stretches or line.stretches[0].start >= start_of(stretch_of(NOW, width), width)
    figures = Figures(
        funnel((state, sent, n) for (state, sent), n in rows.items()),
        line,
        tuple(allowed[: len(line.stretches)]),
        max((rate for rate in allowed if rate is not None), default=None),
        AnswerTimes(tuple(sorted(answered.items()))),
        dispositions,
        breakdown(grouped),
        breakdown(grouped, 3),
        [WaitingRow(2, "…0101", state, EVIL) for state in ACTED_ON if any(of is state for of, _ in rows)],
    )
    page = report_page(facts(rows, halted), figures, "", NOW)
    reader = Well()
    reader.feed(page)
    assert reader.open == []
    for part in page.split("<svg")[1:]:
        drawn = ElementTree.fromstring(f"<svg{part.partition('</svg>')[0]}</svg>")
        assert drawn.find("{*}title") is not None
        assert not [path for path in drawn.iter() if "nan" in path.get("d", "")]


@pytest.mark.parametrize(
    ("others", "rest", "said"),
    [
        (0, 0, ""),
        (0, 1, "Besides, 1 row has no number to call."),
        (0, 1200, "Besides, 1,200 rows have no number to call."),
        (3, 40, "And 3 smaller ones: 40 rows are of these, or have no number to call."),
    ],
)
def test_rows_of_no_country_that_is_told_are_counted(others: int, rest: int, said: str) -> None:
    """With the rows in the table they are all rows."""
    rows = {(State.ACCEPTED, True): 10 + rest}
    countries = breakdown([("GB", State.ACCEPTED, 7), ("US", State.ACCEPTED, 3)], others)
    figures = Figures(funnel([]), timeline(WIDTHS[0], []), (), None, AnswerTimes(), [], countries, breakdown([]), [])
    page = report_page(facts(rows, ""), figures, "", NOW)
    assert f"<p>{said}</p>" in page if said else "no number to call" not in page


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_share_is_all_or_nothing_only_where_it_is(part: int, rest: int) -> None:
    """One row in a million that went wrong is not told as none."""
    told = share(part, part + rest)
    assert (told == "100%") == (rest == 0 and part > 0)
    assert (told == "0%") == (part == 0)
