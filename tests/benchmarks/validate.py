"""How fast `campaign validate` is, held against a plain loop over the same cells: `python tests/benchmarks/validate.py`.

The loop is what somebody would write: `csv`, and of phonenumbers parse, is_valid_number, E.164, number_type and
time_zones_for_number. It reads no other cell, knows no duplicates, hours or do-not-call lists, and reports nothing.

Found with py-spy, cProfile and the time of each step over the same rows, of 205 µs a row in the beginning (the loop: 60): most
was numbers parsed and judged twice more for their time zones, frozen dataclasses made for each row (0.85 µs for four fields; a
named tuple takes 0.3), a look for a do-not-call list that was not there, and Python's search for cycles. Of the 53 that were left,
12 were spent on rows whose calling hours are closed, half of this list in the evening: their reasons were put into words anew
for each, with two dates, four dataclasses and a regular expression. So what a run took hung on the hour: it is as of one moment
here. Now a row takes about 42: its number 8, other fields and the row's own objects 12, time zones, hours and caps 6, judging 5,
what is reported 5, csv and what is a lead 3. In which order counts as well: to tell the terms of each row right after it was
read, rather than those of a batch after the batch, took 6 more.

Before the first row, with python -X importtime and cProfile: 0.68 s, and now 0.5. Of that, 0.13 looked up whether the places of
the shipped hours exist, 0.03 to 0.08 were the exit's search for cycles, 0.015 the dictionary of header names. A list of all
regions loaded the names of countries in 57 languages for the codes AC and TA, and went through all zones of phonenumbers for
each region: 0.4 s more. What is left: 0.09 is holidays, which imports every country of the world for the holidays of one
(France, Spain, Australia, two states), 0.1 pydantic and the mapping's models, 0.05 phonenumbers, 0.02 each asyncio and the
YAML of the shipped hours, and about 0.15 the dataclasses and modules of our own.

Other processes read rows and tell their terms, this one judges: a row costs it 16 µs with 3 for the pipes, and the other one 30
with 3 for the pipes; what time is left to it, it reads rows, too. Before, it looked for the hours itself, at 27 µs a row, and the
other process had nothing to do for half of its time. Pickles of named tuples took twice as long as those of plain ones.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import phonenumbers
from measure import RUNS, Measured, Usage, child, ours, python, ratios_of, share_of
from phonenumbers import PhoneNumberFormat
from phonenumbers.timezone import time_zones_for_number
from rig.phone_lists import ALL_REGIONS, MAPPING, TEN_COUNTRIES, write_list

# More than a fifth of them every day: of that the start would be half of what is measured.
_ROWS, _WORLD_ROWS = min(200_000, share_of(600_000)), min(50_000, share_of(80_000))
_FEW, _MANY = 100_000, 1_000_000
_ONE = {"CAMPAIGN_PROCESSES": "1"}
_LOOP = "plain loop of phonenumbers"
_AT = "2026-11-25T21:00Z"  # calling hours are closed for half of the ten countries


def lines() -> Iterator[Measured]:
    """The lines of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        ten, world = folder / "ten.csv", folder / "world.csv"
        write_list(ten, TEN_COUNTRIES, _ROWS)
        write_list(world, ALL_REGIONS, _WORLD_ROWS)
        what = f"{_ROWS:,} rows, ten countries"
        rounds = [(_validate(ten, _ONE), _validate(ten, {}), _loop(ten)) for _ in range(RUNS)]
        alone, together, plain = zip(*rounds, strict=True)
        yield _cpu(f"validate, one process: {what}", _LOOP, 0.85, alone, plain)
        ratios, note = ratios_of([one.wall for one in together], [one.wall for one in plain])
        yield Measured(f"validate, all cores: {what}", _LOOP, 0.55, ratios, note=f"{note}, {os.cpu_count()} cores")
        pairs = [(_validate(world, _ONE), _loop(world)) for _ in range(RUNS)]
        alone, plain = zip(*pairs, strict=True)
        what = f"{_WORLD_ROWS:,} rows, {len(ALL_REGIONS)} regions"
        yield _cpu(f"validate, one process: {what}", _LOOP, 0.2, alone, plain)


def long_lines() -> Iterator[Measured]:
    """The memory at a million rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        yield _memory(folder)


def _cpu(what: str, bare: str, target: float, ours: Sequence[Usage], loops: Sequence[Usage]) -> Measured:
    ratios, note = ratios_of([one.cpu for one in ours], [one.cpu for one in loops])
    return Measured(what, bare, target, ratios, note=note)


def _memory(folder: Path) -> Measured:
    few, many = folder / "few.csv", folder / "many.csv"
    write_list(few, TEN_COUNTRIES, _FEW)
    write_list(many, TEN_COUNTRIES, _MANY)
    peaks = [_validate(leads, _ONE).peak for leads in (few, many)]
    note = f"{peaks[1]:.0f} MiB against {peaks[0]:.0f} MiB"
    return Measured(
        f"validate, memory: {_MANY:,} rows", f"{_FEW:,} rows", 150, [peaks[1] - peaks[0]], note=note, unit="MiB more"
    )


def _validate(leads: Path, env: dict[str, str]) -> Usage:
    home, mapping = leads.parent / "home", leads.parent / "mapping.yaml"
    return child(ours("validate", leads, "-m", mapping, "--home", home, "--at", _AT, "--json"), env=env, accept=(0, 1))


def _loop(leads: Path) -> Usage:
    return child(python(__file__, "loop", leads))


def loop(leads: Path) -> int:
    """The bare work. Returns how many numbers are valid."""
    valid = 0
    with leads.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                number = phonenumbers.parse(row["Phone"], row["Country"])
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                phonenumbers.format_number(number, PhoneNumberFormat.E164)
                phonenumbers.number_type(number)
                time_zones_for_number(number)
                valid += 1
    return valid


if __name__ == "__main__":
    loop(Path(sys.argv[2]))
