"""How long a command takes before it does anything: `campaign --help` and `campaign status` against `import click`.

Run as `python tests/benchmarks/start_up.py`; ours is `python -m campaign` (the installed script takes the same). `status`
looks into a workspace with one campaign of a thousand rows, which it finds in the platform's folder for user data (on Linux).

Found with `python -X importtime -m campaign status`, in ms of which a bare interpreter takes 12 and click 49: `status` took
442, because its look into the journal imported all of sending: aiohttp, pydantic, ruamel.yaml, phonenumbers, calling hours.
It takes 107 now. Of the 58 that are ours, about 20 are dataclasses of the core being made (a third of a millisecond each;
`core.record` alone 8), 8 SQLite with hashlib for the journal's key, 4 platformdirs. importlib.resources, secrets, statistics,
shutil and difflib were another 15, for one small use each. `--help` imports no command and nothing of the core but errors:
63. rich-click instead of a formatter of our own would add 80 to both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from measure import Measured, child, in_turns, ours, python

from campaign.adapters.journal import Journal
from campaign.adapters.workspace import Workspace
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord, Judgement, LeadRecord

RUNS = 15
TARGET = 3.0
ROWS = 1000


def lines() -> Iterator[Measured]:
    """The lines of the table."""
    with _workspace() as env:
        for command in ("--help", "status"):
            yield _line(command, env)


def _line(command: str, env: dict[str, str]) -> Measured:
    def mine() -> float:
        return child(ours(command), env=env).cpu

    def bare() -> float:
        return child(python("-c", "import click"), env=env).cpu

    mine()  # compiles
    bare()
    ratios, note = in_turns(mine, bare, RUNS)
    return Measured(f"campaign {command}", "python -c 'import click'", TARGET, ratios, note=note)


@contextmanager
def _workspace() -> Iterator[dict[str, str]]:
    """A user data folder with a workspace in it, as environment."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "campaign"
        Workspace(home).create()
        with closing(Journal(home / "journal.db")) as journal:
            journal.add_campaign(_RECORD)
            with journal.atomic():
                journal.add_leads(_RECORD.id, [_lead(number) for number in range(2, ROWS + 2)])
            journal.open_campaign(_RECORD.id)
        # Compiled once, as pip does it, wherever the checkout's own bytecode may not be written.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled")}
        yield {"XDG_DATA_HOME": folder, "CAMPAIGN_HOME": "", **compiled}


_RECORD = CampaignRecord(
    id="20260701-aaaa",
    created_at=datetime(2026, 7, 1, 15, 0, tzinfo=UTC),
    list_name="leads.csv",
    list_path="leads.csv",
    list_sha256="list",
    sheet="",
    header=("Name", "Phone"),
    mapping_name="mapping.yaml",
    mapping_text="version: 1\nfields: {lc_number: Phone}\n",
    mapping_folder=".",
    endpoint="http://127.0.0.1:1/",
    widget="fingerprint",
)


def _lead(number: int) -> LeadRecord:
    return LeadRecord(
        number, (f"Person {number}", "n/a"), Judgement(State.INVALID, None, "no phone number", "no phone number")
    )


if __name__ == "__main__":
    for line in lines():
        print(f"{line.what}: {line.median:.2f} (at most {line.target}) times {line.bare}; {line.note}")  # noqa: T201
