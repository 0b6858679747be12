"""The sheets about the campaign as a whole: `Summary`, for whoever asks how it went, and `Mapping`, how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from campaign.adapters.results.charts import attempts_over_time, over, rows_by_status
from campaign.adapters.results.first_rows import FirstRows
from campaign.adapters.results.sheets import look
from campaign.adapters.results.sheets.page import BESIDE, COUNT, LINE, WIDTHS, Page
from campaign.core.lifecycle import State
from campaign.core.result import CORRECTED, CampaignFacts
from campaign.core.state_words import MEANING, NEXT_STEP, quoted
from campaign.core.timeline import Timeline, attempt_words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_REASONS = 50
_TIME_HEIGHT = 12  # lines
_MOMENT = "yyyy-mm-dd hh:mm:ss"
_CM = 72 / 2.54  # points
_STOPPED = "Stopped early"


def add_summary(sheet: Worksheet, facts: CampaignFacts, file_name: str, first_rows: FirstRows) -> None:
    """Write `Summary`, which is empty: the run's facts, counts by status, what happened when, and the commonest reasons.

    `file_name` is what the result is called, for the commands that a person may copy.
    """
    page = Page(sheet, WIDTHS)
    page.add(page.text("Call campaign results", look.TITLE), height=32)
    page.add(page.text(_headline(facts), look.HEADLINE), height=24, merge="A:D")
    states = [state for state in MEANING if facts.counts.get(state)]
    page.add()
    top = page.row
    room = 1.9 + 0.62 * max(len(states), 4)  # centimetres: a title and the bars
    page.leave(room * _CM - sum(_add_fact(page, label, value) for label, value in _facts(facts)))
    if len(facts.timeline.stretches) > 1:
        _add_timeline(page, facts.timeline)
    first = _add_statuses(page, facts, states, file_name, first_rows)
    if states:
        page.sheet.add_chart(rows_by_status(page.sheet, first, states, room), f"E{top}")
    if facts.reasons:
        page.add()
        _add_reasons(page, facts, file_name, first_rows)
    page.end()
    page.sheet.print_area = f"A1:E{page.row - 1}"


def add_mapping(sheet: Worksheet, facts: CampaignFacts) -> None:
    """Write `Mapping`, which is empty: the mapping file's text, a line in each row."""
    page = Page(sheet, {"A": 120})
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
    if facts.timeline.total:
        yield "Attempts", facts.timeline.total
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


def _add_timeline(page: Page, timeline: Timeline) -> None:
    """Add the chart over time; its figures stand beside the page."""
    states = timeline.states
    names = [page.text(f"Attempts per {timeline.width_in_words}", look.LABEL)]
    names += [page.text(attempt_words(state), look.LABEL) for state in states]
    table = [names]
    for label, stretch in zip(timeline.labels(), timeline.stretches, strict=True):
        numbers = [page.number(stretch.attempts.get(state, 0), COUNT) for state in states]
        table.append([page.text(label, look.LABEL), *numbers])
    first = page.beside(table)
    title = f"Attempts per {timeline.width_in_words} (UTC), by what became of them"
    chart = attempts_over_time(page.sheet, title, BESIDE, first, len(timeline.stretches), states)
    page.leave(_TIME_HEIGHT * LINE)
    chart.anchor = over(len(WIDTHS), first, page.row - 1)  # type: ignore[assignment]  # the stub knows cells only
    page.sheet.add_chart(chart)
    page.add()


def _add_statuses(page: Page, facts: CampaignFacts, states: list[State], file_name: str, first_rows: FirstRows) -> int:
    """Add the table of counts by status; the row number of its first line."""
    page.heading("Rows by status", "Status", "Rows", "Share", "What it means", "What to do next")
    first = page.row
    for state in states:
        meaning, next_step, place = MEANING[state], _next_step(state, file_name), first_rows.of_state(state)
        status, rows, share = page.counted(state, facts.counts[state], facts.total)
        to_do = page.ruled(page.text(next_step))
        if place is not None:
            page.lead(status, place.results)
            page.lead(to_do, place.to_correct, "E")
        height = max(page.height_of(meaning, "D"), page.height_of(next_step, "E")) + 3
        page.add(status, rows, share, page.ruled(page.text(meaning)), to_do, height=height)
    _, rows, share = page.counted(State.ACCEPTED, facts.total, facts.total)
    total = [page.ruled(page.text("All rows")), rows, share, page.text(""), page.text("")]
    for cell in total:
        cell.border, cell.font = look.RULE_ABOVE, look.BOLD
    page.add(*total, height=LINE + 3)
    return first


def _add_reasons(page: Page, facts: CampaignFacts, file_name: str, first_rows: FirstRows) -> None:
    title, told = "Rows by reason", facts.reasons[:MOST_REASONS]
    if len(told) < len(facts.reasons):
        title = f"{title} (the {len(told)} commonest of {len(facts.reasons):,})"
    page.heading(title, "Status", "Rows", "Share", "Reason", "What to do")
    for state, reason, count in told:
        place = first_rows.of_reason(state, reason)
        cure = (place and place.cure) or _next_step(state, file_name)
        status, rows, share = page.counted(state, count, facts.total)
        said, to_do = page.ruled(page.text(reason)), page.ruled(page.text(cure))
        if place is not None:
            page.lead(status, place.to_correct or place.results)
            page.lead(said, place.results, "D")
            page.lead(to_do, place.to_correct, "E")
        height = max(page.height_of(reason, "D"), page.height_of(cure, "E")) + 3
        page.add(status, rows, share, said, to_do, height=height)


def _next_step(state: State, file_name: str) -> str:
    return NEXT_STEP[state].replace("FILE", quoted(file_name))


def _headline(facts: CampaignFacts) -> str:
    accepted, total = facts.counts.get(State.ACCEPTED, 0), facts.total
    if not total:
        return "The campaign has no rows."
    share = f" ({accepted / total:.1%})" if 0 < accepted < total else ""
    wanted = sum(facts.counts.get(state, 0) for state in CORRECTED)
    said = f"Brightcall took {'every one' if accepted == total else f'{accepted:,}'} of {total:,} rows{share}."
    return f"{said} {wanted:,} {'is' if wanted == 1 else 'are'} to be corrected." if wanted else said


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{number} {unit}" for number, unit in parts)
