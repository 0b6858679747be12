"""Runs that stay until calling hours open, begin and end at a moment, and keep within their bounds: days in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from clockwork import Endpoint, InTheLoop, WallClock
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, entered, number, pending, record
from pool import Watcher
from virtual_time import run_virtually

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.journal import Journal
from campaign.core.course import Course
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import MAY_HAVE_CALLED, State
from campaign.core.outcome import Exchange, Fault, SuccessRule
from campaign.core.pacing.backoff import Backoff
from campaign.core.pacing.breaker import Breaker
from campaign.core.pacing.rate import Rate
from campaign.core.places.place import NOWHERE, Place
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.person_caps import PersonCap
from campaign.core.policy.quota import Goal, Limits, Quota
from campaign.core.policy.screening import Screening
from campaign.core.policy.suppression import SuppressionList
from campaign.core.policy.window import CallingWindow, parse_window
from campaign.core.problem import Note
from campaign.core.record import Judgement, LeadRecord
from campaign.usecases.sending.delivery import Delivery, Ending
from campaign.usecases.sending.onlookers import Onlookers
from campaign.usecases.sending.pacer import Pacer
from campaign.usecases.sending.submission import Submission

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Rules:
    """A mapping's calling hours and caps, as they are asked at the moment of sending."""

    def __init__(self, window: object = "off", caps: Sequence[PersonCap] = ()) -> None:
        rule = CallingWindow(parse_window(window), load_presets())
        self.screening = Screening([], SuppressionList(), duplicates("first"), None, rule, caps=caps)

    async def refresh(self, now: datetime) -> None:
        """Nothing changes."""

    def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
        """As the campaign's rules."""
        return self.screening.recheck(phones, place, now)

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """As the campaign's rules."""
        return self.screening.objection_to_second(phones, now)

    def caps_of(self, phones: Sequence[Phone], place: Place) -> Sequence[PersonCap]:
        """As the campaign's rules."""
        return self.screening.caps_of(phones, place)

    def closes_at(self, phones: Sequence[Phone], place: Place, now: datetime) -> datetime | None:
        """As the campaign's rules."""
        return self.screening.closes_at(phones, place, now)

    def until(self, phones: Sequence[Phone], place: Place, rule: str, earliest: datetime | None) -> Judgement:
        """As the campaign's rules."""
        return self.screening.until(phones, place, rule, earliest)

    def judged(self, row: int, phone: Phone, now: datetime, place: Place = NOWHERE) -> LeadRecord:
        """A row as it enters the journal under these rules."""
        request = CallRequest({"lc_number": phone.e164}, (phone,), place)
        held = self.recheck(request.numbers, place, now)
        closes = self.closes_at(request.numbers, place, now)
        if held is None:
            return LeadRecord(row, (phone.e164,), Judgement(State.PENDING, request, closes_at=closes))
        judgement = Judgement(State.DEFERRED, request, held.reason, held.cause, (), held.next_allowed, held.closes_at)
        return LeadRecord(row, (phone.e164,), judgement)


