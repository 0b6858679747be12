"""A run in a terminal: the view is drawn anew in its place, and what is to be kept stands above it."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.live import Live as Place
from rich.text import Text

from campaign.cli.progress.display import Display, News
from campaign.cli.progress.view import View
from campaign.core.event import Event, Stopping

_MOST_LINES = 200  # that are printed at a time


class Live(Display):
    """The view at the bottom of the terminal."""

    def __init__(self, *, err: bool, verbose: bool, own: bool) -> None:
        super().__init__()
        self._verbose = verbose
        self._own = own
        self._console = Console(stderr=err, highlight=False, soft_wrap=False)
        self._place: Place | None = None

    def _is_shown(self, event: Event) -> bool:
        return self._verbose or isinstance(event, Stopping)

    def _show(self, news: list[News | str]) -> None:
        try:
            self._print(news)
            if not self._gone:
                self._draw_anew()
        except OSError:
            # The window was closed. What could not be written rich would keep, and try again with all that follows.
            self._gone = True

    def _print(self, news: list[News | str]) -> None:
        shown = [
            Text(str(each), "bold" if isinstance(each, str) or each.event.grave else "") for each in news[-_MOST_LINES:]
        ]
        if left_out := len(news) - len(shown):
            shown.insert(0, Text(f"({left_out:,} lines are left out here: --log-file FILE keeps them)"))
        if shown:  # in one piece: with each the view below is drawn again
            self._console.print(Text("\n").join(shown))

    def _draw_anew(self) -> None:
        if self._standing is not None:
            self._draw(View(self._standing(), own=self._own))
        elif self._read:
            doing = f"Reading {self._read_of}" if self._read_of else "Checking rows"
            self._draw(Text.assemble((f" {doing}  ", "bold"), f"{self._read:,}"))

    def _draw(self, view: RenderableType) -> None:
        if self._place is None:
            self._place = Place(console=self._console, auto_refresh=False, transient=True)
            self._place.start()
        self._place.update(view, refresh=True)

    def _clear(self) -> None:
        if self._place is not None and not self._gone:
            self._place.stop()
            self._place = None
