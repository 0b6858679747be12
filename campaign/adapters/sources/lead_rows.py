"""The leads among the rows of a list: what is none is recognised with caution, and told with its row number and why.

A row that is wrongly taken for a lead costs an `invalid` in the result; a lead that is wrongly left out is a person lost. So
nothing with a cell that could be a phone is a footer, and a footer stands at the end of the list only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from campaign.adapters.sources.omissions import BLANK, FOOTER, REPEATED, TEST_LEAD, Omissions
from campaign.core.cells.cell import Cell, is_blank, text
from campaign.core.cells.phone_like import could_be_phone
from campaign.core.cells.signs import fold
from campaign.core.lead import SourceRow

_MOST_FOOTERS = 50  # rows that are held until it is known whether anything follows
_FEW = 2
_COUNTED = r"(?:records?|rows?|leads?|contacts?|entries|results?|datensätze|zeilen|einträge)"
_FOOTER = re.compile(
    rf"""(?: (?:(?:grand|sub|overall|report)[ -]?)? totals? (?:\ g[eé]n[eé]ral)?
             (?: \ (?:number\ of\ |of\ )? (?:{_COUNTED}|count) )? \s* [:=]? [\s0-9.,]* (?:\(.*\))?
           | (?:gesamt(?:summe)?|summe|insgesamt) \s* [:=]? [\s0-9.,]* (?:{_COUNTED}|\(.*\))?
           | [0-9][0-9.,]* \ {_COUNTED} (?:\ (?:found|exported|in\ total|total|selected))? \.?
           | (?:{_COUNTED}) \ count \b .*
           | (?:(?:strictly|company|private\ (?:and|&))\ )? (?:confidential|vertraulich|confidentiel|confidencial) \b .*
           | (?:copyright|©|\(c\)) (?:[\s©:(].*|$)
           | .* \b all\ rights\ reserved \.?
           | (?:this\ )? (?:(?:report|list|file|data|export)\ )? (?:was\ )?
             (?:generated|exported|printed|downloaded|created|produced|prepared|run) \ (?:by|on|at|from|using|with) \b .*
           | (?:report|export) \ (?:run|generated|created|date) \b .*
           | (?:erstellt|exportiert|gedruckt|generiert) \ (?:am|von|mit) \b .*
           | (?:g[eé]n[eé]r[eé]|export[eé]|generado|exportado) \ (?:le|par|el|por) \b .*
           | [\s*=-]* end\ of \ (?:the\ )? (?:report|list|file|data|export) [\s.*=-]*
           | page \ [0-9]+ (?:\ of\ [0-9]+)?
         )""",
    re.VERBOSE | re.IGNORECASE,
)
# Meta's lead ads send such leads when a form is tried out; every cell that a person would fill in says so.
_TEST_MARK = "<test lead:"


class LeadRows:
    """Sorts the rows of one pass; what is no lead goes to `omitted`."""

    def __init__(self, header_row: int, header: Sequence[Cell], above: str, omitted: Omissions) -> None:
        """`header` are the cells of the header row, `above` is what the rows above it are called."""
        self._header_row = header_row
        self._header = _names(header) if not any(map(could_be_phone, header)) else ()
        self._told_by, self._told = next(((place, name) for place, name in enumerate(self._header) if name), (0, ""))
        self._above = above
        self._omitted = omitted
        self._last = header_row

    def of(self, records: Iterable[SourceRow]) -> Iterator[SourceRow]:
        """The leads, in the order of the file."""
        omitted, last = self._omitted, 0
        held: list[SourceRow] = []
        for row in records:
            number, cells = row.number, row.cells
            if number != last + 1:
                omitted.add(last + 1, number - 1, BLANK)
            last = number
            filled = 0
            for cell in cells:
                if cell is not None and not is_blank(cell):
                    filled += 1
                    if filled > _FEW:
                        break
            if not filled:
                omitted.add(number, number, BLANK)
            elif number > self._header_row:
                if (why := self._no_lead(cells)) is not None:
                    omitted.add(number, number, why)
                    continue
                if filled <= _FEW and len(held) < _MOST_FOOTERS and not any(map(could_be_phone, cells)):
                    held.append(row)
                    continue
                if held:
                    yield from held
                    held.clear()
                yield row
                self._last = number
            elif number < self._header_row:
                omitted.add(number, number, self._above)
        yield from self._end(held)

    def _no_lead(self, cells: Sequence[Cell]) -> str | None:
        # Asked of every row: a quick look at one cell mostly tells.
        if self._header and len(cells) > self._told_by:
            cell = cells[self._told_by]
            if type(cell) is str and self._told in cell.casefold() and _names(cells) == self._header:
                return REPEATED
        for cell in cells:
            if type(cell) is str and _TEST_MARK in cell:
                return TEST_LEAD
        return None

    def _end(self, held: Sequence[SourceRow]) -> Iterator[SourceRow]:
        """The leads among the last rows, none of which could be called."""
        footers = _footers(held, self._last)
        for row in held:
            if row.number in footers:
                self._omitted.add(row.number, row.number, FOOTER)
            else:
                yield row


def _footers(held: Sequence[SourceRow], last: int) -> set[int]:
    """Which of the list's last rows are footers; `last` is the number of the row before them.

    Rows without a blank one between them are a block. A block that a blank row sets off is a footer as a whole if two of its
    lines say so and each has one cell of words: reports have their own name and that of the firm there.
    """
    starts = [0, *(n for n, (row, after) in enumerate(pairwise(held), 1) if after.number != row.number + 1)]
    footers: set[int] = set()
    for start, end in reversed(list(zip(starts, [*starts[1:], len(held)], strict=True))):
        block = held[start:end]
        set_off = bool(block) and (start > 0 or block[0].number > last + 1)
        alike = [_is_footer(row.cells) for row in block]
        if set_off and sum(alike) > 1 and all(_is_words(row.cells) for row in block):
            alike = [True] * len(block)
        for row, is_footer in zip(reversed(block), reversed(alike), strict=True):
            if not is_footer:
                return footers  # what stands above it is not at the end
            footers.add(row.number)
    return footers


def _filled(cells: Sequence[Cell]) -> list[Cell]:
    """The first cells that are not blank, as many as are needed to know whether they are few."""
    found: list[Cell] = []
    for cell in cells:
        if not is_blank(cell):
            found.append(cell)
            if len(found) > _FEW:
                break
    return found


def _is_footer(cells: Sequence[Cell]) -> bool:
    return _FOOTER.fullmatch(" ".join(fold(text(_filled(cells)[0])).split())) is not None


def _is_words(cells: Sequence[Cell]) -> bool:
    filled = _filled(cells)
    said = text(filled[0])
    return len(filled) == 1 and any(map(str.isalpha, said)) and "@" not in said


def _names(cells: Sequence[Cell]) -> tuple[str, ...]:
    names = [text(cell).casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
