"""Makes the pictures of the report for docs: a made-up list is run against a sandbox that misbehaves, its page shot in Chromium.

.venv/bin/python docs/make_report_pictures.py        (needs chromium: Debian's package of that name)
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

import campaign
from campaign.adapters.sandbox import SandboxSettings, parse_faults, run_in_thread

ROWS = 900
AGENTS = (("Dana Whitfield", "+442079460801"), ("Priya Raman", "+442079460802"), ("Tomas Achterberg", "+442079460803"))
MAPPING = {
    "version": 1,
    "fields": {"lc_number": "Phone", "country": {"value": "US"}},
    "agents": [{"name": {"column": "Owner"}, "phone": {"column": "Owner Phone"}}],
    "policy": {"calling_window": "off"},
    "delivery": {"rate": "40/s", "stop_after": {"consecutive": None, "ratio": None}},
}
FAULTS = "422:3%,drop-after:1%,503:1%,429:0.4%:retry-after=2"


def main() -> None:
    """Draw the page as it is on a screen, and its beginning on a phone of someone who likes it dark."""
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = SandboxSettings(latency=0.06, jitter=0.3, faults=parse_faults(FAULTS), seed=4)
        with run_in_thread(settings) as sandbox:
            keys = campaign.Keys(settings.widget_key, settings.api_key)
            sent = campaign.run(
                leads(folder / "spring-expo.csv"), MAPPING, keys=keys, endpoint=sandbox.url, home=folder
            )
            reports = f"{sandbox.base_url}/api/v1/calls/list"
            campaign.reconcile(sent.campaign, url=reports, account_key=settings.account_key, home=folder)
        page = campaign.report(sent.campaign, folder / "report.html", home=folder)
        shoot(page, here / "campaign-report.png", 1160, 1640)
        # A window is never as narrow as a phone, but a frame in it is.
        phone = folder / "phone.html"
        phone.write_text(f"<body style='margin:0'><iframe src='{page.name}' style='width:390px;height:844px;border:0'>")
        shoot(phone, here / "campaign-report-phone.png", 500, 844, "--blink-settings=preferredColorScheme=0")
        Image.open(here / "campaign-report-phone.png").crop((0, 0, 390, 844)).save(here / "campaign-report-phone.png")


def leads(path: Path) -> Path:
    """A list of numbers reserved for fiction, of four countries; some are wrong."""
    dice = random.Random(7)
    makers = (
        lambda n: f"+1 {202 + n % 3 * 10} 555 {100 + n % 100:04d}",
        lambda n: f"+44 20 7946 {n % 800:04d}",
        lambda n: f"+61 2 5550 {n % 1000:04d}",
        lambda n: f"+33 1 99 00 {n // 100 % 100:02d} {n % 100:02d}",
    )
    rows = []
    for _ in range(ROWS):
        phone = dice.choices(makers, (2, 4, 3, 2))[0](dice.randrange(10_000))
        phone = dice.choices((phone, "", "555-0117", f"{phone} home"), (30, 1, 1, 1))[0]
        rows.append((phone, *dice.choices(AGENTS, (5, 3, 2))[0]))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("Phone", "Owner", "Owner Phone"), *rows])
    return path


def shoot(page: Path, picture: Path, width: int, height: int, *more: str) -> None:
    """Take the picture of a page in a window of that size."""
    rights = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={picture}",
                *rights,
                *more,
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    main()
