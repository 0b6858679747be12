"""Rows that a workbook hides or filters out: never called and never dropped without a word."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign, results

import campaign as api
from campaign.adapters.sandbox import Sandbox

RUN = ("run", "leads.xlsx", "-m", "mapping.yaml")
SIX = [f"+44207946{n:04d}" for n in range(6)]


def people(work: Path, *hidden: int, dnc: int = 0) -> Path:
    """Six people in rows 2 to 7; these rows are filtered out; the person in row `dnc` asked not to be called."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Name", "Phone", "DNC"])
    for row, number in enumerate(SIX, 2):
        sheet.append([f"P{row}", number, "x" if row == dnc else None])
        sheet.row_dimensions[row].hidden = row in hidden
    sheet.auto_filter.ref = "A1:C7"
    sheet.auto_filter.add_filter_column(0, ["P2"])
    book.save(work / "leads.xlsx")
    return work / "leads.xlsx"


class Keyboard(io.StringIO):
    """Somebody at a terminal, with what they type."""

    def isatty(self) -> bool:
        """A terminal."""
        return True


def called(server: Sandbox) -> list[str]:
    """Who was called."""
    return sorted(server.ledger.calls_per_person())


def test_validate_tells_and_judges_them(campaign: Campaign, work: Path) -> None:
    """How many, which, that a filter is on, which option to give; exit 1, because run would send nothing as it stands."""
    people(work, 3, 5)
    done = campaign("validate", "leads.xlsx", "-m", "mapping.yaml", "--report", "report.json")
    assert done.code == 1
    assert "2 rows are hidden (3, 5), and a filter is on" in done.err
    assert "--hidden-rows skip" in done.err
    lines = json.loads((work / "report.json").read_text(encoding="utf-8"))
    assert [(line["row"], line["status"]) for line in lines] == [(3, "note"), (5, "note")]
    answer = campaign("validate", "leads.xlsx", "-m", "mapping.yaml", "--json").json
    assert answer["counts"] == {"pending": 6}
    assert answer["hidden"] == {"rows": 2, "first": [3, 5], "filter": True, "choice": None}


def test_validate_with_a_word_about_them(campaign: Campaign, work: Path) -> None:
    """Left out, they are listed as hidden; called, they are rows like others; both are a clean list."""
    people(work, 3, 4, 6)
    done = campaign("validate", "leads.xlsx", "-m", "mapping.yaml", "--hidden-rows", "skip", "--report", "r.json")
    assert done.code == 0
    assert "left out: 3 rows: 3-4, 6 (hidden)" in done.out
    lines = json.loads((work / "r.json").read_text(encoding="utf-8"))
    assert [(line["row"], line["status"], line["message"]) for line in lines] == [
        (3, "skipped", "Rows 3 to 4 are left out: hidden."),
        (6, "skipped", "Row 6 is left out: hidden."),
    ]
    done = campaign("validate", "leads.xlsx", "-m", "mapping.yaml", "--hidden-rows", "call", "--json")
    assert (done.code, done.json["counts"], done.json["skipped"]) == (0, {"pending": 6}, [])


@pytest.mark.parametrize("more", [(), ("--yes",), ("--yes", "--json"), ("--yes", "--limit", "1")])
def test_without_a_word_nothing_is_sent(campaign: Campaign, server: Sandbox, work: Path, more: tuple[str, ...]) -> None:
    """Where nobody can be asked, --yes is no answer to a question that was not asked."""
    people(work, 3)
    done = campaign(*RUN, *more)
    assert done.code == 2
    if more:
        assert "--hidden-rows call" in done.out + done.err
        assert "--hidden-rows skip" in done.out + done.err
    assert server.ledger.arrivals == ()
    assert "no campaigns" in campaign("status").out


