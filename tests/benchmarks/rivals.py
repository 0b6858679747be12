"""The same rows sent by other programs, start to end: their process against ours, which also checks every row, keeps a
journal and writes the result file.

They are installed into a throw-away folder, where the package registries can be reached; a line that lacks its program says
so. csv2http and the loop are given the finished payloads, because they can make none, and keep their connections open, which
we never do: an answer must be the answer to its request. For 5,000 rows the bare aiohttp loop takes 1.0 s of processor on
kept connections and 1.9 s with one for each call, the loop of requests 3.5 s, csv2http 7.0 s: at the price of a connection
for each call, not even a loop that does nothing else reaches the targets of these lines. As whole processes, of which the loop
checks and keeps nothing: 1.75 s, ours 3.5 s, requests 3.5 s, csv2http 6.2 s, newman 41 s. At the endpoint that takes 100 ms,
5,000 rows take 10 s if nothing else takes any time, ours 13 s and csv2http 15 s.

What the profile said of 5,000 rows, in seconds of processor: 1.1 is spent outside of the pool. 0.45 are imports, of which
0.12 aiohttp (0.05 of it reads the certificates that it trusts), 0.08 asyncio and click, 0.06 pydantic with the mapping's
models, 0.025 each phonenumbers and ruamel.yaml, and much of the rest dataclasses of ours being made; models that are built
when they are first used only move their part. 0.03 are the mapping, read once, and the shipped calling hours. 0.4 is every
row judged and entered. 0.15 is the result file: it was 0.2 before encoders were made once, and before `isprintable` told
which texts need no search for signs that a file can't hold.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from measure import RUNS, Measured, ratios_of
from rig import lead_list
from rig.bench import Bench, bench

ROWS = 5_000
SLOW_ROWS = 2_000  # at a slow endpoint; all of them in the long run
LATENCY = 0.1
_PATIENCE = 300.0  # seconds for an installation


def lines() -> Iterable[Measured]:
    """csv2http and a loop of requests, and csv2http once more at an endpoint that takes its time."""
    with bench(ROWS) as at:
        bin_ = _python_programs(at.folder)
        payloads = lead_list.write_payloads_csv(at.folder / "payloads.csv", ROWS)
        yield _against(at, "csv2http", 5.0, _csv2http(at, bin_, payloads))
        yield _against(at, "a loop of requests", 3.0, _requests_loop(at, bin_, payloads))
    yield _slow(SLOW_ROWS)


def long_lines() -> Iterable[Measured]:
    """newman, which takes most of a minute, and the slow endpoint with all rows."""
    yield _slow(ROWS)
    with bench(ROWS) as at:
        yield _against(at, "newman", 30.0, _newman(at))


def _slow(rows: int) -> Measured:
    with bench(rows, LATENCY) as at:
        bin_ = _python_programs(at.folder)
        payloads = lead_list.write_payloads_csv(at.folder / "payloads.csv", rows)
        return _against(at, "csv2http, endpoint that takes 100 ms", 1.7, _csv2http(at, bin_, payloads))


def _against(at: Bench, rival: str, target: float, send: Callable[[], float] | None) -> Measured:
    what = f"{at.rows:,} rows, whole process, times as fast"
    if send is None:
        return Measured(what, rival, target, (), True, f"{rival.partition(',')[0]} could not be installed here")
    leads = lead_list.write_csv(at.folder / "leads.csv", at.rows)
    pairs = [(at.run(leads, at.folder / "out.csv").wall, send()) for _ in range(RUNS)]
    ratios, note = ratios_of(*zip(*pairs, strict=True), speed=True)
    return Measured(what, rival, target, ratios, True, note)


def _csv2http(at: Bench, bin_: Path | None, payloads: Path) -> Callable[[], float] | None:
    if bin_ is None:
        return None
    command: list[str | Path] = [bin_ / "csv2http", payloads, at.endpoint.url, "-c", str(lead_list.CONCURRENCY)]
    return lambda: at.sent_by(command, at.folder).wall


def _requests_loop(at: Bench, bin_: Path | None, payloads: Path) -> Callable[[], float] | None:
    if bin_ is None:
        return None
    command: list[str | Path] = [
        bin_ / "python",
        Path(__file__).parent / "rig" / "requests_loop.py",
        at.endpoint.url,
        payloads,
    ]
    return lambda: at.sent_by(command, at.folder).wall


def _newman(at: Bench) -> Callable[[], float] | None:
    program = shutil.which("newman") or _npm_program(at.folder, "newman")
    if program is None:
        return None
    names = lead_list.payload_fields()
    body = "{" + ", ".join(f'"{name}": "{{{{{name}}}}}"' for name in names) + "}"
    header = [{"key": "Content-Type", "value": "application/json"}]
    request = {"method": "POST", "url": at.endpoint.url, "header": header, "body": {"mode": "raw", "raw": body}}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    collection = at.folder / "collection.json"
    collection.write_text(
        json.dumps({"info": {"name": "calls", "schema": schema}, "item": [{"name": "call", "request": request}]}),
        encoding="utf-8",
    )
    payloads = lead_list.write_payloads_csv(at.folder / "payloads.csv", at.rows)
    return lambda: at.sent_by([program, "run", collection, "-d", payloads], at.folder).wall


def _python_programs(folder: Path) -> Path | None:
    """The folder with the programs of a fresh environment that has csv2http and requests; None if they can't be had."""
    made = _done([sys.executable, "-m", "venv", folder / "venv"])
    bin_ = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    installed = made and _done([bin_ / "python", "-m", "pip", "install", "-q", "csv2http", "requests"])
    return bin_ if installed else None


def _npm_program(folder: Path, name: str) -> Path | None:
    npm = shutil.which("npm")
    installed = npm and _done([npm, "install", "--prefix", folder / "npm", "--no-audit", "--no-fund", name])
    return folder / "npm" / "node_modules" / ".bin" / name if installed else None


def _done(command: list[str | Path]) -> bool:
    try:
        return not subprocess.run([*map(str, command)], capture_output=True, timeout=_PATIENCE, check=False).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False