@dataclass
class Run:
    """One run of the pool in virtual time."""

    journal: Journal
    start: datetime = NOW
    rules: Rules = field(default_factory=Rules)
    jumps: Sequence[tuple[float, timedelta]] = ()
    rate: Rate | None = None
    concurrency: int = 5
    campaign: str = "c1"
    limits: Limits = field(default_factory=Limits)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    wait: bool = False
    start_at: datetime | None = None
    ending: Ending | None = None
    limit: int | None = None
    recontact: timedelta | None = DAY
    answers: Sequence[Exchange] = ()
    stop_after: float | None = None
    watcher: Watcher = field(default_factory=Watcher)
    calls: list[tuple[str, datetime]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    ended_at: datetime = NOW

    def go(self) -> Submission:
        """Send until it ends."""
        return run_virtually(self._go())

    async def _go(self) -> Submission:
        clock = WallClock(self.start, self.jumps)
        answers = self.answers
        endpoint = Endpoint(clock)
        if answers:
            endpoint.answer = lambda n: answers[n % len(answers)]
        quota = Quota(self.limits, self.zone)
        not_before = self.journal.last_moment(self.campaign)
        quota.made(self.journal.count_calls(self.campaign))
        for call, at in self.journal.calls_since(self.campaign, quota.day_begins(not_before)):
            quota.made_today(call, at)
        submission = Submission(
            Delivery(
                self.campaign,
                NOW - 3650 * DAY,
                not_before,
                self.recontact,
                self.concurrency,
                Backoff(attempts=2, base=1.0, cap=5.0),
                SuccessRule(),
                False,
                self.limit,
                None,
                self.start_at,
                self.ending,
                self.wait,
            ),
            InTheLoop(self.journal),
            endpoint,
            self.rules,
            Pacer(self.rate),
            Breaker(None, None),
            clock,
            lambda: 1.0,
            Onlookers(self.watcher),
            Course(self.campaign, counts=self.journal.counts(self.campaign)),
            quota,
        )
        if self.stop_after is not None:
            asyncio.get_running_loop().call_later(
                self.stop_after, lambda: _TASKS.add(asyncio.ensure_future(submission.end.drain()))
            )
        await submission.run()
        self.ended_at = clock.now()
        self.calls, self.rows = endpoint.calls, endpoint.rows
        return submission


_TASKS: set[asyncio.Future[None]] = set()
LONDON = [Phone(number(n), "GB") for n in range(1, 300)]
NEW_YORK = [Phone(number(n), "US") for n in range(1100, 1199)]
OWN = {"mon-fri": "9-12, 14-17"}
JUMPS = st.lists(
    st.tuples(st.floats(0, 200_000), st.floats(-90_000, 90_000).map(lambda seconds: timedelta(seconds=seconds))),
    max_size=3,
)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.sampled_from(["london", "new york"]), min_size=1, max_size=40),
    hours=st.integers(0, 24 * 7),
    jumps=JUMPS,
    per_hour=st.sampled_from([60, 3600]),
)
def test_each_deferred_row_is_sent_once_inside_its_window(
    rows: list[str], hours: int, jumps: list[tuple[float, timedelta]], per_hour: int
) -> None:
    """Whenever it begins, however the clock is set meanwhile: all rows go, each once, in the person's own hours."""
    rules = Rules(OWN)
    start = NOW + hours * HOUR
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        phones = [(LONDON if place == "london" else NEW_YORK)[n] for n, place in enumerate(rows)]
        entered(journal, [rules.judged(row, phone, start) for row, phone in enumerate(phones, 2)])
        run = Run(journal, start, rules, jumps, Rate(per_hour, 3600), wait=True)
        submission = run.go()
        counts = journal.counts("c1")
        journal.close()
    assert (submission.end.halted, submission.end.paused, submission.end.failure) == ("", "", None)
    assert counts == {State.ACCEPTED: len(rows)}
    assert sorted(run.rows) == list(range(2, len(rows) + 2))
    for row_id, at in run.calls:
        phone = phones[int(row_id.rpartition("-")[2]) - 2]
        local = at.astimezone(ZoneInfo("Europe/London" if phone.region == "GB" else "America/New_York"))
        assert local.weekday() < 5
        assert 9 <= local.hour < 12 or 14 <= local.hour < 17


def test_those_who_can_be_called_for_a_short_time_only_go_first(journal: Journal) -> None:
    """London closes in an hour, New York in six: the list's order gives way, and nobody waits for another day."""
    rules = Rules({"mon-fri": "9-17"})
    start = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)  # 16:00 in London, 11:00 in New York
    far = [rules.judged(row, phone, start) for row, phone in enumerate(NEW_YORK[:40], 2)]
    near = [rules.judged(row, phone, start) for row, phone in enumerate(LONDON[:40], 42)]
    entered(journal, [*far, *near])
    run = Run(journal, start, rules, rate=Rate(60, 3600), wait=True, concurrency=1)
    run.go()
    assert run.rows == [*range(42, 82), *range(2, 42)]
    assert max(at for _, at in run.calls) < start + 2 * HOUR


