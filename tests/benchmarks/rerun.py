"""Rerunning a result workbook of which hardly a row was corrected, against the bare works of it: calamine's reading, the plain
phone loop, openpyxl's write-only writing.

Ours reads the workbook three times (whose it is, which row is which, what is to be corrected), looks every row up in the
journal, judges it anew and writes the workbook again; one row is sent.

What the profile said: a row took 670 us with 200,000 of them and twelve times that with a million, because SQLite looked a number
up by going through all rows of the campaign, and each row was a commit of its own. Rows are looked up and committed a thousand at
a time now, and one that stands as it did is not written: 180 us, with however many.
"""

from __future__ import annotations

from collections.abc import Iterable

from measure import RUNS, Measured, ours, ratios_of, share_of
from rig import lead_list
from rig.bench import bench

ROWS = share_of(50_000)


def lines() -> Iterable[Measured]:
    """The whole command, start and end included."""
    with bench(1) as at:  # one call for each command
        leads = lead_list.write_xlsx(at.folder / "leads.xlsx", ROWS)
        results, again = at.folder / "results.xlsx", at.folder / "again.xlsx"
        at.run(leads, results, "--limit", "1")
        command = ours("rerun", results, "--limit", "1", *at.sending(at.folder / "fresh", again))
        rounds = [
            (at.sent_by(command).wall, sum(at.bare_work(work, leads) for work in ("read", "phones", "workbook")))
            for _ in range(RUNS)
        ]
    ratios, note = ratios_of(*zip(*rounds, strict=True))
    yield Measured(f"rerun of {ROWS:,} rows, one sent", "sum of the bare works", 1.5, ratios, note=note)
