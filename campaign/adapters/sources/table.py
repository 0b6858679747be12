"""What a format has to give: numbered rows, and nothing of headers. Each format is one implementation of `Table`."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Protocol

from campaign.core.lead import SourceRow
from campaign.core.limits import Limits


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the file; None where it is to be found."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file does not show of its cells: whether some rows may be hidden, whether a filter is on, and the first and last
    of columns that are hidden, counted from 1."""

    hides_rows: bool = False
    filtered: bool = False
    hidden_columns: tuple[tuple[int, int], ...] = ()


class Table(Protocol):
    """The rows of a file, header and titles among them, read in one pass as often as it is asked for."""

    @property
    def form(self) -> str:
        """What the file was found to be, in words: `Excel workbook`, `UTF-8, semicolons`."""

    @property
    def sheet(self) -> str:
        """The sheet that is read; "" where the format has none."""

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """Visible sheets that hold something and are not read."""

    @property
    def hidden_sheets(self) -> tuple[str, ...]:
        """Hidden sheets that hold something and are not read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed about the file and the person may want to know."""

    @property
    def cells_can_shift(self) -> bool:
        """Whether a stray separator can move a row's cells to the right, as in text: then a row that is longer than the
        header is suspect. In a sheet a cell stands where it stands."""

    @property
    def header_row(self) -> int | None:
        """The row of the header where that is known for certain; None where the person says it, or it is to be found."""

    @property
    def layout(self) -> Layout:
        """What the file does not show; text shows all."""

    def records(self) -> Generator[SourceRow]:
        """The rows, their numbers increasing; blank ones may be left out. Raises `SourceError`."""
