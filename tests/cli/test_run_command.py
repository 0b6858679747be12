"""run, resume, rerun, status, export and cancel, end to end."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign, leads, results

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.core.event import Attempted, Event
from campaign.core.lifecycle import State

SECRETS = (b"sandbox-widget", b"sandbox-api")


def test_the_main_job(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A list in, calls out, a workbook back: it agrees with the journal and with the sandbox."""
    leads(work)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes", "--json")
    assert done.code == 1
    answer = done.json
    assert answer["counts"] == {"invalid": 1, "accepted": 19}
    assert answer["total"] == 20
    assert answer["halted"] is None
    rows = results(work / "out.xlsx")
    assert [row["Name"] for row in rows] == [f"Person {n}" for n in range(20)]
    assert [row["call_status"] for row in rows] == ["accepted", "invalid", *["accepted"] * 18]
    assert "Phone" in rows[1]["call_reason"]
    assert {row["call_phone"] for row in rows if row["call_phone"]} == set(server.ledger.calls_per_person())
    assert server.ledger.called_twice() == ()
    assert {arrival.row_id for arrival in server.ledger.arrivals} == {
        row["call_row_id"] for row in rows if row["call_status"] == "accepted"
    }
    status = campaign("status", answer["campaign"], "--json").json
    assert status["counts"] == answer["counts"]


