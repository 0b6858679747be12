"""What both forms of a display share: they show things on a thread of their own."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from campaign.core.event import Event
from campaign.core.standing import Standing

_EVERY = 0.25  # seconds between two looks; what is shown costs the same at one row a second and at thousands
_PATIENCE = 2.0  # seconds that the end waits for a terminal that takes nothing
_MOST_NEWS = 10_000  # that wait to be shown; of more, the oldest are dropped


@dataclass(frozen=True, slots=True)
class News:
    """An event and when it happened, which may be a while before it is shown."""

    at: datetime
    event: Event

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}  {self.event}"


class Display(ABC):
    """Is told things on the run's event loop, where it only keeps them: a terminal that is stopped (Ctrl-S), or a log on a
    disk that hangs, holds up no call."""

    def __init__(self) -> None:
        self._news: deque[News | str] = deque(maxlen=_MOST_NEWS)
        self._read = 0
        self._read_of = ""
        self._standing: Callable[[], Standing] | None = None
        self._lock = threading.Lock()
        self._gone = False  # nothing can be shown any more
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def reading(self, rows: int, of: str = "") -> None:
        """`rows` rows have been judged; or read, `of` a file that is named."""
        self._read = rows
        self._read_of = of
        self._begin()

    def sending(self, standing: Callable[[], Standing]) -> None:
        """Calls go out from now on."""
        self._read = 0
        self._standing = standing
        self._begin()

    def happened(self, event: Event) -> None:
        """Keep what is to be shown."""
        if self._is_shown(event):
            self._news.append(News(datetime.now().astimezone(), event))

    def note(self, text: str) -> None:
        """Something a person should know now."""
        self._news.append(text)
        if self._standing is None:
            self._look()

    def rest(self) -> None:
        """Clear the place: a question comes. The next news takes it again."""
        self._read = 0
        self._look()
        with self._lock:
            self._clear()

    def close(self) -> None:
        """Show what is left, and clear the place."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
            if self._thread.is_alive():
                self._gone = True  # in the middle of a write that does not end: what came later would follow the result
                return
        with suppress(OSError, ValueError), self._lock:
            self._clear()

    def _begin(self) -> None:
        if self._thread is None and not self._closing.is_set():
            self._thread = threading.Thread(target=self._work, name="display", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while not self._closing.wait(_EVERY):
            self._look()
        self._look()

    def _look(self) -> None:
        # Whatever goes wrong at a terminal is no matter of the run's.
        with suppress(Exception), self._lock:
            if self._gone:
                return
            self._show([self._news.popleft() for _ in range(len(self._news))])

    @abstractmethod
    def _is_shown(self, event: Event) -> bool:
        """Whether an event is news for a person."""

    @abstractmethod
    def _show(self, news: list[News | str]) -> None:
        """Show the news, and where things stand."""

    @abstractmethod
    def _clear(self) -> None:
        """Leave the place empty."""
