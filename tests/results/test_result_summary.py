"""The sheet `Summary` of a result: how it went, at a glance, and where to go from there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from result_samples import SENT_AT, a_row, facts_of, written

from campaign.adapters.results.workbook import WorkbookWriter
from campaign.core.lifecycle import State
from campaign.core.problem import Code, Problem
from campaign.core.state_words import MEANING, NEXT_STEP
from campaign.core.timeline import Stretch, Timeline


def values_of(sheet: Any) -> list[list[Any]]:
    """The rows of a sheet without blank cells and blank rows."""
    lines = ([cell.value for cell in line if cell.value is not None] for line in sheet.iter_rows())
    return [line for line in lines if line]


def test_summary_tells_the_campaign(tmp_path: Path) -> None:
    """Facts, counts with shares, meanings and next steps, reasons, and why it stopped."""
    rows = [a_row("A", "1", number=n) for n in (2, 3, 4)] + [a_row("B", "2", state=State.INVALID, reason="Phone: no.")]
    lines = values_of(written(tmp_path / "my results.xlsx", rows, halted="Keys refused (401).")["Summary"])
    assert ["Campaign", "spring-7f3a"] in lines
    assert ["Rows", 4] in lines
    assert ["First call (UTC)", datetime(2026, 11, 23, 10, 15, 4)] in lines
    assert ["Sending took", "2 h 0 min 0 s"] in lines
    assert ["Stopped early", "Keys refused (401)."] in lines
    assert ["accepted", 3, 0.75, MEANING[State.ACCEPTED], NEXT_STEP[State.ACCEPTED]] in lines
    to_do = 'Correct what is wrong and save, then: campaign rerun "my results.xlsx"'
    assert ["invalid", 1, 0.25, MEANING[State.INVALID], to_do] in lines
    assert ["All rows", 4, 1] in lines
    assert ["invalid", 1, 0.25, "Phone: no.", to_do] in lines


def test_summary_has_a_chart_of_the_counts(tmp_path: Path) -> None:
    """The chart's bars and names are the cells of the table, one for each state that occurs."""
    rows = [a_row("A", "1"), a_row("B", "2", state=State.FAILED), a_row("C", "3", state=State.UNKNOWN)]
    sheet = written(tmp_path / "r.xlsx", rows)["Summary"]
    [chart] = sheet._charts
    [series] = chart.series
    bars, names = (ref.split("!")[1].replace("$", "") for ref in (series.val.numRef.f, series.cat.numRef.f))
    assert [cell.value for [cell] in sheet[names]] == ["accepted", "failed", "unknown"]
    assert [cell.value for [cell] in sheet[bars]] == [1, 1, 1]
    assert len({point.spPr.solidFill for point in series.dPt}) == 3


def test_summary_tells_the_fifty_commonest_reasons(tmp_path: Path) -> None:
    """A campaign with more reasons says how many there are."""
    rows = [a_row("A", "1", number=n, state=State.INVALID, reason=f"Reason {n}.") for n in range(60)]
    lines = values_of(written(tmp_path / "r.xlsx", rows)["Summary"])
    assert ["Rows by reason (the 50 commonest of 60)"] in lines
    assert len([line for line in lines if len(line) == 5 and str(line[3]).startswith("Reason ")]) == 50


def links_of(sheet: Any) -> dict[str, str]:
    """Where the cells lead, by what they say; of alike ones the first."""
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.hyperlink]
    return {cell.value: cell.hyperlink.location for cell in reversed(cells)}