def test_hours_that_open_while_others_are_called_are_not_missed(journal: Journal) -> None:
    """A long list of London's goes out slowly; New York's hour comes meanwhile, and is used."""
    rules = Rules({"mon-fri": "9-10, 14-18"})
    start = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)  # 14:30 in London, 9:30 in New York
    late = datetime(2026, 7, 1, 12, 50, tzinfo=UTC)  # when the list was read: 8:50 in New York
    near = [rules.judged(row, phone, late + HOUR) for row, phone in enumerate(LONDON[:200], 2)]
    far = [rules.judged(row, phone, late) for row, phone in enumerate(NEW_YORK[:10], 202)]
    assert all(lead.judgement.state is State.DEFERRED for lead in far)
    entered(journal, [*near, *far])
    run = Run(journal, start, rules, rate=Rate(60, 3600), wait=True)
    run.go()
    assert all(at < datetime(2026, 7, 1, 14, 0, tzinfo=UTC) for row, at in run.calls if row.endswith(("202", "211")))
    assert len(run.calls) == 210


def test_who_waits_is_told_until_when_and_may_leave(journal: Journal) -> None:
    """The first Ctrl-C ends the wait at once; the rows stay deferred, for `resume`."""
    rules = Rules(OWN)
    start = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
    entered(journal, [rules.judged(row, phone, start) for row, phone in enumerate(LONDON[:3], 2)])
    run = Run(journal, start, rules, wait=True, stop_after=3600)
    submission = run.go()
    assert submission.end.interrupted
    assert run.calls == []
    assert journal.counts("c1") == {State.DEFERRED: 3}
    opens = datetime(2026, 7, 2, 8, 0, tzinfo=UTC).astimezone()
    assert run.watcher.notes[0] == (
        f"Until {opens:%Y-%m-%d %H:%M} (your time) 3 rows wait for calling hours or a free cap. Ctrl-C leaves."
    )


def test_without_wait_the_run_ends_with_the_rows_deferred(journal: Journal) -> None:
    """Those that become so at the moment of sending know when they may be called."""
    rules = Rules(OWN)
    start = datetime(2026, 7, 1, 10, 58, tzinfo=UTC)  # 11:58 in London
    entered(journal, [rules.judged(row, phone, start) for row, phone in enumerate(LONDON[:10], 2)])
    run = Run(journal, start, rules, rate=Rate(120, 3600))
    run.go()
    assert journal.counts("c1") == {State.ACCEPTED: len(run.rows), State.DEFERRED: 10 - len(run.rows)}
    assert 3 <= len(run.rows) <= 5
    assert journal.waiting("c1", None) == (datetime(2026, 7, 1, 13, 0, tzinfo=UTC), 10 - len(run.rows))


def test_a_row_that_is_held_back_spends_no_turn_at_the_pacer(journal: Journal) -> None:
    """At one call an hour, a closed list is deferred at once and not over days."""
    rules = Rules(OWN)
    start = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
    entered(journal, [pending(row, row) for row in range(2, 200)])
    submission = Run(journal, start, rules, rate=Rate(1, 3600), ending=Ending(start + HOUR, "an hour")).go()
    assert journal.counts("c1") == {State.DEFERRED: 198}
    assert submission.end.paused == ""


def test_nothing_is_sent_before_the_start_or_after_the_end(journal: Journal) -> None:
    """The wall clock decides, though it is set back an hour meanwhile; what is left stays pending."""
    entered(journal, [pending(row, row) for row in range(2, 202)])
    begins, ends = NOW + 2 * HOUR, NOW + 3 * HOUR
    run = Run(
        journal,
        rate=Rate(60, 3600),
        jumps=[(1800, -HOUR)],
        start_at=begins,
        ending=Ending(ends, "It is time."),
    )
    submission = run.go()
    assert submission.end.paused == "It is time."
    assert all(begins <= at < ends for _, at in run.calls)
    assert 58 <= len(run.calls) <= 61
    assert journal.counts("c1") == {State.ACCEPTED: len(run.calls), State.PENDING: 200 - len(run.calls)}


