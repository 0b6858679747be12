"""The validation report: every form says the same, and the wrong rows come back as a list."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tracemalloc
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from report_reading import HEADER, MAPPING, correct, lines_of, report_on, workbook

import campaign
from campaign.adapters.results.report.workbook import ReportWorkbook
from campaign.adapters.results.report.writer import report_writer
from campaign.adapters.results.sheets.saving import saved
from campaign.adapters.results.sheets.to_correct import MOST_MARKS
from campaign.adapters.sources import open_source
from campaign.core.cells.formula_guard import guarded
from campaign.core.errors import OutputError, SourceError
from campaign.core.finding import REPORT_COLUMNS, REPORT_SHEETS, Finding
from campaign.core.problem import Code
from campaign.ports import ReportFacts

JOINED = datetime(2025, 3, 1)
ROWS: list[list[Any]] = [
    ["Ana", "+442079460001", None, "UK", "ana@example.com", "yes", JOINED],
    ["=1+1", "442079460002", "12", None, "nobody", "yes", JOINED],
    ["Cy", "+442079460003", None, "UK", None, "no", JOINED],
    ["Di", 442079460004, None, None, None, "yes", JOINED],
    ["Ed", "+442079460001", None, "UK", None, "yes", JOINED],
    ["Fi", None, "+442079460006", "Atlantis", None, "yes", JOINED],
    ["Gus", "+442079460007", "12", "UK", None, "yes", JOINED],
]
EMPTY = ReportFacts("leads.xlsx", "", {}, (), (), (), ())


def values(path: Path, sheet: str) -> list[list[Any]]:
    """The rows of a sheet."""
    return [list(row) for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


def report(tmp_path: Path, rows: list[list[Any]] = ROWS, name: str = "report.xlsx") -> Path:
    """The report on a list of these rows."""
    report_on(workbook(tmp_path / "leads.xlsx", rows), tmp_path / name)
    return tmp_path / name


def test_all_three_forms_say_the_same(tmp_path: Path) -> None:
    """One line a finding, in the list's order, each with its code."""
    book, text, data = (lines_of(report(tmp_path, name=f"report.{form}")) for form in ("xlsx", "csv", "json"))
    assert book == text == data
    assert [(line[0], line[1], line[2], line[4]) for line in book] == [
        ("3", "invalid", "phone.no_country", "Phone"),
        ("3", "invalid", "email.invalid", "Email"),
        ("4", "suppressed", "policy.consent", "Opt In"),
        ("5", "invalid", "phone.no_country", "Phone"),
        ("6", "duplicate", "policy.duplicate", "Phone"),
        ("7", "invalid", "country.unknown", "Country"),
        ("7", "invalid", "required", "Phone"),
        ("8", "note", "note.left_out", "Mobile"),
    ]


CELL: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.sampled_from(["+442079460001", "442079460002", "020 7946 0003", "=1+1", "+1", "@x", "-5", "UK", "yes", "no", "#N/A"]),
    st.text(max_size=12),
    st.integers(0, 10**15),
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=8))
def test_any_list_has_the_same_report_in_every_form(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]
) -> None:
    """Whatever stands in the cells; nothing of it is ever a formula."""
    folder = tmp_path_factory.mktemp("any")
    with (folder / "leads.csv").open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([HEADER[:6], *rows])
    mapping = {**MAPPING, "policy": {**MAPPING["policy"], "consent": {"column": "Opt In", "accept": ["yes", "+1"]}}}
    try:
        for form in ("xlsx", "csv", "json"):
            report_on(folder / "leads.csv", folder / f"report.{form}", mapping)
    except SourceError:
        return  # no list at all: a header alone, or quotes that never end
    data = lines_of(folder / "report.json")
    assert [list(map(guarded, line)) for line in data] == lines_of(folder / "report.csv")
    book = lines_of(folder / "report.xlsx")
    assert [line[:5] for line in book] == [line[:5] for line in data]
    assert [unescape(line[5]) for line in book] == [_as_workbook(line[5]) for line in data]
    for sheet in load_workbook(folder / "report.xlsx"):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b", "e"}


def _as_workbook(text: str) -> str:
    """What a workbook's XML makes of a text: control characters marked, one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if (sign < " " and sign not in "\t\n") or sign in "\ufffe\uffff" else sign for sign in text)


def test_the_wrong_rows_stand_by_themselves_as_they_were(tmp_path: Path) -> None:
    """The list's columns in their order, text as text, numbers as numbers, dates as dates; the row number before them."""
    header, *rows = values(report(tmp_path), "To correct")
    assert header == [*REPORT_COLUMNS, *HEADER]
    own = [[row[0], *row[2:]] for row in rows]
    assert own == [[3, *ROWS[1]], [5, *ROWS[3]], [7, *ROWS[5]], [4, *ROWS[2]]]
    assert rows[0][1].startswith('Phone "442079460002": ')
    assert "Email" in rows[0][1]


