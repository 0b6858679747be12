"""rerun takes corrections from `Results` and from `To correct`, and nobody is called against what stands on either."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

RULES = "off, skip_when: {column: DNC, equals: x}}"
RESULTS, TO_CORRECT = "Results", "To correct"


def wrong(work: Path, *phones: str) -> None:
    """A list of people with those phones, a do-not-call column, and a mapping that minds it. Their rows are 2, 3, ..."""
    lines = ["Name,Phone,DNC", *(f"Person {n},{phone}," for n, phone in enumerate(phones))]
    (work / "leads.csv").write_text("\n".join(lines), encoding="utf-8")
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", RULES), encoding="utf-8")


def run(campaign: Campaign) -> None:
    """Send the list; the result is out.xlsx."""
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")


def put(sheet: Worksheet, lead: int, column: str, value: object) -> None:
    """Write into the cell of a column, in the row of the lead that is row `lead` of the list."""
    header = [cell.value for cell in sheet[1]]
    sheet.cell(line(sheet, lead), header.index(column) + 1).value = value  # type: ignore[assignment]


def line(sheet: Worksheet, lead: int) -> int:
    """The row in which the lead stands on a sheet."""
    ids = [cell.value for cell in sheet[1]].index("call_row_id")
    [found] = [row[0].row for row in sheet.iter_rows(min_row=2) if str(row[ids].value).endswith(f"-{lead}")]
    assert found is not None
    return found


def edit(work: Path, change: Callable[[Worksheet, Worksheet], None], name: str = "out.xlsx") -> None:
    """Save the workbook as edited.xlsx, both sheets changed as a person would."""
    book = openpyxl.load_workbook(work / name)
    change(book[RESULTS], book[TO_CORRECT])
    book.save(work / "edited.xlsx")


def test_a_correction_on_either_sheet_counts(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Of two rows, and of two cells of one row; what is the same on both is no contradiction."""
    wrong(work, "12", "n/a", "none", "+442079460003", "?")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        put(results, 3, "Phone", "+442079460101")
        put(to_correct, 4, "Phone", "+442079460102")
        put(results, 4, "Name", "Somebody else")
        put(to_correct, 6, "Phone", "+442079460103")
        put(results, 6, "Phone", "+442079460103")

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json", "-o", "next.xlsx")
    assert done.json["counts"] == {"accepted": 5}
    assert set(server.ledger.calls_per_person()) == {f"+4420794601{n:02d}" for n in range(4)} | {"+442079460003"}
    assert openpyxl.load_workbook(work / "next.xlsx")[RESULTS]["A4"].value == "Somebody else"


def test_the_same_file_again_changes_nothing(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """What was corrected stays corrected, though `Results` still shows the cells of old."""
    wrong(work, "12", "n/a")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        put(to_correct, 3, "Phone", "+442079460101")

    edit(work, change)
    assert campaign("rerun", "edited.xlsx", "--yes", "--limit", "1", "--json").json["counts"] == {
        "accepted": 1,
        "pending": 1,
    }
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 2}
    assert "nothing to send" in campaign("rerun", "edited.xlsx", "--yes").err
    assert server.ledger.called_twice() == ()


def test_two_different_corrections_of_a_cell_are_refused(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The message names rows, column, both values and the way out; nothing of the file was taken."""
    wrong(work, "12", "n/a")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        put(results, 3, "Phone", "+442079460101")
        put(to_correct, 3, "Phone", "+442079460102")

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes")
    assert done.code == 2
    said = 'column Phone: "+442079460101" in row 3 of Results, "+442079460102" in row 3 of To correct'
    assert said in done.err
    assert "Nothing was changed or sent" in done.err
    assert "delete the row on To correct" in done.err
    assert server.ledger.calls_per_person() == {}
    edit(work, lambda _, to_correct: to_correct.delete_rows(line(to_correct, 3)), "edited.xlsx")
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 2}
    assert set(server.ledger.calls_per_person()) == {"+442079460100", "+442079460101"}


def test_a_row_that_is_removed_on_to_correct_counts_as_results_has_it(
    campaign: Campaign, server: Sandbox, work: Path
) -> None:
    """Not corrected there, it is not sent; corrected there, it is."""
    wrong(work, "12", "n/a")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(results, 3, "Phone", "+442079460101")
        to_correct.delete_rows(2, 2)

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 1}


@pytest.mark.parametrize("where", [RESULTS, TO_CORRECT])
def test_a_row_that_is_hidden_on_either_sheet_is_not_sent(
    campaign: Campaign, server: Sandbox, work: Path, where: str
) -> None:
    """A filter is how a person chooses, on whichever sheet it is set."""
    wrong(work, "12", "n/a")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        for lead in (2, 3):
            put(to_correct, lead, "Phone", f"+44207946010{lead}")
        sheet = results if where == RESULTS else to_correct
        sheet.row_dimensions[line(sheet, 2)].hidden = True

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert "1  hidden or filtered out" in done.err
    assert done.json["counts"] == {"invalid": 1, "accepted": 1}
    assert server.ledger.calls_per_person() == {"+442079460103": 1}


def test_a_row_on_to_correct_alone_is_told_and_not_sent(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Removed on `Results`, or written on `To correct` as a new one: `Results` says who is meant."""
    wrong(work, "12", "n/a", "none")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        results.delete_rows(2, 2)
        to_correct.append([None, None, None, "New", "+442079460101"])

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes")
    assert (
        "2  on the sheet To correct but not on Results, so not sent (add them there): rows of To correct 2, 5"
        in done.err
    )
    assert server.ledger.calls_per_person() == {}


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("hidden", [False, True])
def test_who_objects_on_to_correct_is_not_called(
    campaign: Campaign, server: Sandbox, work: Path, removed: bool, hidden: bool
) -> None:
    """Neither by that row nor by another one with the number; also if the row is hidden there, or gone from `Results`."""
    wrong(work, "12", "n/a")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        put(to_correct, 2, "DNC", "x")
        put(results, 3, "Phone", "+442079460100")
        to_correct.row_dimensions[line(to_correct, 2)].hidden = hidden
        if removed:
            results.delete_rows(line(results, 2))

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"suppressed": 2}
    assert server.ledger.calls_per_person() == {}