def test_the_end_does_not_wait_for_the_pacer(journal: Journal) -> None:
    """With one call a day, a run that ends in an hour ends in an hour."""
    entered(journal, [pending(row, row) for row in range(2, 9)])
    run = Run(journal, rate=Rate(1, 86_400), ending=Ending(NOW + HOUR, "It is time."))
    submission = run.go()
    assert submission.end.paused
    assert len(run.calls) == 1
    assert run.ended_at < NOW + 2 * HOUR


def test_an_end_before_the_next_opening_is_not_waited_for(journal: Journal) -> None:
    """The run says so at once."""
    rules = Rules(OWN)
    start = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
    entered(journal, [rules.judged(2, LONDON[0], start)])
    submission = Run(journal, start, rules, wait=True, ending=Ending(start + HOUR, "It is time.")).go()
    assert submission.end.paused == "It is time."
    assert journal.counts("c1") == {State.DEFERRED: 1}


ANSWERS = {
    "ok": Exchange(connected=True, status=200, body=b'{"success": true}', complete=True),
    "no": Exchange(connected=True, status=422, body=b"{}", complete=True),
    "lost": Exchange(connected=True, fault=Fault.TIMEOUT),
    "unreached": Exchange(connected=False, fault=Fault.CONNECT),
}


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.sampled_from(["GB", "US"]), min_size=1, max_size=40),
    limits=st.builds(
        Limits,
        st.lists(st.integers(1, 30).map(lambda calls: Goal(calls, f"{calls} calls")), max_size=1).map(tuple),
        st.none() | st.integers(1, 12),
        st.just(None),
        st.dictionaries(st.sampled_from(["GB", "US"]), st.integers(1, 8)),
    ),
    runs=st.lists(
        st.tuples(st.integers(-3, 30), st.booleans(), st.none() | st.integers(1, 90)), min_size=1, max_size=5
    ),
    answers=st.lists(st.sampled_from(sorted(ANSWERS)), min_size=1, max_size=7),
)
def test_no_cap_is_exceeded_in_whatever_order_of_runs_and_days(
    rows: list[str], limits: Limits, runs: list[tuple[int, bool, int | None]], answers: list[str]
) -> None:
    """Runs at any hour, also after the clock was set back, cut off or not, staying or not, with any answers: the journal's
    own attempts, slowly counted, are never more than the caps allow."""
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        phones = [(LONDON if place == "GB" else NEW_YORK)[n] for n, place in enumerate(rows)]
        entered(journal, [Rules().judged(row, phone, NOW) for row, phone in enumerate(phones, 2)])
        at = NOW
        for hours, wait, stop_after in runs:
            at += hours * HOUR
            journal.recover(at)
            journal.release_deferred("c1", at)
            journal.release("c1", State.FAILED)
            run = Run(journal, at, limits=limits, wait=wait, rate=Rate(10, 1), stop_after=stop_after)
            run.answers = [ANSWERS[name] for name in answers]
            run.go()
            made = _made(journal)
            days = {day for day, _ in made}
            assert all(len(made) <= goal.calls for goal in limits.goals)
            for day in days:
                assert limits.per_day is None or sum(its == day for its, _ in made) <= limits.per_day
                for country, most in limits.per_country.items():
                    assert sum(its == (day, country) for its in made) <= most
        journal.close()


def _made(journal: Journal) -> list[tuple[date, str]]:
    """Day and country of every attempt that may have called, one by one."""
    rows = journal._db.connection.execute(
        "SELECT started_at, phones, attempt.state FROM attempt JOIN lead ON lead.id = attempt.lead"
    )
    return [
        (datetime.fromtimestamp(at / 1000, UTC).date(), "GB" if "+44" in phones else "US")
        for at, phones, state in rows
        if state is None or State(state) in MAY_HAVE_CALLED
    ]


