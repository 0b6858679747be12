"""rerun of a result whose rows were too many for one sheet: none of them is passed over."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from campaign.adapters.journal import JournalReader
from campaign.adapters.results.workbook import WorkbookWriter
from campaign.adapters.sandbox import Sandbox


@pytest.fixture
def spread(campaign: Campaign, server: Sandbox, work: Path) -> Path:
    """The result of seven rows, none of which could be sent, as a workbook that takes three rows a sheet."""
    lines = ["Name,Phone", *(f"Person {n},{n}" for n in range(7))]
    (work / "leads.csv").write_text("\n".join(lines), encoding="utf-8")
    (work / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx").json["campaign"]
    with closing(JournalReader(Path(os.environ["CAMPAIGN_HOME"]) / "journal.db")) as journal:
        path = work / "spread.xlsx"
        WorkbookWriter(path, force=False, rows_per_sheet=3).write(journal.facts(name), journal.results(name))
    return path


def edit(path: Path, change: Callable[[Workbook], None]) -> None:
    """Save the workbook as a person would have changed it."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def put(sheet: Worksheet, row: int, number: int) -> None:
    """Correct a phone."""
    header = [cell.value for cell in sheet[1]]
    sheet.cell(row, header.index("Phone") + 1).value = f"+44207946{number:04d}"


def test_corrections_on_further_sheets_count(campaign: Campaign, server: Sandbox, spread: Path) -> None:
    """Of `Results 3` and of `To correct 2`, as those of the first sheets."""

    def change(book: Workbook) -> None:
        put(book["Results"], 2, 2)
        put(book["Results 3"], 2, 8)
        put(book["To correct 2"], 3, 6)

    edit(spread, change)
    done = campaign("rerun", spread.name, "--yes", "--json")
    assert done.json["counts"] == {"accepted": 3, "invalid": 4}
    assert server.ledger.calls_per_person() == {f"+44207946000{n}": 1 for n in (2, 6, 8)}


def test_rows_of_a_sheet_without_a_tab_are_hidden_ones(campaign: Campaign, server: Sandbox, spread: Path) -> None:
    """They are not sent, and a person hears of it."""

    def change(book: Workbook) -> None:
        put(book["Results"], 2, 2)
        put(book["Results 2"], 2, 5)
        book["Results 2"].sheet_state = "hidden"

    edit(spread, change)
    done = campaign("rerun", spread.name, "--yes")
    assert "3  hidden" in done.err
    assert server.ledger.calls_per_person() == {"+442079460002": 1}


def test_sheets_that_go_on_have_the_same_columns(campaign: Campaign, server: Sandbox, spread: Path) -> None:
    """A column that was moved on one alone would be read as another."""
    edit(spread, lambda book: book["Results 2"].delete_cols(1))
    done = campaign("rerun", spread.name, "--yes")
    assert done.code == 2
    assert "sheet Results 2 has other columns than sheet Results" in done.err
    assert server.ledger.calls_per_person() == {}


@pytest.mark.parametrize("gone", ["Results", "Results 2"])
def test_a_sheet_that_was_removed_hides_none_behind_it(
    campaign: Campaign, server: Sandbox, spread: Path, gone: str
) -> None:
    """Its rows are not sent, those of the sheets behind it are."""

    def change(book: Workbook) -> None:
        put(book["Results 3"], 2, 8)
        del book[gone]

    edit(spread, change)
    campaign("rerun", spread.name, "--yes")
    assert server.ledger.calls_per_person() == {"+442079460008": 1}
