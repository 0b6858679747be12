"""What happens in runs, as records of Python's own logging, and as JSON lines in a file.

The logger is `campaign`: a program attaches handlers to it as to any other. Every record has the event as `event` and the
campaign as `campaign`; a row's attempt is INFO, and WARNING where a person should look at it.
"""

from __future__ import annotations

import json
import logging
import queue
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path

from campaign.core.errors import OutputError
from campaign.core.event import Event

LOGGER = logging.getLogger("campaign")
LOGGER.addHandler(logging.NullHandler())  # without handlers, logging prints warnings of its own accord

_MOST_WAITING = 100_000  # records that are kept for a medium that hangs
_PATIENCE = 5.0  # seconds that a run's end waits for it
_BEGINS = '{"time":'  # as every line of a log does


class EventLog:
    """Hands the events of a campaign's runs to the logger."""

    def __init__(self, campaign: str) -> None:
        self._campaign = campaign

    def happened(self, event: Event) -> None:
        """Log it, if anyone wants to know."""
        level = logging.WARNING if event.grave else logging.INFO
        if LOGGER.isEnabledFor(level):
            # Made by hand: the logger's own way looks for the calling line, which costs more than all the rest.
            record = logging.LogRecord(LOGGER.name, level, __file__, 0, event, (), None)
            record.event, record.campaign = event, self._campaign
            LOGGER.handle(record)


def line_of(event: Event, campaign: str, at: datetime) -> str:
    """An event as one line of JSON, without the newline: when it was, what it was, of which campaign, then its own fields."""
    line: dict[str, object] = {"time": _utc(at), "event": event.kind, "campaign": campaign}
    line.update((name, getattr(event, name)) for name in event.__slots__)
    return json.dumps(line, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    assert isinstance(value, datetime)  # all else is JSON's own
    return _utc(value)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@contextmanager
def log_to(path: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """While open, all events go to a file as JSON lines, after what it has already.

    Raises `OutputError` if the file can't be opened, or is no log. If it can't be written later, `tell` is told so, once.
    """
    handler = _LogFile(path, tell)
    level = LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOGGER.setLevel(level)
        LOGGER.removeHandler(handler)
        handler.close()


class _LogFile(logging.Handler):
    """Writes on a thread of its own: neither a slow disk nor a full one, nor a pipe that nobody reads, holds up a call."""

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._lines = _Lines(path, tell)  # first: a handler that is not whole would be closed at the exit all the same
        super().__init__()
        self._waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._work, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it for the thread."""
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self._lines.fails("it takes nothing any more")

    def close(self) -> None:
        """Write what waits, unless that takes too long."""
        super().close()
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(_PATIENCE)

    def _work(self) -> None:
        while (record := self._waiting.get()) is not None:
            self._lines.handle(record)
        with suppress(OSError, ValueError):
            self._lines.close()


class _Lines(WatchedFileHandler):
    """Appends a line a record, each written out at once. A file that was moved away or removed is begun anew at its place,
    as tools that rotate logs expect."""

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        _refuse_what_is_no_log(path)
        self._made = not path.exists()
        try:
            super().__init__(path, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise _unopened(path, error) from None
        self._path = path
        self._tell = tell
        self._told = False

    def close(self) -> None:
        """Take the file away again if it was made in vain: it is opened early, to be refused before anything is sent."""
        super().close()
        if self._made and not self._path.stat().st_size:
            self._path.unlink()

    def format(self, record: logging.LogRecord) -> str:
        """The event as JSON."""
        at = datetime.fromtimestamp(record.created, UTC)
        return line_of(record.__dict__["event"], record.__dict__["campaign"], at)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Tell once, and go on."""
        error = sys.exc_info()[1]
        self.fails(getattr(error, "strerror", None) or type(error).__name__)

    def fails(self, why: str) -> None:
        """Say that the log has gaps, once."""
        if not self._told:
            self._told = True
            self._tell(
                f"The log {self._path} can't be written: {why}. The campaign goes on, and lines will be missing there."
            )


def _refuse_what_is_no_log(path: Path) -> None:
    """Raise `OutputError` rather than write into a list, a mapping or a workbook by mistake."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return
        with path.open("rb") as file:
            begins = file.read(len(_BEGINS))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unopened(path, error) from None
    if begins and begins != _BEGINS.encode():
        raise OutputError(
            f"{path} is there and is no log of campaign, so nothing is appended to it. Nothing was sent.",
            "Choose another name: --log-file FILE.",
        )


def _unopened(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"The log {path} can't be opened: {error.strerror or error}. Nothing was sent.",
        "Choose another place: --log-file FILE.",
    )