def test_wrong_cells_are_coloured_and_commented(tmp_path: Path) -> None:
    """Those and no others; they are text to whoever types into them, so that a + stays."""
    sheet = load_workbook(report(tmp_path))["To correct"]
    marked = {cell.coordinate for row in sheet.iter_rows(min_row=2, max_row=4) for cell in row if cell.comment}
    assert marked == {"D2", "G2", "D3", "D4", "F4"}
    coloured = {cell.coordinate for row in sheet.iter_rows(min_row=2, max_row=4) for cell in row if cell.fill.fill_type}
    assert coloured == marked
    assert {sheet[place].number_format for place in marked} == {"@"}
    assert "names no country. If the + was lost, write +442079460002" in sheet["D2"].comment.text
    assert (sheet["D2"].data_type, sheet["D3"].data_type, sheet["C2"].data_type) == ("s", "n", "s")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:I5")


def test_a_problem_leads_to_its_row(tmp_path: Path) -> None:
    """The row number of a problem is a link to the row in `To correct`; what is not there has none."""
    sheet = load_workbook(report(tmp_path))["Problems"]
    links = {cell.value: cell.hyperlink.location for cell in sheet["A"][1:] if cell.hyperlink}
    assert links == {3: "'To correct'!A2", 5: "'To correct'!A3", 7: "'To correct'!A4"}
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:H{sheet.max_row}")


def test_the_summary_tells_all_of_it(tmp_path: Path) -> None:
    """What was read, statuses, alike problems with cure and example, suggestions, what is no lead, what to do next."""
    rows = [*ROWS, *[[f"P{n}", f"44207946{n:04d}", None, None, None, "yes", JOINED] for n in range(100, 160)]]
    leads = workbook(tmp_path / "leads.xlsx", [HEADER, [], *rows], ("Spring list",))
    report_on(leads, tmp_path / "my report.xlsx")
    lines = [[value for value in row if value is not None] for row in values(tmp_path / "my report.xlsx", "Summary")]
    assert ["Rows", 67] in lines
    assert ['campaign validate "my report.xlsx" -m MAPPING'] in lines
    [alike] = [line for line in lines if len(line) == 5 and "phone.no_country" in str(line[3])]
    assert alike[:2] == ["invalid", 62]
    assert 'row 5 has "442079460002"' in alike[3]
    assert alike[4].startswith("If the + was lost, write …")
    [suggestion] = [line for line in lines if line[:1] == ["lc_number"]]
    assert suggestion[1] == 62
    assert 'lc_number: {column: Phone, restore: "+"}' in suggestion[4]
    assert [1, 1, 1, "title line above the header"] in lines
    assert any(line[0] == "note" and "Mobile was left out" in str(line[3]) for line in lines if len(line) > 3)


def test_a_corrected_report_is_a_list(tmp_path: Path) -> None:
    """What was corrected can be sent, what was not is told as before; the report's own columns do no harm."""
    path = report(tmp_path)
    correct(path, 2, "Phone", "+442079460002")
    correct(path, 2, "Email", None)
    correct(path, 3, "Country", "UK")
    seen = report_on(path, tmp_path / "second.xlsx")
    assert (seen.sheet, dict(seen.counts)) == ("To correct", {"pending": 2, "invalid": 1, "suppressed": 1})
    header, *rows = values(tmp_path / "second.xlsx", "To correct")
    assert header == [*REPORT_COLUMNS, *HEADER]
    assert [row[0] for row in rows] == [7, 4]  # still the rows of the list


def test_a_person_who_objects_is_not_called_through_a_corrected_row(tmp_path: Path) -> None:
    """Row 4 says no: its number, written into another row, is not called, although the list is not read again."""
    path = report(tmp_path)
    correct(path, 2, "Phone", "+442079460003")
    correct(path, 2, "Email", None)
    seen = report_on(path, tmp_path / "second.json")
    assert dict(seen.counts) == {"suppressed": 2, "invalid": 2}
    assert lines_of(tmp_path / "second.json")[0][2] == "policy.objection"


