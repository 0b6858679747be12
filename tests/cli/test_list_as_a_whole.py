"""What of a list is no lead, has no header or another one, or is merged: told to the person, with what to do."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign

from campaign.adapters.sandbox import Sandbox

VALIDATE = ("validate", "leads.csv", "-m", "mapping.yaml")
PHONE = "+44 20 7946 0001"


def listed(work: Path, *lines: str) -> None:
    """A list of exactly these lines."""
    (work / "leads.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_what_is_no_lead_is_listed_everywhere(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """On the terminal, in the report, in the JSON, and by kind in what run shows before it asks."""
    test = "<test lead: dummy data for full_name>,<test lead: dummy data for phone>"
    listed(
        work, "Leads of May", "", "Name,Phone", f"Ann,{PHONE}", test, "Name,Phone", "Bo,+442079460002", "", "Total (2)"
    )
    done = campaign(*VALIDATE, "--report", "report.json")
    assert done.code == 0
    for line in (
        "not a lead: row 1 (title line above the header)", "not a lead: 2 rows: 2, 8 (blank)", "not a lead: row 5 (test lead)",
        "not a lead: row 6 (header repeated)", "not a lead: row 9 (footer)",
    ):  # fmt: skip
        assert line in done.out
    report = json.loads((work / "report.json").read_text(encoding="utf-8"))
    assert [(line["row"], line["status"]) for line in report] == [(row, "skipped") for row in (1, 2, 5, 6, 8, 9)]
    assert report[-1]["message"] == "Row 9 is left out: footer."
    skipped = campaign(*VALIDATE, "--json").json["skipped"]
    assert skipped[2] == {"first": 5, "last": 5, "why": "test lead"}
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert done.code == 0
    assert "2 blank, 1 test lead, 1 header repeated, 1 footer (6 rows)" in done.err
    assert sorted(server.ledger.calls_per_person()) == ["+442079460001", "+442079460002"]


def test_a_list_without_leads_is_no_error_and_is_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A day may bring no lead, and an export may have failed: which of them it is, a person knows."""
    listed(work, "Name,Phone")
    for command in (VALIDATE, ("run", "leads.csv", "-m", "mapping.yaml", "--yes")):
        done = campaign(*command)
        assert done.code == 0
        assert "leads.csv has no leads. If it should, export it again" in done.err
    assert server.ledger.arrivals == ()


@pytest.mark.parametrize(
    "first", [f"Ann,{PHONE}", "Ann,020 7946 0001", "Ann,ann@example.com", f"p:{PHONE},x", "Ann,442079460001"]
)
def test_a_list_without_header_is_told(campaign: Campaign, server: Sandbox, work: Path, first: str) -> None:
    """The first lead must not become the names of columns: exit 2, with what was seen and what to do."""
    listed(work, first, "Bo,+442079460002", "Cy,+442079460003")
    for command in (VALIDATE, ("run", "leads.csv", "-m", "mapping.yaml", "--yes")):
        done = campaign(*command)
        assert done.code == 2
        assert "seems to have no header: row 1 should hold the names of the columns" in done.err
        assert "Insert a row above it" in done.err
    assert server.ledger.arrivals == ()


@pytest.mark.parametrize("first", [f"Ann,{PHONE}", "Ann,020 7946 0001", f"Ann,ann@example.com,{PHONE}"])
def test_no_lead_becomes_the_names_of_a_proposed_mapping(campaign: Campaign, work: Path, first: str) -> None:
    """`map` would take the first lead for the header, and nobody would miss it; nor does a mapping that was made so work."""
    listed(work, first, first.replace("0001", "0002"), first.replace("0001", "0003"))
    done = campaign("map", "leads.csv", "-o", "made.yaml")
    assert done.code == 2
    assert "seems to have no header: row 1 should hold the names of the columns" in done.err
    assert not (work / "made.yaml").exists()
    number = first.rpartition(",")[2]
    (work / "mapping.yaml").write_text(f'version: 1\nfields:\n  lc_number: "{number}"\n', encoding="utf-8")
    done = campaign(*VALIDATE)
    assert done.code == 2
    assert "seems to have no header" in done.err


def test_a_header_that_fits_the_mapping_is_one(campaign: Campaign, work: Path) -> None:
    """Whatever else stands in it."""
    listed(work, "Name,Phone,0800 555 0123", f"Ann,{PHONE},x")
    assert campaign(*VALIDATE).code == 0


def test_names_in_another_row(campaign: Campaign, work: Path) -> None:
    """Found where the mapping's names stand, and told with the key that says so."""
    listed(work, "Exported,2026", "By,Ann", "Name,Phone", f"Ann,{PHONE}")
    done = campaign(*VALIDATE)
    assert done.code == 2
    assert "stand in row 3, not in row 1" in done.err
    assert "source: {header_row: 3}" in done.err
    (work / "mapping.yaml").write_text(MAPPING + "source: {header_row: 3}\n", encoding="utf-8")
    assert campaign(*VALIDATE).code == 0


