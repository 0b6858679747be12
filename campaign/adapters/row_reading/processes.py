"""Batches of rows read by other processes, and by this one rather than wait for them; in the order of the list.

Reading a row is pure, so it does not matter who does it. If another process does not answer (it is killed, it hangs, it meets
an error), this one reads the batch itself: nothing is lost, and an error is the one that there would be without them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import islice
from types import TracebackType

from campaign.adapters.row_reading.process import ReadingProcess
from campaign.adapters.row_reading.wire import readings_received
from campaign.core.errors import UsageError
from campaign.core.lead import SourceRow
from campaign.core.reading import Reading, ReadsRows

COUNT = "CAMPAIGN_PROCESSES"
"""The environment variable that says how many processes read, this one included: 1 for this one alone."""
FIRST_ROWS = 5_000
"""Rows after which other processes are started: a shorter list is read before they would be ready."""
_MOST = 4  # this process judges all rows one by one, and can't keep more of them busy
_AHEAD = 2  # batches that each of them is given, so that it has the next one when it has read one
_PATIENCE = 60.0  # seconds for what takes a moment: then the process hangs
# Seconds after which this process, which is always busy, lets a thread go on that has a part of an answer to take. At Python's
# own 0.005 the process that answers stands still for a fifth of its time, twice as long.
_TURN = 0.0005


class ReadingProcesses:
    """A `ReadMany`, to be used in a `with` statement: when that is left, for whatever reason, the other processes are ended."""

    def __init__(
        self,
        count: int | None = None,
        first_rows: int = FIRST_ROWS,
        patience: float = _PATIENCE,
        start: Callable[[ReadsRows], ReadingProcess] = ReadingProcess,
    ) -> None:
        """`count` is how many processes read, this one included; None: as the environment or the machine says. Each other one
        is made by `start`, and given up if it needs more than `patience` seconds for a batch.

        Raises `UsageError` if the environment says what is no number.
        """
        self._count = count if count is not None else _wanted()
        self._first_rows = first_rows
        self._patience = patience
        self._start = start
        self._others: list[ReadingProcess] = []
        self._turn = sys.getswitchinterval()

    def __enter__(self) -> ReadingProcesses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        sys.setswitchinterval(self._turn)

    def __call__(self, reader: ReadsRows, rows: Iterator[SourceRow], size: int) -> Iterator[list[Reading]]:
        """The rows in batches of `size`, read."""
        batches = iter(lambda: list(islice(rows, size)), [])
        first = self._first_rows // size if self._count > 1 else None
        for batch in islice(batches, first):
            yield reader.read_all(batch)
        if first is not None and (batch := next(batches, [])):
            sys.setswitchinterval(_TURN)
            with contextlib.suppress(OSError):  # where there is no process to be had, this one reads alone
                for _ in range(self._count - 1):
                    self._others.append(self._start(reader))
            yield from self._shared(reader, batch, batches)

    def _shared(
        self, reader: ReadsRows, batch: list[SourceRow], batches: Iterator[list[SourceRow]]
    ) -> Iterator[list[Reading]]:
        """`batch` and all that follow."""
        given: deque[tuple[list[SourceRow], Future[bytes] | list[Reading]]] = deque()
        while batch or given:
            free = next((other for other in self._others if other.ready and other.under_way < _AHEAD), None)
            if (
                batch
                and len(given) <= 2 * _AHEAD * len(self._others)
                and (free or not given or _is_awaited(given[0][1]))
            ):
                given.append((batch, free.give(batch) if free else reader.read_all(batch)))
                batch = next(batches, [])
            else:
                rows, answer = given.popleft()
                yield answer if isinstance(answer, list) else self._answered(answer, reader, rows)

    def _answered(self, answer: Future[bytes], reader: ReadsRows, batch: list[SourceRow]) -> list[Reading]:
        try:
            said = answer.result(self._patience)
        except TimeoutError:
            said = b""
            self._end()
        return readings_received(batch, said) if said else reader.read_all(batch)

    def _end(self) -> None:
        for other in self._others:
            other.end()
        self._others = []


def _is_awaited(answer: Future[bytes] | list[Reading]) -> bool:
    return isinstance(answer, Future) and not answer.done()


def _wanted() -> int:
    said = os.environ.get(COUNT, "").strip()
    if not said:
        # Of a packed program, and of one that embeds Python, `sys.executable` is no Python that could be started.
        return 1 if getattr(sys, "frozen", False) or not sys.executable else min(_processors(), _MOST)
    if not said.isdecimal() or not int(said):
        raise UsageError(f"{COUNT} is '{said}', which is no number of processes.", "Set it to 1 or more, or remove it.")
    return int(said)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
