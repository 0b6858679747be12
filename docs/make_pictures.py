"""Makes the pictures of the README and of docs: a short list is run against the sandbox, its workbook drawn by LibreOffice.

.venv/bin/python docs/make_pictures.py        (needs soffice and pdftoppm: Debian's libreoffice-calc-nogui, poppler-utils)
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd

import campaign
from campaign.adapters.sandbox import SandboxSettings, parse_faults, run_in_thread

LEADS = [
    ("Ana Lindqvist", "+46 8 465 004 12", "SE", "yes"),
    ("Bruno Keller", "030 23125 117", "Germany", "yes"),
    ("Chloé Martin", "01 99 00 12 34", "France", "yes"),
    ("Dana Whitfield", "(202) 555-0123", "USA", "yes"),
    ("Elif Demir", "+44 20 7946 0102", "UK", "no"),
    ("Femi Adeyemi", "202.555.0123", "US", "yes"),
    ("Greta Olsen", "4.42079E+11", "UK", "yes"),
    ("Hugo Bernard", "555-0117", "US", "yes"),
    ("Ines Costa", "+44 20 7946 0117", "UK", "yes"),
    ("Jonas Weber", "030 23125 home", "Germany", "yes"),
    ("Kaya Yilmaz", "+61 2 5550 1234", "Australia", "yes"),
    ("Liam O'Brien", "+1 212 555 0164", "US", "yes"),
    ("Maya Patel", "+44 161 496 0321", "UK", "yes"),
    ("Noor Haddad", "+1 415 555 0178", "US", "yes"),
    ("Owen Price", "(020) 7946 0311", "UK", "yes"),
    ("Pia Rossi", "", "US", "yes"),
]
MAPPING = {
    "version": 1,
    "fields": {"lc_number": "Phone", "country": {"column": "Country", "default": "US"}, "lc_param_name": "Name"},
    "policy": {"consent": {"column": "Opt In", "accept": "yes"}, "calling_window": "off"},
    "delivery": {"rate": "20/s", "concurrency": 1},
}
HIDDEN = ("call_response", "call_next_allowed", "call_http_status", "call_attempts", "call_row_id")
DOTS_PER_INCH = 110


def main() -> None:
    """Draw the result of a small campaign, without the columns that an operator seldom looks at, and what a report of its
    list has to be corrected."""
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "results.xlsx"
        frame = pd.DataFrame(LEADS, columns=["Name", "Phone", "Country", "Opt In"])
        settings = SandboxSettings(faults=parse_faults("drop-after:first=1,refuse:7%"), seed=4)
        with run_in_thread(settings) as sandbox:
            keys = campaign.Keys(settings.widget_key, settings.api_key)
            campaign.run(frame, MAPPING, keys=keys, endpoint=sandbox.url, output=book, home=Path(folder))
        hide(book)
        draw(book, {1: (here / "result-workbook", 290), 2: (here / "result-summary", 510)})
        report = Path(folder) / "report.xlsx"
        campaign.validate(frame, MAPPING, report=report, home=Path(folder) / "another")
        draw(report, {3: (here / "report-to-correct", 345)})


def draw(book: Path, pages: dict[int, tuple[Path, int]]) -> None:
    """Draw pages of a workbook, each with its picture's name and height in dots."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(book.parent), str(book)],
        check=True,
        capture_output=True,
    )
    for page, (name, height) in pages.items():
        cut = ["-x", "25", "-y", "40", "-W", "1165", "-H", str(height)]
        options = ["-png", "-r", str(DOTS_PER_INCH), "-f", str(page), "-l", str(page), "-singlefile", *cut]
        subprocess.run(["pdftoppm", *options, str(book.with_suffix(".pdf")), str(name)], check=True)


def hide(path: Path) -> None:
    """Hide columns, so that the page shows the rest at a size that can be read."""
    book = openpyxl.load_workbook(path)
    sheet = book["Results"]
    for cell in sheet[1]:
        if cell.value in HIDDEN:
            sheet.column_dimensions[cell.column_letter].hidden = True
    book.save(path)


if __name__ == "__main__":
    main()