GOOD = {"Phone": st.sampled_from(["+442079460001", "+442079460002", "+12025550123", "020 7946 0009", "12", None]),
        "Country": st.sampled_from(["UK", "US", None, "Atlantis"]),
        "Email": st.sampled_from(["a@example.com", "nobody", None]),
        "Opt In": st.sampled_from(["yes", "no", None])}  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_corrected_rows_are_judged_as_the_same_rows_of_any_list(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Validating the sheet, corrected or not, is validating a list of just those rows."""
    folder = tmp_path_factory.mktemp("same")
    row = st.tuples(
        st.sampled_from(["Ana", "=1+1", None, 7]), GOOD["Phone"] | st.integers(10**9, 10**13), st.sampled_from(["12", None]),
        GOOD["Country"], GOOD["Email"], GOOD["Opt In"], st.sampled_from([JOINED, None, "2025-01-01", 12.5]),
    )  # fmt: skip
    leads = workbook(folder / "leads.xlsx", data.draw(st.lists(row, min_size=1, max_size=10)))
    report_on(leads, folder / "report.xlsx")
    sheet = load_workbook(folder / "report.xlsx")["To correct"]
    for number in range(2, sheet.max_row + 1):
        for column, values_ in data.draw(st.fixed_dictionaries({}, optional=GOOD)).items():
            correct(folder / "report.xlsx", number, column, values_)
    _, *rows = values(folder / "report.xlsx", "To correct")
    same = workbook(folder / "same.xlsx", [row[2:] for row in rows])
    one = report_on(folder / "report.xlsx", folder / "one.json")
    other = report_on(same, folder / "other.json")
    assert one.counts == other.counts
    assert lines_of(folder / "one.json") == lines_of(folder / "other.json")
    assert one.suggestions == other.suggestions


def test_a_row_whose_cells_shifted_stays_shifted(tmp_path: Path) -> None:
    """A stray separator in a CSV makes a row too long: so it is in the report, and no column is made of the cell too many."""
    (tmp_path / "leads.csv").write_text("Phone,Name\n+442079460001,Doe,Ana\n+442079460002,Bo\n", encoding="utf-8")
    mapping = {"version": 1, "fields": {"lc_number": "Phone"}, "policy": {"calling_window": "off"}}
    report_on(tmp_path / "leads.csv", tmp_path / "report.xlsx", mapping)
    assert load_workbook(tmp_path / "report.xlsx")["To correct"]["A2"].comment is not None
    report_on(tmp_path / "report.xlsx", tmp_path / "second.json", mapping)
    [line] = lines_of(tmp_path / "second.json")
    assert line[2] == "row.ragged"


def test_errors_stay_errors(tmp_path: Path) -> None:
    """A formula that failed is no text: corrected elsewhere, the row is still wrong."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Phone"])
    sheet.append(["#REF!", "12"])
    book.save(tmp_path / "leads.xlsx")
    mapping = {
        "version": 1,
        "fields": {"lc_number": "Phone", "lc_param_name": "Name"},
        "policy": {"calling_window": "off"},
    }
    report_on(tmp_path / "leads.xlsx", tmp_path / "report.xlsx", mapping)
    correct(tmp_path / "report.xlsx", 2, "Phone", "+442079460001")
    report_on(tmp_path / "report.xlsx", tmp_path / "second.json", mapping)
    assert [line[2] for line in lines_of(tmp_path / "second.json")] == ["cell.error"]


def test_a_report_is_read_with_the_mapping_of_its_list(tmp_path: Path) -> None:
    """Which names the sheet and the header row of the list: in the report they are others."""
    path = report(tmp_path)
    found = open_source(path, sheet="Leads of May", header_row=3)
    assert (found.sheet, found.header[:2], found.header_row) == ("To correct", REPORT_COLUMNS, 1)
    assert [row.number for row in found.rows()] == [row.number for row in open_source(path).rows()]
    with pytest.raises(SourceError, match="should stand in row 99"):
        open_source(path, sheet="Problems", header_row=99)


def test_a_report_and_a_result_are_told_apart(tmp_path: Path) -> None:
    """A workbook with the sheets of both is not guessed at; one of a person's own with a sheet `Problems` is a list."""
    path = report(tmp_path)
    book = openpyxl.load_workbook(path)
    for name in ("Results", "Mapping"):
        book.create_sheet(name).append(["Phone"])
    book.save(tmp_path / "both.xlsx")
    with pytest.raises(SourceError, match="result and of a report"):
        open_source(tmp_path / "both.xlsx")
    assert open_source(tmp_path / "both.xlsx", sheet="To correct").header[:2] == REPORT_COLUMNS
    del book["To correct"], book["Results"]
    book.save(tmp_path / "own.xlsx")
    assert open_source(tmp_path / "own.xlsx").sheet == "Summary"


