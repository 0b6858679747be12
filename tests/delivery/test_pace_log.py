"""How fast calls could go stands in the journal: from the start of a run to its end, with every slowing and recovery."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise

from people import NOW, entered, pending
from test_waiting import LONDON, OWN, Rules, Run

from campaign.adapters.journal import Journal
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange
from campaign.core.pacing.rate import Rate

SECOND = timedelta(seconds=1)
TAKEN = Exchange(connected=True, status=200, body=b'{"success": true}', complete=True)


def slower(seconds: int) -> Exchange:
    """A 429 that asks to wait."""
    return Exchange(connected=True, status=429, complete=True, headers={"Retry-After": str(seconds)})


def test_a_429_and_the_way_back_are_kept(journal: Journal) -> None:
    """The asked rate, then half of it after the wait, a step at a time back, and nothing after the end."""
    entered(journal, [pending(row, row) for row in range(2, 202)])
    run = Run(journal, rate=Rate.parse("10/s"), concurrency=1, answers=[TAKEN, slower(30), *[TAKEN] * 300])
    run.go()
    assert journal.counts("c1") == {State.ACCEPTED: 200}
    first, slow, *back, last = journal.paces("c1")
    assert (first.at, first.allowed, first.waits_until) == (NOW, 10.0, None)
    assert slow.allowed == 5.0
    assert slow.waits_until is not None
    assert abs(slow.waits_until - slow.at - 30 * SECOND) < SECOND
    assert [pace.allowed for pace in back] == [5.0 + 0.5 * step for step in range(1, 11)]
    assert {pace.waits_until for pace in back} == {None}
    assert all(SECOND * 0.99 <= later.at - pace.at < 2 * SECOND for pace, later in pairwise(back))
    assert last.allowed is None
    assert timedelta(0) <= run.ended_at - last.at < timedelta(milliseconds=1)  # the file knows milliseconds


def test_a_burst_of_refusals_is_kept_once(journal: Journal) -> None:
    """Fifty calls under way are told to wait at moments that differ a little: few lines, whatever the traffic."""
    entered(journal, [pending(row, row) for row in range(2, 402)])
    run = Run(journal, rate=None, concurrency=50, answers=[*[slower(2)] * 50, *[TAKEN] * 1000])
    run.go()
    assert journal.counts("c1") == {State.ACCEPTED: 400}
    paces = list(journal.paces("c1"))
    assert [pace.allowed for pace in paces] == [math.inf, math.inf, None]
    assert [pace.waits_until is not None for pace in paces] == [False, True, False]


def test_while_a_run_waits_for_hours_nothing_could_be_sent(journal: Journal) -> None:
    """Each opening begins and ends a span of its own."""
    rules = Rules(OWN)  # 16:00 in London: open until 17:00, and from 9:00 on the next day
    entered(journal, [rules.judged(row, phone, NOW) for row, phone in enumerate(LONDON[:100], 2)])
    run = Run(journal, NOW, rules, rate=Rate.parse("60/h"), wait=True)
    run.go()
    paces = list(journal.paces("c1"))
    assert [pace.allowed for pace in paces] == [1 / 60, None, 1 / 60, None]
    closed, opened = paces[1].at, paces[2].at
    assert closed < NOW + timedelta(hours=1, minutes=5) < opened
    assert not [at for _, at in run.calls if closed < at < opened]
