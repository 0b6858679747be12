"""The job that all pictures show: the sample list of a trade fair, mapped, validated and run in a terminal against a
sandbox that misbehaves now and then."""

from __future__ import annotations

import csv
import shutil
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from unicodedata import normalize

import openpyxl
from screens import Screen, Terminal, screen, screen_with, terminal, words

import campaign
from campaign.adapters.sandbox import SandboxSettings, parse_faults, run_in_thread

SAMPLE = Path(__file__).parents[2] / "sample_data"
LEADS, MAPPING = "leads.xlsx", "mapping.yaml"
COLUMNS = ("First Name", "Last Name", "Phone", "Country", "Email", "Opt In", "Owner", "Owner Phone")
MAPPING_TEXT = """\
version: 1
fields:
  lc_number:      Phone
  country:        {column: Country, default: US}
  lc_param_name:  {template: "{First Name} {Last Name}"}
  lc_param_email: {column: Email, type: email, on_invalid: drop}
agents:
  - {name: {column: Owner}, phone: {column: Owner Phone}}
policy:
  suppress: [do_not_call.csv]
  consent: {column: Opt In, accept: ["yes", "true", "1"]}
delivery:
  rate: 20/s
"""
SANDBOX = SandboxSettings(
    latency=0.06,
    jitter=0.3,
    faults=parse_faults("422:3%,drop-after:1.5%,503:1%,429:0.6%:retry-after=2"),
    seed=4,
    port=8790,
)
# Not every machine that draws has the letters of these names, or digits of full width.
_LATIN = {"小明": "Xiaoming", "美咲": "Misaki", "佐藤": "Sato", "王": "Wang"}
_TALL = 120  # lines of a terminal from which nothing scrolls away


class Job:
    """What came of it, each part made when it is first asked for. All its files lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / MAPPING).write_text(MAPPING_TEXT, encoding="utf-8")
        shutil.copy(SAMPLE / "do_not_call.csv", folder)
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "Leads"
        sheet.append(COLUMNS)
        with (SAMPLE / "expo_leads.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                sheet.append([_LATIN.get(row[name], normalize("NFKC", row[name])) for name in COLUMNS])
        book.save(folder / LEADS)

    @cached_property
    def map_screen(self) -> Screen:
        """What `campaign map` says."""
        alone = self.folder / "map"  # a mapping that is there already would not be replaced
        alone.mkdir()
        shutil.copy(self.folder / LEADS, alone)
        with self._terminal("map", LEADS, "-o", MAPPING, work=alone) as seen:
            seen.ends()
            return screen(seen)

    @cached_property
    def validation(self) -> Path:
        """The report of `campaign validate`."""
        path = self.folder / "report.xlsx"
        campaign.validate(self.folder / LEADS, self.folder / MAPPING, report=path, home=self.folder / "another")
        return path

    @cached_property
    def screens(self) -> dict[str, Screen]:
        """A terminal in which the list is run: `preview`, when it asks, and `running`, when more than half is done."""
        with (
            run_in_thread(SANDBOX) as sandbox,
            self._terminal("run", LEADS, "-m", MAPPING, endpoint=sandbox.url) as seen,
        ):
            preview = screen_with(seen, r"\[y/N\]")
            seen.type("y\n")
            running = screen_with(seen, r" 5\d%\n.*slowed down.*\n Twice [^\n]*unknown")
            beginning = next(n for n, line in enumerate(running) if words(line).startswith(" Calling"))
            seen.ends()
            name = next(self.folder.glob("leads-*.xlsx")).stem.removeprefix("leads-")
            reports = f"{sandbox.base_url}/api/v1/calls/list"
            campaign.reconcile(name, url=reports, account_key=SANDBOX.account_key, home=self.folder / "home")
        return {"preview": preview, "running": running[beginning:]}

    @cached_property
    def workbook(self) -> Path:
        """The result of the run."""
        assert self.screens  # the run is over
        return next(self.folder.glob("leads-*.xlsx"))

    @cached_property
    def page(self) -> Path:
        """The report of the run."""
        return campaign.report(
            self.workbook.stem.removeprefix("leads-"), self.folder / "report.html", home=self.folder / "home"
        )

    def _terminal(self, *args: str, work: Path | None = None, endpoint: str = "") -> AbstractContextManager[Terminal]:
        return terminal(
            work or self.folder,
            *args,
            lines=_TALL,
            program=(str(Path(__file__).with_name("clock.py")),),
            TZ="Europe/London",
            CAMPAIGN_HOME=str(self.folder / "home"),
            CAMPAIGN_ENDPOINT=endpoint,
            BRIGHTCALL_WIDGET_KEY=SANDBOX.widget_key,
            BRIGHTCALL_API_KEY=SANDBOX.api_key,
        )
