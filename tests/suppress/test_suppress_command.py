"""The commands around the workspace's own do-not-call list, and what a run makes of it."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command import MAPPING, Campaign, leads, results
from people import number

import campaign as library
from campaign.adapters.sandbox import Sandbox
from campaign.adapters.workspace import Workspace, home_folder
from campaign.core.event import Attempted, Event
from campaign.core.lifecycle import State
from campaign.core.standing import Standing


def db(work: Path) -> Path:
    """Where the list lies."""
    return Workspace(home_folder(None)).suppressions_path


def test_add_is_idempotent_and_says_what_is_new(campaign: Campaign, work: Path) -> None:
    """Numbers in any spelling, and prefixes."""
    done = campaign(
        "suppress", "add", number(1), "020 7946 0002", "+974*", "--country", "GB", "--reason", "asked", "--json"
    )
    assert (done.code, done.json) == (0, {"new": 3, "known": 0, "unread": []})
    again = campaign("suppress", "add", "+44 20 7946 0001", number(3))
    assert (again.code, again.out.strip()) == (0, "1 new on the do-not-call list, 1 stood there already.")
    entries = campaign("suppress", "list", "--json").json["entries"]
    assert {entry["number"]: entry["reason"] for entry in entries} == {
        number(1): "asked",
        number(2): "asked",
        "+974*": "asked",
        number(3): "",
    }


def test_add_takes_all_or_none(campaign: Campaign, work: Path) -> None:
    """A number that can't be read is named; without a country a national one can't."""
    for wrong in ("020 7946 0002", "rubbish", "", "0202*", "+0202*", "000*", "+*"):
        done = campaign("suppress", "add", number(1), wrong)
        assert done.code == 2, wrong
        assert "Nothing was done" in done.err
        assert "row" not in done.err  # there is none
    assert campaign("suppress", "list", "--json").json == {"total": 0, "entries": []}
    assert not db(work).exists()


@pytest.mark.parametrize("prefix", ["0044207946*", "0207946*", "+44207946*"])
def test_a_prefix_may_be_written_as_a_number_is(campaign: Campaign, work: Path, prefix: str) -> None:
    """With 00 for +, or as it is dialled in its country: one entry, which suppresses."""
    assert campaign("suppress", "add", prefix, "--country", "GB").code == 0
    assert [entry["number"] for entry in campaign("suppress", "list", "--json").json["entries"]] == ["+44207946*"]
    assert campaign("suppress", "check", number(1)).code == 1


@pytest.mark.parametrize("option", [("--until", "31.12.2099"), ("--until", "2001-01-01"), ("--country", "Atlantis")])
def test_options_that_say_nothing_are_refused(campaign: Campaign, work: Path, option: tuple[str, str]) -> None:
    """Before anything is written."""
    assert campaign("suppress", "add", number(1), *option).code == 2
    assert not db(work).exists()


def test_check_tells_which_lists_and_why(campaign: Campaign, work: Path) -> None:
    """The workspace's own, and those of a mapping; exit status 0 means: may be called."""
    assert campaign("suppress", "check", number(1)).code == 0
    campaign(
        "suppress", "add", number(1), "--reason", "asked by mail", "--source", "agent Ana", "--until", "2099-12-31"
    )
    (work / "dnc.csv").write_text(f"Phone,Reason\n{number(1)},court order\n", encoding="utf-8")
    (work / "m.yaml").write_text(
        "version: 1\nfields: {lc_number: Phone}\npolicy: {suppress: dnc.csv}\n", encoding="utf-8"
    )
    done = campaign("suppress", "check", number(1), "-m", "m.yaml")
    assert done.code == 1
    for words in (
        "this workspace's",
        "asked by mail",
        "agent Ana",
        "until 2099-12-31",
        "dnc.csv",
        "row 2",
        "court order",
    ):
        assert words in done.out
    found = campaign("suppress", "check", number(1), "--json")
    assert found.json["suppressed"] is True
    assert len(found.json["lists"]) == 1
    assert campaign("suppress", "check", "+974*").code == 2
    seen = library.suppressed(number(1), "m.yaml")
    assert [one.row for one in seen.suppressions] == [0, 2]


