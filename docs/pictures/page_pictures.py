"""Pictures of pages, by Chromium without a window; and what makes any picture small."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

sys.path.append(str(Path(__file__).parents[2] / "tests" / "report_page"))
from browser import flags

SHARP = 2  # dots of a picture for one of the page, as good screens have
_COLOURS = 128


def shoot(page: Path, picture: Path, width: int, height: int, *, dark: bool = False, clear: bool = False) -> None:
    """Take the picture of a page in a window of that size. `dark`: for a person who likes it dark; `clear`: where the page has
    no colour, neither has the picture."""
    looks = ["--blink-settings=preferredColorScheme=0"] if dark else []
    looks += ["--default-background-color=00000000"] if clear else []
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "chromium",
                *flags(Path(profile)),
                f"--force-device-scale-factor={SHARP}",
                *looks,
                f"--window-size={width},{height}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
    with Image.open(picture) as shot:
        save(shot, picture)


def shoot_phone(page: Path, picture: Path, width: int, height: int) -> None:
    """The beginning of a page on a phone of someone who likes it dark."""
    # A window is never as narrow as a phone, but a frame in it is.
    phone = page.with_name("phone.html")
    frame = f"<iframe src='{page.name}' style='width:{width}px;height:{height}px;border:0'>"
    phone.write_text(f"<body style='margin:0'>{frame}", encoding="utf-8")
    shoot(phone, picture, 500, height, dark=True)
    with Image.open(picture) as shot:
        save(shot.crop((0, 0, width * SHARP, height * SHARP)), picture)


def save(shot: Image.Image, picture: Path) -> None:
    """Write a picture with as few colours as it needs to look the same: a fraction of the bytes."""
    if shot.mode == "RGBA" and any(shot.getchannel("A").histogram()[:255]):
        few = shot.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    else:
        few = shot.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)
