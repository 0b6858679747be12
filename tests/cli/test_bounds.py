"""Waiting, moments to start and stop, goals and caps, and what is told before: on the command line and from Python."""

from __future__ import annotations

import re
import signal
import socket
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command import MAPPING, Campaign, leads, results
from processes import started, wait_for_words

import campaign as api
from campaign.adapters.clock import SystemClock
from campaign.adapters.sandbox import Sandbox
from campaign.cli.show.outlook import outlook
from campaign.core.lifecycle import State
from campaign.core.outlook import Outlook
from campaign.core.pacing.rate import Rate
from campaign.core.run import Preview
from campaign.usecases.sending import stay

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json")


def mapped(work: Path, *, policy: str = "calling_window: off", delivery: str = "") -> None:
    """The mapping with these rules."""
    text = MAPPING.replace("calling_window: off", policy).replace("rate: 500/s", f"rate: 500/s{delivery}")
    (work / "mapping.yaml").write_text(text, encoding="utf-8")


def another_day() -> str:
    """Calling hours that are closed today."""
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    return f"calling_window: {{{day}: 9-10}}"


def test_what_goes_later_is_told_before(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """When, by which rule, and what it costs; for programs the same as JSON."""
    mapped(work, policy=another_day(), delivery=", cost_per_call: 0.05")
    leads(work, 4)
    done = campaign(*RUN)
    assert done.code == 1
    assert "Held back, by which rule:" in done.err
    assert "3  deferred    Not now: own hours are" in done.err
    assert "Calls by the hour (your time), if it stays for them (--wait) or is resumed in time:" in done.err
    assert "########################################          3" in done.err
    assert "Now 0, later 3; done by" in done.err
    assert "Cost: 0.15 for 3 calls." in done.err
    assert all(len(line) <= 80 for line in done.err.splitlines() if "#" in line or "done by" in line)
    preview = done.json["preview"]
    assert (preview["now"], preview["later"], preview["never"], preview["cost"]) == (0, 3, 0, 0.15)
    [hour] = preview["hours"]
    assert hour["calls"] == 3
    assert hour["at"] <= done.json["next_allowed"] <= preview["done_at"]
    assert {rule["status"]: rule["rows"] for rule in preview["held"]} == {"deferred": 3, "invalid": 1}


def test_validate_tells_the_same(campaign: Campaign, work: Path) -> None:
    """As if it were run now."""
    mapped(work, delivery=", caps: {per_day: 2}, cost_per_call: 1")
    leads(work, 6)
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml")
    assert "If it were run now:" in done.out
    assert "Now 2, later 3" in done.out
    assert "Cost: 5 for 5 calls." in done.out
    preview = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json").json["preview"]
    assert [hour["calls"] for hour in preview["hours"]] == [2, 2, 1]


@pytest.mark.parametrize("caps", ["per_day: 4", "per_agent: 4", "per_country: {GB: 4}", "per_day: 9, per_agent: 4"])
def test_the_preview_knows_the_calls_of_today(campaign: Campaign, server: Sandbox, work: Path, caps: str) -> None:
    """Three of four are made: one goes now, and so says the question; validate, as if nothing had been sent, says four."""
    mapped(work, delivery=f", caps: {{{caps}}}")
    agents = 'agents: [{name: {value: Ana}, phone: {value: "+442079460999"}}]\n'
    (work / "mapping.yaml").write_text((work / "mapping.yaml").read_text(encoding="utf-8") + agents, encoding="utf-8")
    leads(work, 11)
    preview = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json").json["preview"]
    assert [hour["calls"] for hour in preview["hours"]] == [4, 4, 2]
    campaign(*RUN, "--limit", "3")
    done = campaign("resume", "--yes", "--json")
    assert "Send 1 row of campaign" in done.err
    assert "Now 1, later 6" in done.err
    assert [hour["calls"] for hour in done.json["preview"]["hours"]] == [1, 4, 2]
    assert done.json["counts"] == {"invalid": 1, "deferred": 6, "accepted": 4}


def test_a_cap_that_is_used_up_leaves_no_row_for_now(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The question does not promise calls that are not made."""
    mapped(work, delivery=", caps: {per_day: 4}")
    leads(work, 11)
    campaign(*RUN, "--limit", "4")
    done = campaign("resume", "--yes", "--json")
    assert "Send what can go (no row can by now) of campaign" in done.err
    assert done.json["counts"] == {"invalid": 1, "deferred": 6, "accepted": 4}


def test_rules_beyond_the_first_are_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    """One of them is one rule."""
    held = tuple((State.SUPPRESSED, f"Not called, list {n}.", 20 - n) for n in range(11))
    outlook(Outlook(now=0, later=0, never=0, hours=(), done_at=None, held=held))
    assert capsys.readouterr().err.splitlines()[-1] == f"  {10:>9}  by 1 more rule"


def test_a_start_after_the_hours_is_asked_about() -> None:
    """No row is foreseen to go at that moment, but their hours may be open again: nothing goes unless a person says so."""
    seen = Outlook(now=0, later=3, never=0, hours=(), done_at=None, held=())
    counts, rate = {api.State.PENDING: 3}, Rate.parse("5/s")
    pending = Preview("c1", "leads.csv", "http://127.0.0.1:1/", counts, 0, rate, 0.0, {}, 0, {}, (), seen)
    deferred = replace(pending, counts={api.State.DEFERRED: 3})
    assert pending.may_send
    assert not deferred.may_send
    assert replace(deferred, start_at=datetime.now(UTC)).may_send


def test_failed_rows_are_in_the_preview(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go with the others: resume, and a rerun of the file, count and price them."""
    mapped(work, delivery=", cost_per_call: 1")
    leads(work, 4)
    with socket.socket() as nobody:  # bound, but it does not listen: every connection is refused
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}/")
        first = campaign(*RUN, "-o", "out.csv").json
        assert first["counts"] == {"invalid": 1, "failed": 3}
        again = campaign("rerun", "out.csv", "--yes")
        assert "Send 3 rows" in again.err
        assert "Cost: 3 for 3 calls." in again.err
    monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
    done = campaign("resume", first["campaign"], "--yes", "--json")
    assert "Send 3 rows" in done.err
    assert (done.json["preview"]["now"], done.json["preview"]["cost"]) == (3, 3)
    assert done.json["counts"] == {"invalid": 1, "accepted": 3}


def test_a_goal_pauses_and_says_how_to_go_on(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """It is no fault: exit 1, `halted` is null. Resuming does not spend more by itself."""
    mapped(work, delivery=", cost_per_call: 0.25, stop_when: {cost: 1.20}")
    leads(work, 12)
    done = campaign(*RUN)
    assert (done.code, done.json["halted"]) == (1, None)
    assert done.json["counts"] == {"invalid": 1, "pending": 7, "accepted": 4}
    assert "1.00 of 1.20 are spent, and the next call costs 0.25 (stop_when.cost)" in done.json["paused"]
    name = done.json["campaign"]
    again = campaign("resume", name, "--yes")
    assert (again.code, len(server.ledger.arrivals)) == (1, 4)
    assert f"campaign resume {name} --stop-when off" in again.err
    assert campaign("resume", name, "--yes", "--json", "--stop-when", "accepted=6").json["counts"]["accepted"] == 6
    last = campaign("resume", name, "--yes", "--json", "--stop-when", "off").json
    assert (last["counts"], last["paused"]) == ({"invalid": 1, "accepted": 11}, None)
    assert server.ledger.called_twice() == ()


def test_caps_of_a_day_count_over_resumes(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Rows beyond wait for midnight, and the workbook says so."""
    mapped(work, delivery=", caps: {per_day: 5, per_country: {GB: 3}}")
    leads(work, 12)
    done = campaign(*RUN, "--limit", "2", "-o", "one.xlsx")
    assert done.json["counts"] == {"invalid": 1, "pending": 9, "accepted": 2}
    done = campaign("resume", "--yes", "--json", "-o", "two.xlsx")
    assert done.json["counts"] == {"invalid": 1, "deferred": 8, "accepted": 3}
    held = [row for row in results(work / "two.xlsx") if row["call_status"] == "deferred"]
    assert {row["call_reason"].split(" Allowed")[0] for row in held} == {
        "Not now: 3 calls a day to GB are made (caps.per_country)."
    }
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert {row["call_next_allowed"] for row in held} == {f"{tomorrow.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def test_an_agent_gets_only_so_many_calls(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Agents are known by their phones; rows without one are not bound."""
    agents = "agents: [{name: Owner, phone: {column: Owner Phone, country: US}}]\n"
    mapped(work, delivery=", caps: {per_agent: 2}")
    text = (work / "mapping.yaml").read_text(encoding="utf-8")
    (work / "mapping.yaml").write_text(text + agents, encoding="utf-8")
    owners = ["Ann,2025550101", "Ann,+1 202 555 0101", "Ann,(202) 555-0101", "Bob,2025550102", ","]
    rows = [f"P{n},+44207946{n:04d},{owner}" for n, owner in enumerate(owners)]
    (work / "leads.csv").write_text("\n".join(["Name,Phone,Owner,Owner Phone", *rows]), encoding="utf-8")
    done = campaign(*RUN)
    assert done.json["counts"] == {"deferred": 1, "accepted": 4}, done.err


def test_a_person_is_called_so_often_over_all_campaigns(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Told at entry, with the moment of the next call; a forgotten campaign counts."""
    mapped(work, policy="calling_window: off, recontact_after: off, attempts_per_person: [2/1d, 9/9d]")
    leads(work, 4)
    first = campaign(*RUN).json
    assert first["counts"]["accepted"] == 3
    assert campaign("forget", first["campaign"], "--yes").code == 0
    assert campaign(*RUN).json["counts"]["accepted"] == 3
    third = campaign(*RUN)
    assert third.json["counts"] == {"invalid": 1, "deferred": 3}
    assert "at most 2 calls to a person in 1 day (attempts_per_person)" in third.json["preview"]["held"][0]["reason"]
    assert set(server.ledger.calls_per_person().values()) == {2}


def test_a_run_starts_and_stops_at_a_moment(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Not a call before or after; the rest is pending, exit 1."""
    leads(work, 300)
    begins = datetime.now(UTC) + timedelta(seconds=2)
    ends = begins + timedelta(seconds=1)
    moments = ("--start-at", f"{begins:%Y-%m-%dT%H:%M:%SZ}", "--stop-at", f"{ends:%Y-%m-%dT%H:%M:%SZ}")
    done = campaign(*RUN, *moments, "--rate", "20/s")
    assert done.code == 1
    assert "nothing is sent before the start" in done.err
    assert "as you asked (--stop-at)" in done.json["paused"]
    assert 10 <= done.json["counts"]["accepted"] <= 22
    assert done.json["counts"]["pending"] == 299 - done.json["counts"]["accepted"]
    whole = begins.replace(microsecond=0)
    journal = api.results(done.json["campaign"], home=work.parent / "home")
    sent = [datetime.fromisoformat(at) for at in journal["call_submitted_at"] if at]
    assert min(sent) >= whole
    assert max(sent) <= ends


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--stop-at", "2020-01-01T08:00"), "that is over"),
        (("--start-at", "2099-01-01T08:00", "--stop-at", "2098-01-01T08:00"), "before the moment to start at"),
        (("--start-at", "soon"), "14:30"),
        (("--stop-at", "8:00 Europe/Berln"), "Europe/Berlin"),
        (("--stop-when", "acepted=5"), "acepted"),
        (("--stop-when", "accepted=many"), "accepted"),
        (("--stop-when", "at=18:00"), "has no date"),
    ],
)
def test_a_moment_or_goal_that_is_none_is_one_clear_sentence(
    campaign: Campaign, server: Sandbox, work: Path, args: tuple[str, ...], said: str
) -> None:
    """Exit 2, nothing sent."""
    leads(work)
    done = campaign(*RUN[:-1], *args)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert server.ledger.arrivals == ()


def test_a_budget_needs_the_cost_of_a_call(campaign: Campaign, work: Path) -> None:
    """Told with file and line."""
    mapped(work, delivery=", stop_when: {cost: 5}")
    leads(work)
    done = campaign(*RUN[:-1])
    assert done.code == 2
    assert "cost_per_call" in done.err


def test_a_test_number_is_bound_by_nothing_and_counts_for_nothing(
    campaign: Campaign, server: Sandbox, work: Path
) -> None:
    """Closed hours, a cap of one call: the operator's own phone rings all the same, and the one call is still there."""
    test = ("--test-number", "+12025550123")
    mapped(work, policy=f"{another_day()}, attempts_per_person: 1/30d", delivery=", caps: {per_day: 1}")
    (work / "leads.csv").write_text("Name,Phone\nAna,+442079460001\nBo,+12025550123\n", encoding="utf-8")
    for _ in range(2):
        assert campaign(*RUN, *test).code == 0
    assert server.ledger.calls_per_person() == {"+12025550123": 2}
    mapped(work, policy="calling_window: off, attempts_per_person: 1/30d", delivery=", stop_when: {accepted: 2}")
    assert campaign(*RUN).json["counts"] == {"accepted": 2}
    assert server.ledger.calls_per_person() == {"+12025550123": 3, "+442079460001": 1}


class Hurried(SystemClock):
    """Days in seconds: 20 hours a second."""

    began = time.monotonic()
    start = datetime(2026, 7, 3, 16, 30, tzinfo=UTC)  # Friday, 17:30 in London

    def now(self) -> datetime:
        """What it shows."""
        return self.start + timedelta(hours=(time.monotonic() - self.began) * 20)


def test_a_run_that_stays_sends_all_as_their_hours_open(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a weekend, from the command line, against the sandbox: each once, and each when it was allowed."""
    Hurried.began = time.monotonic()
    monkeypatch.setattr(SystemClock, "now", Hurried.now)
    monkeypatch.setattr(SystemClock, "began", Hurried.began, raising=False)
    monkeypatch.setattr(SystemClock, "start", Hurried.start, raising=False)
    monkeypatch.setattr(stay, "LONGEST_REST", 0.01)
    mapped(work, policy="calling_window: {mon-fri: 9-17}")
    leads(work, 30)
    done = campaign(*RUN, "--wait")
    assert done.json["counts"] == {"invalid": 1, "accepted": 29}, done.err
    assert "29 rows wait for calling hours" in done.err
    assert server.ledger.called_twice() == ()
    rows = api.results(done.json["campaign"], home=work.parent / "home")
    sent = [datetime.fromisoformat(at) for at in rows["call_submitted_at"] if at]
    assert all(at.weekday() == 0 and 8 <= at.hour < 16 for at in sent)  # UTC, an hour behind London


def test_the_limit_holds_for_a_run_that_stays(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """It does not wait for what it may not send."""
    mapped(work, delivery=", caps: {per_day: 9}")
    leads(work, 30)
    done = campaign(*RUN, "--wait", "--limit", "5")
    assert done.json["counts"] == {"invalid": 1, "pending": 24, "accepted": 5}


def test_rows_that_are_held_back_take_no_place_of_the_limit(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Four people object after the list was entered; the next three are sent all the same."""
    leads(work, 13)
    campaign(*RUN, "--limit", "3")
    for n in range(4, 8):
        assert campaign("suppress", "add", f"+44207946{n:04d}").code == 0
    done = campaign("resume", "--yes", "--json", "--limit", "3")
    assert done.json["counts"] == {"invalid": 1, "suppressed": 4, "pending": 2, "accepted": 6}
    assert server.ledger.called_twice() == ()


def test_a_cap_and_a_limit_hold_together(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The cap is reached within the limit: what is beyond it waits for tomorrow."""
    mapped(work, delivery=", caps: {per_day: 2}")
    leads(work, 13)
    done = campaign(*RUN, "--limit", "5")
    assert done.json["counts"] == {"invalid": 1, "deferred": 10, "accepted": 2}


def test_a_rerun_that_stays_waits_for_the_rows_that_it_corrected(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their hours are closed when the file is taken; without --wait it says what they wait for."""
    mapped(work, policy="calling_window: {mon-fri: 9-17}")
    leads(work, 4)
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 7, 4, 12, 0, tzinfo=UTC))  # Saturday
    campaign(*RUN, "-o", "out.csv")
    text = (work / "out.csv").read_text(encoding="utf-8").splitlines()
    kept = [line.replace("n/a", "+442079460900") for line in text if "n/a" in line]
    new = "New,+442079460901" + "," * (text[0].count(",") - 1)
    (work / "edited.csv").write_text("\n".join([text[0], *kept, new]), encoding="utf-8")
    done = campaign("rerun", "edited.csv", "--yes")
    assert "2  waiting for calling hours or a free cap" in done.err
    assert "left alone" not in done.err
    (work / "edited.csv").write_text("\n".join([text[0], *kept]), encoding="utf-8")
    Hurried.began = time.monotonic()
    monkeypatch.setattr(SystemClock, "now", Hurried.now)
    monkeypatch.setattr(SystemClock, "began", Hurried.began, raising=False)
    monkeypatch.setattr(SystemClock, "start", Hurried.start, raising=False)
    monkeypatch.setattr(stay, "LONGEST_REST", 0.01)
    done = campaign("rerun", "edited.csv", "--wait", "--yes", "--json")
    assert server.ledger.calls_per_person() == {"+442079460900": 1}, done.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_leaves_while_it_waits(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Exit 4 with the rows deferred, and the command that goes on."""
    mapped(work, policy=another_day())
    leads(work, 4)
    with started(work, *RUN[:-1], "--wait") as process:
        said = wait_for_words(process, "Ctrl-C leaves.")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 4, err
    [line] = [line for line in said.splitlines() if "3 rows wait" in line]
    assert re.match(r"Until .* \(your time\) 3 rows wait for calling hours or a free cap\. Ctrl-C leaves\.", line[10:])
    assert "campaign resume" in out
    assert "deferred" in campaign("status").out
    assert server.ledger.arrivals == ()


def test_python_has_the_same_bounds(server: Sandbox, work: Path) -> None:
    """Goals, moments and waiting are arguments."""
    mapped(work, delivery=", stop_when: {accepted: 2}")
    leads(work, 9)
    first = api.run("leads.csv", "mapping.yaml")
    assert first.counts == {api.State.INVALID: 1, api.State.PENDING: 6, api.State.ACCEPTED: 2}
    assert first.paused
    later = datetime.now(UTC) + timedelta(seconds=1)
    rest = api.resume(first.campaign, stop_when="off", limit=3, start_at=later, wait=True)
    assert rest.counts[api.State.ACCEPTED] == 5
    assert datetime.now(UTC) >= later
    assert api.resume(first.campaign, stop_when={"accepted": 7}).counts[api.State.ACCEPTED] == 7
    with pytest.raises(api.UsageError, match="that is over"):
        api.resume(first.campaign, stop_at=later)
