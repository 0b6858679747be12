"""Where in the file the leads stand, and how much the file may take."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
    StrictInt,
    StrictStr,
)

from campaign.core.limits import MOST_ROWS, Limits
from campaign.core.mapping.part import Part
from campaign.core.mapping.values import (
    Size,
)

_LIMITS = Limits()


class LimitsSpec(Part):
    """How much a list may ask of this computer. A file beyond a bound is an error that names it; nothing is cut off."""

    rows: StrictInt = Field(
        MOST_ROWS, ge=1, description="Rows of the list, blank ones and the header counted.", examples=[20_000_000]
    )
    columns: StrictInt = Field(_LIMITS.columns, ge=1, description="Cells of one row.", examples=[200])
    cell: StrictInt = Field(_LIMITS.cell, ge=1, description="Characters of one cell.", examples=[32_767])
    row: StrictInt = Field(_LIMITS.row, ge=1, description="Characters of one row.", examples=[1_000_000])
    unpacked: Size = Field(
        _LIMITS.unpacked,
        ge=1,
        description="What a workbook or .gz file may unpack to.",
        examples=["4GiB"],
        json_schema_extra={"default": "2GiB"},
    )
    memory: Size = Field(
        _LIMITS.memory,
        ge=1,
        description="Memory that reading a workbook may take.",
        examples=["8GiB"],
        json_schema_extra={"default": "4GiB"},
    )
    seconds: StrictInt = Field(
        _LIMITS.seconds,
        ge=1,
        description="How long reading a .xls or .xlsb file may give no sign of life, in seconds.",
        examples=[300],
    )

    def limits(self) -> Limits:
        """The bounds as sources take them."""
        return Limits(**self.model_dump())


class SourceSpec(Part):
    """Where in the file the leads stand. All of it is found by itself when left out."""

    sheet: StrictStr | None = Field(
        None,
        description="Name of the sheet to read; the first with something in it when left out. Text files have none.",
        examples=["Leads"],
    )
    header_row: StrictInt | None = Field(
        None, ge=1, description="Row number of the column names, as Excel shows it.", examples=[3]
    )
    encoding: StrictStr | None = Field(
        None, description="Encoding of a text file, such as utf-8, utf-16 or cp1252.", examples=["cp1252"]
    )
    delimiter: StrictStr | None = Field(
        None,
        min_length=1,
        max_length=1,
        description='Separator of a text file. A tab is written "\\t".',
        examples=[";"],
    )
    hidden_rows: Literal["call", "skip"] | None = Field(
        None,
        description="Rows that the workbook hides or filters out: 'call' them too, or 'skip' them. While neither this nor "
        "--hidden-rows says so, nothing is sent before a person was asked.",
        examples=["skip"],
    )
    limits: LimitsSpec = Field(default_factory=LimitsSpec, description="How large a list may be.")
