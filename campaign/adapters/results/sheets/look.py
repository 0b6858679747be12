"""How the workbook looks: the colours of the states and the styles of headings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties

from campaign.adapters.results.sheets.workbook_cells import plain_text
from campaign.core.lifecycle import State
from campaign.core.state_colours import COLOURS as COLOURS
from campaign.core.state_colours import Colour

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet


WRONG = Colour("FFE1A8", "7A2E00", "E58A32")
"""A cell that is to be corrected."""
STAYS = Colour("ECEEF1", "6B7280", "C3C8CF")
"""A row that is not to be changed."""


def colour_of(kind: str) -> Colour:
    """The colour of a state, or of what is no state, such as a note."""
    return next((colour for state, colour in COLOURS.items() if state == kind), COLOURS[State.CANCELLED])


def colour_statuses(sheet: Worksheet, column: str, last: int, kinds: Iterable[str]) -> None:
    """Colour the cells of a column, down to row `last`, by which of the `kinds` they say: also when a person changes one."""
    for kind in kinds:
        colour = colour_of(kind)
        rule = CellIsRule(  # type: ignore[no-untyped-call]  # openpyxl's stubs leave it untyped
            operator="equal",
            formula=[f'"{kind}"'],
            fill=solid(colour.fill),
            font=Font(color=colour.ink, bold=True),
        )
        sheet.conditional_formatting.add(f"{column}2:{column}{max(last, 2)}", rule)


NAVY = "1F3A5F"
_STEEL = "3F6E9E"


def solid(rgb: str) -> PatternFill:
    """A plain fill; both colours are set, because conditional formats read the one and cells the other."""
    return PatternFill("solid", start_color=rgb, end_color=rgb)


THEIRS = solid(NAVY)
"""Behind the headers of the person's own columns."""
OURS = solid(_STEEL)
"""Behind the headers of the columns that we add."""


def font(*, bold: bool = False, size: int = 11, color: str = "1F2933") -> Font:
    """The workbook's font: a font made without a name falls back to whatever the program has."""
    return Font(name="Calibri", family=2, size=size, bold=bold, color=color)


HEADING = font(bold=True, color="FFFFFF")
TITLE = font(bold=True, size=18, color=NAVY)
HEADLINE = font(size=13, color="5F6B7A")
SECTION = font(bold=True, size=13, color=NAVY)
PLAIN = font()
LABEL = font(color="5F6B7A")
BOLD = font(bold=True)
ALARM = font(bold=True, color=COLOURS[State.INVALID].ink)
LINK = Font(name="Calibri", family=2, size=11, color="1F5FA8", underline="single")
MONOSPACE = Font(name="Consolas", size=10)
MIDDLE = Alignment(vertical="center")
MIDDLE_INSET = Alignment(vertical="center", indent=1)
MIDDLE_RIGHT = Alignment(horizontal="right", vertical="center")
LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
INDENTED = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
TOP = Alignment(vertical="top")
INSET = Alignment(horizontal="left", vertical="top", indent=1)
INSET_WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
CENTRED = Alignment(horizontal="center", vertical="top")
RULE_BELOW = Border(bottom=Side("thin", color="D5DAE1"))
RULE_ABOVE = Border(top=Side("medium", color=NAVY))


def underlined(plain: Any) -> Font:
    """The same font, underlined as links are."""
    return Font(
        name=plain.name, family=plain.family, size=plain.size, bold=plain.bold, color=plain.color, underline="single"
    )


def letters(columns: int) -> list[str]:
    """The letters of so many columns."""
    return [get_column_letter(n) for n in range(1, columns + 1)]


def heading(sheet: Worksheet, name: str, fill: PatternFill) -> SheetCell:
    """The header of a column."""
    cell = plain_text(sheet, name)
    cell.font, cell.fill, cell.alignment = HEADING, fill, MIDDLE if fill is THEIRS else MIDDLE_INSET
    return cell


_MOST_ON_A_PAGE = 230
"""Letters that stand beside each other on a landscape page in a size that can still be read."""


def set_up_page(sheet: Worksheet, width: float = 0) -> None:
    """Print on numbered landscape pages. All columns, `width` letters together, stand on one of them, or on as many beside
    each other as keep them readable. To be called before the first row.

    (A write-only sheet has what is used of `Worksheet` here and elsewhere; only its type stubs don't say so.)
    """
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    pages = max(1, math.ceil(width / _MOST_ON_A_PAGE))
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    if pages > 1:  # beside each other, and each says whose row it is
        sheet.page_setup.pageOrder, sheet.print_title_cols = "overThenDown", "A:A"
    sheet.page_margins.top = 0.5
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter = HeaderFooterItem(left=_HeaderFooterPart(text="&A"), right=_HeaderFooterPart(text="&P / &N"))
