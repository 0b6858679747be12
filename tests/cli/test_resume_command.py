"""resume where there is nothing to send: it says why, and what a person may want to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command import MAPPING, Campaign, leads, results

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx")


def test_all_accepted(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Exit 0; nothing is left to do, and no command is named but the one that writes the result again."""
    leads(work, 1)
    name = campaign(*RUN).json["campaign"]
    named = campaign("resume", name, "--yes")
    assert named.code == 0
    assert "every row is accepted" in named.err
    assert "Next:" not in named.out
    assert "second" not in named.out
    unnamed = campaign("resume", "--yes")
    assert unnamed.code == 0
    assert "nothing to send" in unnamed.err
    assert f"campaign export {name}" in unnamed.err
    assert len(server.ledger.arrivals) == 1


def test_only_unknown_rows_are_left(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how many people may have been called, that it calls none of them again, and how to settle them."""
    (work / "leads.csv").write_text("Name,Phone\nA,+442079460001\nB,+442079460002\n", encoding="utf-8")
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:all"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        name = campaign(*RUN).json["campaign"]
        unnamed = campaign("resume", "--yes")
        assert f"2 people may have been called already in campaign {name}" in unnamed.err
        assert f"campaign reconcile {name}" in unnamed.err
        named = campaign("resume", name, "--yes")
        assert named.code == 1
        assert "2 people may have been called already, and nobody is called again by itself" in named.err
        assert f"campaign export {name} -o {name}.xlsx" in named.out
        assert f"campaign rerun {name}.xlsx --include-unknown" in named.out
        assert server.ledger.called_twice() == ()


def test_deferred_rows_that_are_not_due_say_when(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """With and without the campaign's name."""
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    window = f"{{{day}: 9-10}}"
    (work / "mapping.yaml").write_text(MAPPING.replace("window: off", f"window: {window}"), encoding="utf-8")
    leads(work, 1)
    first = campaign(*RUN)
    assert first.json["counts"] == {"deferred": 1}, first.err
    for args in ((), (first.json["campaign"],)):
        done = campaign("resume", *args, "--yes")
        assert done.code == 1
        assert "1 row waits for calling hours" in done.err
        assert "may be called from" in done.out
        assert f"Then: campaign resume {first.json['campaign']}" in done.out
    assert server.ledger.arrivals == ()


def test_only_invalid_rows_are_left(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The way to correct them begins with a file to correct them in, and it works as it is printed."""
    (work / "leads.csv").write_text("Name,Phone\nA,n/a\n", encoding="utf-8")
    name = campaign(*RUN).json["campaign"]
    done = campaign("resume", name, "--yes")
    assert done.code == 1
    assert "no row is left that can be sent as it is" in done.err
    assert f"campaign export {name} -o {name}.xlsx" in done.out
    assert f"campaign rerun {name}.xlsx" in done.out
    assert campaign("export", name, "-o", f"{name}.xlsx").code == 0
    assert results(work / f"{name}.xlsx")[0]["call_status"] == "invalid"
    assert campaign("rerun", f"{name}.xlsx", "--yes").code == 1


def test_a_result_that_is_asked_for_is_written_though_nothing_is_sent(
    campaign: Campaign, server: Sandbox, work: Path
) -> None:
    """Where -o says; without it no file is written, and one that stands there is not written over."""
    leads(work, 3)
    name = campaign(*RUN).json["campaign"]
    done = campaign("resume", name, "--yes", "--json", "-o", "again.xlsx")
    assert (done.code, done.json["output"]) == (1, "again.xlsx")
    assert results(work / "again.xlsx") == results(work / "out.xlsx")
    assert campaign("resume", name, "--yes", "--json").json["output"] is None
    refused = campaign("resume", name, "--yes", "-o", "out.xlsx")
    assert refused.code == 2
    assert "out.xlsx" in refused.err
    assert sorted(path.name for path in work.glob("*.xlsx")) == ["again.xlsx", "out.xlsx"]
    assert len(server.ledger.arrivals) == 2


def test_no_campaign_at_all(campaign: Campaign, work: Path) -> None:
    """It says so; as JSON, too."""
    done = campaign("resume", "--yes", "--json")
    assert done.code == 0
    assert "no campaigns yet" in done.err
    assert done.json["campaign"] is None


def test_a_wrong_name_gets_the_nearest_one(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A mistyped name, another's name, and a file in its place."""
    leads(work, 3)
    name = str(campaign(*RUN, "--limit", "1").json["campaign"])
    for command in (("resume", "--yes"), ("status",), ("export", "-o", "x.xlsx"), ("forget", "--yes")):
        wrong = campaign(command[0], f"{name[:-1]}-", *command[1:])
        assert wrong.code == 2
        assert f"Did you mean {name}?" in wrong.err
    assert "Did you mean" not in campaign("resume", "nobody", "--yes").err
    file = campaign("resume", "out.xlsx", "--yes")
    assert file.code == 2
    assert 'campaign rerun "out.xlsx"' in file.err
