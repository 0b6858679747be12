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
        self._gone = False

    def _is_shown(self, event: Event) -> bool:
        return self._verbose or isinstance(event, Stopping)

    def _show(self, news: list[News | str]) -> None:
        if self._gone:
            return
        try:
            self._print_and_draw(news)
        except OSError:
            # The window was closed. What could not be written rich would keep, and try again with all that follows.
            self._gone = True

    def _print_and_draw(self, news: list[News | str]) -> None:
        shown = news[-_MOST_LINES:]
        if len(news) > len(shown):
            self._print(Text(f"({len(news) - len(shown):,} lines are left out here: --log-file FILE keeps them)"))
        for each in shown:
            heeded = isinstance(each, str) or each.event.grave
            self._print(Text(str(each), style="bold" if heeded else ""))
        if self._standing is not None:
            self._draw(View(self._standing(), own=self._own))
        elif self._read:
            self._draw(Text.assemble((" Checking rows  ", "bold"), f"{self._read:,}"))

    def _print(self, text: Text) -> None:
        self._console.print(text, markup=False)

    def _draw(self, view: RenderableType) -> None:
        if self._place is None:
            self._place = Place(console=self._console, auto_refresh=False, transient=True)
            self._place.start()
        self._place.update(view, refresh=True)

    def _clear(self) -> None:
        if self._place is not None and not self._gone:
            self._place.stop()
            self._place = None
