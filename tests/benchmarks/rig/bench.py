"""What the benchmarks of sending share: a folder with the list, its mapping and payloads, and a campaign that is entered and
not sent, to be copied for each measurement."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import ROOT, Usage, child, ours, python

from rig import lead_list
from rig.loopback import Endpoint, loopback

_RIG = Path(__file__).resolve().parent
_ENDED = range(2)  # what `run` and `resume` return: all rows are accepted, or not


@dataclass(slots=True)
class Bench:
    """An endpoint, and a folder with `rows` leads for it. `arrived` is when the calls of the last measurement arrived."""

    endpoint: Endpoint
    folder: Path
    rows: int
    arrived: list[float] = field(default_factory=list)

    def bare(self) -> float:
        """Seconds that the bare loop takes to send all payloads."""
        payloads = self.folder / "payloads.jsonl"
        if not payloads.exists():
            lead_list.write_payloads(payloads, self.rows)
        took = _said(python(_RIG / "bare_loop.py", self.endpoint.url, payloads, str(lead_list.CONCURRENCY)))
        self.must_have_arrived()
        return took

    def bare_work(self, name: str, leads: Path) -> float:
        """Seconds that another bare work takes, one of `rig/bare_works.py`."""
        return _said(python(_RIG / "bare_works.py", name, leads))

    def pool(self, *arguments: str, loop: str = "asyncio") -> float:
        """Seconds that the pool takes to send all rows of the campaign on an event loop, as `rig/pool_alone.py` takes them."""
        home, took = self.folder / "copy", self.folder / "took"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self._entered(), home)
        out = self.folder / "out.csv"
        command = python(_RIG / "pool_alone.py", took, *arguments)
        env = {**lead_list.KEYS, "CAMPAIGN_EVENT_LOOP": loop}
        child([*command, *self.sending(home, out)], env=env, accept=_ENDED)
        self.must_have_arrived()
        return float(took.read_text(encoding="utf-8"))

    def run(self, leads: Path, out: Path, *arguments: str) -> Usage:
        """What `campaign run` takes for a list in an empty workspace, start to end."""
        home = self.folder / "fresh"
        shutil.rmtree(home, ignore_errors=True)
        mapping = lead_list.write_mapping(self.folder / "mapping.yaml")
        command = ours("run", leads, "-m", mapping, *arguments, *self.sending(home, out))
        return self.sent_by(command)

    def sent_by(self, command: Sequence[str | Path], folder: Path | None = None) -> Usage:
        """What a program takes that sends all rows to the endpoint. Some leave a log where they are started."""
        took = child(command, env=lead_list.KEYS, accept=_ENDED, folder=folder or ROOT)
        self.must_have_arrived()
        return took

    def must_have_arrived(self) -> None:
        """Raise `RuntimeError` unless every row was sent, once, since this was asked last."""
        self.arrived = self.endpoint.arrivals()
        if len(self.arrived) != self.rows:
            raise RuntimeError(f"{len(self.arrived)} of {self.rows} calls arrived: that is no measurement")

    def _entered(self) -> Path:
        """A workspace with the list as a campaign of which one row was sent, and an own do-not-call list."""
        home = self.folder / "home"
        if home.exists():
            return home
        child(ours("suppress", "add", "+61491570156", "--home", home))
        leads = lead_list.write_csv(self.folder / "entered.csv", self.rows + 1)
        mapping = lead_list.write_mapping(self.folder / "mapping.yaml")
        command = ours("run", leads, "-m", mapping, "--limit", "1", *self.sending(home, self.folder / "first.csv"))
        child(command, env=lead_list.KEYS, accept=_ENDED)
        self.endpoint.arrivals()
        return home

    def sending(self, home: Path, out: Path) -> list[str | Path]:
        """The options with which a workspace's calls go to the endpoint without a question, and the result to a file."""
        return ["--yes", "--force", "--home", home, "--endpoint", self.endpoint.url, "-o", out]


@contextmanager
def bench(rows: int, latency: float = 0.0) -> Iterator[Bench]:
    """A bench with so many rows, at an endpoint that answers after `latency` seconds."""
    # The machine's temporary folder may be memory, where a commit costs nothing: the checkout lies on a disk.
    with TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder, loopback(latency) as endpoint:
        yield Bench(endpoint, Path(folder), rows)


def _said(command: Sequence[str | Path]) -> float:
    """The number that a program of the rig prints."""
    return float(subprocess.run([*map(str, command)], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout)
