"""What the page for engineers says of `--json` is what the commands print, key by key."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import MAPPING, Campaign, Done, leads
from make_reference import commands
from pages import DOCS, ROOT, Page, table

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

JSON = Page(DOCS / "engineers.md").section("## JSON output")
SECTIONS = {
    section.splitlines()[0]: {key for row in table(section) for key in re.findall(r"`([^`]+)`", row[0])}
    for section in JSON.split("\n### ")[1:]
}
ERROR = {key for row in table(JSON.split("\n### ")[0]) for key in re.findall(r"`([^`]+)`", row[0])}
COMMANDS = {code: heading for heading in SECTIONS for code in re.findall(r"`([^`]+)`", heading)}


def keys(value: Any, path: str = "") -> Iterator[str]:
    """The way to every value: `problems[].row`."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from keys(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and value:
        for item in value:
            yield from keys(item, f"{path}[]")
    else:
        yield f"{path}[]" if value == [] else path


def documented(path: str, keys: set[str]) -> set[str]:
    """The documented keys that tell of what is printed at `path`. A word in capitals stands for any name, and what is null
    or empty is told by the keys that it would have."""
    return {key for key in keys if re.match(_pattern(path, key), path)}


def _pattern(path: str, key: str) -> str:
    steps = re.findall(r"\.?[^.\[]+|\[\]", key)
    forms = ["".join(r"\.[^\[]+(?:\[\])*" if re.fullmatch(r"\.[A-Z]+", step) else re.escape(step) for step in steps[:n]) + "$"
             for n in range(1, len(steps) + 1)]  # fmt: skip
    return "|".join(forms)


