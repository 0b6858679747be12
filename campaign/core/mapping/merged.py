"""Merged cells: only the first cell of a merged range has its value, though a person sees it in all of its rows.

The value is not copied to the others: several rows with one phone would be one person called for all of them, or several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaign.core.cells.cell import is_blank, shown
from campaign.core.lead import SourceRow
from campaign.core.mapping.columns import Columns, named_columns
from campaign.core.mapping.document import Mapping
from campaign.core.problem import Code, Note, Problem

_CURE = "Unmerge them in the spreadsheet, and give every row its own value."


@dataclass(frozen=True, slots=True)
class _Use:
    """What a column is used for: the field ("" for a rule), and whether a row can't be called as long as its cell is not known."""

    field: str
    matters: bool


class MergedCells:
    """Compiled once for a list; asked of rows that have covered cells only."""

    def __init__(self, mapping: Mapping, header: Sequence[str], columns: Columns) -> None:
        self._header = tuple(header)
        self._uses: dict[int, list[_Use]] = {}
        self._numbers: list[int] = []
        for path, name in named_columns(mapping):
            place, part = columns.find(name), str(path[1])
            if place is None:  # optional, and not in this list
                continue
            if path[:2] == ("fields", "lc_number"):
                self._numbers.append(place)
            in_fields = path[0] == "fields"
            matters = path[0] == "policy" or (in_fields and part in ("lc_number", "country"))
            self._uses.setdefault(place, []).append(_Use(part if in_fields else "", matters))

    def told(self, row: SourceRow, problems: Sequence[Problem]) -> tuple[list[Problem], list[Note]]:
        """The row's problems with those of its covered cells, which explain a blank one, and notes about the rest."""
        covered = {place: ref for place, ref in row.merged if place < len(self._header)}
        found: list[Problem] = []
        notes: list[Note] = []
        for place, ref in covered.items():
            uses = self._uses.get(place, [])
            # A number that stands in another of the field's columns is the row's own.
            own_number = place in self._numbers and any(
                not is_blank(row.cells[other]) for other in self._numbers if other not in covered
            )
            use = next((use for use in uses if use.matters and not (use.field == "lc_number" and own_number)), None)
            if use is not None:
                message = f"part of the merged cells {ref}, whose value stands in the first of them only"
                value = shown(row.cells[place])
                found.append(Problem(Code.CELL_MERGED, use.field, self._header[place], value, message, _CURE))
            elif uses:
                name, told = self._header[place], "is part of {}, whose value only the first row has"
                text, cause = (
                    f"{name} {told.format(f'the merged cells {ref}')}",
                    f"{name} {told.format('merged cells')}",
                )
                notes.append(Note(Code.MERGED, text, cause, uses[0].field, name))
        explained = {problem.field for problem in found}
        rest = [p for p in problems if not (p.code is Code.REQUIRED and p.field in explained)]
        return [*found, *rest], notes
