"""The sheets about the campaign as a whole: `Summary`, for whoever asks how it went, and `Mapping`, how it was made."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from campaign.adapters.results import look
from campaign.adapters.results.page import COUNT, LINE, WIDTHS, Page
from campaign.core.lifecycle import State
from campaign.core.result import RESULT_SHEETS, CampaignFacts
from campaign.core.state_words import MEANING, NEXT_STEP

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_REASONS = 50
_, _SUMMARY, _MAPPING = RESULT_SHEETS
_MOMENT = "yyyy-mm-dd hh:mm:ss"
_CM = 72 / 2.54  # points
_STOPPED = "Stopped early"


def add_summary(book: Workbook, facts: CampaignFacts, file_name: str) -> None:
    """Add `Summary`: the run's facts, counts by status with a chart, and the commonest reasons.

    `file_name` is what the result is called, for the commands that a person may copy.
    """
    page = Page(book.create_sheet(_SUMMARY), WIDTHS)
    page.add(page.text("Call campaign results", look.TITLE), height=32)
    states = [state for state in MEANING if facts.counts.get(state)]
    page.add()
    top = page.row
    room = 1.9 + 0.62 * max(len(states), 4)  # centimetres: a title and the bars
    left = room * _CM - sum(_add_fact(page, label, value) for label, value in _facts(facts))
    for _ in range(max(1, math.ceil(left / LINE))):
        page.add()
    first = _add_statuses(page, facts, states, file_name)
    if states:
        page.sheet.add_chart(_chart(page.sheet, first, states, room), f"E{top}")
    if facts.reasons:
        page.add()
        _add_reasons(page, facts)


def add_mapping(book: Workbook, facts: CampaignFacts) -> None:
    """Add `Mapping`: the mapping file's text, a line in each row."""
    page = Page(book.create_sheet(_MAPPING), {"A": 120})
    page.add(page.text(facts.mapping_name or "Mapping", look.SECTION), height=24)
    page.add()
    for line in facts.mapping_text.splitlines():
        page.add(page.text(line, look.MONOSPACE))


def _facts(facts: CampaignFacts) -> Iterator[tuple[str, str | int | datetime | None]]:
    yield "Campaign", facts.campaign
    yield "List", facts.list_name
    if facts.sheet:
        yield "Sheet", facts.sheet
    yield "Rows", facts.total
    yield "Created (UTC)", facts.created_at
    yield "First call (UTC)", facts.first_submitted_at
    yield "Last call (UTC)", facts.last_submitted_at
    if facts.first_submitted_at and facts.last_submitted_at:
        yield "Sending took", _duration((facts.last_submitted_at - facts.first_submitted_at).total_seconds())
    yield "Endpoint", facts.endpoint
    if facts.halted:
        yield _STOPPED, facts.halted


def _add_fact(page: Page, label: str, value: str | int | datetime | None) -> float:
    """Add one fact; the height of its row in points."""
    if isinstance(value, datetime):
        cell = page.number(value.astimezone(UTC).replace(tzinfo=None, microsecond=0), _MOMENT)
    elif isinstance(value, int):
        cell = page.number(value, COUNT)
    else:
        cell = page.text(value or "-", look.ALARM if label == _STOPPED else look.PLAIN)
    cell.alignment = look.LEFT
    height = page.height_of(str(value), "BCD")
    name = page.text(label, look.LABEL)
    name.alignment = look.LEFT
    page.add(name, cell, height=height, merge="B:D")
    return height


def _add_statuses(page: Page, facts: CampaignFacts, states: list[State], file_name: str) -> int:
    """Add the table of counts by status; the row number of its first line."""
    page.heading("Rows by status", "Status", "Rows", "Share", "What it means", "What to do next")
    first = page.row
    file = f'"{file_name}"' if " " in file_name else file_name
    for state in states:
        meaning, next_step = MEANING[state], NEXT_STEP[state].replace("FILE", file)
        page.add(
            *page.counted(state, facts.counts[state], facts.total),
            page.ruled(page.text(meaning)),
            page.ruled(page.text(next_step)),
            height=max(page.height_of(meaning, "D"), page.height_of(next_step, "E")) + 3,
        )
    _, rows, share = page.counted(State.ACCEPTED, facts.total, facts.total)
    total = [page.ruled(page.text("All rows")), rows, share, page.text(""), page.text("")]
    for cell in total:
        cell.border, cell.font = look.RULE_ABOVE, look.BOLD
    page.add(*total, height=LINE + 3)
    return first


def _add_reasons(page: Page, facts: CampaignFacts) -> None:
    title, told = "Rows by reason", facts.reasons[:MOST_REASONS]
    if len(told) < len(facts.reasons):
        title = f"{title} (the {len(told)} commonest of {len(facts.reasons):,})"
    page.heading(title, "Status", "Rows", "Share", "Reason", "")
    for state, reason, count in told:
        # A reason has both wide columns.
        cells = page.ruled(page.text(reason)), page.ruled(page.text(""))
        height = page.height_of(reason, "DE") + 3
        page.add(*page.counted(state, count, facts.total), *cells, height=height, merge="D:E")


def _chart(sheet: Worksheet, first: int, states: list[State], height: float) -> BarChart:
    last = first + len(states) - 1
    chart = BarChart()
    chart.type, chart.style, chart.gapWidth = "bar", 10, 45
    chart.title, chart.legend = _title("Rows by status"), None
    chart.height, chart.width = height, 12
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # bars in the table's order, downwards
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    series = chart.series[0]
    series.dLbls = DataLabelList()
    series.dLbls.showVal = True
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(series.dLbls, other, False)
    for n, state in enumerate(states):
        bar = GraphicalProperties(solidFill=look.COLOURS[state].bar)
        bar.line = LineProperties(noFill=True)
        series.dPt.append(DataPoint(idx=n, spPr=bar))
    chart.graphical_properties = GraphicalProperties(noFill=True)
    chart.graphical_properties.line = LineProperties(noFill=True)
    return chart


def _title(text: str) -> Title:
    # Smaller than a chart's title is by itself, in the workbook's colours.
    properties = CharacterProperties(sz=1200, b=True, solidFill=look.NAVY)
    run = RegularTextRun(rPr=properties, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=properties), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{number} {unit}" for number, unit in parts)
