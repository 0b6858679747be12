"""resume --all: every campaign that can go on, one after the other, none held up by another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import MAPPING, Campaign, Done, leads

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

ALL = ("resume", "--all", "--yes", "--json")


def begun(campaign: Campaign, work: Path, name: str, start: int, *args: str, mapping: str = "mapping.yaml") -> str:
    """A campaign of five people, of whom the one without a number is invalid and one was called."""
    leads(work, 5, name, start)
    command = ("run", name, "-m", mapping, "--yes", "--json", "-o", f"{name}.xlsx", "--limit", "1", *args)
    return str(campaign(*command).json["campaign"])


def lines(done: Done) -> list[dict[str, object]]:
    """What it printed on stdout: an object a line."""
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_goes_on_the_oldest_first(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A line and a result for each, with what each line of resume has; nobody is called twice; then none is left."""
    names = [begun(campaign, work, f"list{n}.csv", 10 * n) for n in range(3)]
    alone = set(campaign("resume", names[0], "--yes", "--json", "--limit", "1").json)
    done = campaign(*ALL)
    assert done.code == 1
    assert [line["campaign"] for line in lines(done)] == names
    assert all(line["counts"] == {"invalid": 1, "accepted": 4} and set(line) == alone for line in lines(done))
    assert all((work / str(line["output"])).is_file() for line in lines(done))
    assert len(server.ledger.arrivals) == 12
    assert server.ledger.called_twice() == ()
    again = campaign(*ALL)
    assert (again.code, again.out) == (0, "")
    assert "nothing to send" in again.err


def test_one_that_can_t_go_on_keeps_none_of_the_others(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """It is told with its name, for programs and for people; the exit status is the highest."""
    (work / "own.yaml").write_text(f"{MAPPING}widget_key: {{env: OWN_KEY}}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as env:
        env.setenv("OWN_KEY", "sandbox-widget")
        lame = begun(campaign, work, "lame.csv", 0, mapping="own.yaml")
    sound = begun(campaign, work, "sound.csv", 10)
    done = campaign(*ALL)
    assert done.code == 2
    told, went = lines(done)
    assert set(told) == {"campaign", "error", "cure", "exit_code"}
    assert (told["campaign"], told["exit_code"]) == (lame, 2)
    assert "OWN_KEY" in str(told["error"])
    assert went["campaign"] == sound
    assert went["counts"] == {"invalid": 1, "accepted": 4}
    people = campaign("resume", "--all", "--yes")
    assert people.code == 2
    assert f"Campaign {lame} can't go on: " in people.err
    assert server.ledger.called_twice() == ()


def test_a_halt_keeps_none_of_the_others(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The endpoint of the first has moved for one call; the status is that of the halt."""
    with run_in_thread(SandboxSettings()) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        names = [begun(campaign, work, f"list{n}.csv", 10 * n) for n in range(2)]
    with run_in_thread(SandboxSettings(faults=parse_faults("redirect-301:first=1"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        done = campaign(*ALL, "--concurrency", "1")
        assert done.code == 3
        halted, went = lines(done)
        assert [halted["campaign"], went["campaign"]] == names
        assert halted["halted"]
        assert went["counts"] == {"invalid": 1, "accepted": 4}
        assert campaign(*ALL).code == 1
        assert server.ledger.called_twice() == ()


@pytest.mark.parametrize("wrong", [["20261126-k7mq"], ["-o", "out.xlsx"], ["--limit", "3"], ["--wait"]])
def test_what_is_for_one_alone_is_refused(campaign: Campaign, server: Sandbox, work: Path, wrong: list[str]) -> None:
    """It can't be said of several; nothing is sent."""
    begun(campaign, work, "leads.csv", 0)
    done = campaign(*ALL, *wrong)
    assert done.code == 2
    assert "--all" in done.json["error"]
    assert len(server.ledger.arrivals) == 1


def test_several_that_can_go_on_point_to_it(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Who gave no name learns of it."""
    for n in range(2):
        begun(campaign, work, f"list{n}.csv", 10 * n)
    assert "campaign resume --all" in campaign("resume", "--yes", "--json").json["cure"]
