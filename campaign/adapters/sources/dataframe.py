"""A pandas DataFrame as a lead list, for people who call from Python."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from campaign.adapters.sources.header import column_names
from campaign.adapters.sources.omissions import BLANK, Omissions
from campaign.core.cells.cell import ENDLESS, Cell, CellFault, dump_cells, is_blank, shown
from campaign.core.errors import SourceError
from campaign.core.lead import SourceRow
from campaign.ports import HiddenChoice, HiddenRows, Skipped

if TYPE_CHECKING:
    from pandas import DataFrame

_FIRST_ROW = 2


class DataFrameSource:
    """A `LeadSource` over a frame, which is not copied: change nothing in it meanwhile.

    Rows are numbered as in the sheet that `to_excel(index=False)` makes: the header is row 1, the first lead row 2. The
    index is not read. Missing values of all kinds are blank cells; what no cell can hold (a Decimal, a list) is
    given as text.
    """

    def __init__(self, frame: DataFrame, name: str = "DataFrame") -> None:
        """Raises `SourceError` if the frame has no columns, or is no frame."""
        if not hasattr(frame, "columns"):
            raise SourceError(
                f"{type(frame).__name__}: that is no lead list.",
                "Pass the name of a file, or a DataFrame: pandas.DataFrame(...) makes one of dicts, lists or a Series.",
            )
        if not len(frame.columns):
            raise SourceError(f"{name} has no columns.", "Pass a frame with a column for each field.")
        self.name = name
        self.sheet = ""
        self.notes: tuple[str, ...] = ()
        self.lead_in_header = ""
        self.hidden = HiddenRows()
        self.hidden_columns: tuple[str, ...] = ()
        self.header = column_names([_label(label) for label in frame.columns], len(frame.columns))
        self.header_row = _FIRST_ROW - 1
        self._frame = frame
        self._skipped: tuple[Skipped, ...] = ()

    def decided(self, choice: HiddenChoice) -> DataFrameSource:
        """The same list: a frame shows all its rows."""
        return self

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the column names and all cells with their types: the same in every process."""
        digest = hashlib.sha256(json.dumps(self.header).encode())
        for cells in self._all():
            digest.update(b"\n" + dump_cells(cells).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def rows(self) -> Iterator[SourceRow]:
        """The leads, in the frame's order."""
        omitted = Omissions()
        for number, cells in enumerate(self._all(), _FIRST_ROW):
            if all(map(is_blank, cells)):
                omitted.add(number, number, BLANK)
            else:
                yield SourceRow(number, cells)
        self._skipped = omitted.entries()

    def left_out(self) -> Iterator[SourceRow]:
        """No row."""
        return iter(())

    def skipped(self) -> tuple[Skipped, ...]:
        """What the last complete pass of `rows` left out; () before the first."""
        return self._skipped

    def _all(self) -> Iterator[tuple[Cell, ...]]:
        for values in self._frame.itertuples(index=False, name=None):
            yield tuple([value if type(value) is str else _cell(value) for value in values])


def _label(label: object) -> Cell:
    """A column's label; one of several levels is joined."""
    if isinstance(label, tuple):
        return " ".join(str(level) for level in label if not is_blank(_cell(level)))
    return _cell(label)


def _cell(value: object) -> Cell:
    if type(value) is int:
        return value if abs(value) < ENDLESS else CellFault(shown(value))
    if value is None or type(value) in (str, bool):
        return value  # type: ignore[return-value]  # mypy does not narrow by `type(...) in`
    if isinstance(value, float):  # NumPy's own double is one
        if math.isnan(value):
            return None
        return float(value) if math.isfinite(value) else CellFault(repr(float(value)))
    import numpy as np
    import pandas as pd

    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, np.datetime64):
        return _cell(pd.Timestamp(value))
    if isinstance(value, np.generic):
        plain = value.item()
        return str(plain) if isinstance(plain, np.generic) else _cell(plain)
    if isinstance(value, (datetime, date, time)):
        return value
    return _cell(int(value)) if isinstance(value, int) else str(value)
