"""rerun: the person's own edited file decides, and nobody is called against it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign, leads, results
from openpyxl.worksheet.worksheet import Worksheet

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

RULES = "off, skip_when: {column: DNC, equals: x}}"


def edit(path: Path, change: Callable[[Worksheet, dict[str, int]], None]) -> None:
    """Save the workbook as edited.xlsx, changed as a person would; columns are given by name, counted from 1."""
    book = openpyxl.load_workbook(path)
    sheet = book["Results"]
    change(sheet, {str(cell.value): index for index, cell in enumerate(sheet[1], 1)})
    book.save(path.parent / "edited.xlsx")


def opted(work: Path, rows: int = 6) -> None:
    """A list with a do-not-call column, and a mapping that minds it."""
    lines = ["Name,Phone,DNC", *(f"Person {n},+44207946{n:04d}," for n in range(rows))]
    (work / "leads.csv").write_text("\n".join(lines), encoding="utf-8")
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", RULES), encoding="utf-8")


def test_a_pending_row_is_judged_by_the_file_too(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Who is marked do-not-call in the workbook is not called by that very rerun; a corrected number is the new one."""
    opted(work)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "2", "-o", "out.xlsx")

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        sheet.cell(4, column["DNC"]).value = "x"
        sheet.cell(5, column["Phone"]).value = "+442079460900"

    edit(work / "out.xlsx", change)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"suppressed": 1, "accepted": 5}
    called = server.ledger.calls_per_person()
    assert "+442079460002" not in called
    assert "+442079460003" not in called
    assert called["+442079460900"] == 1


def unknown_campaign(campaign: Campaign, monkeypatch: pytest.MonkeyPatch, server: Sandbox) -> str:
    """A campaign of which the rows 2 to 5 are unknown."""
    monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx", "--concurrency", "1")
    assert done.json["counts"] == {"accepted": 2, "unknown": 4}
    return str(done.json["campaign"])


def test_only_the_rows_of_the_file_are_sent(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person has looked the others up: they were called, so their rows were removed."""
    opted(work)
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=4"))) as server:
        name = unknown_campaign(campaign, monkeypatch, server)
        edit(work / "out.xlsx", lambda sheet, _: sheet.delete_rows(3, 9))
        assert "nothing to send" in campaign("rerun", "edited.xlsx", "--yes").err
        done = campaign("rerun", "edited.xlsx", "--include-unknown", "--yes", "--json")
        assert "1 person may have been called" in done.err
        assert done.json["counts"] == {"accepted": 3, "unknown": 3}
        assert server.ledger.called_twice() == ("+442079460000",)
        assert campaign("resume", name, "--yes", "--json").json["counts"] == {"accepted": 3, "unknown": 3}


def test_a_yes_to_unknown_rows_holds_for_one_run(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was released and not sent is unknown again: resume does not send it, and other campaigns leave it alone."""
    opted(work)
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=4"))) as server:
        name = unknown_campaign(campaign, monkeypatch, server)
        done = campaign("rerun", name, "--include-unknown", "--limit", "1", "--yes", "--json")
        assert done.json["counts"] == {"accepted": 3, "unknown": 3}
        assert "nothing to send" in campaign("resume", name, "--yes").err
        (work / "other.csv").write_text("Name,Phone,DNC\nSomeone,+442079460002,\n", encoding="utf-8")
        other = campaign("run", "other.csv", "-m", "mapping.yaml", "--yes", "--json")
        assert other.json["counts"] == {"duplicate": 1}


def test_rows_held_until_a_person_decides_stay_held(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """`duplicates: error`: an untouched file decides nothing; removing one of the two does."""
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", "off, duplicates: error}"), encoding="utf-8")
    (work / "leads.csv").write_text("Name,Phone\nAna,+442079460001\nBo,+442079460001\n", encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
    assert "nothing to send" in campaign("rerun", "out.xlsx", "--yes").err
    edit(work / "out.xlsx", lambda sheet, _: sheet.delete_rows(3))
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 1}
    assert server.ledger.calls_per_person() == {"+442079460001": 1}


def test_a_copied_row_is_a_row_of_its_own(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Excel's "insert copied cells" copies our row id too: the new person is not lost, the old one not called again."""
    opted(work, 2)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        copied = [cell.value for cell in sheet[2]]
        copied[column["Phone"] - 1] = "+442079460777"
        sheet.append(copied)

    edit(work / "out.xlsx", change)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"accepted": 3}
    assert server.ledger.called_twice() == ()


def test_a_renamed_header_is_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Every correction would be a blank cell otherwise."""
    leads(work, 3)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        sheet.cell(1, column["Phone"]).value = "Fone"

    edit(work / "out.xlsx", change)
    done = campaign("rerun", "edited.xlsx", "--yes")
    assert done.code == 2
    assert "no column 'Phone'" in done.err


def test_edits_that_can_not_count_are_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """An accepted row stays what it is; the person hears that the edit was in vain."""
    leads(work, 3)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        sheet.cell(2, column["Phone"]).value = "+442079460900"

    edit(work / "out.xlsx", change)
    done = campaign("rerun", "edited.xlsx", "--yes")
    assert "changed in vain" in done.err
    assert "row 2" in done.err


def test_refused_rows_are_sent_unchanged_only_when_asked(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault was in the account, not in the rows."""
    opted(work)
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:first=6"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx").json
        assert first["counts"] == {"rejected": 6}
        assert "nothing to send" in campaign("rerun", "out.xlsx", "--yes").err
        done = campaign("rerun", "out.xlsx", "--include-rejected", "--yes", "--json")
        assert done.json["counts"] == {"accepted": 6}


