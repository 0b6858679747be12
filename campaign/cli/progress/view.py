"""The live view of a run, drawn from where it stands: for a terminal of 60 columns or more, dark or light, of any encoding."""

from __future__ import annotations

from dataclasses import dataclass

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from campaign.cli.progress.words import arrival, ctrl_c, doing, speed, waiting
from campaign.cli.show.counts import COLOURS
from campaign.core.lifecycle import State
from campaign.core.standing import Standing
from campaign.core.state_words import MEANING

_WIDEST = 110  # columns that a person reads as one line
_OTHER_LINES = 11  # of a terminal, besides the rows to look at
_ECHO = 2  # columns of the ^C that a terminal writes behind the last line: if it wraps, what is drawn anew slips down
_LABEL = 8
_COUNT = 19
_MOVING = (State.ACCEPTED, State.PENDING, State.SENDING, State.REJECTED, State.FAILED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class View:
    """What is drawn. `own`: the run is this command's own, which Ctrl-C stops.

    Figures and words are in the terminal's own colour, whatever that is; only names of states have another, and each says
    the same without it.
    """

    seen: Standing
    own: bool = True

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Heading, bar, counts, facts, rows to look at, and what Ctrl-C does."""
        plain = options.ascii_only or options.legacy_windows
        rows = max(console.height - _OTHER_LINES, 1)
        inner = min(options.max_width, _WIDEST) - 1  # the last column is left: some terminals wrap there
        for part, width in (
            (self._heading(plain), inner),
            (self._bar(), inner),
            (self._counts(), inner),
            (self._troubles(plain, rows), inner),
            (self._facts(plain), inner - _ECHO),
        ):
            if part is not None:
                yield from console.render(Padding(part, (0, 0, 0, 1)), options.update(width=width))

    def _heading(self, plain: bool) -> RenderableType:
        line = Table.grid(expand=True)
        line.add_column(ratio=1, no_wrap=True, overflow="crop" if plain else "ellipsis")
        line.add_column(justify="right", no_wrap=True)
        name = Text.assemble((doing(self.seen), "bold"), "  ", _said(self.seen.list_name, plain))
        line.add_row(name, Text(f"  {self.seen.campaign}"))
        return line

    def _bar(self) -> RenderableType:
        done, expected = self.seen.done, max(self.seen.expected, self.seen.done)
        share = f"{done / expected:.0%}" if expected else ""
        line = Table.grid(expand=True)
        line.add_column(ratio=1)
        line.add_column(justify="right", no_wrap=True)
        bar = ProgressBar(max(expected, 1), done, style="bright_black", complete_style="green", finished_style="green")
        line.add_row(bar, Text.assemble(f"  {done:,} of {expected:,} rows  ", (share, "bold")))
        return line

    def _counts(self) -> RenderableType:
        counts = self.seen.counts
        told = [
            Text.assemble((f"{counts.get(state, 0):>7,} ", "bold"), (state, COLOURS.get(state, "")))
            for state in _MOVING
        ]
        told += [
            Text(f"{counts[state]:>7,} {state}") for state in MEANING if state not in _MOVING and counts.get(state)
        ]
        return Columns(told, width=_COUNT, padding=0)

    def _facts(self, plain: bool) -> RenderableType:
        once, twice = ctrl_c(self.seen, own=self.own)
        facts = Table.grid(padding=(0, 1))
        facts.add_column(width=_LABEL, no_wrap=True)
        facts.add_column(overflow="fold")
        told = (
            ("Waits", waiting(self.seen)),
            ("Rate", speed(self.seen.speed)),
            ("Ends", arrival(self.seen)),
            ("Why", self.seen.ended),
            ("Ctrl-C", once),
            ("Twice", twice),
        )
        for label, words in told:
            if words:
                facts.add_row(Text(label, "bold"), Text(_said(words, plain)))
        return facts

    def _troubles(self, plain: bool, most: int) -> RenderableType | None:
        if not self.seen.troubles:
            return None
        rows = Table.grid(padding=(0, 1), expand=True)
        rows.add_column(width=_LABEL, no_wrap=True)
        rows.add_column(no_wrap=True, justify="right")
        rows.add_column(no_wrap=True)
        rows.add_column(no_wrap=True)
        rows.add_column(ratio=1, no_wrap=True, overflow="crop" if plain else "ellipsis")
        for place, row in enumerate(self.seen.troubles[:most]):
            label = Text("Problems" if not place else "", "bold")
            state = Text(row.status, COLOURS.get(row.status, ""))
            rows.add_row(
                label, Text(f"row {row.row}"), Text(_said(row.phone, plain)), state, Text(_said(row.reason, plain))
            )
        return rows


def _said(text: str, plain: bool) -> str:
    """A text for the terminal: one that knows no more than its old code page gets no sign that it lacks."""
    return text.replace("…", "..") if plain else text
