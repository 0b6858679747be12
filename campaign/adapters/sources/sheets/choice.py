"""Which sheet of a workbook is the list: the one asked for, or else the first visible one that holds something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NamedTuple, Protocol, TypeVar

from campaign.core.errors import SourceError
from campaign.core.finding import REPORT_SHEETS
from campaign.core.result import RESULT_SHEETS

_RESULT, _REPORT = RESULT_SHEETS[0], REPORT_SHEETS[-1]
_OWN = {_RESULT: RESULT_SHEETS, _REPORT: REPORT_SHEETS}
"""The sheets of our own workbooks, the result and the report, by the one of them that is a list."""


class Sheet(Protocol):
    """A worksheet: its name, and whether a person sees its tab."""

    @property
    def name(self) -> str:
        """What its tab says."""

    @property
    def visible(self) -> bool:
        """Whether there is a tab."""


_Sheet = TypeVar("_Sheet", bound=Sheet)


class NamedSheet(NamedTuple):
    """A sheet that is told by its place in the workbook."""

    name: str
    visible: bool
    place: int


def choose(
    sheets: Sequence[_Sheet], wanted: str | None, name: str, holds_something: Callable[[_Sheet], bool]
) -> tuple[_Sheet, tuple[_Sheet, ...]]:
    """The sheet to read, and the other visible ones that hold something. Of our own workbooks it is
    `Results`, or `To correct`, also where the sheet that is `wanted` is the one of the list from which they were made.

    Raises `SourceError` if there is no sheet `wanted`, or none that holds anything.
    """
    visible = [sheet for sheet in sheets if sheet.visible]
    titles = [sheet.name for sheet in visible]
    own = _own(sheets)
    if wanted is not None and (not own or any(_loose(sheet.name) == _loose(wanted) for sheet in sheets)):
        chosen = _named(sheets, wanted, name)
    elif own:
        if len(own) > 1:
            raise SourceError(
                f"{name} has the sheets of a result and of a report: it is not clear which of them is the list.",
                f"Name one: {' or '.join(own)}.",
            )
        [title] = own
        chosen = visible[titles.index(title)]
        visible = [sheet for sheet in visible if sheet.name not in _OWN[title]]
    else:
        filled = next(filter(holds_something, visible), None)
        if filled is None:
            hidden = [sheet.name for sheet in sheets if not sheet.visible and holds_something(sheet)]
            raise SourceError(
                f"{name} has no visible sheet that holds anything.",
                f"There is something in the hidden sheet '{hidden[0]}': name it if that is the list."
                if hidden
                else "Check that the list was saved, and that the right file is named.",
            )
        chosen = filled
    return chosen, tuple(sheet for sheet in visible if sheet is not chosen and holds_something(sheet))


def hidden_ones(sheets: Sequence[_Sheet], chosen: _Sheet, holds_something: Callable[[_Sheet], bool]) -> tuple[str, ...]:
    """The names of the sheets without a tab that hold something and are not read."""
    hidden = (sheet for sheet in sheets if not sheet.visible and sheet is not chosen)
    return tuple(sheet.name for sheet in hidden if holds_something(sheet))


def is_report(sheets: Sequence[Sheet], chosen: str) -> bool:
    """Whether the workbook is a report of ours, and the sheet its list."""
    return _REPORT in _own(sheets) and chosen.startswith(_REPORT)


def own_header_row(sheets: Sequence[Sheet], chosen: str) -> int | None:
    """The row of the header in the list of a workbook of ours, whatever it was in the list that it was made from; None in any
    other sheet."""
    return 1 if any(map(chosen.startswith, _own(sheets))) else None


def note_of_others(name: str, sheet: str, others: Sequence[str], wanted: str | None) -> tuple[str, ...]:
    """What a person is told about the sheets that nobody chose."""
    if not others or wanted is not None:
        return ()
    return (f"{name}: only the sheet '{sheet}' is read, not {', '.join(others)}.",)


def _own(sheets: Sequence[Sheet]) -> list[str]:
    """Which of our own workbooks this is, by the names of its visible sheets: the list of one, or nothing."""
    titles = {sheet.name for sheet in sheets if sheet.visible}
    return [title for title, names in _OWN.items() if titles.issuperset(names)]


def _named(sheets: Sequence[_Sheet], wanted: str, name: str) -> _Sheet:
    loose = [sheet for sheet in sheets if _loose(sheet.name) == _loose(wanted)]
    for sheet in sheets:
        # Excel allows no two names that differ in capitals alone, so a loose match is the only one.
        if sheet.name == wanted or loose == [sheet]:
            return sheet
    titles = {_loose(sheet.name): sheet.name for sheet in sheets}
    near = get_close_matches(_loose(wanted), titles, n=1, cutoff=0.6)
    raise SourceError(
        f"{name} has no sheet '{wanted}'" + (f": did you mean '{titles[near[0]]}'?" if near else "."),
        f"It has: {', '.join(titles.values())}." if titles else "It has no sheet of cells at all.",
    )


def _loose(name: str) -> str:
    return " ".join(name.casefold().split())