def test_remove_asks_and_tells_what_still_holds(campaign: Campaign, work: Path) -> None:
    """Without a terminal it wants --yes; a prefix keeps its numbers suppressed."""
    campaign("suppress", "add", number(1), number(2), "+4420*")
    refused = campaign("suppress", "remove", number(1))
    assert refused.code == 2
    assert "nothing was taken off" in refused.err
    done = campaign("suppress", "remove", number(1), number(9), "--yes")
    assert done.code == 1
    assert f"{number(9)} did not stand there" in done.out
    assert f"{number(1)} is not called all the same" in done.out
    assert campaign("suppress", "remove", "+4420*", "--yes", "--json").json["removed"] == ["+4420*"]
    assert campaign("suppress", "check", number(1)).code == 0
    assert campaign("suppress", "check", number(2)).code == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_can_be_imported(campaign: Campaign, work: Path, ending: str) -> None:
    """Into another workspace: the same people, prefixes too, with their reasons."""
    campaign("suppress", "add", number(1), "+974*", "--reason", "=asked, twice")
    assert campaign("suppress", "export", "-o", f"out.{ending}").code == 0
    assert campaign("suppress", "export", "-o", f"out.{ending}").code == 2
    assert campaign("suppress", "export", "-o", "out.pdf").code == 2
    other = ("--home", work / "other")
    done = campaign("suppress", "import", f"out.{ending}", *other, "--json")
    assert (done.code, done.json["new"]) == (0, 2)
    assert campaign("suppress", "import", f"out.{ending}", *other, "--json").json == {
        "new": 0,
        "known": 2,
        "unread": [],
    }
    checked = campaign("suppress", "check", "+97455123456", *other)
    assert checked.code == 1
    assert "asked, twice" in checked.out
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(work / "out.xlsx")["Do not call"]
        assert [cell.value for cell in sheet[1]][:2] == ["number", "reason"]
        assert sheet["A2"].number_format == "@"  # a number stays text, whoever edits it


def test_import_takes_most_or_nothing(campaign: Campaign, work: Path) -> None:
    """A few entries that can't be read are named, exit status 1; more, and nothing is changed."""
    lines = ["Phone,Why", *(f"{number(n)},left" for n in range(100)), "gone,left"]
    (work / "dnc.csv").write_text("\n".join(lines), encoding="utf-8")
    done = campaign("suppress", "import", "dnc.csv", "--json", "--source", "old system")
    assert (done.code, done.json["new"]) == (1, 100)
    assert done.json["unread"] == ["row 102: gone, left"]
    assert "left, source: old system" in campaign("suppress", "check", number(42)).out
    (work / "bad.csv").write_text(f"Phone\n{number(200)}\ngone\ngone\n", encoding="utf-8")
    refused = campaign("suppress", "import", "bad.csv")
    assert refused.code == 2
    assert "Nothing was changed" in refused.err
    assert "--column" in refused.err
    assert campaign("suppress", "import", "none.csv").code == 2
    assert campaign("suppress", "check", number(200)).code == 0
    (work / "two.csv").write_text("A;B\n020 7946 0300;0\n020 7946 0301;0\n", encoding="utf-8")
    assert campaign("suppress", "import", "two.csv", "--column", "A", "--country", "GB", "--json").json["new"] == 2
    assert campaign("suppress", "import", "two.csv", "--column", "Phone", "--country", "GB").code == 2


def test_list_finds_digits(campaign: Campaign, work: Path) -> None:
    """A part of a number is enough, however it is written."""
    campaign("suppress", "add", *(number(n) for n in range(5)))
    assert campaign("suppress", "list", "--search", "7946 0003", "--json").json["total"] == 1
    few = campaign("suppress", "list", "--limit", "2")
    assert len(few.out.splitlines()) == 2
    assert "3 more" in few.err
    assert campaign("suppress", "list", "--search", "x%_").code == 2


