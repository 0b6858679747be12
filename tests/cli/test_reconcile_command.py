"""reconcile, end to end: calls in doubt are settled by the sandbox's reports, and nobody is called twice."""

from __future__ import annotations

import csv
import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import Campaign, leads, results

import campaign as python_api
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread


@pytest.fixture
def doubtful(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that leaves rows in doubt: of some the call was started, of others not."""
    monkeypatch.setenv("BRIGHTCALL_ACCOUNT_KEY", "sandbox-account")
    faults = parse_faults("drop-after:12%,drop-before:12%")
    with run_in_thread(SandboxSettings(faults=faults, seed=2)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        yield server


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the calls were some hours old."""
    # The use case first: if this is what imports it, it must not take the other's changed value for its own.
    monkeypatch.setattr("campaign.usecases.reconcile.SETTLES", timedelta(0))
    monkeypatch.setattr("campaign.core.reconciliation.SETTLES", timedelta(0))


def ran(campaign: Campaign, work: Path) -> dict[str, Any]:
    """A run that leaves rows in doubt."""
    leads(work, 120)
    answer = campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes", "--json").json
    assert answer["counts"]["unknown"] > 10
    return dict(answer)


@pytest.mark.usefixtures("at_once")
def test_rows_in_doubt_are_settled_and_the_rest_is_sent(campaign: Campaign, doubtful: Sandbox, work: Path) -> None:
    """Those that were called become accepted, the others go out by resume, until every person was called exactly once."""
    first = ran(campaign, work)
    unknown = first["counts"]["unknown"]
    started = doubtful.ledger.totals()["calls"]
    done = campaign("reconcile", first["campaign"], "--json")
    assert done.code == 0
    assert len(done.json["accepted"]) == started - first["counts"]["accepted"] > 0
    assert len(done.json["released"]) == unknown - len(done.json["accepted"]) > 0
    assert done.json["counts"]["accepted"] == started
    assert "unknown" not in done.json["counts"]
    assert all(settled["call_id"].startswith("sbx-") for settled in done.json["accepted"])
    while "unknown" in (answer := campaign("resume", "--yes", "--json").json)["counts"]:
        campaign("reconcile", first["campaign"])
    assert answer["counts"] == {"invalid": 1, "accepted": 119}
    assert set(doubtful.ledger.calls_per_person().values()) == {1}
    reasons = [row["call_reason"] for row in results(Path(answer["output"]))]
    assert sum("Found in Brightcall's report: call sbx-" in (reason or "") for reason in reasons) > 0


def test_fresh_calls_are_not_proven_missing(campaign: Campaign, doubtful: Sandbox, work: Path) -> None:
    """They may not stand in the report yet: found ones are settled, the others stay unknown, and it says why."""
    first = ran(campaign, work)
    done = campaign("reconcile", first["campaign"])
    assert done.code == 1
    assert "less than an hour before the report was made" in done.out
    assert "now accepted" in done.out
    assert "now pending" not in done.out
    assert f"campaign reconcile {first['campaign']}" in done.out
    again_at = datetime.fromisoformat(campaign("reconcile", first["campaign"], "--json").json["again_at"])
    assert timedelta(minutes=55) < again_at - datetime.now(UTC) <= timedelta(hours=1)


def fetched(server: Sandbox) -> list[dict[str, Any]]:
    """The report as a person would save it."""
    today = datetime.now(UTC).date()
    address = f"{server.base_url}/api/v1/calls/list?date_from={today - timedelta(1)}&date_to={today}&max_calls=500"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"api-key": "sandbox-account"})) as answer:
        return list(json.load(answer)["data"])


def test_who_named_a_report_is_told_to_export_a_newer_one(campaign: Campaign, doubtful: Sandbox, work: Path) -> None:
    """Without the file the command would ask Brightcall, which wants another key."""
    first = ran(campaign, work)
    (work / "my calls.json").write_text(json.dumps({"data": fetched(doubtful)}), encoding="utf-8")
    done = campaign("reconcile", first["campaign"], "--from", "my calls.json")
    assert done.code == 1
    assert f'then: campaign reconcile {first["campaign"]} --from "my calls.json"' in done.out
    assert "Export the calls again after" in done.out


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("ending", [".json", ".jsonl", ".csv", ".xlsx"])
def test_a_saved_report_is_as_good(campaign: Campaign, doubtful: Sandbox, work: Path, ending: str) -> None:
    """JSON, webhooks line by line, CSV and a workbook settle the same rows as the address."""
    first = ran(campaign, work)
    calls = fetched(doubtful)
    path = work / f"report{ending}"
    flat = [
        [call["call_id"], call["called_lead_phone"], json.dumps(call["lead"]["custom_params"]), call["time_started_iso_string"]]
        for call in calls
    ]  # fmt: skip
    header = ["Call ID", "Phone", "Custom params", "Started at"]
    if ending == ".json":
        path.write_text(json.dumps({"data": calls}), encoding="utf-8")
    elif ending == ".jsonl":
        path.write_text("\n".join(map(json.dumps, calls)) + "\n", encoding="utf-8")
    elif ending == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *flat])
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in (header, *flat):
            book.active.append(line)
        book.save(path)
    made_at = datetime.now(UTC).isoformat()
    done = campaign("reconcile", first["campaign"], "--from", path, "--made-at", made_at, "--json")
    assert len(done.json["accepted"]) == doubtful.ledger.totals()["calls"] - first["counts"]["accepted"]
    assert done.json["missing"] == []
    assert len(done.json["released"]) > 0


