"""The charts of `Summary`: rows by status, and what became of attempts over time. Both show cells of the sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from campaign.adapters.results.sheets import look
from campaign.core.lifecycle import State

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_LABELS = 15
_GRID, _SMALL = "E3E7EC", 900  # hundredths of a point


def rows_by_status(sheet: Worksheet, first: int, states: Sequence[State], height: float) -> BarChart:
    """Bars of the numbers in column B from row `first` on, named as column A does; `height` in centimetres."""
    chart = _chart("bar", "Rows by status")
    chart.width, chart.height = 12, height
    _take(chart, sheet, (1, 2), first, len(states))
    chart.gapWidth, chart.legend = 45, None
    chart.x_axis.scaling.orientation = "maxMin"  # bars in the table's order, downwards
    chart.y_axis.delete, chart.y_axis.majorGridlines = True, None
    series = chart.series[0]
    series.dLbls = DataLabelList()
    series.dLbls.showVal = True
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(series.dLbls, other, False)
    for n, state in enumerate(states):
        series.dPt.append(DataPoint(idx=n, spPr=_plain(look.COLOURS[state].bar)))
    return chart


def attempts_over_time(
    sheet: Worksheet, title: str, column: int, first: int, stretches: int, states: Sequence[State]
) -> BarChart:
    """Columns of the attempts in each stretch: their names stand in `column` below its header, which is row `first`, and the
    numbers of each state in the columns after it."""
    chart = _chart("col", title)
    chart.grouping, chart.overlap, chart.gapWidth = "stacked", 100, 25 if stretches > 8 else 150
    chart.add_data(
        Reference(sheet, min_col=column + 1, max_col=column + len(states), min_row=first, max_row=first + stretches),
        titles_from_data=True,
    )
    chart.set_categories(Reference(sheet, min_col=column, min_row=first + 1, max_row=first + stretches))
    chart.legend.position = "b"
    chart.x_axis.tickLblSkip = max(1, math.ceil(stretches / _MOST_LABELS))
    chart.x_axis.noMultiLvlLbl = True
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    chart.y_axis.number_format = "#,##0"
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = _small()
    for series, state in zip(chart.series, states, strict=True):
        series.graphicalProperties = _plain(look.COLOURS[state].bar)
    return chart


def over(columns: int, first: int, last: int) -> TwoCellAnchor:
    """The place of a chart that covers rows, and so many columns, however wide a program draws these."""
    start, end = AnchorMarker(col=0, row=first - 1), AnchorMarker(col=columns, row=last)
    return TwoCellAnchor(editAs="twoCell", _from=start, to=end)


def _chart(kind: str, title: str) -> BarChart:
    chart = BarChart()
    chart.type, chart.style, chart.title = kind, 10, _title(title)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min = 0
    chart.graphical_properties = GraphicalProperties(noFill=True)
    chart.graphical_properties.line = LineProperties(noFill=True)
    return chart


def _take(chart: BarChart, sheet: Worksheet, columns: tuple[int, int], first: int, rows: int) -> None:
    names, numbers = columns
    last = first + rows - 1
    chart.add_data(Reference(sheet, min_col=numbers, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=names, min_row=first, max_row=last))


def _plain(rgb: str) -> GraphicalProperties:
    bar = GraphicalProperties(solidFill=rgb)
    bar.line = LineProperties(noFill=True)
    return bar


def _small() -> RichText:
    properties = ParagraphProperties(defRPr=CharacterProperties(sz=_SMALL, solidFill="5F6B7A"))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties())])


def _title(text: str) -> Title:
    # Smaller than a chart's title is by itself, in the workbook's colours.
    properties = CharacterProperties(sz=1200, b=True, solidFill=look.NAVY)
    run = RegularTextRun(rPr=properties, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=properties), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)
