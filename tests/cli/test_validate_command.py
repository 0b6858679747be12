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
    again = campaign("run", "leads.csv", "-m", "mapping.yaml", "--dry-run", "--json").json
    for moment in ("at", "preview"):  # a second may have passed, and an hour may have begun
        assert again.pop(moment) is not None
    assert again.items() <= done.json.items()


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
    assert "300 rows  phone.no_country" in done.out
    assert 'Row 4: "12"' in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())
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


def test_what_holds_a_row_back_has_a_code(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """One for each rule, in every form; they are part of the format and never renamed."""
    mapping = MAPPING.replace(
        "policy: {calling_window: off}",
        "policy:\n  suppress: [dnc.csv]\n  consent: {column: OK, accept: ['yes']}\n"
        "  skip_when: [{column: Stop, blank: false}]\n"
        "  calling_window: {hours: '9-9:01', days: mon, timezone: Pacific/Kiritimati}",
    )
    (work / "dnc.csv").write_text("Phone\n+442079460002\n", encoding="utf-8")
    rows = ["A,+442079460001,yes,", "B,+442079460002,yes,", "C,+442079460003,no,", "D,+442079460004,yes,x",
            "E,+442079460004,yes,", "F,+442079460005,yes,", "G,+442079460005,yes,"]  # fmt: skip
    (work / "leads.csv").write_text("\n".join(["Name,Phone,OK,Stop", *rows]) + "\n", encoding="utf-8")
    (work / "earlier.csv").write_text("Name,Phone\nA,+442079460001\n", encoding="utf-8")
    assert campaign("run", "earlier.csv", "-m", "mapping.yaml", "--yes").code == 0
    (work / "mapping.yaml").write_text(mapping, encoding="utf-8")
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json").json
    assert [(line["row"], line["code"], line["column"]) for line in done["problems"]] == [
        (2, "policy.recontact", "Phone"),
        (3, "policy.do_not_call", "Phone"),
        (4, "policy.consent", "OK"),
        (5, "policy.skip_rule", "Stop"),
        (6, "policy.objection", "Phone"),
        (7, "policy.calling_window", "Phone"),
        (8, "policy.duplicate", "Phone"),
    ]
    assert all(line["cure"] and line["value"] and line["message"] for line in done["problems"])
    assert {group["code"] for group in done["groups"]} == {line["code"] for line in done["problems"]}


def test_a_suggestion_is_told_and_nothing_is_done(campaign: Campaign, work: Path) -> None:
    """The line, the rows, the examples; once a person writes it, the numbers are read and counted."""
    rows = "".join(f"P{n},44207946{n:04d}\n" for n in range(20))
    (work / "leads.csv").write_text(f"Name,Phone\n{rows}", encoding="utf-8")
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json")
    assert (done.code, done.json["counts"]) == (1, {"invalid": 20})
    [suggestion] = done.json["suggestions"]
    assert suggestion == {
        "field": "lc_number",
        "column": "Phone",
        "rows": 20,
        "line": 'lc_number: {column: Phone, restore: "+"}',
        "where": "mapping.yaml, line 3, fields.lc_number",
        "examples": [{"before": f"44207946000{n}", "after": f"+44207946000{n} (GB)"} for n in (0, 1)],
    }
    told = campaign("validate", "leads.csv", "-m", "mapping.yaml").out
    assert suggestion["line"] in told
    assert "442079460000 -> +442079460000 (GB)" in told
    (work / "mapping.yaml").write_text(MAPPING.replace("lc_number: Phone", suggestion["line"]), encoding="utf-8")
    done = campaign("validate", "leads.csv", "-m", "mapping.yaml", "--json")
    assert (done.code, done.json["counts"], done.json["suggestions"]) == (0, {"pending": 20}, [])
    [group] = done.json["groups"]
    assert (group["rows"], group["status"], group["code"]) == (20, "note", "note.restored")


def test_a_corrected_report_is_run_after_the_whole_list(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The wrong rows are called, and nobody a second time: not even by a row that was given somebody's number."""
    (work / "leads.csv").write_text("Name,Phone\nAna,+442079460001\nBo,12\nCy,13\nDi,14\n", encoding="utf-8")
    assert campaign("validate", "leads.csv", "-m", "mapping.yaml", "--report", "report.xlsx").code == 1
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["counts"] == {
        "accepted": 1,
        "invalid": 3,
    }
    book = openpyxl.load_workbook(work / "report.xlsx")
    sheet = book["To correct"]
    assert [cell.value for cell in sheet["D"]] == ["Phone", "12", "13", "14"]
    sheet["D2"].value, sheet["D3"].value = "+442079460002", "+442079460001"
    book.save(work / "report.xlsx")
    done = campaign("run", "report.xlsx", "-m", "mapping.yaml", "--yes", "--json", "-o", "results.xlsx")
    assert done.json["counts"] == {"accepted": 1, "invalid": 1, "duplicate": 1}
    assert sorted(server.ledger.calls_per_person().values()) == [1, 1]
    assert server.ledger.called_twice() == ()
    columns = [cell.value for cell in openpyxl.load_workbook(work / "results.xlsx")["Results"][1]]
    assert columns[:5] == ["report_row", "report_problem", "Name", "Phone", "call_status"]