def test_full_sheets_go_on_on_the_next(tmp_path: Path) -> None:
    """Problems and rows alike; a link goes to the sheet on which its row is, and the summary tells of it."""
    with (
        saved(tmp_path / "report.xlsx", "report.xlsx") as new,
        ReportWorkbook(new, "report.xlsx", ("Phone",), rows_per_sheet=3) as writer,
    ):
        for number in range(2, 9):
            writer.row((f"x{number}",), [wrong(number)], objects=False)
        writer.row(("+442079460001",), [wrong(9, "suppressed")], objects=True)
        writer.end(EMPTY)
    book = load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == [
        "Summary",
        "Problems",
        "Problems 2",
        "Problems 3",
        "To correct",
        "To correct 2",
        "To correct 3",
    ]
    rows = [cell.value for n in ("", " 2", " 3") for cell in book[f"To correct{n}"]["A"][1:]]
    assert rows == [2, 3, 4, 5, 6, 7, 8, 9]
    for name in ("Problems", "Problems 2", "Problems 3"):
        for cell in book[name]["A"][1:]:
            if cell.hyperlink:
                sheet, place = cell.hyperlink.location.split("!")
                assert book[sheet.strip("'")][place].value == cell.value
    assert any("3 sheets" in str(cell.value) for cell in book["Summary"]["A"])


def wrong(number: int, kind: str = "invalid") -> Finding:
    """Something about a row."""
    said = "lc_number", "Phone", "x", "letters among the digits", "Keep only the number."
    return Finding(
        number, kind, Code.PHONE_LETTERS, *said, "Phone: letters among the digits.", "letters among the digits"
    )


def test_many_wrong_rows_need_little_memory(tmp_path: Path) -> None:
    """Comments and links stop at a limit, and nothing else grows with the rows."""

    def peak(rows: int) -> int:
        tracemalloc.start()
        try:
            with report_writer(tmp_path / f"{rows}.xlsx", ("Name", "Phone"), force=True) as writer:
                for number in range(2, rows + 2):
                    writer.row((f"Person {number}", f"x{number}"), [wrong(number)], objects=number % 2 == 0)
                writer.end(EMPTY)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(MOST_MARKS + 500), peak(3 * MOST_MARKS)
    assert many < few * 1.2
    sheet = load_workbook(tmp_path / f"{3 * MOST_MARKS}.xlsx")["To correct"]
    assert sum(cell.comment is not None for cell in sheet["D"]) == MOST_MARKS


def test_a_list_without_wrong_rows_has_a_report(tmp_path: Path) -> None:
    """Nothing to correct is told in the same form."""
    path = report(tmp_path, ROWS[:1])
    assert load_workbook(path).sheetnames == list(REPORT_SHEETS)
    assert values(path, "To correct") == [[*REPORT_COLUMNS, *HEADER]]
    assert any("No row has a wrong cell." in row for row in values(path, "Summary"))


def test_a_report_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A list that can't be read to its end has no half report, and people's data in no temporary file."""
    with suppress(SourceError), report_writer(tmp_path / "report.xlsx", HEADER, force=False) as writer:
        writer.row(tuple(ROWS[1]), [wrong(3)], objects=True)
        raise SourceError("The drive is gone.", "Plug it in.")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match=r"\.xlsx"), report_writer(tmp_path / "report.pdf", HEADER, force=False):
        pytest.fail("a report in no form that there is")


def test_too_many_columns_for_a_workbook(tmp_path: Path) -> None:
    """The way out is named."""
    header = tuple(f"c{n}" for n in range(16_383))
    with pytest.raises(OutputError, match="16,383") as raised, report_writer(tmp_path / "r.xlsx", header, force=False):
        pytest.fail("two columns too many")
    assert ".csv" in raised.value.cure


def test_python_gets_the_same(tmp_path: Path) -> None:
    """Groups and suggestions are values, for whoever calls from Python."""
    seen = campaign.validate(workbook(tmp_path / "leads.xlsx", ROWS), MAPPING, home=tmp_path / "home")
    first = seen.groups[0]
    assert (first.alike.code, first.alike.column, first.rows, first.row) == ("phone.no_country", "Phone", 2, 3)
    assert [group.alike.kind for group in seen.groups][-1] == "note"
    assert seen.suggestions == ()


@pytest.mark.office
def test_an_office_program_gives_back_what_it_was_given(tmp_path: Path) -> None:
    """Opened in LibreOffice and saved, the sheet is still the same list, with its comments."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    path = report(tmp_path)
    form = "xlsx:Calc MS Excel 2007 XML"
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", tmp_path / "saved", path], check=True, capture_output=True, timeout=180)
    for name in ("one", "two"):
        report_on(path if name == "one" else tmp_path / "saved" / "report.xlsx", tmp_path / f"{name}.json")
    assert lines_of(tmp_path / "one.json") == lines_of(tmp_path / "two.json")
    sheet = load_workbook(tmp_path / "saved" / "report.xlsx")["To correct"]
    assert "If the + was lost" in sheet["D2"].comment.text