def test_a_line_that_groups_the_columns(campaign: Campaign, work: Path) -> None:
    """Contact over Name and Phone is a title; the names below are the header."""
    listed(work, "Contact,,Address,", "Name,Phone,City,Zip", f"Ann,{PHONE},Oslo,0150", "Bo,+442079460002,Bergen,5003")
    done = campaign(*VALIDATE, "--json")
    assert done.code == 0
    assert (done.json["total"], done.json["skipped"]) == (
        2,
        [{"first": 1, "last": 1, "why": "title line above the header"}],
    )


def test_a_header_in_two_lines(campaign: Campaign, work: Path) -> None:
    """Names of which some stand in the next row: which, and what to do."""
    listed(work, "Name,Contact,x", ",Phone,Email", f"Ann,{PHONE},a@example.com")
    done = campaign(*VALIDATE)
    assert done.code == 2
    assert "two lines: row 1 was taken for it, and Phone stands in row 2" in done.err
    listed(work, "Name,Phone", "(full),(mobile)", f"Ann,{PHONE}")
    answer = campaign(*VALIDATE, "--json").json
    assert answer["counts"] == {"invalid": 1, "pending": 1}
    assert answer["problems"][0]["row"] == 2


@pytest.mark.parametrize(
    ("name", "phone"),
    [("Vollständiger Name", "Telefonnummer"), ("Nom complet", "Numéro de téléphone"), ("氏名", "電話番号"), ("الاسم", "رقم الهاتف"),
     ("Имя", "Телефон")],
)  # fmt: skip
def test_headers_in_any_language(campaign: Campaign, work: Path, name: str, phone: str) -> None:
    """The mapping names them as they stand."""
    listed(work, f"{name},{phone}", f"Ann,{PHONE}", f"{name},{phone}")
    mapping = MAPPING.replace("lc_number: Phone", f'lc_number: "{phone}"').replace("column: Name", f'column: "{name}"')
    (work / "mapping.yaml").write_text(mapping, encoding="utf-8")
    done = campaign(*VALIDATE, "--json")
    assert (done.code, done.json["total"], len(done.json["skipped"])) == (0, 1, 1)


def test_merged_phones_are_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Three people with one merged phone cell: the first is called, the others are told of the range, nobody twice."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Name", "Phone", "DNC"], ["Ann", PHONE, None], ["Bo", None, None], ["Cy", None, None],
                ["Di", "+442079460002", "x"], ["Ed", "+442079460003", None]):  # fmt: skip
        sheet.append(row)
    for ref in ("B2:B4", "C5:C6"):
        sheet.merge_cells(ref)
    book.save(work / "leads.xlsx")
    (work / "mapping.yaml").write_text(
        MAPPING.replace("off}", "off, skip_when: {column: DNC, equals: x}}"), encoding="utf-8"
    )
    done = campaign("validate", "leads.xlsx", "-m", "mapping.yaml", "--json")
    assert done.json["counts"] == {"invalid": 3, "suppressed": 1, "pending": 1}
    problems = [
        (p["row"], p["column"], p["code"], p["message"]) for p in done.json["problems"] if p["status"] == "invalid"
    ]
    words = "part of the merged cells {}, whose value stands in the first of them only"
    assert problems == [
        (3, "Phone", "cell.merged", words.format("B2:B4")),
        (4, "Phone", "cell.merged", words.format("B2:B4")),
        (6, "DNC", "cell.merged", words.format("C5:C6")),
    ]
    campaign("run", "leads.xlsx", "-m", "mapping.yaml", "--yes")
    assert server.ledger.calls_per_person() == {"+442079460001": 1}


def test_merged_cells_that_don_t_matter_are_a_note(campaign: Campaign, work: Path) -> None:
    """A name over two rows is no reason not to call; a phone in the other column of two is the row's own."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Name", "Phone", "Home"], ["Ann", PHONE, None], [None, None, "+442079460002"]):
        sheet.append(row)
    for ref in ("A2:A3", "B2:B3"):
        sheet.merge_cells(ref)
    book.save(work / "leads.xlsx")
    (work / "mapping.yaml").write_text(
        MAPPING.replace("lc_number: Phone", "lc_number: [Phone, Home]"), encoding="utf-8"
    )
    done = campaign("validate", "leads.xlsx", "-m", "mapping.yaml", "--report", "r.json")
    assert done.code == 0
    notes = [(line["row"], line["message"]) for line in json.loads((work / "r.json").read_text(encoding="utf-8"))]
    assert (3, "Name is part of the merged cells A2:A3, whose value only the first row has") in notes
    assert (3, "Phone is part of the merged cells B2:B3, whose value only the first row has") in notes
