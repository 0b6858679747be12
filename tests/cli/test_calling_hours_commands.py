"""Calling hours at the command line: who would be held back at a moment, and the presets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from command import Campaign, Done, results
from people import number, record, request

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.journal import Journal
from campaign.adapters.sandbox import Sandbox
from campaign.adapters.workspace import Workspace
from campaign.core.lifecycle import State
from campaign.core.places.place import Place
from campaign.core.record import Judgement, LeadRecord

MAPPING = """\
version: 1
fields: {lc_number: Phone}
policy:
  calling_window: auto
  place: {time_zone: TZ, state: State, postcode: Zip}
"""
PEOPLE = """\
Phone,TZ,State,Zip
+12025550101,,,
+13055550102,,,
+18005550103,,,
+12025550104,,Texas,
+12025550105,Pacific Time (US & Canada),,
+12025550106,,,33101
+12025550107,Estern,,
+442079460108,,,
+493023125109,,,
"""
OWN = """\
- {name: Germany, regions: [DE], hours: {mon-fri: 9-18}, source: our rule, checked: 2027-01-15, caps: [{calls: 2, within: 7d}]}
- {name: UK, regions: [GB], hours: {mon-fri: 10-17}, source: our rule, checked: 2027-01-15}
"""


@pytest.fixture
def lists(work: Path) -> Path:
    """People in several places, and a mapping that knows the columns."""
    (work / "leads.csv").write_text(PEOPLE, encoding="utf-8")
    (work / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return work


def at(campaign: Campaign, moment: str, *more: str) -> Done:
    """The dry run, asked for that moment."""
    return campaign("validate", "leads.csv", "-m", "mapping.yaml", "--at", moment, *more)


def held(done: Done) -> dict[int, str]:
    """The deferred rows, with when each may be called."""
    assert done.json["counts"].get("deferred", 0) == len(done.json["deferred"])
    return {row["row"]: row["call_next_allowed"] for row in done.json["deferred"]}


@pytest.mark.parametrize(
    ("moment", "deferred"),
    [
        # Friday, 7:30 in New York: nobody there; half past twelve in London.
        (
            "2026-07-03T07:30-04:00",
            {
                2: "2026-07-03T12:00:00Z",
                3: "2026-07-03T12:00:00Z",
                4: "2026-07-03T18:00:00Z",  # toll-free: 8:00 in Hawaii
                5: "2026-07-03T14:00:00Z",  # 8:00 in El Paso
                6: "2026-07-03T15:00:00Z",
                7: "2026-07-03T13:00:00Z",  # the postcode is in Florida: 8:00 in Pensacola
                8: "2026-07-03T12:00:00Z",  # what can't be read is not used
            },
        ),
        # The same clock on the Sunday on which American clocks go forward, and on the one before.
        ("2026-03-08T08:00-04:00", {4: "2026-03-08T18:00:00Z", 5: "2026-03-08T14:00:00Z", 6: "2026-03-08T15:00:00Z",
                                    7: "2026-03-08T13:00:00Z", 9: "2026-03-09T08:00:00Z"}),
        ("2026-03-08T00:30-05:00", {2: "2026-03-08T12:00:00Z", 3: "2026-03-08T12:00:00Z", 4: "2026-03-08T18:00:00Z",
                                    5: "2026-03-08T14:00:00Z", 6: "2026-03-08T15:00:00Z", 7: "2026-03-08T13:00:00Z",
                                    8: "2026-03-08T12:00:00Z", 9: "2026-03-09T08:00:00Z"}),
        # The night on which they go back: 8:00 comes an hour later by UTC. London's went back a week before.
        ("2026-11-01T00:30-04:00", {2: "2026-11-01T13:00:00Z", 3: "2026-11-01T13:00:00Z", 4: "2026-11-01T18:00:00Z",
                                    5: "2026-11-01T15:00:00Z", 6: "2026-11-01T16:00:00Z", 7: "2026-11-01T14:00:00Z",
                                    8: "2026-11-01T13:00:00Z", 9: "2026-11-02T08:00:00Z"}),
        ("2026-10-25T00:30+01:00", {9: "2026-10-26T08:00:00Z"}),  # London, the night before its clocks go back
        # A quarter past twelve in New York on a Friday: everybody but Hawaii can be called.
        ("2026-07-03T18:30Z", {}),
    ],
)  # fmt: skip
def test_who_would_be_held_back_at_a_moment_and_until_when(
    campaign: Campaign, lists: Path, moment: str, deferred: dict[int, str]
) -> None:
    """Across zones and the nights on which clocks change; whatever the time is now."""
    assert held(at(campaign, moment, "--json")) == deferred


def test_the_rule_and_its_source_are_told(campaign: Campaign, lists: Path) -> None:
    """Alike rows together, with the rule that is closed; then when the first of them may be called."""
    done = at(campaign, "2026-07-03T20:30-04:00")
    assert "US Florida hours are 8:00-20:00" in done.out
    groups = at(campaign, "2026-07-03T20:30-04:00", "--json").json["groups"]
    [florida] = [group for group in groups if "US Florida" in group["message"]]
    assert (florida["rows"], florida["status"], florida["code"]) == (2, "deferred", "policy.calling_window")
    assert "Fla. Stat. 501.616" in florida["message"]
    assert "Closed at 2026-07-04 00:30 UTC" in done.out
    assert "row 3: from 2026-07-04 12:00 UTC" in done.out
    assert "no checked preset for DE" in done.err
    at(campaign, "2026-07-03T20:30-04:00", "--report", "report.json")
    report = json.loads((lists / "report.json").read_text(encoding="utf-8"))
    said = {line["row"]: line["message"] for line in report if line["status"] == "deferred"}
    assert said[3].endswith("Allowed from 2026-07-04 12:00 UTC")
    assert [line["row"] for line in report if "no time zone that is known" in line["message"]] == [8]


def test_the_same_moment_gives_the_same_answer(campaign: Campaign, lists: Path) -> None:
    """Written with an offset or in UTC."""
    first = at(campaign, "2026-07-03T07:30-04:00", "--json").json
    assert first["at"] == "2026-07-03T11:30:00Z"
    assert at(campaign, "2026-07-03T11:30Z", "--json").json == first


@pytest.mark.parametrize("moment", ["2026-07-03T07:30", "2026-07-03", "tomorrow", "07:30-04:00", ""])
def test_a_moment_without_offset_is_refused(campaign: Campaign, lists: Path, moment: str) -> None:
    """It would be another moment on each machine."""
    done = at(campaign, moment)
    assert done.code == 2
    assert "--at" in done.err
    assert "2026-07-03T07:30-04:00" in done.err


def test_the_moment_counts_for_recontact_too(campaign: Campaign, server: Sandbox, lists: Path) -> None:
    """Who was called today would be left alone today, and not next month."""
    (lists / "leads.csv").write_text(f"Phone,TZ,State,Zip\n{number(1)},,,\n", encoding="utf-8")
    (lists / "off.yaml").write_text(MAPPING.replace("auto", "off"), encoding="utf-8")
    assert campaign("run", "leads.csv", "-m", "off.yaml", "--yes").code == 0
    now = datetime.now(UTC)
    for later, counts in ((timedelta(), {"duplicate": 1}), (timedelta(days=30), {"pending": 1})):
        asked = ("validate", "leads.csv", "-m", "off.yaml", "--json", "--at", (now + later).isoformat())
        assert campaign(*asked).json["counts"] == counts


def test_a_row_s_time_zone_holds_in_a_run_and_when_it_is_gone_on_with(
    campaign: Campaign, server: Sandbox, lists: Path, tmp_path: Path
) -> None:
    """Twelve hours from here it is closed: not sent by run, nor by resume, which only has the journal."""
    hour = datetime.now(UTC).hour
    window = f"{{hours: '{(hour - 1) % 24}-{(hour + 2) % 24 or 24}'}}"  # open in UTC, closed twelve hours away
    text = MAPPING.replace("auto", window)
    (lists / "mapping.yaml").write_text(text, encoding="utf-8")
    (lists / "leads.csv").write_text(
        f"Phone,TZ,State,Zip\n{number(1)},Etc/UTC,,\n{number(2)},UTC+12,,\n", encoding="utf-8"
    )
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
    assert [row["call_status"] for row in results(lists / "out.xlsx")] == ["accepted", "deferred"]
    # A row that was ready when it was judged, as one is that waits for hours behind others.
    journal = Journal(Workspace(tmp_path / "home").journal_path)
    wanted = request(3)
    away = type(wanted)(wanted.payload, wanted.numbers, Place(("Etc/GMT-12",)))
    here = type(wanted)(request(4).payload, request(4).numbers, Place(("Etc/UTC",)))
    kept = record("c9", header=("Phone", "TZ", "State", "Zip"))
    journal.add_campaign(type(kept)(**{name: getattr(kept, name) for name in kept.__slots__} | {"mapping_text": text}))
    judged = [LeadRecord(row, ("x",) * 4, Judgement(State.PENDING, one)) for row, one in ((2, away), (3, here))]
    with journal.atomic():
        journal.add_leads("c9", judged)
    journal.open_campaign("c9")
    journal.close()
    done = campaign("resume", "c9", "--yes", "--json", "--endpoint", server.url)
    assert done.json["counts"] == {"accepted": 1, "deferred": 1}
    assert set(server.ledger.calls_per_person()) == {number(1), number(4)}


def test_a_time_zone_can_be_corrected_in_the_workbook(campaign: Campaign, server: Sandbox, lists: Path) -> None:
    """A deferred row whose zone was wrong is judged anew, and sent."""
    hour = datetime.now(UTC).hour
    window = f"{{hours: '{(hour - 1) % 24}-{(hour + 2) % 24 or 24}'}}"
    (lists / "mapping.yaml").write_text(MAPPING.replace("auto", window), encoding="utf-8")
    (lists / "leads.csv").write_text(f"Phone,TZ,State,Zip\n{number(1)},UTC+12,,\n", encoding="utf-8")
    campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
    assert [row["call_status"] for row in results(lists / "out.xlsx")] == ["deferred"]
    book = openpyxl.load_workbook(lists / "out.xlsx")
    book["Results"]["B2"] = "Etc/UTC"
    book.save(lists / "corrected.xlsx")
    assert campaign("rerun", "corrected.xlsx", "--yes", "--json").json["counts"] == {"accepted": 1}
    assert server.ledger.calls_per_person() == {number(1): 1}


def test_the_presets_are_shown_with_their_sources(campaign: Campaign, work: Path) -> None:
    """All, or one by name or code; as text and for programs."""
    done = campaign("hours")
    for preset in load_presets().rows:
        assert preset.name in done.out
        assert preset.hours_in_words() in done.out
    assert "no legal advice" in done.err
    florida = campaign("hours", "us fl")
    for words in (
        "US Florida",
        "8:00-20:00 every day",
        "at most 3 calls in 1 day on one subject",
        "Fla. Stat. 501.616",
    ):
        assert words in florida.out
    assert "Oklahoma" not in florida.out
    [uae] = campaign("hours", "UAE", "--json").json["presets"]
    assert uae["days"]["fri"] == [["9:00", "18:00"]]
    assert uae["caps"] == [
        {"calls": 1, "within_seconds": 86_400, "of": "unanswered", "after": None},
        {"calls": 2, "within_seconds": 604_800, "of": "unanswered", "after": None},
    ]
    wrong = campaign("hours", "Florda")
    assert wrong.code == 2
    assert "did you mean 'US Florida'" in wrong.err


def test_presets_of_one_s_own_are_shown_and_told_as_such(campaign: Campaign, lists: Path, tmp_path: Path) -> None:
    """Those of the workspace, and of a mapping; the preview says which are the person's own."""
    for name in ("Germany", "de"):
        unkept = campaign("hours", name)
        assert unkept.code == 2
        assert "no calling-hour preset for DE: people there are called at any hour" in unkept.err
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "calling_hours.yaml").write_text(OWN, encoding="utf-8")
    assert "your own, in calling_hours.yaml" in campaign("hours", "Germany").out
    assert "2 calls in 7 days" in campaign("hours", "DE").out
    (lists / "hours.yaml").write_text(OWN.replace("10-17", "11-12"), encoding="utf-8")
    (lists / "mapping.yaml").write_text(MAPPING.replace("auto", "auto\n  calling_hours: hours.yaml"), encoding="utf-8")
    [uk] = campaign("hours", "UK", "-m", "mapping.yaml", "--json").json["presets"]
    assert (uk["hours"], uk["own"]) == ("Mon-Fri 11:00-12:00", "hours.yaml")
    done = at(campaign, "2026-07-03T12:30+01:00")
    assert "Calling hours of your own: UK (in hours.yaml); Germany (in hours.yaml)." in done.err
    assert "UK hours are Mon-Fri 11:00-12:00" in done.out
    assert "in hours.yaml" in done.out
    (lists / "hours.yaml").write_text(OWN.replace("regions: [GB]", "regions: [UK]"), encoding="utf-8")
    done = at(campaign, "2026-07-03T12:30+01:00")
    assert done.code == 2
    assert "hours.yaml, line 2, row 2 ('UK'), regions.0: 'UK' is no country code" in done.err


