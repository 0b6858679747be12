"""The whole life of a workspace: an operator's commands in any order, over several campaigns of the same people.

Read the rules for what an operator does, and `promises.py` for what campaign promises meanwhile. A longer life:

    CAMPAIGN_LIVES=500 .venv/bin/python -m pytest tests/life
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from command import Campaign, Done
from edits import EDITS, Edit, Said, edit
from folk import NUMBERS, ways
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from killed_at_commit import Point, Side
from lead_list import LISTS, LeadList, rarely
from promises import Entered, Promises
from weather import KINDS, Weather
from workspace import KILLED, Workspace

from campaign.adapters.sandbox import Sandbox, SandboxSettings, run_in_thread

LIVES = int(os.environ.get("CAMPAIGN_LIVES", "6"))
STEPS = 14


@dataclass(frozen=True)
class Sending:
    """How a command that sends is given, what the endpoint does meanwhile, and where the machine goes down, if it does."""

    limit: int | None
    weather: tuple[str, ...]
    dies: Point | None

    @property
    def goes_well(self) -> bool:
        """Whether nothing stands in the way of any row."""
        return not (self.limit or self.weather or self.dies)

    @property
    def options(self) -> list[object]:
        """Its options."""
        return ["--yes", *(["--limit", self.limit] if self.limit else [])]


_DEATHS = st.builds(Point, st.integers(1, 16), st.sampled_from(Side)) if sys.platform != "win32" else st.none()
CAMPAIGNS = st.integers(0, 5)
IN_FAIR_WEATHER = Sending(None, (), None)
SENDINGS = st.builds(
    Sending,
    st.sampled_from([None, None, 1, 3]),
    st.lists(st.sampled_from(KINDS), max_size=6).map(tuple),
    rarely(_DEATHS),
)
WORDS = st.sampled_from(
    [(), (), ("--include-unknown",), ("--include-rejected",), ("--include-unknown", "--include-rejected")]
)


class Life(RuleBasedStateMachine):
    """What an operator does in one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.promises = Promises()

    # --- what is sent ------------------------------------------------------------------------------------------------

    @initialize(leads=LISTS, sending=SENDINGS)
    def run_a_first_list(self, leads: LeadList, sending: Sending) -> None:
        """Life begins."""
        self.run(leads, sending)

    @initialize(leads=LISTS, sending=SENDINGS)
    def run_a_second_list(self, leads: LeadList, sending: Sending) -> None:
        """Another one follows soon: of the same dozen."""
        self.run(leads, sending)

    @rule(leads=LISTS, sending=SENDINGS)
    def run_a_list(self, leads: LeadList, sending: Sending) -> None:
        """A list comes from somewhere and is sent."""
        self.run(leads, sending)

    @rule(entered=CAMPAIGNS, sending=SENDINGS)
    def run_a_list_again(self, entered: int, sending: Sending) -> None:
        """A list is sent once more."""
        if (known := self._known(entered)) is not None:
            self.run(known.leads, sending)

    def run(self, leads: LeadList, sending: Sending) -> None:
        """Send a list."""
        path = self.workspace.folder / f"{leads.name}.csv"
        mapping = path.with_suffix(".yaml")
        leads.write(path, mapping)
        before, tried = set(self.promises.campaigns), set(self.promises.tried)
        done = self._send(["run", path, "-m", mapping], sending, leads=leads)
        new = [entered for name, entered in self.promises.campaigns.items() if name not in before]
        if sending.goes_well and done is not None and done.code != 2:
            [entered] = new
            self.promises.nobody_is_left_out(entered, tried)

    @rule(entered=CAMPAIGNS, sending=SENDINGS)
    def resume(self, entered: int, sending: Sending) -> None:
        """What was left is sent."""
        if (known := self._known(entered)) is not None:
            self._send(["resume", known.name], sending, entered=known)

    @rule(entered=CAMPAIGNS, sending=SENDINGS, words=WORDS)
    def rerun_by_name(self, entered: int, sending: Sending, words: tuple[str, ...]) -> None:
        """What failed is sent again; what is in doubt or was refused, too, if the operator says so."""
        if (known := self._known(entered)) is not None:
            self._send(["rerun", known.name, *words], sending, entered=known, released="--include-unknown" in words)

    @rule(
        entered=CAMPAIGNS,
        book=st.integers(0, 2),
        edits=st.lists(EDITS, max_size=5),
        keep_ids=st.sampled_from([True, True, True, False]),
        sending=SENDINGS,
        words=WORDS,
    )
    def rerun_a_workbook(
        self, entered: int, book: int, edits: list[Edit], keep_ids: bool, sending: Sending, words: tuple[str, ...]
    ) -> None:
        """The operator opens a result, the newest or an older one, edits it and sends it."""
        known = self._known(entered)
        if known is None or not known.books:
            return
        edited = self.workspace.new_file("edited", ".xlsx")
        said = edit(known.books[-1 - book % len(known.books)], edited, edits, keep_ids=keep_ids)
        command = ["rerun", edited, *words, *([] if keep_ids else ["--campaign", known.name])]
        self._send(command, sending, entered=known, released="--include-unknown" in words, said=said)

    # --- what is settled, and who is left alone ----------------------------------------------------------------------

    @rule(
        entered=CAMPAIGNS,
        part=st.sampled_from([slice(None), slice(None), slice(2, None), slice(None, -2)]),
        hours=st.sampled_from([0, 2, 2]),
    )
    def reconcile(self, entered: int, part: slice, hours: int) -> None:
        """The operator saves a report of the calls, at once or later, and vouches for it if it has all of them."""
        self.wait(hours)
        if (known := self._known(entered)) is None:
            return
        report = self.workspace.report(part)
        word = ["--complete"] if part == slice(None) else []
        done = self._settle("reconcile", known.name, "--from", report, "--made-at", self.workspace.now(), *word)
        if done.code != 2:
            self.promises.reconciled(known, done.json)
        self._look()

    @rule(entered=CAMPAIGNS, for_good=rarely(st.just("forget")))
    def put_an_end_to(self, entered: int, for_good: str | None) -> None:
        """What was not sent is taken out, or all of a finished campaign is erased, but for that its people were called."""
        known = self._known(entered)
        if known is None:
            return
        if for_good is None:
            assert self._settle("cancel", known.name, "--yes").code == (2 if known.forgotten else 0)
            self._look()
            assert known.forgotten or not {"pending", "deferred", "failed"} & set(known.statuses.values())
        elif self._settle("forget", known.name, "--yes").code == 0:
            known.forgotten = True
            done = self._send(["rerun", known.name, "--include-unknown"], IN_FAIR_WEATHER, entered=known)
            assert done is not None
            assert done.code == 2

    @rule(numbers=st.sets(st.sampled_from(NUMBERS), min_size=1, max_size=3), way=st.integers(0, 5), file=st.booleans())
    def add_to_the_do_not_call_list(self, numbers: set[str], way: int, file: bool) -> None:
        """Somebody has asked by phone, or there is a file of those who have."""
        written = [ways(number)[way % len(ways(number))] for number in sorted(numbers)]
        if file:
            path = self.workspace.new_file("opt-outs", ".csv")
            path.write_text("\n".join(["Phone", *written]), encoding="utf-8")
        command = ["import", path] if file else ["add", *written]
        assert self._settle("suppress", *command, "--country", "GB").code == 0
        self.promises.do_not_call |= numbers

    @precondition(lambda life: life.promises.do_not_call)
    @rule(which=st.integers(0, len(NUMBERS)))
    def take_off_the_do_not_call_list(self, which: int) -> None:
        """Somebody may be called again."""
        listed = sorted(self.promises.do_not_call)
        number = listed[which % len(listed)]
        assert self._settle("suppress", "remove", number, "--yes").code == 0
        self.promises.do_not_call.discard(number)

    @rule(hours=st.sampled_from([2, 2, 20, 50, 120]))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.workspace.let_pass(timedelta(hours=hours))

    def teardown(self) -> None:
        """Life ends."""
        self.workspace.close()

    # --- what is looked at after each --------------------------------------------------------------------------------

    def _known(self, which: int) -> Entered | None:
        """One of the campaigns that have begun, counted round and round."""
        # A bundle would not do: whether a run begins one may hang on which of two calls under way is answered first.
        begun = list(self.promises.campaigns.values())
        return begun[which % len(begun)] if begun else None

    def _send(
        self,
        command: list[object],
        sending: Sending,
        *,
        leads: LeadList | None = None,
        entered: Entered | None = None,
        released: bool = False,
        said: Said | None = None,
    ) -> Done | None:
        """Give a command that sends. Returns how it ended, None if it died."""
        workspace, promises = self.workspace, self.promises
        book = workspace.new_file("result", ".xlsx")
        workspace.weather.announce(sending.weather)
        given = [*command, *sending.options, "-o", book]
        done: Done | None = None
        if sending.dies is not None:
            code = workspace.dies(sending.dies, *given)
        else:
            done = workspace.do(*given)
            code = done.code
        arrivals = workspace.arrived()
        workspace.weather.announce(())
        if leads is not None:
            for name in set(workspace.campaigns()) - set(promises.campaigns):
                entered = promises.enter(name, leads)
        if entered is not None and book.exists():
            entered.books.append(book)
        # What a file says is known before anything is sent. Of one that died without a call nobody knows how far it came.
        taken = said is not None and code != 2 and (code != KILLED or bool(arrivals))
        if entered is not None and said is not None and taken:
            promises.take_marks(entered, said)
        promises.hear(arrivals, entered.rows if released and entered else (), said)
        promises.in_doubt = code == KILLED
        if done is not None:
            answer = promises.ended(done, sent=bool(arrivals))
            promises.sent(done, answer)
            if answer.get("output"):
                promises.written(answer, workspace.rows_of(book))
            if sending.goes_well and said is None and code != 2:
                assert not {"pending", "failed"} & set(answer["counts"]), f"not all was sent: {done}"
        self._look(entered, said.more if said is not None else 0)
        if entered is not None and said is not None and taken:
            promises.take_marks(entered, said)  # for the rows, too, that it has added
        return done

    def _settle(self, *command: object) -> Done:
        """Give a command that calls nobody."""
        done = self.workspace.do(*command)
        assert not self.workspace.arrived(), f"{command} has called somebody"
        self.promises.ended(done, sent=False)
        if command[0] != "suppress":
            self.promises.in_doubt = False
        return done

    def _look(self, entered: Entered | None = None, more: int = 0) -> None:
        """Export every campaign, and hold it against the promises. To `entered` up to `more` rows may have been added."""
        for known in self.promises.campaigns.values():
            done, rows = self.workspace.exported(known.name)
            answer = self.promises.ended(done, sent=False)
            if known.forgotten:
                assert done.code == 2, done
            else:
                self.promises.written(answer, rows)
                self.promises.stands(known, rows, more if known is entered else 0)


@pytest.fixture
def weather(monkeypatch: pytest.MonkeyPatch) -> Weather:
    """What the sandbox that is started next does wrong."""
    announced = Weather()
    monkeypatch.setattr("campaign.adapters.sandbox.endpoint.FaultPlan", lambda *_: announced)
    return announced


@pytest.fixture
def endpoint(weather: Weather) -> Iterator[Sandbox]:
    """A sandbox whose faults can be changed."""
    with run_in_thread(SandboxSettings()) as server:
        yield server


def test_whatever_an_operator_does_the_promises_hold(
    campaign: Campaign, endpoint: Sandbox, weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is called who must not be, nobody twice, no row is lost, and every command says what is so."""
    folders = (tmp_path / f"life-{n}" for n in count(1))

    def life() -> Life:
        return Life(Workspace(campaign, endpoint, weather, next(folders), monkeypatch))

    run_state_machine_as_test(
        life,  # type: ignore[arg-type] # any maker of machines will do
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),  # a step is a whole command
        ),
    )