def test_the_summary_leads_to_the_rows(tmp_path: Path) -> None:
    """A status and a reason to the first row that has it, what to do about a wrong one to the sheet on which it is done. A
    text of several lines is no link, the status beside it is."""
    blamed = Problem(Code.PHONE_LETTERS, "lc_number", "Phone", "x", "letters among the digits", "Write +12025550123.")
    rows = [
        a_row("A", "1", number=2),
        a_row("B", "2", number=3, state=State.UNKNOWN, reason="No answer."),
        a_row("C", "3", number=4),
        a_row("D", "x", number=5, state=State.INVALID, reason="Phone: no.")._replace(problems=(blamed,)),
        a_row("E", "4", number=6, state=State.UNKNOWN, reason="Cut short."),
        a_row("F", "5", number=7, state=State.REJECTED, reason="Refused for a reason that is long. " * 3),
    ]
    sheet = written(tmp_path / "r.xlsx", rows)["Summary"]
    links = links_of(sheet)
    assert (links["accepted"], links["unknown"], links["invalid"]) == ("'Results'!A2", "'Results'!A3", "'Results'!A5")
    assert (links["No answer."], links["Cut short."], links["Phone: no."]) == (
        "'Results'!A3", "'Results'!A6", "'Results'!A5",
    )  # fmt: skip
    assert links["Correct what is wrong and save, then: campaign rerun r.xlsx"] == "'To correct'!A2"
    [long] = [row[0] for row in sheet.iter_rows() if str(row[3].value).startswith("Refused for")]
    assert (long.hyperlink.location, sheet.cell(long.row, 4).hyperlink) == ("'To correct'!A3", None)
    # The cure is that of the cell, without the number of the one row.
    assert links["Write …."] == "'To correct'!A2"


def test_a_link_leads_to_the_sheet_on_which_the_row_is(tmp_path: Path) -> None:
    """Rows that go on on a further sheet are found there."""
    rows = [a_row("A", "1", number=n, state=State.ACCEPTED if n < 7 else State.FAILED) for n in range(2, 9)]
    WorkbookWriter(tmp_path / "r.xlsx", force=False, rows_per_sheet=3).write(facts_of(rows), iter(rows))
    assert links_of(load_workbook(tmp_path / "r.xlsx")["Summary"])["failed"] == "'Results 2'!A4"


def test_the_headline_says_how_it_went(tmp_path: Path) -> None:
    """In a sentence, for whoever reads no further."""
    some = [a_row("A", "1"), a_row("B", "2", state=State.REJECTED), a_row("C", "2", state=State.UNKNOWN)]
    for rows, said in [
        ([], "The campaign has no rows."),
        (some[:1], "Brightcall took every one of 1 rows."),
        (some, "Brightcall took 1 of 3 rows (33.3%). 1 is to be corrected."),
    ]:
        assert written(tmp_path / "r.xlsx", rows)["Summary"]["A2"].value == said


def test_the_summary_has_a_chart_over_time(tmp_path: Path) -> None:
    """Its columns are the attempts by what became of them; the figures stand beside the page, not on paper."""
    stretches = [
        Stretch(SENT_AT, {State.ACCEPTED: 5, State.PENDING: 1}),
        Stretch(SENT_AT + timedelta(minutes=5), {}),
        Stretch(SENT_AT + timedelta(minutes=10), {State.ACCEPTED: 4, State.UNKNOWN: 2}),
    ]
    line = Timeline(timedelta(minutes=5), tuple(stretches))
    sheet = written(tmp_path / "r.xlsx", [a_row("A", "1")], timeline=line)["Summary"]
    over_time, _ = sorted(sheet._charts, key=lambda chart: chart.anchor._from.col)
    assert over_time.grouping == "stacked"
    seen = {}
    for series in over_time.series:
        name, numbers, times = (
            sheet[ref.split("!")[1].replace("$", "")]
            for ref in (series.tx.strRef.f, series.val.numRef.f, series.cat.numRef.f)
        )
        seen[name.value] = [cell.value for [cell] in numbers]
        assert [cell.value for [cell] in times] == ["10:15", "10:20", "10:25"]
        assert name.column > 6
    assert seen == {"accepted": [5, 0, 4], "to be tried again": [1, 0, 0], "unknown": [0, 0, 2]}
    assert sheet.print_area.split("!")[1].startswith("$A$1:$E$")
    assert ["Attempts", 12] in values_of(sheet)


def test_a_short_run_has_no_chart_over_time(tmp_path: Path) -> None:
    """A single column says nothing; nor does a campaign of which nothing was sent."""
    line = Timeline(timedelta(seconds=1), (Stretch(SENT_AT, {State.ACCEPTED: 5}),))
    assert len(written(tmp_path / "r.xlsx", [a_row("A", "1")], timeline=line)["Summary"]._charts) == 1


def test_nothing_in_the_summary_is_a_formula(tmp_path: Path) -> None:
    """Names and reasons come from people's files too."""
    rows = [a_row("A", "1", state=State.REJECTED, reason="=HYPERLINK(1)")]
    book = written(tmp_path / "r.xlsx", rows, halted="=1+1")
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}
