"""A whole run without a limit, from an XLSX list to the result workbook, against the sum of the bare works of the table:
calamine's reading, the plain phone loop, the bare aiohttp loop, openpyxl's write-only writing, each alone.

Ours reads the list twice where a rule must see all rows first, keeps the journal, and starts up: all of that is counted. The
start is a second, a tenth of the ratio with the 10,000 rows of every day: 1.31 of them are 1.20 with all. A million rows, from
the list to the workbook, take eleven minutes and 209 MiB, 100,000 take 112 MiB.
"""

from __future__ import annotations

from collections.abc import Iterable

from measure import RUNS, Measured, ratios_of
from rig import lead_list
from rig.bench import bench

ROWS = 10_000  # it takes as long as all others together
LONG_ROWS = 100_000
MOST_ROWS = 1_000_000


def lines() -> Iterable[Measured]:
    """With as many rows as there is time for."""
    yield _whole(ROWS)


def long_lines() -> Iterable[Measured]:
    """With the rows that the target is for, and the memory of a run at a million."""
    yield _whole(LONG_ROWS)
    most, usual = _peak(MOST_ROWS), _peak(LONG_ROWS)
    note = f"{most:.0f} MiB and {usual:.0f} MiB; measured once"
    yield Measured("peak memory of run at 1M rows", "at 100k rows", 150.0, [most - usual], note=note, unit="MiB more")


def _whole(rows: int) -> Measured:
    with bench(rows) as at:
        leads = lead_list.write_xlsx(at.folder / "leads.xlsx", rows)
        ours, bare = [], []
        for _ in range(RUNS):
            ours.append(at.run(leads, at.folder / "out.xlsx").wall)
            bare.append(at.bare() + sum(at.bare_work(work, leads) for work in ("read", "phones", "workbook")))
    ratios, note = ratios_of(ours, bare)
    return Measured(f"whole run, {rows:,} rows of XLSX to workbook", "sum of the bare works", 1.3, ratios, note=note)


def _peak(rows: int) -> float:
    with bench(rows) as at:
        leads = lead_list.write_csv(at.folder / "leads.csv", rows)
        return at.run(leads, at.folder / "out.xlsx").peak
