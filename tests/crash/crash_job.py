"""A campaign that is killed over and over and gone on with until it is done, held against the sandbox's ledger."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from command import results
from people import number

from campaign.adapters.journal import JournalReader
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.assembly import lookup
from campaign.core.lifecycle import State

FAULTS = "500:4%,503:4%,drop-before:4%,drop-after:4%,429:0.5%:retry-after=1,slow:4%:seconds=0.05,refuse:4%,422:2%,not-json:2%"
MAPPING = """\
version: 1
fields:
  lc_number: Phone
  lc_param_name: {column: Name}
policy: {calling_window: off}
delivery:
  rate: 1000/s
  concurrency: 6
  timeout: {read: 5}
  retry: {base: 0.01, cap: 0.05, on_503: true}
  stop_after: {consecutive: 500, ratio: 1}
"""
_KILLED = -9
_TO_GO_ON = (State.PENDING, State.FAILED, State.SENDING)


class Moment(StrEnum):
    """Where a kill is aimed at."""

    STARTING = "starting and reading"
    SENDING = "sending"
    WRITING = "writing the workbook"


@dataclass
class Tally:
    """What a job has come to. `wrong` are sentences about what should not be."""

    kills: Counter[Moment] = field(default_factory=Counter)
    resumes: int = 0
    rows: int = 0
    started: int = 0
    states: Counter[State] = field(default_factory=Counter)
    twice: tuple[str, ...] = ()
    lost: int = 0
    wrong: list[str] = field(default_factory=list)


class CrashJob:
    """One list, one workspace and one folder, in front of a sandbox."""

    def __init__(self, folder: Path, server: Sandbox, rows: int, mapping: str = MAPPING) -> None:
        self.folder, self.home, self.rows, self.server = folder, folder / "home", rows, server
        self.book = folder / "last.xlsx"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
        lines = [f"Person {n},{number(n)}" for n in range(rows)]
        if rows > 2:
            lines[1] = "Nobody,n/a"
        (folder / "leads.csv").write_text("\n".join(["Name,Phone", *lines]) + "\n", encoding="utf-8")
        self.env = {
            **os.environ,
            "CAMPAIGN_HOME": str(self.home),
            "CAMPAIGN_ENDPOINT": server.url,
            "BRIGHTCALL_WIDGET_KEY": server.settings.widget_key,
            "BRIGHTCALL_API_KEY": server.settings.api_key,
        }

    @property
    def campaign(self) -> str | None:
        """The campaign, once it is opened."""
        found = lookup.campaigns(self.home)
        assert len(found) < 2, found
        return found[0].id if found else None

    @property
    def finished(self) -> bool:
        """Whether every row has come to an end."""
        found = lookup.campaigns(self.home)
        return bool(found) and not any(found[0].counts.get(state) for state in _TO_GO_ON)

    def next_command(self) -> list[str]:
        """What a person does now: `run`, as long as no campaign was opened, then `resume`, at the end `export`."""
        output = ["-o", str(self.book), "--force"]
        name = self.campaign
        if name is None:
            return ["run", "leads.csv", "-m", "mapping.yaml", "--yes", *output]
        return ["export", name, *output] if self.finished else ["resume", name, "--yes", *output]

    @contextmanager
    def started(self, *args: str) -> Iterator[subprocess.Popen[str]]:
        """A command in a process of its own."""
        with (self.folder / "said.txt").open("w", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "campaign", *args],
                cwd=self.folder,
                env=self.env,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def said(self) -> str:
        """What the last command printed."""
        return (self.folder / "said.txt").read_text(encoding="utf-8")

    def finish(self) -> int:
        """Go on until every row has come to an end, and write the last workbook. Returns how many commands it took."""
        commands = 0
        while not self.finished:
            self._run_to_its_end(self.next_command())
            commands += 1
            assert commands < 50, self.said()
        self._run_to_its_end(self.next_command())
        return commands

    def _run_to_its_end(self, command: list[str]) -> None:
        with self.started(*command) as process:
            code = process.wait(timeout=120)
        assert code in (0, 1), f"{command}: exit {code}\n{self.said()}"

    # --- what must hold ------------------------------------------------------------------------------------------

    def held_against_the_ledger(self) -> Tally:
        """The journal and the last workbook against what the sandbox saw."""
        name = self.campaign
        assert name is not None
        rows = results(self.book)
        with opened(self.home) as journal:
            kept = list(journal.results(name))
        tally = Tally(rows=self.rows, states=Counter(row.state for row in kept))
        say = tally.wrong.append
        wanted = {f"{name}-{row}" for row in range(2, self.rows + 2)}
        for where, ids in (("journal", [row.row_id for row in kept]), ("workbook", [r["call_row_id"] for r in rows])):
            tally.lost += len(wanted - set(ids))
            if sorted(ids) != sorted(wanted):
                say(f"the {where} has not every row once")
        if [(row.row_id, row.state) for row in kept] != [(r["call_row_id"], r["call_status"]) for r in rows]:
            say("workbook and journal do not agree")
        begun = Counter(arrival.row_id for arrival in self.server.ledger.arrivals if arrival.started)
        tally.started, tally.twice = begun.total(), self.server.ledger.called_twice()
        by_id = {row.row_id: row.state for row in kept}
        for row_id in begun:
            if by_id.get(row_id) not in (State.ACCEPTED, State.UNKNOWN):
                say(f"{row_id} was called and is {by_id.get(row_id)}")
        for row_id, state in by_id.items():
            if state is State.ACCEPTED and begun[row_id] != 1:
                say(f"{row_id} is accepted and was called {begun[row_id]} times")
            if state not in (State.ACCEPTED, State.UNKNOWN, State.REJECTED, State.INVALID):
                say(f"{row_id} is {state} at the end")
        if tally.twice:
            say(f"called twice: {', '.join(tally.twice)}")
        looks = [path.name for path in self.folder.glob("[!.]*") if path.suffix in (".xlsx", ".tmp")]
        if looks != [self.book.name]:
            say(f"files that look like results: {looks}")
        return tally


@contextmanager
def opened(home: Path) -> Iterator[JournalReader]:
    """The workspace's journal, to be looked at."""
    journal = JournalReader(home / "journal.db")
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def misbehaving(seed: int, faults: str = FAULTS, latency: float = 0.005) -> Iterator[Sandbox]:
    """A sandbox with all the faults after which it must be known whether a call was started."""
    with run_in_thread(SandboxSettings(faults=parse_faults(faults), seed=seed, latency=latency)) as server:
        yield server