def test_who_objects_on_results_is_not_called(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The number was corrected on the other sheet, the mark stands on this one."""
    wrong(work, "12")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(results, 2, "DNC", "x")
        put(to_correct, 2, "Phone", "+442079460100")

    edit(work, change)
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"suppressed": 1}
    assert server.ledger.calls_per_person() == {}


def test_an_unknown_row_is_not_to_be_corrected(campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has to be looked up; a rejected one stands there, and is sent once it is corrected."""
    wrong(work, "+442079460001", "+442079460002")
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=1"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "1", "-o", "first.xlsx")
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:first=1"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        campaign("resume", "--yes", "-o", "out.xlsx")
        sheet = openpyxl.load_workbook(work / "out.xlsx")[TO_CORRECT]
        assert [[cell.value for cell in row[:2]] for row in sheet.iter_rows(min_row=2)] == [[3, "rejected"]]
        edit(work, lambda _, to_correct: put(to_correct, 3, "Phone", "+442079460100"))
        done = campaign("rerun", "edited.xlsx", "--yes", "--json")
        assert done.json["counts"] == {"unknown": 1, "accepted": 1}
        assert "+442079460001" not in server.ledger.calls_per_person()


@pytest.mark.parametrize("where", [RESULTS, TO_CORRECT])
def test_a_refused_row_whose_person_objects_is_not_sent_unchanged(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """`--include-rejected` is about the account, not about the person; nor does another row with that number call them."""
    wrong(work, "+442079460001", "12")
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:first=1"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        run(campaign)

        def change(results: Worksheet, to_correct: Worksheet) -> None:
            put(results if where == RESULTS else to_correct, 2, "DNC", "x")
            put(to_correct, 3, "Phone", "+442079460001")

        edit(work, change)
        done = campaign("rerun", "edited.xlsx", "--include-rejected", "--yes", "--json")
        assert done.json["counts"] == {"suppressed": 2}


def without_marks(book: Workbook) -> None:
    """Delete the hidden column of marks."""
    sheet = book[TO_CORRECT]
    sheet.delete_cols([cell.value for cell in sheet[1]].index("call_as_written") + 1)


def test_without_the_marks_nothing_is_guessed(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A correction on `To correct` counts; which of two different cells is the correction is asked where it can't be known."""
    wrong(work, "12", "n/a")
    run(campaign)
    book = openpyxl.load_workbook(work / "out.xlsx")
    without_marks(book)
    put(book[TO_CORRECT], 2, "Phone", "+442079460100")
    book.save(work / "edited.xlsx")
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 1, "invalid": 1}
    put(book[RESULTS], 3, "Phone", "+442079460101")
    book.save(work / "edited.xlsx")
    done = campaign("rerun", "edited.xlsx", "--yes")
    assert done.code == 2
    assert "+442079460101" in done.err


def test_workbooks_without_one_of_the_sheets_are_rerun(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Those of earlier versions have no `To correct`; a person may keep it alone."""
    wrong(work, "12", "n/a")
    run(campaign)
    book = openpyxl.load_workbook(work / "out.xlsx")
    put(book[RESULTS], 2, "Phone", "+442079460100")
    del book[TO_CORRECT]
    book.save(work / "edited.xlsx")
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 1, "invalid": 1}
    book = openpyxl.load_workbook(work / "out.xlsx")
    put(book[TO_CORRECT], 3, "Phone", "+442079460101")
    del book[RESULTS]
    book.save(work / "edited.xlsx")
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 2}


def test_a_hidden_tab_is_read_all_the_same(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Whoever hid it has seen it: what was corrected there is not lost."""
    wrong(work, "12")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        to_correct.sheet_state = "hidden"

    edit(work, change)
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 1}


def test_the_cells_that_are_wrong_are_marked(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The journal keeps sentences, so the row is read again to find them; also where its mapping can't be read any more there
    is a result."""
    wrong(work, "12", "+442079460001", "+442079460001")
    text = (work / "mapping.yaml").read_text(encoding="utf-8")
    (work / "mapping.yaml").write_text(text.replace("off,", "off, duplicates: error,"), encoding="utf-8")
    run(campaign)
    sheet = openpyxl.load_workbook(work / "out.xlsx")[TO_CORRECT]
    marked = {cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.comment}
    assert marked == {"E2", "C3", "C4"}  # the phone that can't be read; of two alike rows, what is said of them
    name = str(sheet["G2"].value).rpartition("-")[0]
    with closing(sqlite3.connect(Path(os.environ["CAMPAIGN_HOME"]) / "journal.db")) as db, db:
        db.execute("UPDATE campaign SET mapping_text = 'version: 0'")
    assert campaign("export", name, "-o", "again.xlsx").code == 0
    sheet = openpyxl.load_workbook(work / "again.xlsx")[TO_CORRECT]
    assert {cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.comment} == {"C2", "C3", "C4"}


def test_a_renamed_header_on_to_correct_is_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The corrections below it would be lost."""
    wrong(work, "12")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        to_correct.cell(1, [cell.value for cell in to_correct[1]].index("Phone") + 1).value = "Fone"

    edit(work, change)
    done = campaign("rerun", "edited.xlsx", "--yes")
    assert done.code == 2
    assert "sheet To correct" in done.err
    assert "no column 'Phone'" in done.err


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_to_both_sheets_nobody_is_called_against_it(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Rows removed, hidden, doubled, corrected and marked on either sheet or on both: nobody is called twice, and none whose
    row objects anywhere."""
    chance = random.Random(seed)
    wrong(work, *(chance.choice([f"+44207946{n:04d}", "12", "n/a"]) for n in range(40)))
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:20%,drop-after:10%"), seed=seed)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        run(campaign)
        before = dict(server.ledger.calls_per_person())

        def change(*sheets: Worksheet) -> None:
            for sheet in sheets:
                header = [cell.value for cell in sheet[1]]
                phone, objection = header.index("Phone") + 1, header.index("DNC") + 1
                for row in range(sheet.max_row, 1, -1):
                    if chance.random() < 0.4:
                        # Few numbers, so that rows meet in them.
                        sheet.cell(row, phone).value = f"+4420794609{chance.randrange(15):02d}"
                    if chance.random() < 0.1:
                        sheet.cell(row, objection).value = "x"
                    if chance.random() < 0.1:
                        sheet.row_dimensions[row].hidden = True
                    if chance.random() < 0.1:
                        sheet.append([cell.value for cell in sheet[row]])

        edit(work, change)
        book = openpyxl.load_workbook(work / "edited.xlsx")
        for _ in range(40):
            done = campaign("rerun", "edited.xlsx", "--yes", "--include-rejected")
            if "on both sheets" not in done.err:
                break
            assert server.ledger.calls_per_person() == before
            _, _, told = done.err.partition("different values:")
            row = int(told.split(" of To correct")[0].rsplit(" ", 1)[1])
            book[TO_CORRECT].delete_rows(row)
            book.save(work / "edited.xlsx")
        assert done.code in {0, 1}
        assert server.ledger.called_twice() == ()
        called = {number for number, calls in server.ledger.calls_per_person().items() if calls > before.get(number, 0)}
        standing = {
            sheet.cell(row, [cell.value for cell in sheet[1]].index("Phone") + 1).value
            for sheet in (book[RESULTS], book[TO_CORRECT])
            for row in range(2, sheet.max_row + 1)
            if sheet.cell(row, [cell.value for cell in sheet[1]].index("DNC") + 1).value == "x"
        }
        assert not called & standing


@pytest.mark.office
def test_a_workbook_that_libreoffice_saved_is_rerun(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The sheets, the ids and the marks survive it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    wrong(work, "12", "n/a", "0.1")
    run(campaign)

    def change(results: Worksheet, to_correct: Worksheet) -> None:
        put(to_correct, 2, "Phone", "+442079460100")
        put(results, 3, "Phone", "+442079460101")

    edit(work, change)
    command = [office, f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless", "--convert-to"]
    form = "xlsx:Calc MS Excel 2007 XML"
    subprocess.run([*command, form, "--outdir", work / "saved", work / "edited.xlsx"], check=True, capture_output=True)
    done = campaign("rerun", str(work / "saved" / "edited.xlsx"), "--yes", "--json")
    assert done.json["counts"] == {"accepted": 2, "invalid": 1}