def test_an_expired_entry_stays_and_suppresses_nobody(campaign: Campaign, work: Path) -> None:
    """It is shown as what it is."""
    campaign("suppress", "add", number(1), "--until", "2099-12-31")
    with sqlite3.connect(db(work)) as own:
        own.execute("UPDATE entry SET until = '2020-12-31'")
    own.close()
    done = campaign("suppress", "check", number(1))
    assert done.code == 0
    assert "ended after 2020-12-31" in done.out
    assert campaign("suppress", "list", "--json").json["entries"][0]["expired"] is True
    assert "expired after 2020-12-31" in campaign("suppress", "list").out
    campaign("suppress", "export", "-o", "out.csv")
    assert ",expired" in (work / "out.csv").read_text(encoding="utf-8-sig")
    assert campaign("suppress", "add", number(1), "--json").json["new"] == 1


def test_every_campaign_heeds_it(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """Unnamed in the mapping, for validate and run; the row says why."""
    library.suppress_numbers([number(4), "+44 20 7946 0005"], reason="asked by phone")
    assert campaign("validate", leads(work), "-m", "mapping.yaml", "--json").json["counts"]["suppressed"] == 2
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx", "--json")
    assert done.json["counts"] == {"accepted": 17, "invalid": 1, "suppressed": 2}
    assert {number(4), number(5)}.isdisjoint(server.ledger.calls_per_person())
    reasons = [row["call_reason"] for row in results(work / "out.xlsx") if row["call_status"] == "suppressed"]
    assert len(reasons) == 2
    assert all("this workspace's do-not-call list (asked by phone, since " in reason for reason in reasons)


def test_a_row_that_waited_is_held_back(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """Entered before the person asked, resumed after; and a rerun does not call them either."""
    campaign("run", leads(work), "-m", "mapping.yaml", "--yes", "--limit", "2", "-o", "out.xlsx")
    campaign("suppress", "add", number(15))
    done = campaign("resume", "--yes", "-o", "two.xlsx", "--json")
    assert done.json["counts"] == {"accepted": 18, "invalid": 1, "suppressed": 1}
    assert number(15) not in server.ledger.calls_per_person()
    campaign("rerun", "two.xlsx", "--yes", "-o", "three.xlsx")
    assert number(15) not in server.ledger.calls_per_person()


def test_a_second_number_that_asks_meanwhile_is_dropped(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """The row goes out without it, and says so."""
    mapping = MAPPING.replace("lc_number: Phone\n", "lc_number: Phone\n  lc_number_2: Mobile\n")
    (work / "mapping.yaml").write_text(mapping, encoding="utf-8")
    rows = [f"P{n},{number(n)},{number(n + 500)}" for n in range(3)]
    (work / "leads.csv").write_text("\n".join(["Name,Phone,Mobile", *rows]), encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "1", "-o", "out.xlsx")
    campaign("suppress", "add", number(501), number(2), number(502), "--reason", "asked")
    done = campaign("resume", "--yes", "-o", "two.xlsx", "--json")
    assert done.json["counts"] == {"accepted": 2, "suppressed": 1}
    sent = [arrival.payload for arrival in server.ledger.arrivals]
    assert [(one["lc_number"], one.get("lc_number_2")) for one in sent] == [(number(0), number(500)), (number(1), None)]
    second = results(work / "two.xlsx")[1]
    assert second["call_status"] == "accepted"
    assert (
        f"Second number {number(501)} was left out: it is on this workspace's do-not-call list (asked"
        in second["call_reason"]
    )


def test_a_test_call_takes_no_row_of_the_list(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """The first row that may be called is the one whose payload goes out."""
    campaign("suppress", "add", number(0))
    done = campaign("run", leads(work), "-m", "mapping.yaml", "--test-number", "+12025550123", "--json")
    assert done.json["row"] == 4


class AfterThree:
    """Watches a run, and does something once three calls are accepted: the run waits for it."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._do = do
        self._accepted = 0

    def sending(self, standing: Callable[[], Standing]) -> None:
        """Not of interest."""

    def happened(self, event: Event) -> None:
        """Count."""
        if isinstance(event, Attempted) and event.status is State.ACCEPTED:
            self._accepted += 1
            if self._accepted == 3:
                self._do()

    def reading(self, rows: int, of: str = "") -> None:
        """Not of interest."""

    def rest(self) -> None:
        """Not of interest."""

    def note(self, text: str) -> None:
        """Not of interest."""


def test_who_asks_while_a_run_is_on_is_not_called(work: Path, server: Sandbox) -> None:
    """The journal is held by the run, the list is not: the next call knows."""
    late = [number(n) for n in range(20, 40)]
    watch = AfterThree(lambda: library.suppress_numbers(late))
    outcome = library.run(leads(work, 40), "mapping.yaml", concurrency=1, progress=watch)
    assert outcome.counts == {State.INVALID: 1, State.ACCEPTED: 19, State.SUPPRESSED: 20}
    assert set(late).isdisjoint(server.ledger.calls_per_person())


def test_a_damaged_list_stops_everything(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """Nothing is sent, nothing is validated, nothing is added to it."""
    campaign("suppress", "add", number(1))
    db(work).write_bytes(b"")
    lists = leads(work)
    for command in (
        ("validate", lists, "-m", "mapping.yaml"),
        ("run", lists, "-m", "mapping.yaml", "--yes"),
        ("run", lists, "-m", "mapping.yaml", "--test-number", "+12025550123"),
        ("suppress", "add", number(2)),
        ("suppress", "list"),
        ("suppress", "check", number(1)),
        ("suppress", "remove", number(1), "--yes"),
        ("suppress", "export", "-o", "x.csv"),
    ):
        done = campaign(*command, "--json")
        assert done.code == 2, command
        assert "damaged" in done.json["error"]
    assert server.ledger.calls_per_person() == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file from being replaced")
def test_a_list_that_is_damaged_while_calls_go_out_halts_the_run(work: Path, server: Sandbox) -> None:
    """The rest stays pending, nothing is in doubt, the result is written, the cure is told."""
    library.suppress_numbers([number(1)])

    def spoil() -> None:
        spoilt = db(work).with_suffix(".spoilt")
        spoilt.write_bytes(b"")
        spoilt.replace(db(work))

    outcome = library.run(
        leads(work, 40), "mapping.yaml", concurrency=1, progress=AfterThree(spoil), output=work / "out.xlsx"
    )
    assert "damaged" in outcome.halted
    assert "campaign resume" in outcome.halted
    assert outcome.counts == {State.INVALID: 1, State.ACCEPTED: 3, State.PENDING: 36}
    assert (work / "out.xlsx").exists()


def test_a_consent_that_runs_out_before_sending_counts(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """Entered while it held; the moment until which it does goes with the row."""
    mapping = MAPPING.replace(
        "{calling_window: off}",
        "{calling_window: off, consent: {column: Ok, accept: 'yes', date: Since, max_age: 365d}}",
    )
    (work / "mapping.yaml").write_text(mapping, encoding="utf-8")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    rows = [f"P{n},{number(n)},yes,{today}" for n in range(3)]
    (work / "leads.csv").write_text("\n".join(["Name,Phone,Ok,Since", *rows]), encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "1", "-o", "out.xlsx")
    with sqlite3.connect(db(work).with_name("journal.db")) as journal:
        [(until,)] = journal.execute("SELECT DISTINCT valid_until FROM lead").fetchall()
        assert until > time.time() * 1000 + 360 * 86_400_000
        journal.execute("UPDATE lead SET valid_until = 1 WHERE number = 3")
    journal.close()
    done = campaign("resume", "--yes", "-o", "two.xlsx", "--json")
    assert done.json["counts"] == {"accepted": 2, "suppressed": 1}
    assert number(1) not in server.ledger.calls_per_person()
    assert "consent held until" in results(work / "two.xlsx")[1]["call_reason"]


def test_every_subcommand_speaks_json(campaign: Campaign, work: Path) -> None:
    """One object on stdout and nothing else."""
    (work / "in.csv").write_text(f"Phone\n{number(1)}\n", encoding="utf-8")
    for command in (
        ("add", number(1)),
        ("import", "in.csv"),
        ("list",),
        ("check", number(1)),
        ("export", "-o", "out.csv"),
        ("remove", number(1), "--yes"),
        ("add", "rubbish"),
    ):
        json.loads(campaign("suppress", *command, "--json").out)