@pytest.mark.parametrize("window", ["off", "{hours: 9-17}", "UK"])
def test_a_file_of_one_s_own_is_checked_whatever_the_window(campaign: Campaign, lists: Path, window: str) -> None:
    """Before a change of the mapping's window would need it."""
    mapping = MAPPING.replace("auto", f"{window}\n  calling_hours: hours.yaml")
    (lists / "mapping.yaml").write_text(mapping, encoding="utf-8")
    missing = at(campaign, "2026-07-03T12:30+01:00")
    assert missing.code == 2
    assert "there is no file hours.yaml" in missing.err
    (lists / "hours.yaml").write_text(OWN.replace("10-17", "ten"), encoding="utf-8")
    wrong = at(campaign, "2026-07-03T12:30+01:00")
    assert wrong.code == 2
    assert "hours.yaml, line 2, row 2 ('UK'), hours" in wrong.err


def test_the_shipped_file_starts_one_of_one_s_own(campaign: Campaign, work: Path) -> None:
    """What --file prints is a file that can be taken as it is."""
    (work / "hours.yaml").write_text(campaign("hours", "--file").out, encoding="utf-8")
    (work / "mapping.yaml").write_text(
        "version: 1\nfields: {lc_number: Phone}\npolicy: {calling_hours: hours.yaml}\n", encoding="utf-8"
    )
    shown = campaign("hours", "-m", "mapping.yaml", "--json").json["presets"]
    assert {preset["own"] for preset in shown} == {"hours.yaml"}
    assert len(shown) == len(load_presets().rows)