def test_over_the_cap_of_a_day_rows_wait_for_the_next(journal: Journal) -> None:
    """They know when, inside their calling hours; a run that stays sends them then."""
    rules = Rules({"mon-fri": "9-17"})
    start = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)  # a Friday
    entered(journal, [rules.judged(row, phone, start) for row, phone in enumerate(LONDON[:25], 2)])
    Run(journal, start, rules, limits=Limits(per_day=10)).go()
    assert journal.counts("c1") == {State.ACCEPTED: 10, State.DEFERRED: 15}
    monday = datetime(2026, 7, 6, 8, 0, tzinfo=UTC)
    assert journal.waiting("c1", None) == (monday, 15)
    [held] = {(row.reason, row.next_allowed) for row in journal.results("c1") if row.state is State.DEFERRED}
    assert held == ("Not now: 10 calls a day are made (caps.per_day). Allowed from 2026-07-06 08:00 UTC.", monday)
    run = Run(journal, start + HOUR, rules, limits=Limits(per_day=10), wait=True)
    run.go()
    assert journal.counts("c1") == {State.ACCEPTED: 25}
    assert [at.day for _, at in run.calls] == [6] * 10 + [7] * 5


def test_a_call_that_was_refused_leaves_its_place_to_another(journal: Journal) -> None:
    """With calls under way at the cap, a row waits for their answers, and the cap is used to the last call."""
    entered(journal, [pending(row, row) for row in range(2, 42)])
    run = Run(journal, limits=Limits(per_day=10), answers=[ANSWERS["no"], ANSWERS["ok"]], concurrency=8)
    run.go()
    counts = journal.counts("c1")
    assert counts[State.ACCEPTED] == 10
    assert counts[State.DEFERRED] == 40 - 10 - counts[State.REJECTED]


def test_a_goal_pauses_the_campaign_and_spends_no_row(journal: Journal) -> None:
    """No row is deferred or lost; a call in doubt counts, because it may be one."""
    entered(journal, [pending(row, row) for row in range(2, 42)])
    run = Run(journal, limits=Limits((Goal(10, "ten"),)), answers=[ANSWERS["lost"], *[ANSWERS["ok"]] * 3])
    submission = run.go()
    assert (submission.end.paused, submission.end.halted) == ("ten", "")
    counts = journal.counts("c1")
    assert counts[State.ACCEPTED] + counts[State.UNKNOWN] == 10
    assert counts[State.PENDING] == 30


@settings(max_examples=25, deadline=None)
@given(
    campaigns=st.lists(
        st.tuples(st.integers(-2, 30), st.booleans(), st.booleans(), st.sampled_from(sorted(ANSWERS))),
        min_size=1,
        max_size=9,
    ),
    caps=st.lists(
        st.builds(lambda calls, hours: PersonCap(calls, hours * HOUR, "cap"), st.integers(1, 3), st.integers(1, 72)),
        min_size=1,
        max_size=2,
    ),
)
def test_a_person_is_never_called_more_often_than_the_caps_allow(
    campaigns: list[tuple[int, bool, bool, str]], caps: list[PersonCap]
) -> None:
    """Over many campaigns, by either number, with campaigns forgotten in between: no span holds more calls."""
    phones = (LONDON[0], LONDON[1])
    made: list[datetime] = []
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        at = NOW
        for n, (hours, swapped, forget, answer) in enumerate(campaigns):
            at += hours * HOUR
            name = f"c{n}"
            numbers = phones[::-1] if swapped else phones[:1]
            request = CallRequest({"lc_number": numbers[0].e164}, numbers)
            journal.add_campaign(record(name))
            with journal.atomic():
                journal.add_leads(name, [LeadRecord(2, (), Judgement(State.PENDING, request))])
            journal.open_campaign(name)
            journal._db.connection.execute("UPDATE campaign SET created_at = ?", (int(at.timestamp() * 1000),))
            run = Run(journal, at, Rules(caps=caps), campaign=name, recontact=None)
            run.answers = [ANSWERS[answer]]
            run.go()
            if answer in ("ok", "lost"):
                made += [when for _, when in run.calls]
            if not run.calls and State.DEFERRED in journal.counts(name):
                [row] = journal.results(name)
                assert row.next_allowed is not None
                assert row.next_allowed > at
            if forget and State.DEFERRED not in journal.counts(name) and State.PENDING not in journal.counts(name):
                journal.forget(name, at)
            for when in made:
                for cap in caps:
                    span = [call for call in made if when - cap.within < call <= when]
                    assert len(span) <= cap.calls
        journal.close()