def test_a_key_in_a_comment_of_the_mapping_is_refused(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """It would stand in the workbook's Mapping sheet."""
    leads(work, 2)
    (work / "mapping.yaml").write_text(MAPPING + "# my key: sandbox-api\n", encoding="utf-8")
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert done.code == 2
    assert "sandbox-api" not in done.err
    assert "comment" in done.err
    assert server.ledger.arrivals == ()


def test_resume_with_nothing_to_do_is_no_error(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A nightly job finds nothing on most nights."""
    done = campaign("resume", "--yes", "--json")
    assert done.code == 0
    assert done.json["total"] == 0


def test_a_correction_keeps_the_types_of_the_other_cells(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A CSV knows no types; the workbook that is written next still does."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "Phone", "Zip"], ["Ana", "12", 1234], ["Bo", "+442079460002", 99]):
        sheet.append(row)
    sheet["C2"].number_format = "00000"
    book.save(work / "leads.xlsx")
    campaign("run", "leads.xlsx", "-m", "mapping.yaml", "--yes", "-o", "out.csv")
    text = (work / "out.csv").read_text(encoding="utf-8-sig")
    assert "01234" in text
    (work / "edited.csv").write_text(text.replace(",12,", ",+442079460001,"), encoding="utf-8")
    campaign("rerun", "edited.csv", "--yes", "-o", "again.xlsx")
    assert [row["call_status"] for row in results(work / "again.xlsx")] == ["accepted", "accepted"]
    again = openpyxl.load_workbook(work / "again.xlsx")["Results"]
    assert (again["C2"].value, again["C2"].number_format) == (1234, "00000")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_to_the_workbook_nobody_is_called_twice(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Rows shuffled, removed, doubled and given a new number; our columns deleted or filled with lies; columns moved."""
    chance = random.Random(seed)
    leads(work, 40)
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:10%,drop-after:10%"), seed=seed)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx", "--limit", "30")
        rows = [list(row) for row in openpyxl.load_workbook(work / "out.xlsx")["Results"].values]
        header, body = rows[0], rows[1:]
        chance.shuffle(body)
        body = [row for row in body if chance.random() < 0.8] + [list(row) for row in body[:5]]
        phone, status = header.index("Phone"), header.index("call_status")
        for row in body:
            if chance.random() < 0.2:
                row[phone] = f"+4420794609{chance.randrange(100):02d}"
            if chance.random() < 0.5:
                row[status] = chance.choice(["failed", "invalid", "pending", "", "accepted", None])
        keep = [index for index, name in enumerate(header) if index < 2 or chance.random() < 0.5]
        chance.shuffle(keep)
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in [header, *body]:
            book.active.append([row[index] for index in keep])
        book.save(work / "edited.xlsx")
        for _ in range(2):
            done = campaign("rerun", "edited.xlsx", "--campaign", first.json["campaign"], "--yes", "--json")
            assert done.code in {0, 1}
            assert done.json["total"] >= 40
        assert server.ledger.called_twice() == ()


def test_the_same_row_twice_in_the_file_counts_once(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A pending row that was copied as it is: neither is lost, and the person is called once."""
    opted(work)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "1", "-o", "out.xlsx")
    edit(work / "out.xlsx", lambda sheet, _: sheet.append([cell.value for cell in sheet[4]]))
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"accepted": 6}
    assert server.ledger.called_twice() == ()


@pytest.mark.parametrize("rule", ["first", "last", "error"])
def test_a_person_is_added_under_every_rule_for_duplicates(
    campaign: Campaign, server: Sandbox, work: Path, rule: str
) -> None:
    """Rows of the file are never taken for duplicates of themselves."""
    leads(work, 5)
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", f"off, duplicates: {rule}}}"), encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "2", "-o", "out.xlsx")
    edit(work / "out.xlsx", lambda sheet, _: sheet.append(["New", "+442079460888"]))
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 5}


def test_an_untouched_file_changes_nothing(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """What entry let through, a rerun lets through: a missing consent elsewhere objects to nothing, a shared second number
    costs that number alone."""
    rows = ["Name,Phone,Mobile,Opt In", "Z,+442079460009,,yes", "A,+442079460001,,", "A2,+442079460001,,yes"]
    rows += ["B,+442079460002,,yes", "C,+442079460003,+442079460002,yes"]
    (work / "leads.csv").write_text("\n".join(rows), encoding="utf-8")
    rules = "off, consent: {column: Opt In, accept: 'yes'}}"
    text = MAPPING.replace("off}", rules).replace("  lc_number: Phone\n", "  lc_number: Phone\n  lc_number_2: Mobile\n")
    (work / "mapping.yaml").write_text(text, encoding="utf-8")
    first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "1", "-o", "out.xlsx", "--json").json
    assert first["counts"] == {"suppressed": 1, "pending": 3, "accepted": 1}
    done = campaign("rerun", "out.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"suppressed": 1, "accepted": 4}
    assert server.ledger.called_twice() == ()


def test_an_edited_unknown_row_is_not_sent_to_its_old_number(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays as it was sent; the person hears that the edit was in vain."""
    opted(work)
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=4"))) as server:
        unknown_campaign(campaign, monkeypatch, server)

        def change(sheet: Worksheet, column: dict[str, int]) -> None:
            sheet.cell(2, column["Phone"]).value = "+442079460911"
            sheet.delete_rows(3, 9)

        edit(work / "out.xlsx", change)
        done = campaign("rerun", "edited.xlsx", "--include-unknown", "--yes")
        assert "changed in vain" in done.err
        assert server.ledger.called_twice() == ()


@pytest.mark.parametrize("hidden", [False, True])
def test_who_objects_in_a_row_that_may_have_been_called_is_never_called_again(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, hidden: bool
) -> None:
    """Whoever releases the row later, by name or by the next file: the mark in this file holds."""
    opted(work)
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-before:first=4"))) as server:
        name = unknown_campaign(campaign, monkeypatch, server)

        def change(sheet: Worksheet, column: dict[str, int]) -> None:
            sheet.cell(2, column["DNC"]).value = "x"
            sheet.row_dimensions[2].hidden = hidden

        edit(work / "out.xlsx", change)
        assert "object now" in campaign("rerun", "edited.xlsx", "--yes").err
        campaign("export", name, "-o", "next.xlsx")
        campaign("rerun", "next.xlsx", "--include-unknown", "--yes")
        done = campaign("rerun", name, "--include-unknown", "--yes", "--json")
        assert done.json["counts"] == {"unknown": 1, "accepted": 5}
        assert "+442079460000" not in server.ledger.calls_per_person()


def test_columns_that_were_sorted_apart_are_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The ids then belong to other people: nothing is taken, and without the ids the numbers say who is who."""
    leads(work, 5)
    first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "2", "--json", "-o", "out.xlsx").json

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        for name in ("Name", "Phone"):
            values = [sheet.cell(row, column[name]).value for row in range(2, 7)]
            for row, value in zip(range(2, 7), reversed(values), strict=True):
                sheet.cell(row, column[name]).value = value

    edit(work / "out.xlsx", change)
    refused = campaign("rerun", "edited.xlsx", "--yes")
    assert refused.code == 2
    assert "sorted apart" in refused.err
    assert campaign("status", first["campaign"], "--json").json["counts"] == first["counts"]
    book = openpyxl.load_workbook(work / "edited.xlsx")
    book["Results"].delete_cols([cell.value for cell in book["Results"][1]].index("call_row_id") + 1)
    book.save(work / "edited.xlsx")
    done = campaign("rerun", "edited.xlsx", "--campaign", first["campaign"], "--yes", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 4}
    assert server.ledger.called_twice() == ()


def test_a_row_that_is_too_long_stays_wrong_until_it_is_corrected(
    campaign: Campaign, server: Sandbox, work: Path
) -> None:
    """Its cells may have shifted. The workbook has no column for those too many, so only an edit says that it is right now."""
    (work / "leads.csv").write_text("Phone,Name\n+442079460001,Doe,Ana\n+442079460002,Bo\n", encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
    assert campaign("rerun", "out.xlsx", "--yes").code == 1
    assert "+442079460001" not in server.ledger.calls_per_person()

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        sheet.cell(2, column["Name"]).value = "Ana Doe"

    edit(work / "out.xlsx", change)
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 2}


def test_a_mistyped_name_of_a_result_is_answered_with_the_nearest(campaign: Campaign, work: Path) -> None:
    """As for lists and mappings; nothing is sent."""
    (work / "leads-results.xlsx").touch()
    done = campaign("rerun", "lead-results.xlsx", "--yes")
    assert done.code == 2
    assert "Did you mean leads-results.xlsx?" in done.err


def test_an_objection_holds_for_every_row_of_the_person(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Marked in a row of the file, the person is not called by another row of the campaign, in the file or not, by no resume."""
    opted(work)
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "1", "--json", "-o", "out.xlsx").json[
        "campaign"
    ]

    def change(sheet: Worksheet, column: dict[str, int]) -> None:
        sheet.cell(3, column["Phone"]).value = "+442079460004"  # the number of row 6, which is removed
        sheet.cell(3, column["DNC"]).value = "x"
        copied = [cell.value for cell in sheet[4]]
        copied[column["Phone"] - 1], copied[column["DNC"] - 1] = "12", "x"
        sheet.append(copied)
        sheet.delete_rows(6)

    edit(work / "out.xlsx", change)
    campaign("rerun", "edited.xlsx", "--yes")
    assert campaign("resume", name, "--yes", "--json").json["counts"] == {"suppressed": 3, "accepted": 3}
    assert set(server.ledger.calls_per_person()) == {f"+44207946000{n}" for n in (0, 3, 5)}


def test_an_unknown_row_of_a_person_who_objects_is_not_sent_again(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the objection stands in a copy of it."""
    opted(work, 2)
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=1"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx", "--limit", "1")
        assert done.json["counts"] == {"unknown": 1, "pending": 1}

        def change(sheet: Worksheet, column: dict[str, int]) -> None:
            sheet.append([cell.value for cell in sheet[2]])
            sheet.cell(4, column["DNC"]).value = "x"

        edit(work / "out.xlsx", change)
        campaign("rerun", "edited.xlsx", "--yes")
        campaign("rerun", done.json["campaign"], "--include-unknown", "--yes")
        assert server.ledger.called_twice() == ()


def test_a_result_is_rerun_as_what_it_is(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Named for another campaign, its rows would be new ones there, and whom it has called would be called again."""
    opted(work, 2)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.csv")
    (work / "other.csv").write_text("Name,Phone,DNC\nEve,+442079460009,\n", encoding="utf-8")
    other = campaign("run", "other.csv", "-m", "mapping.yaml", "--yes", "--json").json["campaign"]
    done = campaign("rerun", "out.csv", "--campaign", other, "--yes")
    assert done.code == 2
    assert f"not of {other}" in done.err
    assert server.ledger.called_twice() == ()