class Printed:
    """Runs commands and keeps the keys that each has printed."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self.keys: defaultdict[str, set[str]] = defaultdict(set)

    def __call__(self, what: str, *args: object) -> dict[str, Any]:
        """Run it; `what` is the command as the page names it."""
        answer = self._campaign(*args, "--json").json
        assert "error" not in answer, (args, answer)
        self.keys[COMMANDS[what]] |= set(keys(answer))
        return answer


@pytest.fixture
def doubtful(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that leaves rows in doubt, of whose calls some were started."""
    monkeypatch.setenv("BRIGHTCALL_ACCOUNT_KEY", "sandbox-account")
    faults = parse_faults("drop-after:12%,drop-before:12%")
    with run_in_thread(SandboxSettings(faults=faults, seed=2)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        yield server


@pytest.mark.usefixtures("doubtful")
def test_every_key_is_documented_and_every_documented_key_is_printed(
    campaign: Campaign, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command is brought to print all that it can."""
    printed = Printed(campaign)
    _look(printed, work)
    _send(printed, work, monkeypatch)
    _suppress(printed, work, monkeypatch)
    printed.keys[COMMANDS["sandbox"]] |= set(keys(_sandbox()))
    for heading, told in SECTIONS.items():
        found = {path: documented(path, told) for path in printed.keys[heading]}
        assert [path for path, matches in found.items() if not matches] == [], f"{heading}: printed, not documented"
        exact = {key for path in found for key in told if re.fullmatch(_whole(key), path)}
        assert sorted(told - exact) == [], f"{heading}: documented, not printed"


def _whole(key: str) -> str:
    return _pattern("", key).rpartition("|")[2]


def _look(printed: Printed, work: Path) -> None:
    """doctor, completion, map, hours, validate: nothing is sent."""
    shutil.copy(ROOT / "sample_data" / "expo_leads.csv", work)
    printed("doctor", "doctor")
    printed("completion", "completion", "zsh")
    printed("map", "map", "expo_leads.csv", "-o", "proposed.yaml")
    header = "Record ID,First Name,Last Name,Phone Number,Mobile Phone Number,Contact owner,Country/Region,State/Region"
    (work / "hubspot.csv").write_text(f"{header}\n1,Ana,Lima,(202) 555-0123,,Bo,US,Florida\n", encoding="utf-8")
    printed("map", "map", "hubspot.csv")
    (work / "hours.yaml").write_text(
        "- {name: Ours, regions: [DE], hours: {mon-fri: 9-18}, source: we, checked: 2026-11-01}\n", encoding="utf-8"
    )
    (work / "own.yaml").write_text(
        "version: 1\nfields: {lc_number: Phone}\npolicy: {calling_hours: hours.yaml}\n", encoding="utf-8"
    )
    printed("hours", "hours", "-m", "own.yaml")
    printed("validate", "validate", "expo_leads.csv", "-m", "proposed.yaml", "--at", "2026-11-24T06:00Z")
    lost = "".join(f"P{n},44207946{n:04d}\n" for n in range(10))
    (work / "lost.csv").write_text(f"Name,Phone\n{lost}", encoding="utf-8")
    answer = printed("validate", "validate", "lost.csv", "-m", "mapping.yaml")
    assert answer["suggestions"]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (["Name", "Phone"], ["Ana", "+442079460001"], ["Bo", "+442079460002"]):
        sheet.append(line)
    sheet.row_dimensions[3].hidden = True
    book.save(work / "hidden.xlsx")
    printed("validate", "validate", "hidden.xlsx", "-m", "mapping.yaml")
    printed("run --dry-run", "run", "hidden.xlsx", "-m", "mapping.yaml", "--dry-run")


def _send(printed: Printed, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """run, what goes on with it, and what looks at it."""
    leads(work, 120)
    paid = MAPPING.replace("delivery: {", "delivery: {cost_per_call: 0.05, ")
    (work / "paid.yaml").write_text(paid, encoding="utf-8")
    printed("run --test-number", "run", "leads.csv", "-m", "paid.yaml", "--test-number", "+12025550123")
    ran = printed("run", "run", "leads.csv", "-m", "paid.yaml", "-o", "out.xlsx", "--yes", "--limit", 100)
    name = ran["campaign"]
    printed("resume", "resume", "--yes")
    printed("rerun", "rerun", "out.xlsx", "--yes")
    printed("status CAMPAIGN", "status", name)
    printed("status --watch", "status", name, "--watch")
    printed("reconcile", "reconcile", name)  # too fresh: some are left
    monkeypatch.setattr("campaign.core.reconciliation.SETTLES", timedelta(0))
    monkeypatch.setattr("campaign.usecases.reconcile.SETTLES", timedelta(0))
    report = work / "report.json"
    report.write_text('{"data": []}', encoding="utf-8")
    printed("reconcile", "reconcile", name, "--from", report, "--made-at", datetime.now(UTC).isoformat())
    printed("reconcile", "reconcile", name)
    printed("export", "export", name, "-o", "again.csv")
    printed("report", "report", name, "-o", "report.html")
    printed("cancel", "cancel", name, "--yes")
    printed("forget", "forget", name, "--yes")
    printed("status", "status")


def _suppress(printed: Printed, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The own do-not-call list."""
    number = "+442079460123"
    printed("suppress add", "suppress", "add", number, "+4420*", "--reason", "asked")
    (work / "opt_outs.csv").write_text(
        "Phone\n" + "".join(f"+4420794601{n:02d}\n" for n in range(98)) + "no number 12345\n", encoding="utf-8"
    )
    printed("suppress import", "suppress", "import", "opt_outs.csv")
    printed("suppress list", "suppress", "list")
    printed("suppress check", "suppress", "check", number)
    printed("suppress remove", "suppress", "remove", number, "+12025550123", "--yes")
    printed("suppress export", "suppress", "export", "-o", "list.csv")
    printed("suppress add", "suppress", "add", "+12025550124", "--until", "2099-12-31")
    monkeypatch.setattr("campaign.core.policy.own_entry.earliest_day", lambda _now: date(2100, 1, 1))  # it has expired
    printed("suppress check", "suppress", "check", "+12025550124")


def _sandbox() -> dict[str, Any]:
    command = [sys.executable, "-m", "campaign", "sandbox", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        process.terminate()
    return answer


@pytest.mark.parametrize("args", [("run",), ("status", "nobody"), ("export", "nobody", "-o", "x.xlsx"), ("rum",)])
def test_an_error_is_an_object_too(campaign: Campaign, args: tuple[str, ...]) -> None:
    """The same three keys, whatever went wrong."""
    done: Done = campaign(*args, "--json")
    assert set(done.json) == ERROR == {"error", "cure", "exit_code"}
    assert done.json["exit_code"] == done.code == 2


def test_every_command_with_json_is_told_of() -> None:
    """None prints an object of which nothing is said."""
    paths = {
        context.command_path.removeprefix("campaign ")
        for context, command in commands()
        if any("--json" in parameter.opts for parameter in command.params)
    }
    assert paths <= set(COMMANDS)
