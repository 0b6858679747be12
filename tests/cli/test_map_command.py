"""map: from a list that was never seen to a mapping that validate accepts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from command import Campaign

from campaign.adapters.mapping_file import parse_mapping

if sys.platform != "win32":
    from terminal import terminal

LIST = (
    "Vorname,Nachname,Telefon,Mobil,E-Mail,Nicht anrufen\n"
    "Ana,Berg,030 23125001,,ana@example.com,\n"
    "Bo,Cole,030 23125002,0171 3920002,bo@example.com,ja\n"
    "Cy,Dahl,+49 30 23125003,,cy@example.com,nein\n"
)


@pytest.fixture
def listed(work: Path) -> Path:
    """A small list in German."""
    (work / "mapping.yaml").unlink()
    (work / "leute.csv").write_text(LIST, encoding="utf-8")
    return work


def test_map_then_validate(campaign: Campaign, listed: Path) -> None:
    """No manual in between: the file is accepted as it stands, and the person who objected is held back."""
    done = campaign("map", "leute.csv", "-o", "mapping.yaml")
    assert done.code == 0
    assert "campaign validate leute.csv -m mapping.yaml" in done.out
    assert done.out.startswith("leute.csv: read as UTF-8, commas, header in row 1.\n3 rows looked at.")
    for words in ("lc_number", "030 23125001", "Telefon", "sure", "CHECK", "DE"):
        assert words in done.out, words
    counts = campaign("validate", "leute.csv", "-m", "mapping.yaml", "--json").json["counts"]
    assert counts.pop("suppressed") == 1
    assert counts in ({"pending": 2}, {"deferred": 2})  # as the clock has it: the calling window is on
    assert sorted(path.name for path in listed.iterdir()) == ["leute.csv", "mapping.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_breaks_no_word(campaign: Campaign, listed: Path) -> None:
    """Every word stands there as it stands in a pipe, where no line is broken."""
    piped = campaign("map", "leute.csv", "-o", "mapping.yaml").out
    with terminal(listed, "map", "leute.csv", "-o", "mapping.yaml", "--force", columns=60, lines=100) as seen:
        assert seen.ends() == 0
        assert seen.shown.split() == piped.split()
    assert max(map(len, piped.splitlines())) > 60


def test_without_a_file_the_mapping_is_all_of_stdout(campaign: Campaign, listed: Path) -> None:
    """So that it can be piped; the explanation is on stderr."""
    done = campaign("map", "leute.csv")
    assert parse_mapping(done.out, "mapping.yaml", Path()).mapping.fields["lc_number"].column is not None
    assert "such as: 030 23125001" in done.err
    assert "030 23125001" not in done.out


def test_an_existing_file_stays_without_force(campaign: Campaign, listed: Path) -> None:
    """A mapping that a person has worked on is not lost."""
    (listed / "mapping.yaml").write_text("mine", encoding="utf-8")
    done = campaign("map", "leute.csv", "-o", "mapping.yaml")
    assert done.code == 2
    assert "--force" in done.err
    assert (listed / "mapping.yaml").read_text(encoding="utf-8") == "mine"
    assert campaign("map", "leute.csv", "-o", "mapping.yaml", "--force").code == 0
    assert "lc_number" in (listed / "mapping.yaml").read_text(encoding="utf-8")


def test_one_object_for_programs(campaign: Campaign, listed: Path) -> None:
    """Everything that is shown, and the file's text."""
    answer = campaign("map", "leute.csv", "--json").json
    fields = {field["field"]: field for field in answer["fields"]}
    assert set(fields) == {"lc_number", "lc_number_2", "lc_param_name", "lc_param_email"}
    assert set(fields["lc_number"]["columns"]) == {"Telefon", "Mobil"}
    assert fields["lc_number"]["samples"]
    assert fields["lc_number"]["evidence"]
    assert answer["country"]["region"] == "DE"
    assert answer["country"]["confidence"] == "likely"
    assert answer["confidence"] == "likely"
    assert answer["export"] is None
    [rule] = answer["opt_outs"]
    assert (rule["column"], rule["test"], rule["active"]) == ("Nicht anrufen", "equals", True)
    assert answer["yaml"] == campaign("map", "leute.csv").out


def test_a_list_without_phones_is_told_what_was_looked_at(campaign: Campaign, work: Path) -> None:
    """Exit 2, every column with its reason, and what to do; no file is written."""
    (work / "list.csv").write_text("Name,Fax,Order\nAna,+442079460001,4930231250\n", encoding="utf-8")
    done = campaign("map", "list.csv", "-o", "new.yaml")
    assert done.code == 2
    for words in ("Name:", "Fax: by its name fax", "Order: by its name identifier", "--sheet"):
        assert words in done.err
    assert not (work / "new.yaml").exists()
    assert campaign("map", "list.csv", "--json").json["exit_code"] == 2


def test_where_the_phones_may_be_instead(campaign: Campaign, work: Path) -> None:
    """The sheets that were not read are named."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["Topic", "Remark"])
    book.worksheets[0].append(["Prices", "to be agreed"])
    book.create_sheet("Leads").append(["Name", "Phone"])
    book["Leads"].append(["Ann", "+44 20 7946 0001"])
    book.save(work / "two.xlsx")
    done = campaign("map", "two.xlsx")
    assert done.code == 2
    assert "only the sheet 'Notes' is read, not Leads" in done.err


def test_the_sheet_that_was_asked_for_stands_in_the_mapping(campaign: Campaign, work: Path) -> None:
    """So that validate reads the same one."""
    book = openpyxl.Workbook()
    book.active.append(["nothing", "here"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Leads, new")
    sheet.append(["Phone"])
    sheet.append(["+442079460001"])
    book.save(work / "book.xlsx")
    done = campaign("map", "book.xlsx", "--sheet", "Leads, new", "-o", "m.yaml")
    assert done.code == 0
    assert campaign("validate", "book.xlsx", "-m", "m.yaml").code == 0


def test_however_long_the_list_only_its_first_rows_are_read(campaign: Campaign, work: Path) -> None:
    """A hundred thousand rows cost hardly more than a thousand."""
    rows = "".join(f"P{n},020 7946 {n % 1000:04d},p{n}@example.com\n" for n in range(100_000))
    (work / "long.csv").write_text("Name,Phone,Email\n" + rows, encoding="utf-8")
    started = time.perf_counter()
    answer = campaign("map", "long.csv", "--json").json
    assert time.perf_counter() - started < 20  # generous: the machine may be busy
    assert answer["rows_seen"] == 1_000


def test_from_python(listed: Path) -> None:
    """A DataFrame as well; the proposal has all that is shown."""
    import pandas as pd

    import campaign

    proposal = campaign.suggest_mapping(pd.DataFrame({"Phone": ["+442079460001"], "DNC": [None]}))
    assert isinstance(proposal, campaign.Proposal)
    assert proposal.confidence == "sure"
    assert campaign.suggest_mapping("leute.csv").home.region == "DE"  # type: ignore[union-attr]
    with pytest.raises(campaign.SourceError):
        campaign.suggest_mapping(pd.DataFrame({"Name": ["Ana"]}))
    assert json.loads(json.dumps(proposal.yaml)) == proposal.yaml


def test_it_needs_no_pandas_for_a_text_file(listed: Path) -> None:
    """It answers at once."""
    code = (
        "import sys; sys.argv = ['campaign', 'map', 'leute.csv']\n"
        "from campaign.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "slow = {'pandas', 'aiohttp', 'openpyxl'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=listed)