def test_exit_0_when_every_row_is_accepted(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Scripts rely on it."""
    leads(work, 1)
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes").code == 0
    assert len(list(work.glob("leads-*.xlsx"))) == 1


def test_the_next_step_can_be_typed_as_it_stands(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Lists of people who live in Excel have blanks in their names."""
    leads(work, name="May leads.csv")
    done = campaign("run", "May leads.csv", "-m", "mapping.yaml", "--yes")
    (result,) = work.glob("May leads-*.xlsx")
    assert f'Next: Correct what is wrong and save, then: campaign rerun "{result.name}"\n' in done.out


def test_doubts_and_reasons_are_told_for_a_person(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What settles a doubt is named whole; a reason is cut at words, in the width of the terminal."""
    leads(work, 4)
    monkeypatch.setenv("COLUMNS", "70")
    with run_in_thread(SandboxSettings(faults=parse_faults("500:all"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    name = campaign("status", "--json").json["campaigns"][0]["campaign"]
    assert f"campaign reconcile {name}. Or" in done.out
    _, _, why = campaign("status", name).out.partition("Why:\n")
    assert max(map(len, why.splitlines())) <= 70
    assert "3 unknown Brightcall answered 500. The person may have been called:" in " ".join(why.split())


def test_no_key_is_in_any_file(campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path) -> None:
    """Journal, workbook, report, payloads: all files that were written are looked through, unpacked ones too."""
    leads(work)
    campaign("validate", "leads.csv", "-m", "mapping.yaml", "--report", "report.json", "--payloads", "payloads.jsonl")
    for name in ("out.xlsx", "out.csv"):
        campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", name, "--yes")
    book = openpyxl.load_workbook(work / "out.xlsx")
    cells = [str(cell).encode() for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 6
    for secret in SECRETS:
        assert not any(secret in data for data in (*files, *cells))


def test_nothing_is_sent_without_a_yes(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """No terminal and no --yes: exit 2, and no campaign is left behind."""
    leads(work)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml")
    assert done.code == 2
    assert "--yes" in done.err
    assert server.ledger.arrivals == ()
    assert "no campaigns" in campaign("status").out


def test_the_same_list_twice_calls_nobody_twice(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The likeliest way to call people twice."""
    leads(work)
    first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert "19 calls at 500/s" in first.err
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json")
    again = done.json
    assert again["counts"] == {"invalid": 1, "duplicate": 19}
    assert f"\nCampaign {again['campaign']}\nNo row can be sent now" in done.err
    assert server.ledger.called_twice() == ()
    reason = results(Path(again["output"]))[0]["call_reason"]
    assert "in the last 1 day" in reason


def test_a_list_whose_campaign_is_unfinished_points_to_resume(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """And resume sends the rest, each person once."""
    leads(work)
    first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "5", "--json")
    assert first.code == 1
    assert first.json["counts"] == {"invalid": 1, "pending": 14, "accepted": 5}
    again = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert again.code == 2
    assert f"campaign resume {first.json['campaign']}" in again.err
    rest = campaign("resume", "--yes", "--json")
    assert rest.json["counts"] == {"invalid": 1, "accepted": 19}
    assert rest.json["output"] != first.json["output"]
    assert server.ledger.called_twice() == ()
    nothing = campaign("resume", first.json["campaign"], "--yes")
    assert "nothing to send" in nothing.err


def test_wrong_keys_halt_and_name_the_mix_up(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 3, every row still pending; with the right keys, resume sends them."""
    leads(work)
    monkeypatch.setenv("BRIGHTCALL_API_KEY", "the-account-s-key")
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json")
    assert done.code == 3
    assert done.json["counts"] == {"invalid": 1, "pending": 19}
    assert "not the account's" in done.json["halted"]
    assert "HALTED" in campaign("status").out
    monkeypatch.setenv("BRIGHTCALL_API_KEY", "sandbox-api")
    assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "accepted": 19}


def test_an_unreachable_endpoint_halts_and_keeps_the_rows(campaign: Campaign, work: Path) -> None:
    """Nothing listens there: proven not started."""
    (work / "mapping.yaml").write_text(
        MAPPING.replace("500/s,", "500/s, stop_after: {consecutive: 5},"), encoding="utf-8"
    )
    leads(work)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "--endpoint", "http://127.0.0.1:9/")
    assert done.code == 3
    assert sum(done.json["counts"].values()) == 20
    assert set(done.json["counts"]) <= {"invalid", "pending", "failed"}


def test_corrected_rows_are_rerun_and_accepted_ones_never(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The person corrects a cell, sorts, deletes rows and claims an accepted row to be failed: only the corrected one goes."""
    leads(work)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes")
    book = openpyxl.load_workbook(work / "out.xlsx")
    sheet = book["Results"]
    header = [cell.value for cell in sheet[1]]
    status = header.index("call_status") + 1
    sheet.cell(3, header.index("Phone") + 1).value = "+44 20 7946 0900"
    sheet.cell(4, status).value = "failed"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=8)]
    sheet.delete_rows(2, 30)
    for row in reversed(rows):
        sheet.append(row)
    book.save(work / "edited.xlsx")
    before = len(server.ledger.arrivals)
    done = campaign("rerun", "edited.xlsx", "--yes", "--json")
    assert done.code == 0
    assert done.json["counts"] == {"accepted": 20}
    assert [arrival.person for arrival in server.ledger.arrivals[before:]] == ["+442079460900"]
    assert server.ledger.called_twice() == ()
    assert results(Path(done.json["output"]))[1]["Phone"] == "+44 20 7946 0900"


def test_a_corrected_csv_is_as_good(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """A plus sign and a formula-like note come back as they were."""
    (work / "leads.csv").write_text('Name,Phone,Note\nAna,12,=1+1\nBo,+442079460002,"-x"\n', encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.csv", "--yes")
    with (work / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][1] = "+44 20 7946 0001"
    with (work / "edited.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    done = campaign("rerun", "edited.csv", "--yes", "--json", "-o", "again.xlsx")
    assert done.json["counts"] == {"accepted": 2}
    assert [row["Note"] for row in results(work / "again.xlsx")] == ["=1+1", "-x"]


def test_an_uncorrected_row_stays_invalid_and_nothing_is_sent(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Rerun says so, and does not call anyone."""
    leads(work)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes")
    before = len(server.ledger.arrivals)
    done = campaign("rerun", "out.xlsx", "--yes")
    assert "still wrong" in done.err
    assert "nothing to send" in done.err
    assert len(server.ledger.arrivals) == before


def test_failed_rows_are_rerun_by_name_and_unknown_only_when_asked(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--include-unknown` says how many people could be called twice."""
    leads(work, 12)
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=3"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json
        assert first["counts"] == {"invalid": 1, "accepted": 8, "unknown": 3}
        assert campaign("rerun", first["campaign"], "--yes", "--json").json["counts"] == first["counts"]
        assert server.ledger.called_twice() == ()
        again = campaign("rerun", first["campaign"], "--include-unknown", "--yes", "--json")
        assert "3 people may have been called" in again.err
        assert again.json["counts"] == {"invalid": 1, "accepted": 11}


def test_export_writes_the_same_rows_again(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """From the journal alone."""
    leads(work)
    first = campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes", "--json").json
    assert campaign("export", first["campaign"], "-o", "again.xlsx", "--json").json["counts"] == first["counts"]
    assert results(work / "again.xlsx") == results(work / "out.xlsx")
    assert campaign("export", first["campaign"], "-o", "again.xlsx").code == 2
    assert campaign("export", "nobody", "-o", "x.xlsx").code == 2


def test_cancelled_rows_are_not_sent(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """And the list may be run anew afterwards: those who were called are left alone."""
    leads(work)
    first = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "5", "--json").json
    assert campaign("cancel", first["campaign"], "--yes", "--json").json["cancelled"] == 14
    again = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json
    assert again["counts"] == {"invalid": 1, "duplicate": 5, "accepted": 14}
    assert server.ledger.called_twice() == ()


def test_do_not_call_lists_are_read_again_at_resume(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Someone asks not to be called between run and resume."""
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", "off, suppress: [dnc.csv]}"), encoding="utf-8")
    (work / "dnc.csv").write_text("number\n+442079460003\n", encoding="utf-8")
    leads(work, 10)
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "2")
    (work / "dnc.csv").write_text("number\n+44 20 7946 0003\n442079460008\n", encoding="utf-8")
    done = campaign("resume", "--yes", "--json").json
    assert done["counts"] == {"invalid": 1, "suppressed": 2, "accepted": 7}
    assert not {"+442079460003", "+442079460008"} & set(server.ledger.calls_per_person())
    (work / "dnc.csv").unlink()
    leads(work, 5, "more.csv", start=100)
    refused = campaign("run", "more.csv", "-m", "mapping.yaml", "--yes")
    assert refused.code == 2
    assert "do-not-call" in refused.err


def test_every_number_of_a_do_not_call_list_counts(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Also those of a column that is seldom filled, and first after many rows."""
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", "off, suppress: dnc.csv}"), encoding="utf-8")
    rows = "".join(f"P,+1202555{n:04d},\n" for n in range(100, 200)) * 3
    rows += "5*,+442079460004,\nP,+12025550100,+442079460003\n"  # a rating beside a number is no prefix
    (work / "dnc.csv").write_text(f"Name,Phone,Mobile\n{rows}", encoding="utf-8")
    leads(work, 6)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json
    assert done["counts"] == {"invalid": 1, "suppressed": 2, "accepted": 3}


@pytest.mark.parametrize(
    "content", ["", "number\n", "number\nhello\nworld\n", "number\n" + "+442079460001\nrubbish\n" * 20]
)
def test_an_unreadable_do_not_call_list_is_never_an_empty_one(
    campaign: Campaign, server: Sandbox, work: Path, content: str
) -> None:
    """Nothing is sent."""
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", "off, suppress: dnc.csv}"), encoding="utf-8")
    (work / "dnc.csv").write_text(content, encoding="utf-8")
    leads(work, 5)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert done.code == 2
    assert "dnc.csv" in done.err
    assert server.ledger.arrivals == ()


def test_a_test_number_calls_the_operator_and_nobody_else(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """One row's payload, the operator's phone; no campaign is entered."""
    leads(work)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--test-number", "+1 202 555 0123", "--yes", "--json")
    assert done.code == 0
    assert server.ledger.calls_per_person() == {"+12025550123": 1}
    assert "no campaigns" in campaign("status").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["run", "none.csv", "-m", "mapping.yaml", "--yes"], "no file"),
        (["run", "leads.csv", "-m", "none.yaml", "--yes"], "no mapping file"),
        (["run", "leads.csv", "-m", "template:brightcal", "--yes"], "template:brightcall"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.pdf"], ".xlsx"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "none/out.xlsx"], "folder"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "--rate", "fast"], "5/s"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "--endpoint", "http://example.com/"], "https"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "--endpoint", "example.com"], "no http"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "--sheet", "X", "--limit", "0"], "limit"),
        (["resume", "20260101-aaaa", "--yes"], "no campaign"),
        (["rerun", "leads.csv", "--yes"], "can't be tied"),
        (["rerun", "laeds.xlsx", "--yes"], "no file laeds.xlsx"),
        (["rerun", "laeds", "--campaign", "x", "--yes"], "no file laeds"),
        (["run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "leads.csv", "--force"], "leads.csv"),
        (["validate", "mapping.yaml", "-m", "leads.csv"], "is a list"),
        (["status", "nobody"], "no campaign"),
        (["status", "leads.csv"], 'campaign rerun "leads.csv"'),
        (["rnu"], "Did you mean 'run'"),
        (["run", "--yess", "leads.csv"], "--yes"),
        (["sandbox", "--faults", "hangg:1%"], "hang"),
    ],
)
def test_a_user_s_mistake_is_one_clear_sentence(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    """Exit 2, what is wrong and what to do, no traceback."""
    leads(work, 3)
    monkeypatch.setenv("CAMPAIGN_ENDPOINT", "http://127.0.0.1:9/")
    done = campaign(*args)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_missing_keys_are_named_with_their_place(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a .env beside the mapping is enough."""
    leads(work, 3)
    monkeypatch.delenv("BRIGHTCALL_API_KEY")
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert done.code == 2
    assert "BRIGHTCALL_API_KEY" in done.err
    assert "tab Integrations" in done.err
    (work / ".env").write_text("BRIGHTCALL_API_KEY=sandbox-api\n", encoding="utf-8")
    with run_in_thread() as server:
        assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--endpoint", server.url).code == 1
        assert len(server.ledger.calls_per_person()) == 2


def test_an_existing_file_is_not_overwritten(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Unless the person says so; and it is found out before anything is sent."""
    leads(work, 3)
    (work / "out.xlsx").write_text("mine", encoding="utf-8")
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes")
    assert done.code == 2
    assert server.ledger.arrivals == ()
    assert (work / "out.xlsx").read_text(encoding="utf-8") == "mine"
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes", "--force").code == 1
    assert len(results(work / "out.xlsx")) == 3


def test_errors_are_json_too(campaign: Campaign, work: Path) -> None:
    """Stdout holds one object whatever happens."""
    done = campaign("run", "none.csv", "-m", "mapping.yaml", "--yes", "--json")
    assert done.json["exit_code"] == done.code == 2
    assert done.json["cure"]


def spoiling_at_row(work: Path, row: int) -> Callable[[Event], None]:
    """Replaces the do-not-call list by rubbish once so many rows are accepted."""
    accepted: list[Event] = []

    def look(event: Event) -> None:
        if isinstance(event, Attempted) and event.status is State.ACCEPTED:
            accepted.append(event)
            if len(accepted) == row:
                (work / "dnc.csv").write_text("number\nrubbish\nmore rubbish\n", encoding="utf-8")

    return look


def test_a_do_not_call_list_that_is_spoilt_halts_the_run(
    campaign: Campaign, server: Sandbox, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While calls go out: exit 3 with the cure, every row is still there, and with the list mended resume goes on."""
    monkeypatch.setattr("campaign.assembly.rules._LOOK_EVERY", timedelta(0))
    (work / "mapping.yaml").write_text(MAPPING.replace("off}", "off, suppress: dnc.csv}"), encoding="utf-8")
    good = "number\n+442079460003\n"
    (work / "dnc.csv").write_text(good, encoding="utf-8")
    leads(work, 40)
    spoil = spoiling_at_row(work, 5)
    monkeypatch.setattr("campaign.cli.progress.lines.Lines.happened", lambda _self, event: spoil(event))
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json")
    assert done.code == 3
    assert "dnc.csv" in done.json["halted"]
    assert done.json["total"] == 40
    assert done.json["counts"]["pending"] > 0
    spoil = spoiling_at_row(work, 1000)
    (work / "dnc.csv").write_text(good, encoding="utf-8")
    assert campaign("resume", "--yes", "--json").json["counts"] == {"invalid": 1, "suppressed": 1, "accepted": 38}
    assert server.ledger.called_twice() == ()
