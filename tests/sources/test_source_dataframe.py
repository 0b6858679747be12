"""DataFrames: every kind of missing value is blank, every value is a plain one, and the content has a fingerprint."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from campaign.adapters.sources import DataFrameSource
from campaign.core.cells.cell import CellFault, dump_cells, load_cells
from campaign.core.errors import SourceError
from campaign.ports import LeadSource, Skipped


def test_rows_are_numbered_as_in_a_sheet() -> None:
    """The header is row 1 and the index is not looked at; blank rows keep their number and are told."""
    frame = pd.DataFrame({"Name": ["Ann", None, "Bob"], "Phone": ["1", " ", "2"]}, index=[7, 7, 3])
    source: LeadSource = DataFrameSource(frame, "May")
    assert (source.name, source.sheet, source.header, source.header_row) == ("May", "", ("Name", "Phone"), 1)
    assert {row.number: row.cells for row in source.rows()} == {2: ("Ann", "1"), 4: ("Bob", "2")}
    assert source.skipped() == (Skipped(3, 3, "blank"),)


def test_missing_values_are_blank() -> None:
    """NaN, NaT, pd.NA and None, in columns of every kind."""
    frame = pd.DataFrame(
        {
            "key": ["x"],
            "float": [float("nan")],
            "object": pd.Series([None], dtype=object),
            "nullable": pd.Series([pd.NA], dtype="Int64"),
            "string": pd.Series([pd.NA], dtype="string"),
            "time": pd.Series([None], dtype="datetime64[ns]"),
            "mixed": pd.Series([pd.NaT], dtype=object),
            "numpy": pd.Series([np.datetime64("NaT")], dtype=object),
            "category": pd.Categorical([None], categories=["a"]),
        }
    )
    [row] = DataFrameSource(frame).rows()
    assert row.cells == ("x", *[None] * 8)


def test_values_are_plain() -> None:
    """NumPy's and pandas' own types become Python's, and the journal can keep each of them."""
    moment = datetime(2026, 1, 5, 9, 30)
    values = {
        "int": (np.int64(447911123456), 447911123456),
        "nullable": (pd.array([12], dtype="Int64")[0], 12),
        "float": (np.float32(0.5), 0.5),
        "bool": (np.bool_(True), True),
        "stamp": (pd.Timestamp(moment), moment),
        "nanoseconds": (pd.Timestamp("2026-01-05 09:30:00.000000001"), moment),
        "zone": (pd.Timestamp(moment, tz="UTC"), moment.replace(tzinfo=UTC)),
        "datetime64": (np.datetime64("2026-01-05T09:30"), moment),
        "date": (date(2026, 1, 5), date(2026, 1, 5)),
        "decimal": (Decimal("447911123456"), "447911123456"),
        "list": ([1, 2], "[1, 2]"),
        "text": (np.str_("x"), "x"),
        "endless": (float("inf"), CellFault("inf")),
        "long": (np.longdouble(1.5), "1.5"),
    }
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, (value, _) in values.items()})
    [row] = DataFrameSource(frame).rows()
    assert row.cells == tuple(plain for _, plain in values.values())
    exact = {str, int, float, bool, date, datetime, CellFault}
    assert {type(cell) for cell in row.cells} <= exact
    assert load_cells(dump_cells(row.cells)) == row.cells


def test_typed_columns() -> None:
    """Columns of the usual types give what their sheet would."""
    frame = pd.DataFrame({"i": [1], "f": [1.5], "b": [True], "t": pd.to_datetime(["2026-01-05"]), "s": ["x"]})
    [row] = DataFrameSource(frame).rows()
    assert row.cells == (1, 1.5, True, datetime(2026, 1, 5), "x")
    assert [type(cell) for cell in row.cells] == [int, float, bool, datetime, str]


def test_header_follows_the_rules_of_files() -> None:
    """Blank and repeated labels get a name, numbers are labels, levels are joined."""
    assert DataFrameSource(pd.DataFrame([[1, 2, 3, 4]], columns=["a", "a", np.nan, 5])).header == (
        "a",
        "a (2)",
        "column C",
        "5",
    )
    levels = pd.MultiIndex.from_tuples([("Lead", "Phone"), ("Lead", "")])
    assert DataFrameSource(pd.DataFrame([[1, 2]], columns=levels)).header == ("Lead Phone", "Lead")
    with pytest.raises(SourceError, match="no columns"):
        DataFrameSource(pd.DataFrame())


def test_fingerprint_knows_the_content() -> None:
    """Names, values, types and order matter; the index and the source's name do not."""
    frame = pd.DataFrame({"a": ["1", "2"], "b": ["3", "4"]})
    same = frame.set_index(pd.Index([5, 6]))
    others = [
        frame.rename(columns={"a": "c"}),
        frame.astype({"a": int}),
        frame.iloc[::-1],
        frame[["b", "a"]],
        frame.head(1),
        pd.DataFrame({"a": ["1", "2", None], "b": ["3", "4", None]}),
    ]
    prints = [DataFrameSource(one).fingerprint() for one in (frame, *others)]
    assert DataFrameSource(same, "other").fingerprint() == prints[0]
    assert len(set(prints)) == len(prints)


def test_fingerprint_is_the_same_in_another_process() -> None:
    """Nothing of this process goes into it, such as the seed of `hash`."""
    code = (
        "import pandas as pd; from campaign.adapters.sources import DataFrameSource as S;"
        "print(S(pd.DataFrame({'a': ['x', 1.5, True], 'b': [None, 'y', pd.Timestamp(2026, 1, 5)]})).fingerprint())"
    )
    here = DataFrameSource(pd.DataFrame({"a": ["x", 1.5, True], "b": [None, "y", pd.Timestamp(2026, 1, 5)]}))
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == here.fingerprint()


def test_an_endless_integer_is_a_fault_of_its_cell() -> None:
    """Python writes no integer of some thousand digits: the cell says what it is, and the rest of the list is read."""
    source = DataFrameSource(pd.DataFrame({"Phone": [10**5000, 2025550123]}, dtype=object))
    assert [row.cells for row in source.rows()] == [(CellFault("1.00000E+5000"),), (2025550123,)]
    assert len(source.fingerprint()) == 64