def kill_over_and_over(job: CrashJob, kills: int, seed: int, tell: Callable[[str], None] = lambda _text: None) -> Tally:
    """Kill the job's process `kills` times at random moments, go on each time, finish, and hold it against the ledger.

    What is left is spread over the kills, so that all moments are met again and again: a person may give `--limit`, too.
    Once every row has come to its end, the kills fall on the export.
    """
    draw = random.Random(seed)
    met: Counter[Moment] = Counter()
    resumes = 0
    share = max(1, job.rows // kills)
    while met.total() < kills:
        command = job.next_command()
        moment = draw.choices(list(Moment), (3, 4, 3))[0]
        arrivals = draw.randint(1, 2 * share)
        if command[0] != "export":
            command += ["--limit", str(arrivals if moment is Moment.WRITING else arrivals + 3)]
        resumes += command[0] == "resume"
        before = len(job.server.ledger.arrivals)
        with job.started(*command) as process:
            _wait_for(moment, job, process, before + arrivals, draw)
            written = bool(_half_written(job))
            process.kill()
            killed = process.wait() == _KILLED
        for leftover in _half_written(job):  # a kill leaves it, hidden; nobody takes it for a result
            leftover.unlink()
        if killed:
            now = len(job.server.ledger.arrivals)
            met[Moment.WRITING if written else Moment.SENDING if now > before else Moment.STARTING] += 1
            if met.total() % 10 == 0:
                tell(f"{met.total()} kills, {resumes} resumes, {now} requests arrived")
    resumes += job.finish()
    tally = job.held_against_the_ledger()
    tally.kills, tally.resumes = met, resumes
    return tally


def _wait_for(
    moment: Moment, job: CrashJob, process: subprocess.Popen[str], arrivals: int, draw: random.Random
) -> None:
    """Return somewhere in that part of the run."""

    def writing() -> bool:
        return bool(_half_written(job))

    match moment:
        case Moment.STARTING:
            _until(process, lambda: False, draw.uniform(0, 1.5))
        case Moment.SENDING:
            _until(process, lambda: len(job.server.ledger.arrivals) >= arrivals or writing())
            _until(process, lambda: False, draw.uniform(0, 0.01))
        case Moment.WRITING:
            _until(process, writing)
            _until(process, lambda: False, draw.uniform(0, 0.06))


def _half_written(job: CrashJob) -> list[Path]:
    return list(job.folder.glob(f".{job.book.name}.*.tmp"))


def _until(process: subprocess.Popen[str], happened: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return when it has happened, the process has ended, or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None and not happened():
        time.sleep(0.0005)
