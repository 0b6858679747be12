"""Reading a list of 200,000 rows and ten columns: a workbook against python-calamine's `iter_rows`, a CSV against the csv
module. Ours ends with leads: rows with their numbers, types and formats, within the bounds, footers and test leads left out.

    python tests/benchmarks/reading.py [ROWS]

The workbook comes twice: with shared texts, as Excel and XlsxWriter write it, and with the texts in their cells, as
openpyxl does.

What a profile found, in seconds of processor for 100,000 rows of the first (of the second), calamine taking 0.77 (0.87):
ElementTree's `iterparse` with the way from its elements to cells took 6.6 (5.5), expat alone with three calls for every cell
would have taken 2.6. Now it is 1.02 (1.07): regular expressions find the parts of whole rows (0.21), columns are made of them
(0.23), of which half is Python's own `int` and the look into the table, shared texts are read once (0.07), rows are made,
bounded and sorted (0.3), and the sheet is unpacked twice (0.07 each), first for hidden rows and merged cells, which one
expression looks for (0.03). Another 0.015 of any workbook is openpyxl's, for styles and names: at 40,000 rows it makes 0.1 of
the ratio. An expression that expects the tags of the rows before would save another 0.14, at the price of a second one for
all other rows. Larger blocks, no garbage collection, JSON's reading of the numbers, a count in place of the set of tags, and
a narrower expression for sheets without texts in their cells gained nothing.

What is read how often: the sheet is unpacked for its looks, its first rows are read for the header, and then every pass
reads it. A second pass is made only for hidden rows, if there are any, and for rules about skipping and consent, which may not
be decided by row. The fingerprint reads the packed file, 0.01 s of SHA-256 for 6 MB.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from measure import Measured, child, in_turns, processor_seconds, python, share_of
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from python_calamine import CalamineWorkbook

from campaign.adapters.sources import open_source

ROWS = share_of(200_000)
MOST, MOST_OF_CSV = 1.5, 5.0
MANY, FEW, MOST_MORE = 1_000_000, 100_000, 40
HEADER = ["First Name", "Last Name", "Phone", "Mobile", "Email", "City", "Zip", "Signed Up", "Score", "Note"]
NAMES, CITIES = ["Ann", "Bob", "Zoë", "José", "Kim", "Lee & Ola"], ["Oslo", "Berlin", "São Paulo", "New York"]
DAYS_FROM = date(1899, 12, 30)
Value: TypeAlias = str | int | float | date | None


def lines(rows: int = ROWS) -> Iterator[Measured]:
    """The lines of the table. The target for CSV is our own."""
    with tempfile.TemporaryDirectory() as folder:
        for form in ("shared", "inline"):
            path = workbook(Path(folder) / f"{form}.xlsx", rows, shared=form == "shared")
            what = f"reading {rows:,} rows of XLSX, {form} texts"
            yield against(path, calamine, what, "python-calamine iter_rows", MOST)
        yield against(
            text(Path(folder) / "leads.csv", rows),
            csv_module,
            f"reading {rows:,} rows of CSV",
            "csv module",
            MOST_OF_CSV,
        )


def against(path: Path, bare: Callable[[Path], None], what: str, name: str, most: float) -> Measured:
    """Our reading of a file against a bare one."""
    ratios, note = in_turns(
        lambda: processor_seconds(lambda: ours(path)), lambda: processor_seconds(lambda: bare(path))
    )
    return Measured(what, name, most, ratios, note=f"{note} of processor")


def long_lines() -> Iterator[Measured]:
    """The memory of a workbook without shared texts, which have to be held."""
    with tempfile.TemporaryDirectory() as folder:
        peaks = []
        for rows in (MANY, FEW):
            path = workbook(Path(folder) / f"{rows}.xlsx", rows, shared=False)
            peaks.append(child(python(__file__, "read", path)).peak)
    note = f"{peaks[0]:.0f} MiB against {peaks[1]:.0f} MiB"
    what = f"peak memory of reading {MANY:,} rows of XLSX"
    yield Measured(what, f"{FEW:,} rows", MOST_MORE, [peaks[0] - peaks[1]], note=note, unit="MiB more")


def ours(path: Path) -> None:
    """As `validate` and `run` read a list."""
    deque(open_source(path).rows(), maxlen=0)


def calamine(path: Path) -> None:
    """The bare rows, numbers and dates without their formats."""
    with CalamineWorkbook.from_path(str(path)) as book:
        deque(book.get_sheet_by_index(0).iter_rows(), maxlen=0)


def csv_module(path: Path) -> None:
    """The bare rows."""
    with path.open(newline="", encoding="utf-8") as file:
        deque(csv.reader(file), maxlen=0)


def made(rows: int) -> Iterator[list[Value]]:
    """The header and leads: texts that repeat and that don't, phones as texts and as numbers, a code, a day, a gap."""
    yield list(HEADER)
    chance = random.Random(1)
    for n in range(rows):
        yield [
            chance.choice(NAMES),
            f"Lindqvist {n}",
            f"+1 202 555 01{n % 100:02d}",
            12_025_550_100 + n % 100,
            f"lead.{n}@example.com",
            chance.choice(CITIES),
            chance.randrange(99_999),
            date(2025, 1, 1) + timedelta(chance.randrange(400)),
            round(chance.random() * 100, 2),
            "call me later, please" if n % 7 else None,
        ]


def text(path: Path, rows: int) -> Path:
    """The leads as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(made(rows))
    return path


def workbook(path: Path, rows: int, *, shared: bool) -> Path:
    """The leads as a workbook: openpyxl makes the frame, for its own cells would take minutes."""
    book = Workbook()
    day = book.worksheets[0].cell(1, 1)
    day.number_format = "dd/mm/yyyy"
    assert day.style_id == 1
    frame = path.with_suffix(".frame")
    book.save(frame)
    texts: dict[str, int] | None = {} if shared else None
    with ZipFile(frame) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'
                content = content if b"sharedStrings" in content else content.replace(b"</Types>", entry.encode())
            if name not in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
                new.writestr(name, content)
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{SHEET_MAIN_NS}"><sheetData>'.encode())
            for number, values in enumerate(made(rows), 1):
                part.write(row(number, values, texts).encode())
            part.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(value)}</t></si>" for value in texts or ())
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SHEET_MAIN_NS}">{items}</sst>')
    frame.unlink()
    return path


def row(number: int, values: Iterable[Value], texts: dict[str, int] | None) -> str:
    """The XML of a row, with its texts in the table `texts` or, without one, in the cells."""
    cells = []
    for place, value in enumerate(values, 1):
        tag = f'<c r="{get_column_letter(place)}{number}"'
        if isinstance(value, str) and texts is not None:
            cells.append(f'{tag} t="s"><v>{texts.setdefault(value, len(texts))}</v></c>')
        elif isinstance(value, str):
            cells.append(f'{tag} t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        elif isinstance(value, date):
            cells.append(f'{tag} s="1"><v>{(value - DAYS_FROM).days}</v></c>')
        elif value is not None:
            cells.append(f"{tag}><v>{value}</v></c>")
    return f'<row r="{number}" spans="1:10">{"".join(cells)}</row>'


def main(arguments: list[str]) -> None:
    """Print the lines, or read one file, for its peak to be seen."""
    if arguments[:1] == ["read"]:
        ours(Path(arguments[1]))
        return
    for line in lines(*map(int, arguments)):
        print(f"{line.what}: {line.median:.2f}, target {line.target} ({line.note})")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
