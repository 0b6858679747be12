"""validate: the dry run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
from command import MAPPING, Campaign, leads

from campaign.adapters.sandbox import Sandbox


def test_it_tells_what_run_would_do_and_sends_nothing(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path
) -> None:
    """The same counts as run; no journal, no request; needs no keys."""
    leads(work)
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json")
    assert done.code == 1
    assert done.json["counts"] == {"invalid": 1, "pending": 19}
    assert done.json["total"] == 20
    [problem] = done.json["problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (3, "Phone", "n/a")
    assert problem["cure"]
    assert server.ledger.arrivals == ()
    assert not (tmp_path / "home").exists()
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--dry-run", "--json").json == done.json


def test_exit_0_when_every_row_can_be_sent(campaign: Campaign, work: Path) -> None:
    """Scripts rely on it."""
    leads(work, 1)
    assert campaign("validate", "leads.csv", "-m", "mapping.yaml").code == 0


def test_payloads_are_the_same_bytes_every_time(campaign: Campaign, work: Path) -> None:
    """And what would be sent, with the keys' names in place of the keys."""
    leads(work)
    for name in ("one.jsonl", "two.jsonl"):
        campaign("validate", "leads.csv", "-m", "mapping.yaml", "--payloads", name)
    assert (work / "one.jsonl").read_bytes() == (work / "two.jsonl").read_bytes()
    payloads = [json.loads(line) for line in (work / "one.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(payloads) == 19
    assert payloads[0] == {
        "widget_key": "[widget_key]",
        "api_key": "[api_key]",
        "lc_number": "+442079460000",
        "lc_param_name": "Person 0",
        "lc_param_row_id": "dry-run-2",
    }


def test_people_whom_an_earlier_campaign_called_are_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The journal is looked at, and not changed."""
    leads(work, 5)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    leads(work, 8, "more.csv")
    assert campaign("validate", "more.csv", "-m", "mapping.yaml", "--json").json["counts"] == {
        "invalid": 1,
        "duplicate": 4,
        "pending": 3,
    }


def test_the_report_has_every_problem(campaign: Campaign, work: Path) -> None:
    """As workbook, CSV and JSON alike."""
    (work / "leads.csv").write_text(
        "Name,Phone\nAna,=1+1\nBo,+442079460001\nCy,+442079460001\nDi,x\n", encoding="utf-8"
    )
    for name in ("report.xlsx", "report.csv", "report.json"):
        assert campaign("validate", "leads.csv", "-m", "mapping.yaml", "--report", name).code == 1
    from_json = json.loads((work / "report.json").read_text(encoding="utf-8"))
    assert [(line["row"], line["status"]) for line in from_json] == [(2, "invalid"), (4, "duplicate"), (5, "invalid")]
    assert from_json[0]["value"] == "=1+1"
    with (work / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        from_csv = list(csv.DictReader(file))
    assert [line["row"] for line in from_csv] == ["2", "4", "5"]
    assert from_csv[0]["value"] == "'=1+1"
    sheet = openpyxl.load_workbook(work / "report.xlsx")["Problems"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [2, 4, 5]
    assert sheet["F2"].value == "=1+1"
    assert sheet["F2"].data_type == "s"
    assert campaign("validate", "leads.csv", "-m", "mapping.yaml", "--report", "report.xlsx").code == 2
    assert campaign("validate", "leads.csv", "-m", "mapping.yaml", "--report", "report.pdf").code == 2


def test_alike_problems_are_one_line(campaign: Campaign, work: Path) -> None:
    """Not five thousand lines on the terminal; what is no lead is told."""
    rows = "".join(f"P{n},12\n" for n in range(300))
    (work / "leads.csv").write_text(f"Spring list\n\nName,Phone\n{rows}", encoding="utf-8")
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml")
    assert len(done.out.splitlines()) < 30
    assert "300  invalid" in done.out
    assert "row 1 (title" in done.out


def test_deferred_rows_can_be_sent(campaign: Campaign, work: Path) -> None:
    """A closed window is no fault of the row: exit 0, and its payload is written."""
    leads(work, 1)
    closed = "{hours: '9-9:01', days: mon, timezone: Pacific/Kiritimati}"
    (work / "mapping.yaml").write_text(
        MAPPING.replace("calling_window: off", f"calling_window: {closed}"), encoding="utf-8"
    )
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json", "--payloads", "p.jsonl")
    assert done.code == 0
    assert done.json["total"] == 1
    assert len((work / "p.jsonl").read_text(encoding="utf-8").splitlines()) == 1