def test_yes_at_a_terminal_is_no_answer_either(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command does the same wherever it is typed."""
    people(work, 3)
    monkeypatch.setattr("sys.stdin", Keyboard("call\ny\n"))
    assert campaign(*RUN, "--yes").code == 2
    assert server.ledger.arrivals == ()


def test_the_option_goes_before_the_mapping(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The mapping decides where no option is given."""
    people(work, 3)
    (work / "mapping.yaml").write_text(MAPPING + "source: {hidden_rows: skip}\n", encoding="utf-8")
    done = campaign(*RUN, "--yes", "-o", "out.xlsx")
    assert done.code == 0
    assert "left out: 1 hidden" in done.err
    assert [row["Name"] for row in results(work / "out.xlsx")] == ["P2", "P4", "P5", "P6", "P7"]
    assert called(server) == [SIX[0], *SIX[2:]]
    done = campaign(*RUN, "--yes", "--hidden-rows", "call", "--json")
    assert done.json["counts"] == {"accepted": 1, "duplicate": 5}
    assert called(server) == SIX


@pytest.mark.parametrize(("typed", "persons"), [("call\ny\n", SIX), ("skip\ny\n", [SIX[0], *SIX[2:]])])
def test_a_person_is_asked(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch, typed: str, persons: list[str]
) -> None:
    """And told how many, which, and that a filter is on; then the usual question comes."""
    people(work, 3)
    monkeypatch.setattr("sys.stdin", Keyboard(typed))
    done = campaign(*RUN)
    assert done.code == 0
    assert "1 row is hidden (3), and a filter is on." in done.err
    assert f"Send {len(persons)} calls?" in done.err
    assert called(server) == persons


@pytest.mark.parametrize("typed", ["stop\n", "\n", "skip\nn\n", "what?\nstop\n"])
def test_a_person_can_stop(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Stop is what Enter means; nothing is sent and nothing is kept."""
    people(work, 3)
    monkeypatch.setattr("sys.stdin", Keyboard(typed))
    assert campaign(*RUN).code == 2
    assert server.ledger.arrivals == ()
    assert "no campaigns" in campaign("status").out


def test_who_objects_in_a_hidden_row_is_called_by_no_other(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Filtering the do-not-call rows out must not lose what they say."""
    path = people(work, 3, dnc=3)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(["Again", SIX[1], None])
    book.save(path)
    (work / "mapping.yaml").write_text(
        MAPPING.replace("off}", "off, skip_when: {column: DNC, equals: x}}"), encoding="utf-8"
    )
    done = campaign(*RUN, "--yes", "--hidden-rows", "skip", "--json")
    assert done.json["counts"] == {"suppressed": 1, "accepted": 5}
    assert SIX[1] not in called(server)


def test_a_do_not_call_list_is_read_whole(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Whatever it hides: to suppress too much is the safe side."""
    people(work, 2, 3, 4).rename(work / "dnc.xlsx")
    people(work)
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", "off, suppress: dnc.xlsx}"), encoding="utf-8")
    assert campaign(*RUN, "--yes", "--json").json["counts"] == {"suppressed": 6}
    assert server.ledger.arrivals == ()


def test_rerun_sends_no_row_that_the_file_hides(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Who filters a result chooses by it: hidden rows are neither sent nor changed, and told; shown, they are sent."""
    people(work, dnc=7)
    campaign(*RUN, "--yes", "--limit", "1", "-o", "out.xlsx")
    book = openpyxl.load_workbook(work / "out.xlsx")
    sheet = book["Results"]
    sheet["B4"] = "+442079460900"
    for row in (4, 5, 7):
        sheet.row_dimensions[row].hidden = True
    book.save(work / "edited.xlsx")
    done = campaign("rerun", "edited.xlsx", "--yes", "--json", "-o", "again.xlsx")
    assert "3  hidden or filtered out in the file, so not sent" in done.err
    assert done.json["counts"] == {"pending": 3, "accepted": 3}
    assert called(server) == [SIX[0], SIX[1], SIX[4]]
    assert [row["Phone"] for row in results(work / "again.xlsx")] == SIX
    for row in (4, 5, 7):
        sheet.row_dimensions[row].hidden = False
    book.save(work / "edited.xlsx")
    assert campaign("rerun", "edited.xlsx", "--yes", "--json").json["counts"] == {"accepted": 6}
    assert called(server) == sorted([SIX[0], SIX[1], "+442079460900", *SIX[3:]])


def test_a_hidden_row_of_a_result_still_objects(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A do-not-call mark counts though the row was filtered out after it was made, in resume too."""
    people(work)
    (work / "mapping.yaml").write_text(
        MAPPING.replace("off}", "off, skip_when: {column: DNC, equals: x}}"), encoding="utf-8"
    )
    campaign(*RUN, "--yes", "--limit", "1", "-o", "out.xlsx")
    book = openpyxl.load_workbook(work / "out.xlsx")
    sheet = book["Results"]
    sheet["C4"] = "x"
    sheet.append(["new", SIX[4], "x"])
    for row in (4, 5, 8):
        sheet.row_dimensions[row].hidden = True
    book.save(work / "edited.xlsx")
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.json["counts"] == {"suppressed": 2, "pending": 1, "accepted": 3}
    assert campaign("resume", "--yes", "--json").json["counts"] == {"suppressed": 2, "accepted": 4}
    assert SIX[2] not in called(server)
    assert SIX[4] not in called(server)


def test_from_python(server: Sandbox, work: Path, tmp_path: Path) -> None:
    """Nobody is asked: without a word it is an error, with one it is done."""
    path = people(work, 3)
    with pytest.raises(api.UsageError, match="1 row is hidden"):
        api.run(path, "mapping.yaml", endpoint=server.url, home=tmp_path / "h")
    assert server.ledger.arrivals == ()
    assert api.validate(path, "mapping.yaml", home=tmp_path / "h").hidden.undecided
    assert api.validate(path, "mapping.yaml", home=tmp_path / "h", hidden_rows="skip").total == 5
    assert api.run(path, "mapping.yaml", endpoint=server.url, home=tmp_path / "h", hidden_rows="skip").total == 5
    assert called(server) == [SIX[0], *SIX[2:]]


def test_hidden_columns_are_told_if_they_are_used(campaign: Campaign, work: Path) -> None:
    """A column that nobody sees may hold old numbers."""
    path = people(work)
    book = openpyxl.load_workbook(path)
    for letter in ("B", "C"):
        book.worksheets[0].column_dimensions[letter].hidden = True
    book.save(path)
    done = campaign("validate", "leads.xlsx", "-m", "mapping.yaml")
    assert done.code == 0
    assert "uses columns that the sheet hides, and they are read: Phone." in done.err
