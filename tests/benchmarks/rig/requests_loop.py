"""The plain loop that one writes first: `requests`, one row after the other, over one session. Run by the Python that has it."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import requests


def main() -> None:
    """Post every row of a CSV file, and keep the status of each beside it."""
    url, leads = sys.argv[1], Path(sys.argv[2])
    with (
        leads.open(newline="", encoding="utf-8") as rows,
        leads.with_suffix(".results.csv").open("w", newline="", encoding="utf-8") as results,
        requests.Session() as session,
    ):
        writer = csv.writer(results)
        for row in csv.DictReader(rows):
            writer.writerow([row["lc_number"], session.post(url, json=row, timeout=30).status_code])


if __name__ == "__main__":
    main()
