"""A folder to work in, a workspace, a clock and an endpoint: where an operator's commands are run, or die."""

from __future__ import annotations

import csv
import gc
import json
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from command import Campaign, Done, results
from killed_at_commit import Point, run_and_die
from weather import Weather

from campaign.adapters.sandbox import Arrival, Sandbox

KILLED = -9
OTHER = "+442079460999"
"""Somebody of no list."""


class Workspace:
    """Runs commands in this process; one that is to die runs in a process of its own. Its clock begins now; what is let pass
    comes on top of the real time."""

    def __init__(
        self, campaign: Campaign, server: Sandbox, weather: Weather, folder: Path, patch: pytest.MonkeyPatch
    ) -> None:
        self._campaign, self._server, self.weather, self.folder = campaign, server, weather, folder
        self._passed = timedelta(0)
        self._travel = time_machine.travel(datetime.now(UTC))
        self._clock = self._travel.start()
        self._heard = 0
        self._names = count(1)
        folder.mkdir(parents=True)
        server.ledger.reset()
        weather.announce(())
        self._env = {
            "CAMPAIGN_HOME": str(folder / "home"),
            "CAMPAIGN_ENDPOINT": server.url,
            "BRIGHTCALL_WIDGET_KEY": server.settings.widget_key,
            "BRIGHTCALL_API_KEY": server.settings.api_key,
        }
        patch.chdir(folder)
        for name, value in self._env.items():
            patch.setenv(name, value)

    def close(self) -> None:
        """Set the clock right."""
        self._travel.stop()
        gc.unfreeze()  # a command that ends leaves all that it has to the end of its process, and here hundreds share one

    def let_pass(self, time: timedelta) -> None:
        """Time passes."""
        self._passed += time
        self._clock.shift(time)

    def new_file(self, stem: str, ending: str) -> Path:
        """A file that is not there yet."""
        return self.folder / f"{stem}-{next(self._names)}{ending}"

    def do(self, *args: object) -> Done:
        """Run a command to its end."""
        return self._campaign(*args, "--json")

    def dies(self, point: Point, *args: object) -> int:
        """Run a command that dies at a commit. Returns `KILLED`, or its exit status if it had fewer and came to its end."""
        code = run_and_die([str(arg) for arg in args], self.folder, self._env, point, self._passed)
        assert code in (KILLED, *range(4)), (self.folder / "said.txt").read_text(encoding="utf-8")
        return code

    def arrived(self) -> Sequence[Arrival]:
        """What has reached the endpoint since this was asked last."""
        with urllib.request.urlopen(
            self._server.base_url
        ):  # what a process has sent before it died is read before this
            pass
        arrivals = self._server.ledger.arrivals
        new, self._heard = arrivals[self._heard :], len(arrivals)
        return new

    def campaigns(self) -> list[str]:
        """All that the workspace knows, the newest first."""
        return [found["campaign"] for found in self.do("status").json["campaigns"]]

    def exported(self, name: str) -> tuple[Done, list[dict[str, Any]]]:
        """A campaign's rows as they stand now."""
        path = self.folder / "standing.csv"
        done = self.do("export", name, "-o", path, "--force")
        if done.code:
            return done, []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return done, list(csv.DictReader(file))

    def rows_of(self, book: Path) -> list[dict[str, Any]]:
        """The rows of a result workbook."""
        return results(book)

    def report(self, calls: slice) -> Path:
        """A report of the calls that the endpoint has started, or of a part of them, saved as a person does. Others of the
        account have called before, and just now."""
        path = self.new_file("report", ".json")
        started = [arrival for arrival in self._server.ledger.arrivals if arrival.started][calls]
        begun, now = datetime.now(UTC) - self._passed - timedelta(hours=1), datetime.now(UTC)
        others = [{"call_id": f"by-hand-{at:%d%H}", "phone": OTHER, "time": at.isoformat()} for at in (begun, now)]
        said = [
            {
                "call_id": f"call-{call.number}",
                "phone": call.person,
                "time": call.time,
                "custom_params": {"row_id": call.row_id},
            }
            for call in started
        ]
        path.write_text(json.dumps({"data": others[:1] + said + others[1:]}), encoding="utf-8")
        return path

    def now(self) -> str:
        """The time, as `--made-at` takes it."""
        return datetime.now(UTC).isoformat()
