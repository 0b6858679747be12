"""Makes the pictures of the README and of docs, from a real job against the sandbox: all of them, or those that are named.

.venv/bin/python docs/pictures/make.py [NAME ...]

It needs chromium, soffice and pdftoppm (Debian's chromium, libreoffice-calc-nogui and poppler-utils), DejaVu's letters, and a
system with pseudo-terminals.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import clock
import page_pictures as pages
import terminal_pictures as terminals
import workbook_pictures as workbooks
from job import LEADS, MAPPING, Job

HERE = Path(__file__).parent
RUN = f"campaign run {LEADS} -m {MAPPING}"
SELDOM_READ = (
    *("Email", "Owner", "Owner Phone", "call_phone", "call_response", "call_next_allowed", "call_http_status"),
    *("call_attempts", "call_submitted_at", "call_row_id"),
)

PICTURES: dict[str, Callable[[Job, Path], None]] = {
    "result-workbook": lambda job, path: workbooks.draw(job.workbook, "Results", path, 1080, hidden=SELDOM_READ),
    "result-summary": lambda job, path: workbooks.draw(job.workbook, "Summary", path, 1290),
    "result-to-correct": lambda job, path: workbooks.draw(job.workbook, "To correct", path, 986, hidden=SELDOM_READ),
    "report-to-correct": lambda job, path: workbooks.draw(job.validation, "To correct", path, 987, hidden=SELDOM_READ),
    "campaign-report": lambda job, path: pages.shoot(job.page, path, 1160, 1775),
    "campaign-report-phone": lambda job, path: pages.shoot_phone(job.page, path, 390, 844),
    "map-terminal": lambda job, path: terminals.draw(job.map_screen, f"campaign map {LEADS} -o {MAPPING}", path),
    "preview-terminal": lambda job, path: terminals.draw(job.screens["preview"], RUN, path),
    "run-terminal": lambda job, path: terminals.draw(job.screens["running"], RUN, path),
    "run-terminal-light": lambda job, path: terminals.draw(job.screens["running"], RUN, path, terminals.LIGHT),
}


def main(names: list[str]) -> None:
    """Draw the named pictures, or all."""
    if unknown := set(names) - set(PICTURES):
        sys.exit(f"No such picture: {', '.join(sorted(unknown))}. There are: {', '.join(PICTURES)}.")
    clock.start()
    with tempfile.TemporaryDirectory() as folder:
        job = Job(Path(folder))
        for name in names or PICTURES:
            PICTURES[name](job, HERE / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
