"""The demo: the main job, with the shipped sample list and a sandbox in place of Brightcall."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from campaign.adapters.sandbox import SandboxSettings, parse_faults, run_in_thread
from campaign.adapters.shipped import shipped
from campaign.assembly.prepare import load_mapping, make_plan, open_leads
from campaign.assembly.starting import run_plan
from campaign.core.errors import OutputError
from campaign.core.keys import Keys
from campaign.core.run import Options, RunResult
from campaign.ports import Progress

_LIST, _MAPPING, _SUPPRESS = "expo_leads.csv", "expo_mapping.yaml", "do_not_call.csv"
_FAULTS = "500:1%,drop-after:1%,refuse:2%,429:first=1:retry-after=1"


@dataclass(frozen=True, slots=True)
class Demo:
    """How the demo ended, and what the sandbox counted."""

    result: RunResult
    folder: Path
    calls: int
    numbers: int
    called_twice: int


def run_demo(folder: Path | None, progress: Progress) -> Demo:
    """Run the whole job in a new folder. Raises `OutputError` if it can't be made."""
    place = _new_folder(folder)
    for name in (_LIST, _MAPPING, _SUPPRESS):
        shutil.copyfile(shipped("sample_data") / name, place / name)
    loaded = load_mapping(place / _MAPPING)
    plan = make_plan(loaded, open_leads(place / _LIST, loaded), place / "workspace", progress)
    settings = SandboxSettings(
        latency=0.05, jitter=0.1, faults=parse_faults(_FAULTS), seed=1, record=place / "sandbox.jsonl"
    )
    with run_in_thread(settings) as sandbox:
        keys = Keys(settings.widget_key, settings.api_key)
        options = Options(output=place / "results.xlsx")
        list_path = str((place / _LIST).absolute())
        result = run_plan(
            place / "workspace", plan, sandbox.url, keys, options, list_path, lambda _preview: True, progress
        )
        assert result is not None  # nobody said no
        calls = sandbox.ledger.calls_per_person()
        return Demo(result, place, sandbox.ledger.totals()["calls"], len(calls), len(sandbox.ledger.called_twice()))


def _new_folder(folder: Path | None) -> Path:
    names = (
        [folder]
        if folder is not None
        else [Path(f"campaign-demo{suffix}") for suffix in ("", *(f"-{n}" for n in range(2, 1000)))]
    )
    for place in names:
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            if folder is None:
                continue
            raise OutputError(f"The folder {place} exists already.", "Name a new one, or leave --folder out.") from None
        except OSError as error:
            raise OutputError(
                f"The folder {place} can't be made: {error.strerror}.", "Name another: --folder FOLDER."
            ) from None
        return place
    raise OutputError("There are too many campaign-demo folders here.", "Remove the old ones.")
