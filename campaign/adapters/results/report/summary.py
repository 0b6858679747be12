"""The sheet `Summary` of a report: what was read, what is wrong and how often, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.page import COUNT, LINE, WIDTHS, Page
from campaign.adapters.results.sheets.to_correct import MOST_MARKS
from campaign.core.finding import NOTE, Group
from campaign.core.lifecycle import State
from campaign.core.state_words import MEANING, quoted
from campaign.core.suggestion import Suggestion
from campaign.ports import ReportFacts

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_GROUPS = 100
_MOST_SKIPPED = 100
_SENDABLE = (State.PENDING, State.DEFERRED)


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """What else is in the report: its name, the rows on `To correct`, and on how many sheets those stand."""

    name: str
    wrong: int
    objecting: int
    sheets: int


def add_report_summary(sheet: Worksheet, facts: ReportFacts, layout: ReportLayout) -> None:
    """Write the sheet, which is empty."""
    page = Page(sheet, WIDTHS)
    page.add(page.text("Validation report", look.TITLE), height=32)
    total = sum(facts.counts.values())
    _fact(page, "List", facts.list_name)
    if facts.sheet:
        _fact(page, "Sheet", facts.sheet)
    _fact(page, "Rows", total)
    _fact(page, "Can be sent", sum(facts.counts.get(state, 0) for state in _SENDABLE))
    for warning in facts.warnings:
        _fact(page, "Note", warning)
    page.add()
    _add_steps(page, layout)
    _add_statuses(page, facts, total)
    if facts.suggestions:
        _add_suggestions(page, facts.suggestions)
    wrong = [group for group in facts.groups if group.alike.kind != NOTE]
    notes = [group for group in facts.groups if group.alike.kind == NOTE]
    if wrong:
        _add_groups(page, "What holds rows back, and how often", wrong, total)
    if notes:
        _add_groups(page, "What is left out or noted of rows that are sent", notes, total)
    if facts.skipped:
        _add_skipped(page, facts)


def _fact(page: Page, label: str, value: str | int) -> None:
    cell = page.number(value, COUNT) if isinstance(value, int) else page.text(value)
    cell.alignment = look.LEFT
    name = page.text(label, look.LABEL)
    name.alignment = look.LEFT
    page.add(name, cell, height=page.height_of(str(value), "BCD"), merge="B:D")


def _add_steps(page: Page, layout: ReportLayout) -> None:
    """How the wrong rows are mended, in the words that a person may copy."""
    if not layout.wrong:
        _paragraph(page, "No row has a wrong cell.")
        return
    file = quoted(layout.name)
    _paragraph(
        page,
        "To correct: the wrong rows stand on the sheet To correct, their wrong cells in colour. Correct them there and "
        "save. This file is then a list like any other, in which only those rows are read:",
    )
    page.add(page.text(""), page.text(f"campaign validate {file} -m MAPPING", look.MONOSPACE))
    page.add(page.text(""), page.text(f"campaign run {file} -m MAPPING", look.MONOSPACE))
    if layout.objecting:
        _paragraph(
            page,
            f"The last {layout.objecting:,} rows there, in grey, are people who must not be called. Leave them in: they keep "
            "a corrected row with the same number from being called.",
        )
    if layout.wrong > MOST_MARKS:
        _paragraph(
            page,
            f"Comments and links stand at the first {MOST_MARKS:,} only, so that the file opens fast; the column "
            "report_problem says the same for every row.",
        )
    if layout.sheets > 1:
        _paragraph(
            page,
            f"The rows fill {layout.sheets} sheets: To correct, To correct 2 and so on. One is read at a time, named with "
            '--sheet "To correct 2".',
        )
    page.add()


def _paragraph(page: Page, text: str) -> None:
    cell = page.text(text)
    cell.alignment = look.LEFT
    page.add(cell, height=page.height_of(text, "ABCD") + 2, merge="A:D")


def _add_statuses(page: Page, facts: ReportFacts, total: int) -> None:
    page.heading("Rows by status", "Status", "Rows", "Share", "What it means", "")
    for state, meaning in MEANING.items():
        if count := facts.counts.get(state):
            cells = page.ruled(page.text(meaning)), page.ruled(page.text(""))
            page.add(*page.counted(state, count, total), *cells, height=LINE + 3, merge="D:E")
    page.add()


def _add_suggestions(page: Page, suggestions: Sequence[Suggestion]) -> None:
    page.heading("A whole column can be mended", "Field", "Rows", "Of", "What it seems to have lost", "The line")
    for one in suggestions:
        seems = f"{one.sentence} If you know that, write the line into the mapping; nothing is done by itself."
        examples = f"Examples: {one.shown_examples}"
        line = f"{one.line}\n(in place of {one.where})"
        cells = [
            page.text(one.field, look.BOLD),
            page.number(one.rows, COUNT),
            page.number(one.filled, COUNT),
            page.text(f"{seems}\n{examples}"),
            page.text(line),
        ]
        for n, cell in enumerate(cells):
            page.ruled(cell)
            if n in (1, 2):
                cell.alignment = look.MIDDLE_RIGHT
        height = max(page.height_of(f"{seems}\n{examples}", "D"), page.height_of(line, "E"))
        page.add(*cells, height=height + 3)
    if len({one.field for one in suggestions}) < len(suggestions):
        _paragraph(page, "Of several suggestions for one field only one can be right.")
    page.add()


def _add_groups(page: Page, title: str, groups: Sequence[Group], total: int) -> None:
    told = groups[:MOST_GROUPS]
    if len(told) < len(groups):
        title = f"{title} (the {len(told)} commonest of {len(groups):,})"
    page.heading(title, "Status", "Rows", "Share", "What is said of them", "What to do")
    for group in told:
        alike = group.alike
        where = f"{alike.column}: " if alike.column and alike.kind == State.INVALID else ""
        example = f'row {group.row} has "{group.value}"' if group.value else f"row {group.row}"
        what = f"{where}{alike.message}\n{alike.code or 'no code'}; for example {example}"
        cells = page.ruled(page.text(what)), page.ruled(page.text(alike.cure))
        height = max(page.height_of(what, "D"), page.height_of(alike.cure, "E")) + 3
        page.add(*page.counted(alike.kind, group.rows, total), *cells, height=height)
    page.add()


def _add_skipped(page: Page, facts: ReportFacts) -> None:
    page.heading("Rows of the file that are no leads", "From row", "Rows", "To row", "Why", "")
    for skipped in facts.skipped[:_MOST_SKIPPED]:
        cells = [
            page.number(skipped.first, "0"),
            page.number(skipped.last - skipped.first + 1, COUNT),
            page.number(skipped.last, "0"),
            page.text(skipped.why),
        ]
        for n, cell in enumerate(cells):
            page.ruled(cell)
            if n in (1, 2):
                cell.alignment = look.MIDDLE_RIGHT
        page.add(*cells)
    if len(facts.skipped) > _MOST_SKIPPED:
        _paragraph(page, f"and {len(facts.skipped) - _MOST_SKIPPED:,} more such places.")