@pytest.mark.parametrize("campaigns", [0, 1])
def test_where_nothing_is_in_doubt_there_is_nothing_to_do(
    campaign: Campaign, server: Sandbox, work: Path, campaigns: int
) -> None:
    """Exit 0, as a command that is given every night needs it: without a campaign, and with one whose calls are all clear."""
    for _ in range(campaigns):
        leads(work, 2)
        campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    done = campaign("reconcile")
    assert (done.code, done.out) == (0, "No campaign has rows in doubt.\n")
    answer = campaign("reconcile", "--json").json
    assert (answer["campaign"], answer["unknown"], answer["total"]) == (None, 0, 0)
    assert len(server.ledger.arrivals) == campaigns


def test_what_a_person_does_wrong_is_told(
    campaign: Campaign, doubtful: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2 with the cure, and nothing is changed."""
    unnamed = campaign("reconcile", "--from", "report.json")
    assert unnamed.code == 2
    assert "No campaign has rows in doubt" in unnamed.err
    first = ran(campaign, work)
    (work / "report.json").write_text('{"ok": true}\n{"ok": 1', encoding="utf-8")
    (work / "empty.csv").write_text("", encoding="utf-8")
    for args, said in (
        (["--from", "none.json"], "none.json"),
        (["--from", "report.json"], "line 2"),
        (["--from", "empty.csv"], "empty"),
        (["--from", "report.json", "--made-at", "yesterday"], "2026-11-25T15:30"),
        (["--from", "report.json", "--made-at", "2099-01-01"], "in the future"),
        (["--from", "out.xlsx"], "is a result file"),
        (["--reports", "http://example.com/"], "https"),
        (["--reports", f"{doubtful.base_url}/nowhere"], "no call reports"),
    ):
        done = campaign("reconcile", first["campaign"], *args)
        assert done.code == 2, args
        assert said in done.err
        assert "Traceback" not in done.err
    monkeypatch.setenv("BRIGHTCALL_ACCOUNT_KEY", "wrong-s3cret")
    refused = campaign("reconcile")
    assert "BRIGHTCALL_ACCOUNT_KEY" in refused.err
    assert "wrong-s3cret" not in refused.err
    monkeypatch.delenv("BRIGHTCALL_ACCOUNT_KEY")
    assert "account's API key, not the widget's" in campaign("reconcile").err
    assert campaign("status", first["campaign"], "--json").json["counts"] == first["counts"]


def test_nothing_in_doubt_is_said_plainly(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """No key is asked for, nothing is fetched."""
    leads(work, 3)
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["campaign"]
    done = campaign("reconcile", name)
    assert done.code == 0
    assert "no row in doubt" in done.out


def test_what_the_phone_did_is_learned_where_nothing_is_in_doubt(
    campaign: Campaign, server: Sandbox, work: Path
) -> None:
    """From a report that is named: that is what the person wants then."""
    leads(work, 4)
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["campaign"]
    (work / "calls.json").write_text(json.dumps(fetched(server)), encoding="utf-8")
    done = campaign("reconcile", name, "--from", "calls.json", "--json")
    assert (done.code, done.json["dispositions"]) == (0, 3)
    assert "3  what the phone did is known now" in campaign("reconcile", name, "--from", "calls.json").out


@pytest.mark.usefixtures("at_once")
def test_python_can_reconcile_too(doubtful: Sandbox, work: Path) -> None:
    """The same for programs."""
    leads(work, 120)
    outcome = python_api.run("leads.csv", "mapping.yaml")
    settled = python_api.reconcile(outcome.campaign, account_key="sandbox-account")
    assert settled.result.released
    assert settled.counts[python_api.State.ACCEPTED] == doubtful.ledger.totals()["calls"]


def test_forget_tells_first_how_many_rows_are_in_doubt(campaign: Campaign, doubtful: Sandbox, work: Path) -> None:
    """Afterwards nobody can find out; those people stay guarded all the same."""
    first = ran(campaign, work)
    done = campaign("forget", first["campaign"], "--yes")
    assert f"{first['counts']['unknown']} rows are unknown" in done.err
    assert f"campaign reconcile {first['campaign']}" in done.err
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["counts"]["duplicate"] == 119
    assert doubtful.ledger.called_twice() == ()
