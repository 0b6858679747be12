"""Files of a million rows: whoever waits for one to be read sees how far it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Campaign

import campaign as library
from campaign.adapters.sandbox import Sandbox
from campaign.assembly.checkup import check_set_up

ROWS = 2_500
"""More than two of the words that are said about every 1,000 rows."""


class Watcher:
    """Keeps what it is told of the rows that are read."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def reading(self, rows: int, of: str = "") -> None:
        """Keep it."""
        self.told.append((of, rows))

    def sending(self, standing: object) -> None:
        """Not of interest."""

    def happened(self, event: object) -> None:
        """Not of interest."""

    def rest(self) -> None:
        """Not of interest."""

    def note(self, text: str) -> None:
        """Not of interest."""


def numbers(folder: Path, name: str, rows: int = ROWS) -> Path:
    """A list of so many rows with some hundred numbers."""
    path = folder / name
    lines = (f"Person {n},+44207946{n % 900:04d}" for n in range(rows))
    path.write_text("\n".join(("Name,Phone", *lines)), encoding="utf-8")
    return path


def test_a_do_not_call_list_that_is_only_looked_at_is_told(work: Path, tmp_path: Path) -> None:
    """As the check of a set-up does, which makes people wait for it."""
    numbers(work, "dnc.csv")
    (work / "long.yaml").write_text(
        "version: 1\nfields: {lc_number: Phone}\npolicy: {suppress: [dnc.csv]}\n", encoding="utf-8"
    )
    watch = Watcher()
    checks = check_set_up(tmp_path / "home", "http://127.0.0.1:9/", str(work / "long.yaml"), watch)
    said = next(check.said for check in checks if check.name == "mapping")
    assert "do-not-call list can be read" in said
    assert watch.told == [("dnc.csv", 1_000), ("dnc.csv", 2_000)]


@pytest.mark.parametrize("mode", ["first", "last", "error"])
def test_every_pass_over_a_file_is_told(work: Path, mode: str) -> None:
    """A do-not-call list, the first pass over the leads where there is one, and the pass that decides."""
    numbers(work, "dnc.csv")
    mapping = {"version": 1, "fields": {"lc_number": "Phone"}}
    mapping |= {"policy": {"calling_window": "off", "suppress": ["dnc.csv"], "duplicates": mode}}
    watch = Watcher()
    library.validate(numbers(work, "leads.csv"), mapping, progress=watch)
    first_pass = [("leads.csv", 1_000), ("leads.csv", 2_000)] if mode != "first" else []
    last_pass = [("", 1_000), ("", 2_000), ("", ROWS)]
    assert watch.told == [("dnc.csv", 1_000), ("dnc.csv", 2_000), *first_pass, *last_pass]


def test_a_call_report_is_told(campaign: Campaign, work: Path, server: Sandbox) -> None:
    """While it is read from a file, and while it is fetched page by page."""
    numbers(work, "leads.csv", 3)
    ran = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json
    calls = [{"call_id": f"c{n}", "time": "2026-07-01T12:00:00Z"} for n in range(ROWS)]
    (work / "report.jsonl").write_text("\n".join(map(json.dumps, calls)), encoding="utf-8")
    watch = Watcher()
    library.reconcile(ran["campaign"], "report.jsonl", progress=watch)
    assert watch.told == [("report.jsonl", 1_000), ("report.jsonl", 2_000)]
    watch = Watcher()
    library.reconcile(
        ran["campaign"], url=f"{server.base_url}/api/v1/calls/list", account_key="sandbox-account", progress=watch
    )
    assert watch.told == [("the call reports", 3)]


def test_it_is_said_where_nothing_else_is_shown(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As plain lines on stderr, of a file by its name, of the leads without."""
    monkeypatch.setattr("campaign.cli.progress.lines._EVERY", 0.0)
    done = campaign("suppress", "import", numbers(work, "dnc.csv"))
    assert "rows of dnc.csv read" in done.err
    done = campaign("validate", numbers(work, "leads.csv"), "-m", "mapping.yaml")
    assert f"{ROWS:,} rows read" in done.err


def test_the_writing_of_a_long_result_is_told(
    campaign: Campaign, work: Path, server: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of a run, whose last word would be that all rows are through, and of what is exported later."""
    numbers(work, "leads.csv")
    short = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "short.csv", "--limit", "2")
    assert "Writing" not in short.err
    monkeypatch.setattr("campaign.assembly.sending._LONG_RESULT", ROWS)
    monkeypatch.setattr("campaign.cli.progress.lines._EVERY", 0.0)
    long = campaign("resume", "--yes", "-o", "long.csv", "--limit", "2")
    assert "Writing long.csv ..." in long.err
    name = campaign("status", "--json").json["campaigns"][0]["campaign"]
    assert "2,000 rows of the journal read" in campaign("export", name, "-o", "again.csv").err
    assert server.ledger.totals()["calls"] == 4
