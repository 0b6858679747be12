"""Reads a .xls or .xlsb in a process of its own: python-calamine is compiled code, which a broken file may bring to an
end or make take all memory, and then it is not the campaign that dies.

Started by `contained` as `python -m campaign.adapters.sources.binary_excel.calamine_child REQUEST`, it writes lines to its
standard output: `sheet`, `layout` and `merged`, then `row` for each row that holds something, then `end`; or `error`. A
blank line is a sign of life.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple
from datetime import timedelta
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from campaign.adapters.sources.binary_excel.calamine_request import Request
from campaign.adapters.sources.binary_excel.contained import NO_SPACE
from campaign.adapters.sources.binary_excel.marks import Beat, Marks
from campaign.adapters.sources.binary_excel.marks_xls import LOCKED, xls_marks
from campaign.adapters.sources.binary_excel.marks_xlsb import xlsb_marks
from campaign.adapters.sources.bounded import bounded
from campaign.adapters.sources.sheets.choice import NamedSheet, choose, hidden_ones
from campaign.adapters.sources.sheets.facts import EXACT
from campaign.core.cells.cell import Cell, CellFault, dump_cells, is_blank
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.core.limits import Limits

_BEAT_ROWS = 10_000


def lines(request: Request, beat: Beat) -> Iterator[str]:
    """The answer, without `end`. Raises `SourceError`, and whatever python-calamine and damaged records raise."""
    path, limits = request.path, request.limits
    marks: Sequence[Marks | None]
    if path.suffix.lower() == ".xls":
        marks = found = xls_marks(path, beat)
        besides = 0
        for number, sheet in enumerate(found, 1):  # opening a .xls lays out all of its sheets
            sheet.check(limits, path.name, f"no. {number}", besides)
            besides += sheet.places
    else:
        marks = xlsb_marks(path, limits, beat)
    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError:
        raise SourceError(f"{path.name} is protected with a password.", LOCKED) from None
    with book:
        sheets = [
            NamedSheet(known.name, known.visible == SheetVisibleEnum.Visible, place)
            for place, known in enumerate(book.sheets_metadata)
            if known.typ == SheetTypeEnum.WorkSheet
        ]
        reader = _Reader(book, marks, request, beat)
        chosen, others = choose(sheets, request.sheet, path.name, reader.holds_something)
        hidden = hidden_ones(sheets, chosen, reader.holds_something)
        seen = reader.marks(chosen)
        yield f"sheet {json.dumps([chosen.name, [other.name for other in others], hidden, seen.formulas])}"
        yield f"layout {json.dumps(astuple(seen.layout))}"
        yield f"merged {json.dumps([astuple(cells) for cells in seen.merged])}"
        for row in bounded(reader.rows(chosen), limits, path.name, total=True):
            yield f"row {row.number} {row.hidden:d} {dump_cells(row.cells)}"


class _Reader:
    """The sheets of one workbook with their marks put in."""

    def __init__(self, book: CalamineWorkbook, marks: Sequence[Marks | None], request: Request, beat: Beat) -> None:
        self._book = book
        self._all_marks = marks
        self._request = request
        self._beat = beat

    def holds_something(self, sheet: NamedSheet) -> bool:
        """Whether a cell of it is not blank."""
        return next(self.rows(sheet), None) is not None

    def marks(self, sheet: NamedSheet) -> Marks:
        """What the records of the sheet say."""
        return self._all_marks[sheet.place] or Marks()

    def rows(self, sheet: NamedSheet) -> Iterator[SourceRow]:
        """The rows that hold something."""
        marks = self.marks(sheet)
        marks.check(self._request.limits, self._request.path.name, sheet.name)
        self._beat()
        found = self._book.get_sheet_by_index(sheet.place)
        given = _given(found)
        start = found.start[1] if found.start else 0
        for row in range(marks.bottom + 1):
            if row % _BEAT_ROWS == 0:
                self._beat()
            cells: list[Cell] = [None] * start
            cells.extend([_cell(value) for value in next(given, ())])
            marks.apply(row, cells)
            while cells and cells[-1] is None:
                cells.pop()
            if not all(map(is_blank, cells)):
                yield SourceRow(row + 1, tuple(cells), marks.hides(row))
        if next(given, None) is not None:
            raise ValueError(f"the sheet {sheet.name} has more rows than it says")


def _given(sheet: CalamineSheet) -> Iterator[list[Any]]:
    # A sheet without cells has no first row, which `iter_rows` does not expect.
    return iter(()) if sheet.start is None else iter(sheet.iter_rows())


def _cell(value: Any) -> Cell:
    """A value of python-calamine as ours: whole numbers as such, endless ones as faults, no text and no cell alike."""
    if type(value) is float:
        if not math.isfinite(value):
            return CellFault(repr(value))
        return int(value) if value.is_integer() and abs(value) < EXACT else value
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return None if value == "" else value


def _confine(limits: Limits) -> None:
    """Let the system refuse memory beyond the bound, where it can, and leave Ctrl-C to the process that waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(text: str, say: Callable[[str], None]) -> None:
    """Read what is asked for and say it line by line; whatever goes wrong is said as well."""
    request = Request.load(text)
    _confine(request.limits)
    try:
        for line in lines(request, lambda: say("")):
            say(line)
        say("end")
    except SourceError as error:
        say(f"error {json.dumps([error.message, error.cure])}")
    except MemoryError:
        say("memory")
    except BaseException as error:
        say(f"damaged {json.dumps(f'{type(error).__name__}: {error}'[:300])}")


def main() -> None:
    """Answer the request that is this command's argument."""
    out = sys.stdout.buffer

    def say(line: str) -> None:
        try:
            out.write(line.encode("utf-8", "surrogatepass") + b"\n")
            if line in ("", "end"):
                out.flush()
        except OSError:
            os._exit(NO_SPACE)  # at once: an orderly exit would try to write once more

    answer(sys.argv[1], say)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
