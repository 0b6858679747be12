"""Pictures of a workbook's sheets, as LibreOffice shows them."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from page_pictures import save
from PIL import Image, ImageChops

_WIDTH = 2000  # dots
_MARGIN = 16  # dots of white around what is drawn
_DOTS_PER_INCH = 220
_WIDEST = {"Phone": 23}  # letters of a column that is wide for few of its rows


def draw(book: Path, sheet: str, picture: Path, height: int, *, hidden: Collection[str] = ()) -> None:
    """Draw the beginning of a sheet, `height` dots of it, without some of its columns and with narrower ones: the rest can be
    read then."""
    with tempfile.TemporaryDirectory() as place:
        alone = Path(place) / "book.xlsx"
        _leave_alone(book, sheet, hidden, alone)
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={(Path(place) / 'profile').as_uri()}",
             "--convert-to", "pdf", "--outdir", place, str(alone)],
            check=True, capture_output=True,
        )  # fmt: skip
        drawn = Path(place) / "page"
        options = ["-png", "-r", str(_DOTS_PER_INCH), "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run(["pdftoppm", *options, str(alone.with_suffix(".pdf")), str(drawn)], check=True)
        with Image.open(drawn.with_suffix(".png")) as page:
            save(_cut(page.convert("RGB"), height), picture)


def _leave_alone(book: Path, sheet: str, hidden: Collection[str], to: Path) -> None:
    copy = openpyxl.load_workbook(book)
    for each in copy.worksheets:
        if each.title != sheet:
            copy.remove(each)
    shown = copy[sheet]
    shown.page_setup.fitToWidth = 1
    for n, cell in enumerate(shown[1], start=1):
        column = shown.column_dimensions[get_column_letter(n)]
        column.hidden = cell.value in hidden
        column.width = min(column.width, _WIDEST.get(str(cell.value), column.width))
    copy.save(to)


def _cut(page: Image.Image, height: int) -> Image.Image:
    """What is drawn, from the top, at the width of all pictures."""
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    assert box is not None
    left, top, right, bottom = box
    scale = _WIDTH / (right - left + 2 * _MARGIN)
    cut = (left - _MARGIN, top - _MARGIN, right + _MARGIN, min(bottom + _MARGIN, top - _MARGIN + round(height / scale)))
    part = page.crop(cut)
    return part.resize((_WIDTH, round(part.height * scale)), Image.Resampling.LANCZOS)
